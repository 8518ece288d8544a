// The registry's objects as JSON: lists over one stated tree, single objects, and on request the
// proof that the published tree holds exactly this row.
#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "api/handlers/paging.h"
#include "ledger/codec/row_key.h"

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

constexpr std::array<Kind, 25> kKinds = {{
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
    {"amendments", model::AmendmentRow::kTag,
     [](std::string_view id) { return key_by_id<model::AmendmentId>(id, codec::amendment_key); }},
    {"comments", model::CommentRow::kTag,
     [](std::string_view id) { return key_by_id<model::CommentId>(id, codec::comment_key); }},
    {"grievances", model::GrievanceRow::kTag,
     [](std::string_view id) { return key_by_id<model::GrievanceId>(id, codec::grievance_key); }},
    {"findings", model::FindingRow::kTag,
     [](std::string_view id) { return key_by_id<model::FindingId>(id, codec::finding_key); }},
    {"reversals", model::ReversalRow::kTag,
     [](std::string_view id) { return key_by_id<model::ReversalId>(id, codec::reversal_key); }},
    {"obligations", model::ObligationRow::kTag,
     [](std::string_view id) { return key_by_id<model::ObligationId>(id, codec::obligation_key); }},
    {"invalidations", model::InvalidationRow::kTag,
     [](std::string_view id) {
       return key_by_id<model::InvalidationId>(id, codec::invalidation_key);
     }},
    {"cancellations", model::CancellationRow::kTag,
     [](std::string_view id) {
       return key_by_id<model::CancellationId>(id, codec::cancellation_key);
     }},
    {"locks", model::LockRow::kTag,
     [](std::string_view id) { return key_by_id<model::LockId>(id, codec::lock_key); }},
    {"exports", model::ExportRow::kTag,
     [](std::string_view id) { return key_by_id<model::ExportId>(id, codec::export_key); }},
    {"conversions", model::ConversionRow::kTag,
     [](std::string_view id) { return key_by_id<model::ConversionId>(id, codec::conversion_key); }},
    {"labels", model::LabelRow::kTag,
     [](std::string_view id) { return key_by_id<model::LabelId>(id, codec::label_key); }},
    {"annotations", model::AnnotationRow::kTag,
     [](std::string_view id) { return key_by_id<model::AnnotationId>(id, codec::annotation_key); }},
}};

const Kind* find_kind(std::string_view name) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [name](const Kind& kind) { return kind.name == name; });
  return found == kKinds.end() ? nullptr : &*found;
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

HttpResponse list_rows(const Call& call, const node::Reader& reader, const Kind& kind) {
  const auto query = query_of(call);
  if (!query.ok()) return problem(query.error(), call.language);
  const auto paging = paging_of(*query, reader.published().size);
  if (!paging.ok()) return problem(paging.error(), call.language);
  const auto page = reader.page(kind.tag, paging->start, paging->limit, paging->size);
  if (!page.ok()) return problem(page.error(), call.language);
  auto items = json::array();
  for (const auto& [key, value] : page->rows) items.push_back(row_json(value));
  json body = {{"treeSize", std::to_string(paging->size.value())}, {"items", std::move(items)}};
  if (page->next) body["next"] = cursor_text(paging->size, *page->next);
  return json_response(200, body.dump());
}

}  // namespace

HttpResponse one_row(const Call& call, const node::Reader& reader, const Bytes& key) {
  const auto value = reader.row(key);
  if (!value.ok()) return problem(value.error(), call.language);
  if (!*value) return not_found(call.language);
  json body = {{"treeSize", std::to_string(reader.published().size.value())},
               {"item", row_json(**value)}};
  const auto query = query_of(call);
  if (!query.ok()) return problem(query.error(), call.language);
  const auto* proof_wanted = find_parameter(*query, "proof");
  if (proof_wanted != nullptr && *proof_wanted == "true") {
    auto proof = proof_of(reader, key);
    if (!proof.ok()) return problem(proof.error(), call.language);
    body["proof"] = *std::move(proof);
  }
  return json_response(200, body.dump());
}

HttpResponse get_ledger(const Call& call) {
  const auto reader = call.node.reader();
  if (!reader) return not_found(call.language);
  return one_row(call, *reader, codec::ledger_key());
}

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
  if (name == "retirements" && call.path.size() == 2) {
    if (call.path[1] == "certificate") return get_certificate(call, call.path[0]);
    if (call.path[1] == "status") return get_status(call, call.path[0]);
    if (call.path[1] == "annotations") return get_annotations(call, *reader, call.path[0]);
  }
  if (call.path.size() != 1) return not_found(call.language);
  const auto key = kind->key(call.path[0]);
  if (!key) return problem(Error{"ID_INVALID", "not an id of this kind", {}}, call.language);
  return one_row(call, *reader, *key);
}

}  // namespace mrv::api
