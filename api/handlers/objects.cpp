// The registry's objects as JSON: lists over one stated tree, single objects, and on request the
// proof that the published tree holds exactly this row.
#include <algorithm>
#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include "api/handlers/resources.h"
#include "ledger/codec/row_codec.h"
#include "ledger/codec/row_key.h"
#include "ledger/codec/scalar_text.h"

namespace mrv::api {
namespace {

using nlohmann::json;

template <class Id>
std::optional<Bytes> key_by_id(std::string_view text, Bytes (*key)(const Id&)) {
  const auto id = Id::parse(text);
  if (!id.ok()) return std::nullopt;
  return key(*id);
}

std::optional<Bytes> standard_key(std::string_view text) {
  const auto digest = hash_from_hex(text);
  if (!digest.ok()) return std::nullopt;
  return codec::standard_key(*digest);
}

// How an object's id becomes its row's key; the row's tag says what to list.
struct Kind {
  std::string_view name;
  std::uint8_t tag;
  std::optional<Bytes> (*key)(std::string_view id);
};

constexpr std::array<Kind, 12> kKinds = {{
    {"parties", model::PartyRow::kTag,
     [](std::string_view id) { return key_by_id<model::PartyId>(id, codec::party_key); }},
    {"proposals", model::ProposalRow::kTag,
     [](std::string_view id) { return key_by_id<model::ProposalId>(id, codec::proposal_key); }},
    {"programmes", model::ProgrammeRow::kTag,
     [](std::string_view id) { return key_by_id<model::ProgrammeId>(id, codec::programme_key); }},
    {"methodologies", model::StandardRow::kTag, standard_key},
    {"projects", model::ProjectRow::kTag,
     [](std::string_view id) { return key_by_id<model::ProjectId>(id, codec::project_key); }},
    {"reports", model::ReportRow::kTag,
     [](std::string_view id) { return key_by_id<model::ReportId>(id, codec::report_key); }},
    {"statements", model::StatementRow::kTag,
     [](std::string_view id) { return key_by_id<model::StatementId>(id, codec::statement_key); }},
    {"batches", model::BatchRow::kTag,
     [](std::string_view id) { return key_by_id<model::BatchId>(id, codec::batch_key); }},
    {"transfers", model::TransferRow::kTag,
     [](std::string_view id) { return key_by_id<model::TransferId>(id, codec::transfer_key); }},
    {"retirements", model::RetirementRow::kTag,
     [](std::string_view id) { return key_by_id<model::RetirementId>(id, codec::retirement_key); }},
    {"deposits", model::DepositRow::kTag,
     [](std::string_view id) { return key_by_id<model::DepositId>(id, codec::deposit_key); }},
    {"imports", model::ImportStateRow::kTag,
     [](std::string_view id) { return key_by_id<model::ImportId>(id, codec::import_key); }},
}};

const Kind* find_kind(std::string_view name) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [name](const Kind& kind) { return kind.name == name; });
  return found == kKinds.end() ? nullptr : &*found;
}

json parsed(ByteView value) { return json::parse(as_text(value), nullptr, false); }

std::string query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto pair = query.substr(0, end);
    if (pair.starts_with(name) && pair.size() > name.size() && pair[name.size()] == '=') {
      return std::string(pair.substr(name.size() + 1));
    }
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  return {};
}

// The row with everything needed to check it offline against the checkpoint.
Result<json> proof_of(const node::Reader& reader, const Bytes& key) {
  MRV_TRY(const auto proved, reader.proved_row(key));
  const EntryIndex seal{reader.published().size.value() - 1};
  MRV_TRY(const auto entry, reader.entry(seal));
  MRV_TRY(auto receipt, reader.tlog_proof(seal));
  return json{{"key", to_base64(proved.key)},
              {"value", to_base64(proved.value)},
              {"proof", to_base64(proved.proof)},
              {"seal", to_base64(*entry)},
              {"sealReceipt", std::move(receipt)}};
}

HttpResponse one_row(const Call& call, const node::Reader& reader, const Bytes& key) {
  const auto value = reader.row(key);
  if (!value.ok()) return problem(value.error(), call.language);
  if (!*value) return not_found(call.language);
  json body = {{"treeSize", std::to_string(reader.published().size.value())},
               {"item", parsed(**value)}};
  if (query_value(call.request.query, "proof") == "true") {
    auto proof = proof_of(reader, key);
    if (!proof.ok()) return problem(proof.error(), call.language);
    body["proof"] = *std::move(proof);
  }
  return json_response(200, body.dump());
}

// A cursor names the tree it pages over and where the next page starts, so pages never shift.
struct Cursor {
  TreeSize size;
  std::optional<Bytes> start;
};

