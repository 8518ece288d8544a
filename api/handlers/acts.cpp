// Acts: what became of one that was just sent, and where an earlier one went.
#include <nlohmann/json.hpp>

#include "api/handlers/resources.h"
#include "ledger/codec/act_id.h"
#include "ledger/codec/scalar_text.h"

namespace mrv::api {
namespace {

using nlohmann::json;

template <class Id>
std::string id_text(const Hash& digest) {
  return Id::of(digest).text();
}

// Acts that create an object under their own digest; an amendment that takes effect at once has
// none.
struct Created {
  std::string_view type;
  std::string (*id)(const Hash& digest);
};
constexpr Created kCreated[] = {
    {"RegisterParty", id_text<model::PartyId>},
    {"OpenAccount", id_text<model::PartyId>},
    {"RegisterProgramme", id_text<model::ProgrammeId>},
    {"SubmitProject", id_text<model::ProjectId>},
    {"AmendProject", id_text<model::AmendmentId>},
    {"RenewCreditingPeriod", id_text<model::AmendmentId>},
    {"Comment", id_text<model::CommentId>},
    {"RaiseGrievance", id_text<model::GrievanceId>},
    {"SubmitMonitoringReport", id_text<model::ReportId>},
    {"RaiseFinding", id_text<model::FindingId>},
    {"SubmitVerificationStatement", id_text<model::StatementId>},
    {"RecordReversal", id_text<model::ReversalId>},
    {"DeclareOverIssuance", id_text<model::ObligationId>},
    {"InvalidateBatch", id_text<model::InvalidationId>},
    {"Transfer", id_text<model::TransferId>},
    {"OrderTransfer", id_text<model::TransferId>},
    {"ReverseTransfer", id_text<model::TransferId>},
    {"Retire", id_text<model::RetirementId>},
    {"Cancel", id_text<model::CancellationId>},
    {"Lock", id_text<model::LockId>},
    {"Export", id_text<model::ExportId>},
    {"Convert", id_text<model::ConversionId>},
    {"Label", id_text<model::LabelId>},
    {"AnnotateRetirement", id_text<model::AnnotationId>},
    {"DepositEvidence", id_text<model::DepositId>},
    {"OpenImport", id_text<model::ImportId>},
};

std::string object_of(std::string_view type, const Hash& digest) {
  for (const auto& created : kCreated) {
    if (created.type == type) return created.id(digest);
  }
  return {};
}

json rows_refused(const std::vector<state::RowRefusal>& rows, Language language) {
  auto list = json::array();
  for (const auto& row : rows) {
    const auto& text = model::describe_outcome(row.refusal.outcome);
    list.push_back({{"row", row.row},
                    {"outcome", text.name},
                    {"message", language == Language::kChinese ? text.zh : text.en},
                    {"detail", row.refusal.detail}});
  }
  return list;
}

HttpResponse receipt(node::Node& node, const node::Recorded& recorded, std::string_view type,
                     Language language) {
  const auto reader = node.reader();
  json body = {{"index", std::to_string(recorded.index.value())},
               {"leafHash", to_base64(recorded.leaf)},
               {"recordedAt", codec::to_text(recorded.recorded_at)},
               {"digest", to_hex(recorded.digest)}};
  if (reader) {
    auto proof = reader->tlog_proof(recorded.index);
    if (!proof.ok()) return problem(proof.error(), language);
    body["receipt"] = *std::move(proof);
  }
  const std::string object = object_of(type, recorded.digest);
  if (recorded.proposal) {
    body["proposal"] = recorded.proposal->text();
  }
  if (!object.empty()) body["object"] = object;
  if (!recorded.row_refusals.empty()) {
    body["rowsRefused"] = rows_refused(recorded.row_refusals, language);
  }
  return json_response(recorded.repeated ? 200 : 201, body.dump());
}

}  // namespace

HttpResponse answer_act(node::Node& node, const node::Answer& answer, std::string_view type,
                        Language language) {
  if (const auto* refused = std::get_if<node::Refused>(&answer)) {
    return problem(refused->refusal, language, refused->row_refusals);
  }
  if (const auto* failed = std::get_if<node::Failed>(&answer)) {
    return problem(failed->error, language);
  }
  return receipt(node, std::get<node::Recorded>(answer), type, language);
}

// /v1/acts/{uuid}?party=pty_… or ?key=did:key:…: an id belongs to its party.
HttpResponse get_act(const Call& call) {
  if (call.path.size() != 1) return not_found(call.language);
  model::Act act;
  std::string hex;
  for (const char c : call.path[0]) {
    if (c != '-') hex.push_back(c);
  }
  const auto uuid = from_hex(hex);
  if (!uuid.ok() || uuid->size() != act.id.size()) return not_found(call.language);
  std::copy(uuid->begin(), uuid->end(), act.id.begin());
  const auto query = query_of(call);
  if (!query.ok()) return problem(query.error(), call.language);
  if (const auto* named = find_parameter(*query, "party")) {
    const auto party = model::PartyId::parse(*named);
    if (!party.ok()) return problem(party.error(), call.language);
    act.party = *party;
  } else if (const auto* signer = find_parameter(*query, "key")) {
    const auto key = codec::from_text(*signer, act.signer);
    if (!key.ok()) return problem(key.error(), call.language);
  } else {
    return problem(Error{"FIELD_MISSING", "?party= or ?key= says whose id it is", {}},
                   call.language);
  }
  const auto found = call.node.find_act(codec::act_id_key(act));
  if (!found.ok()) return problem(found.error(), call.language);
  if (!*found) return not_found(call.language);
  return json_response(200, json{{"index", std::to_string((*found)->index.value())},
                                 {"digest", to_hex((*found)->digest)}}
                                .dump());
}

}  // namespace mrv::api
