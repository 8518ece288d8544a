// What became of a retirement holds offline, and nothing in the proof can be changed, dropped or
// borrowed.
#include "verifier/status.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/support/status_flow.h"
#include "verifier/certificate.h"
#include "verifier/commands.h"

using namespace mrv;
using nlohmann::json;
using test::LedgerWorld;
using test::StatusFlow;

namespace {

// The proofs that were given out, in the order of the acts.
struct Given : StatusFlow {
  std::string certificate_bought = certificate(bought);
  std::string certificate_damaged = certificate(damaged);
  TreeSize first = size();
  std::string first_status = status(bought);
  model::ObligationId over_issued = declare_over_issuance();
  std::string owed = status(bought, first);
  model::StatementId withdrawn;
  model::InvalidationId invalidation;
  std::string made_good;
  std::string stands;  // at the same tree as `falls`
  std::string falls;

  Given() : StatusFlow(MRV_SOURCE_DIR) {
    make_good(over_issued, 3);
    made_good = status(bought, first);
    withdrawn = withdraw_statement();
    invalidation = invalidate();
    stands = status(bought, first);
    falls = status(damaged, first);
  }

  static const verifier::Policy& policy() {
    static const auto made = verifier::parse_policy(policy_text());
    return *made;
  }
  static Given& shared() {
    static Given made;
    return made;
  }
  [[nodiscard]] log::Checkpoint certified() const {
    return verifier::verify_certificate(policy(), certificate_bought, {})->checkpoint.checkpoint;
  }
};

verifier::StatusVerdict verdict_of(const std::string& text,
                                   const verifier::StatusQuestion& question = {}) {
  const auto verdict = verifier::verify_status(Given::policy(), text, question);
  REQUIRE_MESSAGE(verdict.ok(), verdict.error().name << " " << verdict.error().detail);
  return *verdict;
}

// The name of the refusal; empty: it holds.
std::string reason(const std::string& text, const verifier::StatusQuestion& question = {}) {
  const auto verdict = verifier::verify_status(Given::policy(), text, question);
  return verdict.ok() ? "" : std::string(verdict.error().name);
}
std::string reason(const json& changed, const verifier::StatusQuestion& question = {}) {
  return reason(changed.dump(), question);
}
std::string reason_by(const std::string& text, const std::string& certificate) {
  const auto verdict = verifier::verify_status_of_certificate(Given::policy(), text, certificate);
  return verdict.ok() ? "" : std::string(verdict.error().name);
}

// One bit of what base64 stands for.
std::string flipped(const json& value, std::size_t at) {
  Bytes bytes = *from_base64(value.get<std::string>());
  bytes.at(at % bytes.size()) ^= 1U;
  return to_base64(bytes);
}

std::set<std::string> kinds_of(const std::string& text) {
  std::set<std::string> kinds;
  const json whole = json::parse(text);
  for (const auto& row : whole.at("state")) kinds.insert(row.at("row"));
  return kinds;
}

}  // namespace

TEST_CASE("a retirement stands, by the rows of its batch and its serials") {
  auto& given = Given::shared();
  const auto verdict = verdict_of(given.first_status);
  CHECK(verdict.status.retirement == given.bought);
  CHECK(verdict.status.stands);
  CHECK(verdict.status.invalidations.empty());
  CHECK(verdict.rows == 3);
  CHECK(kinds_of(given.first_status) == std::set<std::string>{"batch", "retirement", "serials"});
  CHECK(verdict.checkpoint.checkpoint.size == given.first);
  CHECK(!verdict.earlier);
  CHECK(reason(given.first_status + "\n").empty());
}

TEST_CASE("an open over-issuance is against it until it is made good") {
  auto& given = Given::shared();
  const auto owed = verdict_of(given.owed).status;
  CHECK(!owed.stands);
  CHECK(owed.obligations == std::vector{given.over_issued});
  CHECK(owed.invalidations.empty());
  const auto good = verdict_of(given.made_good).status;
  CHECK(good.stands);
  CHECK(good.obligations.empty());
  CHECK(kinds_of(given.made_good).contains("obligation"));  // that it is discharged is proved
  CHECK(owed.as_of < good.as_of);
}

TEST_CASE("an invalidation of its serials is against one retirement and not against the other") {
  auto& given = Given::shared();
  const auto falls = verdict_of(given.falls).status;
  CHECK(!falls.stands);
  CHECK(falls.invalidations == std::vector{given.invalidation});
  const auto row =
      given.world.row<model::InvalidationRow>(codec::invalidation_key(given.invalidation));
  CHECK(falls.obligations == std::vector{*row->obligation});
  const auto stands = verdict_of(given.stands).status;
  CHECK(stands.stands);
  CHECK(stands.invalidations.empty());
  CHECK(kinds_of(given.stands) ==
        std::set<std::string>{"batch", "invalidation", "obligation", "retirement", "serials"});
  for (const auto& status : {falls, stands}) {
    CHECK(status.withdrawn_statements == std::vector{given.withdrawn});
  }
}