std::optional<Cursor> parse_cursor(const std::string& text, TreeSize latest) {
  if (text.empty()) return Cursor{latest, std::nullopt};
  const auto point = text.find('.');
  if (point == std::string::npos) return std::nullopt;
  std::uint64_t size = 0;
  const auto end = std::from_chars(text.data(), text.data() + point, size).ptr;
  auto start = from_hex(text.substr(point + 1));
  if (end != text.data() + point || size > latest.value() || !start.ok()) return std::nullopt;
  return Cursor{TreeSize{size}, *std::move(start)};
}

HttpResponse list_rows(const Call& call, const node::Reader& reader, const Kind& kind) {
  const auto cursor =
      parse_cursor(query_value(call.request.query, "cursor"), reader.published().size);
  if (!cursor) {
    return problem(Error{"FIELD_VALUE_UNKNOWN", "this is no cursor of this list", {}},
                   call.language);
  }
  std::size_t limit = node::kPageItemsMax;
  const std::string wanted = query_value(call.request.query, "limit");
  if (!wanted.empty()) {
    const auto end = std::from_chars(wanted.data(), wanted.data() + wanted.size(), limit).ptr;
    if (end != wanted.data() + wanted.size() || limit == 0 || limit > node::kPageItemsMax) {
      return problem(
          Error{"INTEGER_OUT_OF_RANGE", "limit is 1 to " + std::to_string(node::kPageItemsMax), {}},
          call.language);
    }
  }
  const auto page = reader.page(kind.tag, cursor->start, limit, cursor->size);
  if (!page.ok()) return problem(page.error(), call.language);
  auto items = json::array();
  for (const auto& [key, value] : page->rows) items.push_back(parsed(value));
  const std::string size = std::to_string(cursor->size.value());
  json body = {{"treeSize", size}, {"items", std::move(items)}};
  if (page->next) body["next"] = size + "." + to_hex(*page->next);
  return json_response(200, body.dump());
}

// All holdings of a party, and its party row: /v1/accounts/{party}.
HttpResponse get_account(const Call& call, const node::Reader& reader, std::string_view id) {
  const auto party = model::PartyId::parse(id);
  if (!party.ok()) return problem(party.error(), call.language);
  if (auto row = reader.row(codec::party_key(*party)); !row.ok() || !*row) {
    return not_found(call.language);
  }
  Bytes first = codec::holding_key(*party, {});
  Bytes end = first;
  std::fill(end.end() - static_cast<std::ptrdiff_t>(model::kIdSize), end.end(), 0xFF);
  auto holdings = json::array();
  const auto scanned = reader.store().scan_rows(first, end, [&](ByteView, ByteView value) {
    holdings.push_back(parsed(value));
    return true;
  });
  if (!scanned.ok()) return problem(scanned.error(), call.language);
  return json_response(200, json{{"treeSize", std::to_string(reader.published().size.value())},
                                 {"account", std::string(id)},
                                 {"holdings", std::move(holdings)}}
                                .dump());
}

// /v1/serials?batch=bat_… lists a batch's runs; /v1/serials/{batch}.{number} finds one serial.
HttpResponse get_serials(const Call& call, const node::Reader& reader) {
  if (call.path.empty()) {
    const auto batch = model::BatchId::parse(query_value(call.request.query, "batch"));
    if (!batch.ok()) return problem(batch.error(), call.language);
    auto items = json::array();
    const auto scanned =
        reader.store().scan_rows(codec::serial_key(*batch, 1), codec::serial_key(*batch, kUnitsMax),
                                 [&](ByteView, ByteView value) {
                                   items.push_back(parsed(value));
                                   return items.size() < node::kPageItemsMax;
                                 });
    if (!scanned.ok()) return problem(scanned.error(), call.language);
    return json_response(200, json{{"treeSize", std::to_string(reader.published().size.value())},
                                   {"items", std::move(items)}}
                                  .dump());
  }
  const std::string& text = call.path[0];
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

bool is_object_kind(std::string_view kind) {
  return find_kind(kind) != nullptr || kind == "accounts" || kind == "serials";
}

HttpResponse get_objects(const Call& call, std::string_view name) {
  const auto reader = call.node.reader();
  if (!reader) return not_found(call.language);
  if (name == "serials") return get_serials(call, *reader);
  const bool accounts = name == "accounts";
  const Kind* kind = find_kind(accounts ? "parties" : name);
  if (call.path.empty()) return list_rows(call, *reader, *kind);
  if (accounts) return get_account(call, *reader, call.path[0]);
  if (name == "retirements" && call.path.size() == 2 && call.path[1] == "certificate") {
    return get_certificate(call, call.path[0]);
  }
  if (call.path.size() != 1) return not_found(call.language);
  const auto key = kind->key(call.path[0]);
  if (!key) return problem(Error{"ID_INVALID", "not an id of this kind", {}}, call.language);
  return one_row(call, *reader, *key);
}

}  // namespace mrv::api
