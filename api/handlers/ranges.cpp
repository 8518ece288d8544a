// Runs of serials and holdings of accounts, which lie side by side in the store, and notes on a
// retirement.
#include <algorithm>
#include <functional>

#include <nlohmann/json.hpp>

#include "api/handlers/paging.h"
#include "ledger/codec/row_codec.h"
#include "ledger/codec/row_key.h"
#include "ledger/codec/scalar_text.h"

namespace mrv::api {
namespace {

using nlohmann::json;

using Scan = Status (store::StoreReader::*)(ByteView, ByteView,
                                            const store::StoreReader::Visit&) const;
using Shown = std::function<Result<json>(ByteView key, ByteView value)>;

Result<json> shown_row(ByteView /*key*/, ByteView value) { return row_json(value); }

// One page of the keys of [first, end), with `body`'s own members.
HttpResponse list_range(const Call& call, const node::Reader& reader, Bytes first, const Bytes& end,
                        json body, Scan scan = &store::StoreReader::scan_rows,
                        const Shown& shown = shown_row) {
  const auto query = query_of(call);
  if (!query.ok()) return problem(query.error(), call.language);
  const TreeSize size = reader.published().size;
  const auto paging = paging_of(*query, size);
  if (!paging.ok()) return problem(paging.error(), call.language);
  if (paging->start && first < *paging->start) first = *paging->start;
  auto items = json::array();
  std::optional<Bytes> next;
  Status read;
  const auto scanned = (reader.store().*scan)(first, end, [&](ByteView key, ByteView value) {
    if (items.size() == paging->limit) {
      next = to_bytes(key);
      return false;
    }
    auto item = shown(key, value);
    if (!item.ok()) {
      read = item.error();
      return false;
    }
    items.push_back(*std::move(item));
    return true;
  });
  if (!read.ok()) return problem(read.error(), call.language);
  if (!scanned.ok()) return problem(scanned.error(), call.language);
  body["treeSize"] = std::to_string(size.value());
  body["items"] = std::move(items);
  if (next) body["next"] = cursor_text(size, *next);
  return json_response(200, body.dump());
}

// /v1/serials/{batch}.{number}: the run that holds this serial.
HttpResponse find_serial(const Call& call, const node::Reader& reader, const std::string& text) {
  const auto point = text.find('.');
  const auto batch = model::BatchId::parse(text.substr(0, point));
  if (!batch.ok() || point == std::string::npos) return not_found(call.language);
  const auto number = codec::parse_integer(text.substr(point + 1), model::Range{1, kUnitsMax});
  if (!number.ok()) return not_found(call.language);
  const auto run = reader.store().last_row_before(codec::serial_key(*batch, 1),
                                                  codec::serial_key(*batch, *number + 1));
  if (!run.ok()) return problem(run.error(), call.language);
  if (!*run) return not_found(call.language);
  const auto row = codec::decode_row<model::SerialRow>((*run)->value);
  if (!row.ok() || row->last < *number) return not_found(call.language);
  return one_row(call, reader, (*run)->key);
}

}  // namespace

// /v1/serials lists all runs, ?batch=bat_… those of one batch.
HttpResponse get_serials(const Call& call, const node::Reader& reader) {
  if (call.path.size() > 1) return not_found(call.language);
  if (call.path.size() == 1) return find_serial(call, reader, call.path[0]);
  const auto query = query_of(call);
  if (!query.ok()) return problem(query.error(), call.language);
  const auto* named = find_parameter(*query, "batch");
  if (named == nullptr) {
    return list_range(call, reader, Bytes{model::SerialRow::kTag},
                      Bytes{static_cast<std::uint8_t>(model::SerialRow::kTag + 1)}, json::object());
  }
  const auto batch = model::BatchId::parse(*named);
  if (!batch.ok()) return problem(batch.error(), call.language);
  return list_range(call, reader, codec::serial_key(*batch, 1),
                    codec::serial_key(*batch, kUnitsMax), json::object());
}

// The policy and all holdings of a party or sub-account.
HttpResponse get_account(const Call& call, const node::Reader& reader, std::string_view id) {
  const auto party = model::PartyId::parse(id);
  if (!party.ok()) return problem(party.error(), call.language);
  if (auto row = reader.row(codec::party_key(*party)); !row.ok() || !*row) {
    return not_found(call.language);
  }
  json body = {{"account", std::string(id)}};
  const auto policy = reader.row(codec::account_policy_key(*party));
  if (!policy.ok()) return problem(policy.error(), call.language);
  if (*policy) body["policy"] = row_json(**policy)["versions"].back();
  const Bytes first = codec::holding_key(*party, {});
  Bytes end = first;
  std::fill(end.end() - static_cast<std::ptrdiff_t>(model::kIdSize), end.end(), 0xFF);
  return list_range(call, reader, first, end, std::move(body));
}

// The notes on a retirement, in the order of their ids.
HttpResponse get_annotations(const Call& call, const node::Reader& reader, std::string_view id) {
  const auto retirement = model::RetirementId::parse(id);
  if (!retirement.ok()) return problem(retirement.error(), call.language);
  if (auto row = reader.row(codec::retirement_key(*retirement)); !row.ok() || !*row) {
    return not_found(call.language);
  }
  const auto key_of = [&](std::uint8_t fill) {
    model::AnnotationId note;
    note.bytes.fill(fill);
    return codec::pair_key(codec::kRetirementAnnotationTag, *retirement, note);
  };
  Bytes end = key_of(0xFF);
  end.push_back(0);
  const auto shown = [&](ByteView key, ByteView /*value*/) -> Result<json> {
    model::AnnotationId note;
    std::copy(key.end() - static_cast<std::ptrdiff_t>(model::kIdSize), key.end(),
              note.bytes.begin());
    MRV_TRY(const auto row, reader.row(codec::annotation_key(note)));
    if (!row) return Error{"STORE_CORRUPT", "a note is listed and not there", {}};
    return row_json(*row);
  };
  return list_range(call, reader, key_of(0), end, {{"retirement", std::string(id)}},
                    &store::StoreReader::scan_indexes, shown);
}

}  // namespace mrv::api
