// Cursors: tree size, a point, the key in hexadecimal.
#include "api/handlers/paging.h"

#include <charconv>

#include <nlohmann/json.hpp>

namespace mrv::api {
namespace {

Status read_cursor(const std::string& text, Paging& paging) {
  const Error unknown{"FIELD_VALUE_UNKNOWN", "this is no cursor of this list", {}};
  const auto point = text.find('.');
  if (point == std::string::npos) return unknown;
  std::uint64_t size = 0;
  const auto end = std::from_chars(text.data(), text.data() + point, size).ptr;
  auto start = from_hex(text.substr(point + 1));
  if (end != text.data() + point || size > paging.size.value() || !start.ok()) return unknown;
  paging.size = TreeSize{size};
  paging.start = *std::move(start);
  return {};
}

Status read_limit(const std::string& text, Paging& paging) {
  const auto end = std::from_chars(text.data(), text.data() + text.size(), paging.limit).ptr;
  if (end == text.data() + text.size() && paging.limit > 0 && paging.limit <= node::kPageItemsMax) {
    return {};
  }
  return Error{"INTEGER_OUT_OF_RANGE", "limit is 1 to " + std::to_string(node::kPageItemsMax), {}};
}

}  // namespace

Result<QueryParameters> query_of(const Call& call) {
  auto query = parse_query(call.request.query);
  if (query.ok()) return query;
  return Error{"QUERY_INVALID", query.error().detail, {}};
}

Result<Paging> paging_of(const QueryParameters& query, TreeSize published) {
  Paging paging{published, std::nullopt, node::kPageItemsDefault};
  if (const auto* cursor = find_parameter(query, "cursor")) MRV_CHECK(read_cursor(*cursor, paging));
  if (const auto* limit = find_parameter(query, "limit")) MRV_CHECK(read_limit(*limit, paging));
  return paging;
}

std::string cursor_text(TreeSize size, const Bytes& next) {
  return std::to_string(size.value()) + "." + to_hex(next);
}

nlohmann::json row_json(ByteView value) {
  return nlohmann::json::parse(as_text(value), nullptr, false);
}

}  // namespace mrv::api