TEST_CASE("a proof is asked for a retirement, and follows the tree of its certificate") {
  auto& given = Given::shared();
  const auto verdict = verifier::verify_status_of_certificate(Given::policy(), given.stands,
                                                              given.certificate_bought);
  REQUIRE(verdict.ok());
  CHECK(verdict->continues);
  CHECK(verdict->earlier == given.first);
  CHECK(reason_by(given.falls, given.certificate_damaged).empty());
  CHECK(reason_by(given.falls, given.certificate_bought) == "STATUS_OTHER_RETIREMENT");
  CHECK(reason(given.stands, {given.bought, std::nullopt}).empty());
  CHECK(reason(given.stands, {given.damaged, std::nullopt}) == "STATUS_OTHER_RETIREMENT");
  CHECK(reason_by(given.stands, "{}") == "CERTIFICATE_MALFORMED");

  const auto certified = given.certified();
  const verifier::StatusQuestion question{given.bought, certified};
  // Of the certificate's own tree, and without the proof that it continues.
  CHECK(verdict_of(given.first_status, question).continues);
  json whole = json::parse(given.stands);
  whole.erase("consistency");
  CHECK(!verdict_of(whole.dump(), question).continues);
  auto other = question;
  other.earlier->origin = "ledger.example/other";
  CHECK(reason(given.stands, other) == "STATUS_OTHER_LEDGER");
  other = question;
  other.earlier->size = verdict_of(given.stands).checkpoint.checkpoint.size.next();
  CHECK(reason(given.stands, other) == "STATUS_TREE_OLDER");
}

TEST_CASE("a tree that does not continue the certificate's is found out") {
  auto& given = Given::shared();
  const verifier::StatusQuestion question{given.bought, given.certified()};
  const json whole = json::parse(given.stands);
  REQUIRE(whole.at("consistency").at("from") == std::to_string(given.first.value()));
  const auto with = [&](const char* member, const json& value) {
    json changed = whole;
    changed["consistency"][member] = value;
    return reason(changed, question);
  };
  const json& path = whole.at("consistency").at("path");
  REQUIRE(!path.empty());
  for (std::size_t i = 0; i < path.size(); ++i) {
    json damaged = path;
    damaged[i] = flipped(path[i], i);
    CHECK(with("path", damaged) == "STATUS_NOT_CONSISTENT");
    json less = path;
    less.erase(i);
    CHECK(with("path", less) == "STATUS_NOT_CONSISTENT");
  }
  CHECK(with("from", std::to_string(given.first.value() - 1)) == "STATUS_NOT_CONSISTENT");
  CHECK(with("from", "0") == "STATUS_MALFORMED");
  CHECK(with("path", json::array({"AAAA"})) == "STATUS_MALFORMED");
  json unasked = whole;
  unasked["consistency"]["path"] = json::array({"not base64"});
  CHECK(reason(unasked) == "STATUS_MALFORMED");
  // Another root under the same size: the log signed both.
  auto forked = question;
  forked.earlier->root[0] ^= 1U;
  CHECK(reason(given.stands, forked) == "STATUS_NOT_CONSISTENT");
  CHECK(reason(given.first_status, forked) == "STATUS_NOT_CONSISTENT");
}

TEST_CASE("the reader's own policy decides") {
  const auto other =
      verifier::parse_policy("log " + LedgerWorld::vkey("another") + "\nquorum none\n");
  REQUIRE(other.ok());
  const auto verdict = verifier::verify_status(*other, Given::shared().stands, {});
  REQUIRE(!verdict.ok());
  CHECK(verdict.error().name == "CHECKPOINT_SIGNATURE_INVALID");
}

TEST_CASE("no row can be left out, altered, doubled or called what it is not") {
  const json whole = json::parse(Given::shared().falls);
  const json& state = whole.at("state");
  REQUIRE(state.size() == 6);
  for (std::size_t i = 0; i < state.size(); ++i) {
    CAPTURE(state[i].at("row").get<std::string>());
    json changed = whole;
    changed["state"].erase(i);
    CHECK(reason(changed) == "STATUS_PART_MISSING");
    changed = whole;
    changed["state"].push_back(state[i]);
    CHECK(reason(changed) == "STATUS_MALFORMED");
    changed = whole;
    changed["state"][i]["row"] = state[i].at("row") == "batch" ? "retirement" : "batch";
    CHECK(reason(changed) == "STATUS_ROLE_WRONG");
    for (const char* member : {"key", "value", "proof"}) {
      for (const std::size_t at : {std::size_t{0}, std::size_t{7}, std::size_t{40}}) {
        changed = whole;
        changed["state"][i][member] = flipped(state[i].at(member), at);
        CHECK(reason(changed) == "STATUS_ROW_NOT_PROVED");
      }
      changed = whole;
      changed["state"][i][member] = "?";
      CHECK(reason(changed) == "STATUS_MALFORMED");
    }
  }
  json empty = whole;
  empty["state"] = json::array();
  CHECK(reason(empty) == "STATUS_MALFORMED");
}

