// Runs programs of acts through the ledger's own commit sequence, for property_test.py and
// scenario_test.py to judge.
//
//   act-runner        JSON lines on standard input, one JSON line of answer to each:
//   {"do":"reset","to"?:NAME}                        an empty ledger, or where NAME was marked
//   {"do":"mark","as":NAME}                          remembers where the ledger stands
//   {"do":"submit","at":S,"acts":[ACT,…],            one ordered batch at second S
//    "rows"?,"announce"?:[ACT,…]}                    (rows: with the changes of rows since the
//                                                    last answer that told any; announce: acts
//                                                    whose names are used before they are sent)
//   {"do":"rows"}                                    all rows
//
// ACT: {"label","uuid","key","party","from","until","type","subject", "registry"?, "damage"?,
// "blobs"?}. The label names what the act creates; strings `$kind:name` of the subject are resolved
// (names.h); `blobs` are {name: text} that the ledger has from then on.
#include <iostream>
#include <sstream>

#include "crypto/data_integrity.h"
#include "crypto/did_key.h"
#include "tests/property/row_changes.h"
#include "tests/property/seeded_ledger.h"

namespace {

using namespace mrv;
using nlohmann::json;
using test::LedgerWorld;
using test::Names;
using test::need;
using test::SeededLedger;

constexpr const char* kSignedBy = "$signed-by:";

// A UUIDv7 urn that depends on the number alone.
std::string urn_of(std::int64_t number) {
  const std::string hex = to_hex(crypto::sha256(as_bytes("act " + std::to_string(number))));
  return "urn:uuid:" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-7" + hex.substr(12, 3) + "-8" +
         hex.substr(15, 3) + "-" + hex.substr(18, 12);
}

// `$signed-by:NAME` becomes NAME's signature of the item (schemas/spec/rules.md).
void sign_evidence(json& subject) {
  for (json& item : subject["evidence"]) {
    if (!item.contains("source")) continue;
    std::string& signature = item["source"]["signature"].get_ref<std::string&>();
    if (!signature.starts_with(kSignedBy)) continue;
    const auto text = [](const json& value) { return value.get<std::string>(); };
    const std::string message = "mrv-ledger/evidence/v1\n" + text(item["digest"]) + "\n" +
                                text(subject["project"]) + "\n" + text(subject["period"]["from"]) +
                                "\n" + text(subject["period"]["to"]) + "\n" +
                                text(item["takenAt"]) + "\n";
    const auto key = LedgerWorld::key(signature.substr(std::string(kSignedBy).size()));
    signature = to_base64(key.sign(as_bytes(message)).bytes);
  }
}

class Runner {
 public:
  Runner() { reset(json::object()); }

  json answer(const json& command) {
    const std::string what = command.at("do").get<std::string>();
    if (what == "reset") return reset(command);
    if (what == "mark") return mark(command.at("as").get<std::string>());
    if (what == "submit") return submit(command);
    need(what == "rows", "a known command: " + what);
    return changes_->everything(ledger_->reader());
  }

 private:
  // What a program may come back to.
  struct Mark {
    SeededLedger::Copy copy;
    Names names;
    std::map<Hash, Bytes> blobs;
  };

  json reset(const json& command) {
    const Mark* start = nullptr;
    if (command.contains("to")) start = &marks_.at(command["to"].get<std::string>());
    changes_.reset();
    ledger_.reset();
    blobs_ = start != nullptr ? start->blobs : std::map<Hash, Bytes>();
    names_ = start != nullptr ? start->names : Names();
    ledger_.emplace(start != nullptr ? &start->copy : nullptr, [this](const Hash& digest) {
      const auto found = blobs_.find(digest);
      return found != blobs_.end() ? std::optional(found->second) : std::nullopt;
    });
    changes_.emplace(names_);
    return roots();
  }

  json mark(const std::string& name) {
    marks_.insert_or_assign(name, Mark{ledger_->copy(), names_, blobs_});
    return roots();
  }

  // The signed document of an act: the same command gives the same bytes.
  std::string document(const json& act) {
    take_blobs(act);
    const std::string type = act.at("type").get<std::string>();
    const std::string signer = act.at("key").get<std::string>();
    json subject = names_.resolve(act.at("subject"));
    if (type == "SubmitMonitoringReport") sign_evidence(subject);
    json issuer = {{"id", names_.key(signer)}};
    const std::string party = act.at("party").get<std::string>();
    if (!party.empty()) {
      issuer["party"] = "urn:mrv:" + names_.resolve("$party:" + party).get<std::string>();
    }
    const std::string label = act.at("label").get<std::string>();
    std::string text = signed_text(act, type, signer, issuer, subject);
    names_.enter(label, crypto::sha256(as_bytes(text)));
    if (type == "RegisterMethodology" || type == "RegisterFactorTable") {
      names_.enter_standard(label, subject.at("document"));
    }
    return text;
  }

