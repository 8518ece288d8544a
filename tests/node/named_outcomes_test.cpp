// What a client is told when the node does not take what it sent: the outcome by name, the place in
// the document, a sentence in two languages; and a log and state that are as they were.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/support/ccs_flow.h"
#include "tests/support/signed_world.h"

using namespace mrv;
using model::Role;
using nlohmann::json;
using test::CcsFlow;
using test::LedgerWorld;
using test::SignedWorld;

namespace {

constexpr const char* kMethod = "/proof/verificationMethod";

// A ledger with one developer, and a good document of his to damage.
class Client : public LedgerWorld {
 public:
  Client() { register_party("dev", {Role::developer}); }

  static model::DepositEvidence deposit() {
    model::DepositEvidence act;
    act.digests = {{Hash{1}, std::nullopt}};
    act.category = "report";
    act.title = "A file";
    return act;
  }
  // An act of dev that its second person stands behind.
  template <class Body>
  void approved(Body body) {
    expect(submit("dev", "dev", std::move(body)));
    const Hash digest = last_digest();
    expect(approve("dev-2", "dev", digest));
  }
  std::string good() { return document("dev", "dev", deposit()); }

  // "NAME/pointer" of a refusal that left no trace; anything else fails the test.
  std::string refused(const std::string& body) {
    const auto before = node().reader()->published();
    const auto answer = send(body);
    const auto* refusal = std::get_if<node::Refused>(&answer);
    REQUIRE_MESSAGE(refusal != nullptr, "accepted or failed: " << name_of(answer));
    const auto& text = model::describe_outcome(refusal->refusal.outcome);
    CHECK(!text.en.empty());
    CHECK(!text.zh.empty());
    CHECK(text.en != text.zh);
    CHECK(text.http_status >= 400);
    CHECK(text.http_status < 500);
    const auto after = node().reader()->published();
    CHECK(after.size == before.size);
    CHECK(after.log_root == before.log_root);
    CHECK(after.map_root == before.map_root);
    return std::string(text.name) + refusal->refusal.pointer;
  }
  template <class Body>
  std::string refused_act(const std::string& signer, const std::string& party, Body body) {
    return refused(document(signer, party, std::move(body)));
  }
  // The good document with one member changed, unsigned: form is judged before the signature.
  template <class Change>
  std::string changed(Change change) {
    auto parsed = json::parse(good());
    change(parsed);
    return refused(parsed.dump());
  }
  template <class Body, class Change>
  std::string changed(Body body, Change change) {
    auto parsed = json::parse(document("dev", "dev", std::move(body)));
    change(parsed["credentialSubject"]);
    return refused(parsed.dump());
  }
  // The good document with one piece of its text replaced.
  std::string spelt(const std::string& from, const std::string& to) {
    std::string text = good();
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    return refused(text);
  }
  // An act whose envelope is changed before it is signed.
  template <class Change>
  std::string resigned(Change change, const std::string& signer = "dev") {
    auto act = codec::decode_act(good())->act;
    change(act);
    return refused(*codec::sign_act(act, key(signer), act.valid_from));
  }
};

std::string steps(const std::string& step, int count) {
  std::string pointer;
  for (int i = 0; i < count; ++i) pointer += step;
  return pointer;
}

}  // namespace