TEST_CASE("rows of another tree, and rows that prove nothing, are refused") {
  auto& given = Given::shared();
  const json whole = json::parse(given.falls);
  const json earlier = json::parse(given.owed);
  json borrowed = whole;
  for (auto& row : borrowed["state"]) {
    for (const auto& old : earlier.at("state")) {
      if (row.at("row") == "batch" && old.at("row") == "batch") row = old;
    }
  }
  REQUIRE(borrowed.dump() != whole.dump());
  CHECK(reason(borrowed) == "STATUS_ROW_NOT_PROVED");

  const auto reader = given.world.node().reader();
  const auto spare = [&](const Bytes& key, const char* name) {
    const auto row = reader->proved_row(key);
    REQUIRE(row.ok());
    json changed = whole;
    changed["state"].push_back({{"row", name},
                                {"key", to_base64(row->key)},
                                {"value", to_base64(row->value)},
                                {"proof", to_base64(row->proof)}});
    return reason(changed);
  };
  CHECK(spare(codec::party_key(given.world.party("buyer")), "party") == "STATUS_PART_SPARE");
  CHECK(spare(codec::retirement_key(given.bought), "retirement") == "STATUS_PART_SPARE");
  CHECK(spare(codec::holding_key(given.world.party("buyer"), given.flow.batch), "holding") ==
        "STATUS_ROLE_WRONG");
}

TEST_CASE("the seal is the checkpoint's last entry and nothing else") {
  auto& given = Given::shared();
  const json whole = json::parse(given.stands);
  const auto with = [&](const char* member, const json& value) {
    json changed = whole;
    changed["seal"][member] = value;
    return reason(changed);
  };
  const json& seal = whole.at("seal");
  CHECK(with("entry", flipped(seal.at("entry"), 9)) == "STATUS_ENTRY_NOT_INCLUDED");
  CHECK(with("entry", "?") == "STATUS_MALFORMED");
  CHECK(with("index", "0") == "STATUS_ENTRY_NOT_INCLUDED");
  CHECK(with("role", "approval") == "STATUS_ROLE_WRONG");
  json path = seal.at("path");
  path[0] = flipped(path[0], 0);
  CHECK(with("path", path) == "STATUS_ENTRY_NOT_INCLUDED");
  CHECK(with("path", json::array({"AAAA"})) == "STATUS_MALFORMED");
  // Another entry of the same tree, properly included.
  const auto reader = given.world.node().reader();
  REQUIRE(reader->published().size == verdict_of(given.stands).checkpoint.checkpoint.size);
  json changed = whole;
  changed["seal"]["index"] = "1";
  changed["seal"]["entry"] = to_base64(**reader->entry(EntryIndex{1}));
  changed["seal"]["path"] = json::array();
  const auto included = reader->inclusion(EntryIndex{1});
  for (const Hash& hash : *included) {
    changed["seal"]["path"].push_back(to_base64(hash));
  }
  CHECK(reason(changed) == "STATUS_SEAL_INVALID");
  // Checkpoint of another tree.
  changed = whole;
  changed["checkpoint"] = json::parse(given.owed).at("checkpoint");
  CHECK(reason(changed) == "STATUS_ENTRY_NOT_INCLUDED");
  changed["checkpoint"] = "x";
  CHECK(reason(changed) == "NOTE_MALFORMED");
}

TEST_CASE("the summary says nothing that the rows do not") {
  auto& given = Given::shared();
  const auto with = [](const std::string& text, const char* member, const json& value) {
    json changed = json::parse(text);
    REQUIRE(changed["status"][member] != value);
    changed["status"][member] = value;
    return reason(changed);
  };
  const json some = json::array({given.invalidation.text()});
  for (const auto& [text, member, value] : std::vector<std::tuple<std::string, const char*, json>>{
           {given.falls, "stands", true},
           {given.stands, "stands", false},
           {given.falls, "invalidations", json::array()},
           {given.stands, "invalidations", some},
           {given.falls, "invalidations", json::array({some[0], some[0]})},
           {given.falls, "obligations", json::array()},
           {given.falls, "obligations", json::array({given.over_issued.text()})},
           {given.owed, "obligations", json::array()},
           {given.stands, "withdrawnStatements", json::array()},
           {given.owed, "withdrawnStatements", json::array({given.withdrawn.text()})},
           {given.stands, "asOf", "2027-01-16T00:00:00Z"}}) {
    CAPTURE(member);
    CHECK(with(text, member, value) == "STATUS_SUMMARY_DIFFERS");
  }
  CHECK(with(given.falls, "retirement", given.bought.text()) == "STATUS_PART_MISSING");
}