  std::string signed_text(const json& act, const std::string& type, const std::string& signer,
                          const json& issuer, const json& subject) {
    const auto from = codec::to_text(Names::at(act.at("from").get<std::int64_t>()));
    const auto until = act.at("until").get<std::int64_t>();
    const json unsigned_act = {{"@context", {codec::kCredentialsContext, codec::kActContext}},
                               {"id", urn_of(act.at("uuid").get<std::int64_t>())},
                               {"type", {"VerifiableCredential", type}},
                               {"issuer", issuer},
                               {"registry", act.value("registry", test::kWorldOrigin)},
                               {"validFrom", from},
                               {"validUntil", codec::to_text(Names::at(until))},
                               {"credentialSubject", subject}};
    const auto key = LedgerWorld::key(signer);
    auto secured = crypto::sign_document(unsigned_act, key,
                                         crypto::verification_method_of(key.public_key()), from);
    need(secured.ok(), "signing");
    // A member changed after signing: the document still reads well, its signature does not hold.
    if (act.value("damage", false)) (*secured)["validUntil"] = codec::to_text(Names::at(until + 1));
    return crypto::canonicalize(*secured);
  }

  void take_blobs(const json& act) {
    if (!act.contains("blobs")) return;
    for (const auto& [name, text] : act["blobs"].items()) {
      const std::string bytes = text.get<std::string>();
      names_.enter_blob(name, bytes);
      blobs_[crypto::sha256(as_bytes(bytes))] = to_bytes(as_bytes(bytes));
    }
  }

  json submit(const json& command) {
    if (command.contains("announce")) {
      for (const auto& act : command["announce"]) document(act);
    }
    std::vector<std::string> documents;
    for (const auto& act : command.at("acts")) documents.push_back(document(act));
    json answers = json::array();
    const TimestampMs time = Names::at(command.at("at").get<std::int64_t>());
    const json before = roots()["stateRoot"];
    const auto given = ledger_->submit(documents, time);
    for (std::size_t i = 0; i < given.size(); ++i) {
      answers.push_back(told(given[i], command["acts"][i]));
    }
    json result = roots();
    result["answers"] = std::move(answers);
    if (command.value("rows", false) && result["stateRoot"] != before) {
      result["rows"] = changes_->since_last(ledger_->reader());
    }
    return result;
  }

  json told(const node::Answer& answer, const json& act) {
    if (const auto* recorded = std::get_if<node::Recorded>(&answer)) {
      if (!recorded->repeated) enter_index(act, recorded->index);
      return {{"outcome", "accepted"},
              {"index", recorded->index.value()},
              {"leaf", to_hex(recorded->leaf)},
              {"recordedAt", recorded->recorded_at.value()},
              {"repeated", recorded->repeated},
              {"proposed", recorded->proposal.has_value()},
              {"refusedRows", told_rows(recorded->row_refusals)}};
    }
    const auto* refused = std::get_if<node::Refused>(&answer);
    need(refused != nullptr, "a verdict");
    return {{"outcome", model::describe_outcome(refused->refusal.outcome).name},
            {"pointer", refused->refusal.pointer},
            {"detail", refused->refusal.detail},
            {"refusedRows", told_rows(refused->row_refusals)}};
  }

  // Where an act took effect; a proposed one does with its last approval.
  void enter_index(const json& act, EntryIndex index) {
    names_.enter_index(act.at("label").get<std::string>(), index);
    if (act.at("type") != "Approve") return;
    constexpr std::string_view kMark = "$proposal:";
    const auto proposal = act.at("subject").at("proposal").get<std::string>();
    if (proposal.starts_with(kMark)) {
      names_.enter_index(proposal.substr(kMark.size()), index);
    }
  }

  static json told_rows(const std::vector<state::RowRefusal>& refusals) {
    json rows = json::array();
    for (const auto& refusal : refusals) {
      rows.push_back({refusal.row, model::describe_outcome(refusal.refusal.outcome).name});
    }
    return rows;
  }

  json roots() const {
    const auto latest = ledger_->latest();
    if (!latest) return {{"size", 0}, {"logRoot", ""}, {"stateRoot", ""}};
    return {{"size", latest->size.value()},
            {"logRoot", to_hex(latest->log_root)},
            {"stateRoot", to_hex(latest->map_root)}};
  }

  std::map<std::string, Mark> marks_;
  std::map<Hash, Bytes> blobs_;
  Names names_;
  std::optional<SeededLedger> ledger_;
  std::optional<test::RowChanges> changes_;
};

}  // namespace

int main(int argc, char**) {
  if (argc != 1) {
    std::cerr << "usage: act-runner\n";
    return 2;
  }
  try {
    need(crypto::initialise().ok(), "crypto");
    Runner runner;
    std::string line;
    while (std::getline(std::cin, line)) {
      std::cout << runner.answer(json::parse(line)).dump() << std::endl;
    }
  } catch (const std::exception& error) {
    std::cerr << "act-runner: " << error.what() << std::endl;
    return 1;
  }
  return 0;
}
