// The log as C2SP tiles, checkpoints, entries and receipts (formats.md 3 to 5).
#include <charconv>

#include <nlohmann/json.hpp>

#include "api/handlers/resources.h"

namespace mrv::api {
namespace {

constexpr const char* kImmutable = "public, max-age=604800, immutable";

HttpResponse plain(std::string body, const char* type, const char* cache) {
  HttpResponse response;
  response.headers = {
      {"content-type", type}, {"cache-control", cache}, {"access-control-allow-origin", "*"}};
  response.body = std::move(body);
  return response;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) {
    text += '/';
    text += part;
  }
  return text;
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  const bool canonical = text == "0" || !text.starts_with('0');
  return whole && canonical && !text.empty() ? std::optional(value) : std::nullopt;
}

HttpResponse json_response(int status, const std::string& body) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"content-type", "application/json; charset=utf-8"},
                      {"cache-control", "no-store"},
                      {"access-control-allow-origin", "*"}};
  response.body = body + "\n";
  return response;
}

HttpResponse get_checkpoint(const Call& call) {
  const auto reader = call.node.reader();
  if (!reader) return not_found(call.language);
  return plain(reader->published().checkpoint, "text/plain; charset=utf-8", "no-store");
}

HttpResponse get_tile(const Call& call) {
  const auto reader = call.node.reader();
  const auto path = log::parse_tile_path("tile" + joined(call.path));
  if (!reader || !path.ok()) return not_found(call.language);
  auto bytes = reader->tile(*path);
  if (!bytes.ok()) return problem(bytes.error(), call.language);
  if (!*bytes) return not_found(call.language);
  return plain(std::string(as_text(**bytes)), "application/octet-stream", kImmutable);
}

HttpResponse get_entry(const Call& call) {
  const auto reader = call.node.reader();
  const auto index = call.path.empty() ? std::nullopt : parse_number(call.path[0]);
  if (!reader || !index || *index >= reader->published().size.value()) {
    return not_found(call.language);
  }
  if (call.path.size() == 1) {
    auto entry = reader->entry(EntryIndex{*index});
    if (!entry.ok()) return problem(entry.error(), call.language);
    return plain(std::string(as_text(entry->value())), "application/json", kImmutable);
  }
  if (call.path.size() != 2 || call.path[1] != "proof") return not_found(call.language);
  auto proof = reader->tlog_proof(EntryIndex{*index});
  if (!proof.ok()) return problem(proof.error(), call.language);
  return plain(*std::move(proof), "text/plain; charset=utf-8", "no-store");
}

// /v1/consistency/{size}: from that tree to the published one.
HttpResponse get_consistency(const Call& call) {
  const auto reader = call.node.reader();
  const auto size = call.path.size() == 1 ? parse_number(call.path[0]) : std::nullopt;
  if (!reader || !size || *size > reader->published().size.value()) {
    return not_found(call.language);
  }
  const auto proof = reader->consistency(TreeSize{*size});
  if (!proof.ok()) return problem(proof.error(), call.language);
  auto hashes = nlohmann::json::array();
  for (const Hash& hash : *proof) hashes.push_back(to_base64(hash));
  return json_response(200,
                       nlohmann::json{{"size1", std::to_string(*size)},
                                      {"size2", std::to_string(reader->published().size.value())},
                                      {"proof", hashes},
                                      {"checkpoint", reader->published().checkpoint}}
                           .dump());
}

// Every checkpoint that was ever published, newest last, from ?from= on.
HttpResponse get_checkpoints(const Call& call) {
  const auto reader = call.node.reader();
  if (!reader) return not_found(call.language);
  std::uint64_t from = 0;
  const auto query = query_of(call);
  if (!query.ok()) return problem(query.error(), call.language);
  if (const auto* text = find_parameter(*query, "from")) {
    const auto given = parse_number(*text);
    if (!given) {
      return problem(Error{"INTEGER_INVALID", "from is a tree size", {}}, call.language);
    }
    from = *given;
  }
  auto items = nlohmann::json::array();
  const auto scanned = reader->store().scan_checkpoints(
      TreeSize{from}, reader->published().size.next(), [&](TreeSize size, std::string_view note) {
        items.push_back({{"size", std::to_string(size.value())}, {"checkpoint", note}});
        return items.size() < node::kPageItemsDefault;
      });
  if (!scanned.ok()) return problem(scanned.error(), call.language);
  return json_response(200, nlohmann::json{{"items", items}}.dump());
}

}  // namespace mrv::api
