// Runs programs of acts through the ledger's own commit sequence, for property_test.py to judge.
//
//   act-runner <repository>        JSON lines on standard input, one JSON line of answer to each:
//   {"do":"reset"}                                    a ledger as the prelude left it
//   {"do":"submit","at":S,"acts":[ACT,…],"dump"?}     one ordered batch at second S
//                                                     (dump: with the state, if that changed)
//   {"do":"dump"}                                     the state of units
//
// ACT: {"label","uuid","key","party","from","until","type","subject", "registry"?, "damage"?}. The
// label names what the act creates; strings `$kind:name` of the subject are resolved (names.h).
#include <iostream>
#include <sstream>

#include "crypto/canonical_json.h"
#include "crypto/data_integrity.h"
#include "crypto/did_key.h"
#include "tests/property/names.h"
#include "tests/property/seeded_ledger.h"
#include "tests/property/state_dump.h"

namespace {

using namespace mrv;
using nlohmann::json;
using test::LedgerWorld;
using test::Names;
using test::need;

// A UUIDv7 urn that depends on the number alone.
std::string urn_of(std::int64_t number) {
  const std::string hex = to_hex(crypto::sha256(as_bytes("act " + std::to_string(number))));
  return "urn:uuid:" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-7" + hex.substr(12, 3) + "-8" +
         hex.substr(15, 3) + "-" + hex.substr(18, 12);
}

class Runner {
 public:
  explicit Runner(const std::string& root) : prelude_(root) { reset(); }

  json answer(const json& command) {
    const std::string what = command.at("do").get<std::string>();
    if (what == "reset") return reset();
    if (what == "submit") return submit(command);
    need(what == "dump", "a known command: " + what);
    return dump();
  }

 private:
  json reset() {
    ledger_.reset();
    ledger_.emplace(prelude_);
    names_.emplace(prelude_);
    for (const auto& [party, id] : prelude_.parties) {
      for (const char* suffix : {"", "-2", "-3"}) names_->key(party + suffix);
    }
    return roots();
  }

  // The signed document of an act: the same command gives the same bytes.
  std::string document(const json& act) {
    const std::string signer = act.at("key").get<std::string>();
    json issuer = {{"id", names_->key(signer)}};
    const std::string party = act.at("party").get<std::string>();
    if (!party.empty()) issuer["party"] = "urn:mrv:" + names_->party(party).text();
    const auto from = codec::to_text(Names::at(act.at("from").get<std::int64_t>()));
    const json unsigned_act = {
        {"@context", {codec::kCredentialsContext, codec::kActContext}},
        {"id", urn_of(act.at("uuid").get<std::int64_t>())},
        {"type", {"VerifiableCredential", act.at("type")}},
        {"issuer", issuer},
        {"registry", act.value("registry", test::kWorldOrigin)},
        {"validFrom", from},
        {"validUntil", codec::to_text(Names::at(act.at("until").get<std::int64_t>()))},
        {"credentialSubject", names_->resolve(act.at("subject"))}};
    const auto key = LedgerWorld::key(signer);
    auto secured = crypto::sign_document(unsigned_act, key,
                                         crypto::verification_method_of(key.public_key()), from);
    need(secured.ok(), "signing");
    // A member changed after signing: the document still reads well, its signature does not hold.
    if (act.value("damage", false)) {
      (*secured)["validUntil"] = codec::to_text(Names::at(act.at("until").get<std::int64_t>() + 1));
    }
    std::string text = crypto::canonicalize(*secured);
    names_->enter(act.at("label").get<std::string>(), crypto::sha256(as_bytes(text)));
    return text;
  }

  json submit(const json& command) {
    std::vector<std::string> documents;
    for (const auto& act : command.at("acts")) documents.push_back(document(act));
    json answers = json::array();
    const TimestampMs time = Names::at(command.at("at").get<std::int64_t>());
    const json before = roots()["stateRoot"];
    for (const auto& answer : ledger_->submit(documents, time)) answers.push_back(told(answer));
    json result = roots();
    result["answers"] = std::move(answers);
    if (command.value("dump", false) && result["stateRoot"] != before) result["dump"] = dump();
    return result;
  }

  json dump() { return test::StateDump(ledger_->reader(), *names_).write(); }

  static json told(const node::Answer& answer) {
    if (const auto* recorded = std::get_if<node::Recorded>(&answer)) {
      return {{"outcome", "accepted"},          {"index", recorded->index.value()},
              {"leaf", to_hex(recorded->leaf)}, {"recordedAt", recorded->recorded_at.value()},
              {"repeated", recorded->repeated}, {"proposed", recorded->proposal.has_value()}};
    }
    const auto* refused = std::get_if<node::Refused>(&answer);
    need(refused != nullptr, "a verdict");
    return {{"outcome", model::describe_outcome(refused->refusal.outcome).name},
            {"pointer", refused->refusal.pointer}};
  }

  json roots() const {
    const auto latest = ledger_->latest();
    return {{"size", latest.size.value()},
            {"logRoot", to_hex(latest.log_root)},
            {"stateRoot", to_hex(latest.map_root)}};
  }

  test::Prelude prelude_;
  std::optional<test::SeededLedger> ledger_;
  std::optional<Names> names_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: act-runner <repository>\n";
    return 2;
  }
  try {
    Runner runner(argv[1]);
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