TEST_CASE("hostile JSON is refused by its own name before anything else is looked at") {
  Client client;
  CHECK(client.refused("") == "JSON_SYNTAX");
  CHECK(client.refused("{") == "JSON_SYNTAX");
  CHECK(client.refused(client.good() + "x") == "JSON_SYNTAX");
  CHECK(client.refused("{'id':1}") == "JSON_SYNTAX");
  CHECK(client.refused("{\"a\":01}") == "JSON_SYNTAX");
  CHECK(client.refused("{\"a\":NaN}") == "JSON_SYNTAX");
  CHECK(client.refused("\xEF\xBB\xBF" + client.good()) == "JSON_BOM");
  for (const std::string bad :
       {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE6\xB5"}) {
    CHECK(client.spelt("A file", bad) == "JSON_UTF8_INVALID");
  }
  CHECK(client.spelt("A file", "\\ud800") == "JSON_LONE_SURROGATE/credentialSubject");
  CHECK(client.spelt("A file", "\\u0007") == "JSON_CONTROL_CHARACTER/credentialSubject/title");
  CHECK(client.spelt("A file", "\\u202e") == "JSON_CONTROL_CHARACTER/credentialSubject/title");
  CHECK(client.spelt("\"title\":", "\"title\":\"B\",\"title\":") ==
        "JSON_DUPLICATE_NAME/credentialSubject/title");
  CHECK(client.spelt("\"A file\"", "1.5") == "JSON_NUMBER_NOT_INTEGER/credentialSubject/title");
}

TEST_CASE("depth, length and size of JSON are bounded whatever it says") {
  Client client;
  // A million levels do not even fit; as many as fit are too deep.
  CHECK(client.refused(std::string(1'000'000, '[')) == "JSON_TOO_LARGE");
  CHECK(client.refused(std::string(200'000, '[')) == "JSON_TOO_DEEP" + steps("/0", 32));
  std::string objects;
  for (int i = 0; i < 40'000; ++i) objects += "{\"a\":";
  CHECK(client.refused(objects) == "JSON_TOO_DEEP" + steps("/a", 32));
  CHECK(client.spelt("\"A file\"", std::string(31, '[') + std::string(31, ']')) ==
        "JSON_TOO_DEEP/credentialSubject/title" + steps("/0", 30));
  CHECK(client.spelt("\"A file\"", std::string(30, '[') + std::string(30, ']')) ==
        "FIELD_TYPE_WRONG/credentialSubject/title");
  CHECK(client.spelt("A file", std::string(8'193, 'a')) ==
        "JSON_STRING_TOO_LONG/credentialSubject/title");
  std::string items = "0";
  for (int i = 1; i < 2'000; ++i) items += ",0";
  CHECK(client.spelt("\"A file\"", "[" + items + "]") ==
        "FIELD_TYPE_WRONG/credentialSubject/title");
  CHECK(client.spelt("\"A file\"", "[" + items + ",0]") ==
        "JSON_ARRAY_TOO_LONG/credentialSubject/title/2000");
  std::string lists = "[" + items + "]";
  for (int i = 1; i < 33; ++i) lists += ",[" + items + "]";
  CHECK(client.spelt("\"A file\"", "[" + lists + "]")
            .starts_with("JSON_TOO_MANY_VALUES/credentialSubject/title/32/"));
  model::SubmitProject project;
  project.activity_type = project.sector = "x";
  project.name.en = "x";
  project.country = "CN";
  project.crediting_period.to = {1};
  project.capacity_per_year = 1;
  project.manifest.resize(kManifestMax,
                          {std::string(64, 'k'), {}, std::string(128, 'm'), std::string(256, 't')});
  CHECK(client.refused_act("dev", "dev", project) == "DOCUMENT_TOO_LARGE");
}

TEST_CASE("numbers are integers that every reader can hold, amounts are bounded strings") {
  Client client;
  constexpr const char* kRange = "JSON_NUMBER_OUT_OF_RANGE/credentialSubject/title";
  for (const std::string huge :
       {"9007199254740993", "-9007199254740993", "123456789012345678901234567890"}) {
    CHECK(client.spelt("\"A file\"", huge) == kRange);
  }
  CHECK(client.spelt("\"A file\"", std::string(5'000, '9')) == kRange);
  CHECK(client.spelt("\"A file\"", "1e400").starts_with("JSON_NUMBER_"));
  model::Retire retire;
  retire.legs = {{model::BatchId{{1}}, std::nullopt, std::nullopt, 1}};
  const auto quantity = [&](const json& value) {
    return client.changed(retire, [&](json& subject) { subject["legs"][0]["quantity"] = value; });
  };
  const std::string at = "/credentialSubject/legs/0/quantity";
  CHECK(quantity(1) == "FIELD_TYPE_WRONG" + at);
  CHECK(quantity("9000000000000001") == "INTEGER_OUT_OF_RANGE" + at);
  CHECK(quantity("99999999999999999999999") == "INTEGER_OUT_OF_RANGE" + at);
  CHECK(quantity("-1") == "INTEGER_OUT_OF_RANGE" + at);
  for (const std::string bad : {"", "007", "+1", "1.0", "1e3", "0x10", " 1"}) {
    CHECK(quantity(bad) == "INTEGER_INVALID" + at);
  }
}

TEST_CASE("members are known, there, and of their form, and the answer points at them") {
  Client client;
  using Change = std::function<void(json&)>;
  const std::vector<std::pair<std::string, Change>> cases = {
      {"FIELD_UNKNOWN/note", [](json& d) { d["note"] = "x"; }},
      {"FIELD_UNKNOWN/issuer/name", [](json& d) { d["issuer"]["name"] = "x"; }},
      {"FIELD_UNKNOWN/credentialSubject/a~1b", [](json& d) { d["credentialSubject"]["a/b"] = 1; }},
      {"FIELD_UNKNOWN/credentialSubject/digests/0/md5",
       [](json& d) { d["credentialSubject"]["digests"][0]["md5"] = "x"; }},
      {"FIELD_MISSING/credentialSubject/title",
       [](json& d) { d["credentialSubject"].erase("title"); }},
      {"FIELD_MISSING/validUntil", [](json& d) { d.erase("validUntil"); }},
      {"FIELD_MISSING/registry", [](json& d) { d.erase("registry"); }},
      {"FIELD_TYPE_WRONG/issuer", [](json& d) { d["issuer"] = "did:key:z"; }},
      {"FIELD_TYPE_WRONG", [](json& d) { d = json::array(); }},
      {"LIST_TOO_SHORT/credentialSubject/digests",
       [](json& d) { d["credentialSubject"]["digests"] = json::array(); }},
      {"LIST_TOO_LONG/credentialSubject/digests",
       [](json& d) {
         auto& list = d["credentialSubject"]["digests"];
         const json item = list[0];
         while (list.size() <= kEvidenceMax) list.push_back(item);
       }},
      {"TEXT_TOO_SHORT/credentialSubject/title",
       [](json& d) { d["credentialSubject"]["title"] = ""; }},
      {"TEXT_TOO_LONG/credentialSubject/title",
       [](json& d) { d["credentialSubject"]["title"] = std::string(kNameBytesMax + 1, 'a'); }},
      {"TEXT_HAS_NEWLINE/credentialSubject/title",
       [](json& d) { d["credentialSubject"]["title"] = "a\nb"; }},
      {"HEX_INVALID/credentialSubject/digests/0/sha256",
       [](json& d) { d["credentialSubject"]["digests"][0]["sha256"] = std::string(64, 'G'); }},
      {"TIME_INVALID/validFrom", [](json& d) { d["validFrom"] = "2027-02-30T00:00:00Z"; }},
      {"TIME_INVALID/validUntil", [](json& d) { d["validUntil"] = "2027-01-01T00:00:00.5Z"; }},
      {"UUID_INVALID/id",
       [](json& d) { d["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000"; }},
      {"KEY_INVALID/issuer/id", [](json& d) { d["issuer"]["id"] = "did:key:z6Mk"; }},
      {"ID_INVALID/issuer/party", [](json& d) { d["issuer"]["party"] = "urn:mrv:prj_0"; }},
      {"DOCUMENT_TYPE_UNKNOWN/type/1", [](json& d) { d["type"][1] = "GrantCredits"; }},
      {"DOCUMENT_CONTEXT_INVALID/@context", [](json& d) { d["@context"].erase(1); }},
  };
  for (const auto& [expected, change] : cases) CHECK(client.changed(change) == expected);
}

TEST_CASE("words, codes, days and decimals have one spelling") {
  Client client;
  const auto party = SignedWorld::registration("new", {Role::buyer});
  CHECK(client.changed(party, [](json& s) { s["roles"][0] = "owner"; }) ==
        "FIELD_VALUE_UNKNOWN/credentialSubject/roles/0");
  CHECK(client.changed(party, [](json& s) { s["country"] = "cn"; }) ==
        "CODE_INVALID/credentialSubject/country");
  CHECK(client.changed(party, [](json& s) { s["lei"] = "TOOSHORT"; }) ==
        "CODE_INVALID/credentialSubject/lei");
  model::Retire retire;
  retire.legs = {{model::BatchId{{1}}, std::nullopt, std::nullopt, 1}};
  retire.claim_period = model::Period{{19'000}, {19'100}};
  CHECK(client.changed(retire, [](json& s) { s["claimPeriod"]["from"] = "2023-02-29"; }) ==
        "DAY_INVALID/credentialSubject/claimPeriod/from");
  CHECK(client.changed(retire, [](json& s) { s["legs"][0]["batch"] = "bat_0"; }) ==
        "ID_INVALID/credentialSubject/legs/0/batch");
  model::SubmitVerificationStatement statement;
  statement.materiality = {"0.05"};
  statement.verified = {{2025, 1}};
  statement.conflict_declaration = "none";
  for (const std::string bad : {"0.50", ".5", "1,5", "5e-2", "-0", "00.5", ""}) {
    CHECK(client.changed(statement, [&](json& s) { s["materiality"] = bad; }) ==
          "DECIMAL_INVALID/credentialSubject/materiality");
  }
}

TEST_CASE("a proof is one, of the one suite, by the issuer's key, over these bytes") {
  Client client;
  using Change = std::function<void(json&)>;
  const std::vector<std::pair<std::string, Change>> cases = {
      {"PROOF_MISSING/proof", [](json& d) { d.erase("proof"); }},
      {"PROOF_NOT_SINGLE/proof", [](json& d) { d["proof"] = json::array({d["proof"]}); }},
      {"PROOF_MEMBER_UNKNOWN/proof", [](json& d) { d["proof"]["domain"] = "x"; }},
      {"PROOF_TYPE_UNSUPPORTED/proof/type", [](json& d) { d["proof"]["type"] = "Other"; }},
      {"PROOF_SUITE_UNSUPPORTED/proof/cryptosuite",
       [](json& d) { d["proof"]["cryptosuite"] = "eddsa-rdfc-2022"; }},
      {"PROOF_PURPOSE_INVALID/proof/proofPurpose",
       [](json& d) { d["proof"]["proofPurpose"] = "authentication"; }},
      {"PROOF_CREATED_INVALID/proof/created", [](json& d) { d["proof"]["created"] = "today"; }},
      {"PROOF_CONTEXT_MISMATCH/proof/@context",
       [](json& d) { d["proof"]["@context"] = json::array(); }},
      {"PROOF_METHOD_INVALID/proof/verificationMethod",
       [](json& d) { d["proof"]["verificationMethod"] = "did:key:zzz#zzz"; }},
      // Base58 has no 0, O, I and l.
      {"PROOF_VALUE_INVALID/proof/proofValue",
       [](json& d) { d["proof"]["proofValue"] = "z" + std::string(86, 'O'); }},
      {"PROOF_VALUE_INVALID/proof/proofValue", [](json& d) { d["proof"]["proofValue"] = "z1"; }},
      {"SIGNATURE_INVALID/proof/proofValue",
       [](json& d) { d["credentialSubject"]["title"] = "Another file"; }},
      {"SIGNATURE_INVALID/proof/proofValue",
       [](json& d) { d["proof"]["created"] = "2020-01-01T00:00:00Z"; }},
  };
  for (const auto& [expected, change] : cases) CHECK(client.changed(change) == expected);
  CHECK(client.resigned([](model::Act&) {}, "other") == "PROOF_KEY_MISMATCH/issuer/id");
}

TEST_CASE("what was meant for another log, or lived too long, is not taken here") {
  Client client;
  // A document that another ledger has accepted, sent here byte for byte.
  SignedWorld other;
  other.party("dev", {Role::developer});
  const auto act = other.act("dev", "dev", Client::deposit());
  const auto document = *codec::sign_act(act, SignedWorld::key("dev"), act.valid_from);
  REQUIRE(other.judge(document).ok());
  CHECK(client.refused(document) == "WRONG_REGISTRY/registry");
  CHECK(client.resigned([](model::Act& a) {
    a.valid_until = TimestampMs{a.valid_from.value() + kValiditySpanDefaultMs + 1'000};
  }) == "VALIDITY_TOO_LONG/validUntil");
  const auto in_time = client.good();
  client.pass(600'001);
  CHECK(client.refused(in_time) == "EXPIRED/validUntil");
}

TEST_CASE("a log is founded under its own origin and key and no other") {
  LedgerWorld world(false);
  auto genesis = LedgerWorld::genesis();
  genesis.origin = "ledger.example/other";
  auto act = codec::decode_act(world.document("gov1", "", genesis))->act;
  act.registry = genesis.origin;
  const auto answer = world.send(*codec::sign_act(act, LedgerWorld::key("gov1"), act.valid_from));
  CHECK(LedgerWorld::name_of(answer) == "WRONG_REGISTRY");
  CHECK(!world.node().reader());
  // The key that signs every tree is stated for ever: it must be the one that does.
  genesis = LedgerWorld::genesis();
  genesis.log_vkey = crypto::vkey_of(
      {test::kWorldOrigin, crypto::kNoteTypeEd25519, LedgerWorld::key("another log").public_key()});
  const auto other_key = world.submit("gov1", "", genesis);
  REQUIRE(LedgerWorld::name_of(other_key) == "WRONG_REGISTRY");
  CHECK(std::get<node::Refused>(other_key).refusal.pointer == "/credentialSubject/logVkey");
  CHECK(!world.node().reader());
  CHECK(LedgerWorld::recorded(world.submit("gov1", "", LedgerWorld::genesis())));
}

TEST_CASE("an accepted document counts once, and its id belongs to its bytes") {
  Client client;
  const auto good = client.good();
  const auto first = LedgerWorld::expect(client.send(good));
  const auto again = LedgerWorld::expect(client.send(good));
  CHECK(again.repeated);
  CHECK(again.index == first.index);
  auto act = codec::decode_act(good)->act;
  std::get<model::DepositEvidence>(act.body).title = "Another file";
  CHECK(client.refused(*codec::sign_act(act, LedgerWorld::key("dev"), act.valid_from)) ==
        "ID_REUSED/id");
}

TEST_CASE("a key that is unknown, revoked or of a frozen party signs nothing") {
  Client client;
  CHECK(client.refused_act("stranger", "dev", Client::deposit()) ==
        std::string("KEY_UNKNOWN") + kMethod);
  const auto second = SignedWorld::declared("dev-3", {model::KeyPurpose::initiate});
  client.approved(model::BindKey{client.party("dev"), second});
  client.approved(model::RevokeKey{second.key, model::RevocationReason::compromised});
  CHECK(client.refused_act("dev-3", "dev", Client::deposit()) ==
        std::string("KEY_REVOKED") + kMethod);
  LedgerWorld::expect(client.submit("dev", "dev", model::FreezeSelf{"stolen"}));
  CHECK(client.refused_act("dev", "dev", Client::deposit()) == "PARTY_FROZEN/issuer/party");
}

TEST_CASE("no claim above the recomputed, no self-verification, no second issuance") {
  Client client;
  CcsFlow flow(client, MRV_SOURCE_DIR);
  flow.enter_parties();
  flow.register_standards();
  flow.register_project();
  CHECK(client.refused_act("developer", "developer", flow.report_body(146'764)) ==
        "OVER_CLAIM/credentialSubject/claimed/0/quantity");
  auto report = flow.report_body(1);
  report.datasets[0].digest = Hash{9};
  CHECK(client.refused_act("developer", "developer", report) == "BLOB_MISSING/credentialSubject");
  report = flow.report_body(1);
  report.evidence.resize(1);
  report.evidence[0].kind = "calibration";
  report.evidence[0].taken_at = TimestampMs{std::int64_t{test::kDay2023} * 86'400'000};
  report.evidence[0].source =
      model::SourceSignature{LedgerWorld::public_key("meter"), std::string(88, '!')};
  CHECK(client.refused_act("developer", "developer", report) ==
        "BASE64_INVALID/credentialSubject/evidence/0/source/signature");
  flow.submit_report(146'763);
  const auto stated = [&](const std::string& vvb) {
    const auto answer = flow.state(vvb);
    const auto* refusal = std::get_if<node::Refused>(&answer);
    return refusal == nullptr ? "" : LedgerWorld::name_of(answer) + refusal->refusal.pointer;
  };
  CHECK(stated("developer") == "ROLE_MISSING/issuer/party");
  // Not even with a verifier's role and accreditation.
  const auto admit = [&](Role role) {
    flow.governed(model::AdmitParty{client.party("developer"), {role}, {}});
  };
  admit(Role::vvb);
  model::AccreditVvb accredit;
  accredit.party = client.party("developer");
  accredit.scopes.resize(1);
  accredit.until = TimestampMs{4'000'000'000'000};
  flow.approved("registry", accredit);
  CHECK(stated("developer") == "VVB_NOT_INDEPENDENT/issuer/party");
  admit(Role::developer);
  CHECK(client.refused_act("registry", "registry", model::IssueCredits{flow.report}) ==
        "STATEMENTS_MISSING/credentialSubject/report");
  CHECK(stated("vvb1").empty());
  CHECK(stated("vvb2").empty());
  flow.issue();
  CHECK(client.refused_act("registry", "registry", model::IssueCredits{flow.report}) ==
        "REPORT_ISSUED/credentialSubject/report");
  CHECK(client.refused_act("developer", "developer", flow.report_body(1)) ==
        "PERIOD_OVERLAP/credentialSubject/period");
  // What is not held is neither sent nor retired, and a retirement is for somebody.
  CHECK(client.refused_act("buyer", "buyer", flow.transfer_body("developer", 1)) ==
        "UNITS_NOT_HELD/credentialSubject/legs/0");
  CHECK(client.refused_act("buyer", "buyer", flow.retire_body(1)) ==
        "UNITS_NOT_HELD/credentialSubject/legs/0");
  CHECK(client.refused_act("developer", "developer", flow.transfer_body("buyer", 139'425)) ==
        "UNITS_NOT_HELD/credentialSubject/legs/0");
  auto nobody = flow.retire_body(1);
  nobody.beneficiary.reset();
  CHECK(client.refused_act("developer", "developer", nobody) ==
        "BENEFICIARY_MISSING/credentialSubject/beneficiary");
  flow.retire("developer", 139'424);
  CHECK(client.refused_act("developer", "developer", flow.retire_body(1)) ==
        "UNITS_NOT_HELD/credentialSubject/legs/0");
}
