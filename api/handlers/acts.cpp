// Acts: what became of one that was just sent, and where an earlier one went.
#include <nlohmann/json.hpp>

#include "api/handlers/resources.h"
#include "ledger/codec/act_id.h"
#include "ledger/codec/scalar_text.h"

namespace mrv::api {
namespace {

using nlohmann::json;

// The id of the object that an act of this type creates, if it creates one under its own digest.
std::string object_of(std::string_view type, const Hash& digest) {
  if (type == "RegisterParty") return model::PartyId::of(digest).text();
  if (type == "RegisterProgramme") return model::ProgrammeId::of(digest).text();
  if (type == "SubmitProject") return model::ProjectId::of(digest).text();
  if (type == "SubmitMonitoringReport") return model::ReportId::of(digest).text();
  if (type == "SubmitVerificationStatement") return model::StatementId::of(digest).text();
  if (type == "Transfer") return model::TransferId::of(digest).text();
  if (type == "Retire") return model::RetirementId::of(digest).text();
  if (type == "DepositEvidence") return model::DepositId::of(digest).text();
  if (type == "OpenImport") return model::ImportId::of(digest).text();
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