TEST_CASE("a status proof has one form and fits its file") {
  auto& given = Given::shared();
  const json whole = json::parse(given.stands);
  for (const char* member : {"format", "status", "state", "seal", "checkpoint"}) {
    json less = whole;
    less.erase(member);
    CHECK(reason(less) == "STATUS_MALFORMED");
  }
  json more = whole;
  more["policy"] = "";
  CHECK(reason(more) == "STATUS_MALFORMED");
  json format = whole;
  format["format"] = "mrv-status/2";
  CHECK(reason(format) == "STATUS_MALFORMED");
  CHECK(reason(whole.dump(1)) == "STATUS_MALFORMED");
  CHECK(reason(given.stands + "\n\n") == "STATUS_MALFORMED");
  CHECK(reason(given.certificate_bought) == "STATUS_MALFORMED");
  CHECK(reason(std::string()) == "STATUS_MALFORMED");
  CHECK(reason(std::string(codec::kCertificateBytesMax, ' ')) == "STATUS_MALFORMED");
  CHECK(reason(std::string(codec::kCertificateBytesMax + 1, ' ')) == "STATUS_TOO_LARGE");

  codec::StatusProof proof = given.proof(given.bought);
  proof.state.resize(codec::kCertificatePartsMax, {"batch", "AA==", "AA==", ""});
  const auto most = codec::encode_status_proof(proof);
  REQUIRE(most.ok());
  CHECK(codec::decode_status_proof(*most).ok());
  proof.state.push_back(proof.state.front());
  CHECK(codec::encode_status_proof(proof).error().name == "STATUS_TOO_LARGE");
}

TEST_CASE("the command says it in English and Chinese, and no script takes a fall for a stand") {
  auto& given = Given::shared();
  verifier::StatusArguments arguments;
  arguments.policy = StatusFlow::policy_text();
  arguments.status = given.stands;
  arguments.certificate = given.certificate_bought;
  auto answer = verifier::check_status(arguments);
  CHECK(answer.exit_code == verifier::kExitHolds);
  CHECK_MESSAGE(answer.text.starts_with("holds: the retirement stands\n" + given.bought.text() +
                                        " as of 2027-"),
                answer.text);
  CHECK(answer.text.find("(changes nothing): " + given.withdrawn.text()) != std::string::npos);
  CHECK(answer.text.find("proved to continue the certificate's tree of " +
                         std::to_string(given.first.value())) != std::string::npos);
  json members = json::parse(answer.json);
  CHECK(members.at("stands") == true);
  CHECK(members.at("continues") == true);
  CHECK(members.at("retirement") == given.bought.text());

  arguments.certificate.reset();
  arguments.retirement = given.damaged.text();
  CHECK(verifier::check_status(arguments).text.starts_with("STATUS_OTHER_RETIREMENT: "));
  arguments.status = given.falls;
  arguments.language = verifier::Language::kChinese;
  answer = verifier::check_status(arguments);
  CHECK(answer.exit_code == verifier::kExitRefused);
  CHECK_MESSAGE(answer.text.starts_with("RETIREMENT_NOT_STANDING: 该注销不成立"), answer.text);
  CHECK(answer.text.find("作废： " + given.invalidation.text()) != std::string::npos);
  CHECK(answer.text.find("提示：") != std::string::npos);
  CHECK(answer.text.find("未与证书比较") != std::string::npos);
  members = json::parse(answer.json);
  CHECK(members.at("holds") == false);
  CHECK(members.at("reason") == "RETIREMENT_NOT_STANDING");
  CHECK(members.at("stands") == false);
  CHECK(members.at("invalidations") == json::array({given.invalidation.text()}));

  arguments.retirement = "ret_x";
  CHECK(verifier::check_status(arguments).exit_code == verifier::kExitUnusable);
  arguments.certificate = given.certificate_damaged;
  arguments.retirement = given.damaged.text();
  CHECK(verifier::check_status(arguments).exit_code == verifier::kExitUnusable);
  arguments.retirement.reset();
  arguments.policy = "x";
  CHECK(verifier::check_status(arguments).text.starts_with("POLICY_MALFORMED"));
}
