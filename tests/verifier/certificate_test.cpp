// A buyer's certificate: it holds offline, and nothing in it can be changed, dropped or borrowed.
#include "verifier/certificate.h"

#include "tests/verifier/certificate_fixture.h"

using namespace mrv;
using nlohmann::json;
using test::LedgerWorld;

namespace {

test::CertificateFixture& fixture() { return test::CertificateFixture::shared(); }

}  // namespace

TEST_CASE("a certificate holds offline, with and without the datasets") {
  auto& f = fixture();
  const auto policy = verifier::parse_policy(f.policy_text);
  const auto full = verifier::verify_certificate(*policy, f.certificate, f.options());
  REQUIRE_MESSAGE(full.ok(), full.error().name << " " << full.error().detail);
  CHECK(full->summary.quantity == 1'000);
  CHECK(full->recomputations == std::vector<std::string>{f.flow.report.text() + " recomputed"});
  const auto bare = verifier::verify_certificate(*policy, f.certificate, {});
  REQUIRE(bare.ok());
  CHECK(bare->recomputations[0].find("not recomputed") != std::string::npos);
  verifier::CertificateOptions strict;
  strict.require_recomputation = true;
  const auto refused = verifier::verify_certificate(*policy, f.certificate, strict);
  REQUIRE(!refused.ok());
  CHECK(refused.error().name == "CERTIFICATE_NOT_RECOMPUTED");
}

TEST_CASE("the verifier's own policy decides, never the one in the file") {
  auto& f = fixture();
  const std::string other = "log " + crypto::vkey_of({test::kWorldOrigin, crypto::kNoteTypeEd25519,
                                                      LedgerWorld::key("another").public_key()});
  const auto verdict = verifier::verify_certificate(
      *verifier::parse_policy(other + "\nquorum none\n"), f.certificate, {});
  REQUIRE(!verdict.ok());
  CHECK(verdict.error().name == "CHECKPOINT_SIGNATURE_INVALID");
}

TEST_CASE("no part can be left out") {
  auto& f = fixture();
  const json whole = json::parse(f.certificate);
  std::set<std::string> roles;
  for (std::size_t i = 0; i < whole["entries"].size(); ++i) {
    const std::string role = whole["entries"][i]["role"];
    roles.insert(role);
    CAPTURE(role);
    json less = whole;
    less["entries"].erase(i);
    CHECK(f.reason(less) == "CERTIFICATE_PART_MISSING");
  }
  CHECK(roles == std::set<std::string>{"acceptance", "activation", "approval", "issuance",
                                       "methodology", "programme", "project", "registration",
                                       "report", "retirement", "statement", "table", "transfer",
                                       "validation"});
  std::set<std::string> kinds;
  for (std::size_t i = 0; i < whole["state"].size(); ++i) {
    json less = whole;
    const std::string kind = less["state"][i]["row"];
    kinds.insert(kind);
    CAPTURE(kind);
    less["state"].erase(i);
    // Without one transfer, the next one's sender does not hold what it moves.
    const std::string reason = f.reason(less);
    CHECK((reason == "CERTIFICATE_PART_MISSING" ||
           (kind == "transfer" && reason == "CERTIFICATE_LINK_BROKEN")));
  }
  CHECK(kinds == std::set<std::string>{"accreditation", "batch", "key", "ledger", "party",
                                       "programme", "project", "proposal", "report", "retirement",
                                       "serials", "standard", "statement", "transfer"});
  for (const char* member : {"format", "retirement", "entries", "state", "seal", "checkpoint"}) {
    json less = whole;
    less.erase(member);
    CHECK(f.reason(less) == "CERTIFICATE_MALFORMED");
  }
}

TEST_CASE("no part can be called what it is not") {
  auto& f = fixture();
  const json whole = json::parse(f.certificate);
  for (std::size_t i = 0; i < whole["entries"].size(); ++i) {
    const std::string role = whole["entries"][i]["role"];
    for (const std::string other : {"approval", "statement", "seal", "x"}) {
      if (role == other) continue;
      CAPTURE(role + " as " + other);
      json changed = whole;
      changed["entries"][i]["role"] = other;
      CHECK(f.reason(changed) == "CERTIFICATE_ROLE_WRONG");
    }
  }
  for (std::size_t i = 0; i < whole["state"].size(); ++i) {
    const std::string kind = whole["state"][i]["row"];
    CAPTURE(kind);
    json changed = whole;
    changed["state"][i]["row"] = kind == "party" ? "key" : "party";
    CHECK(f.reason(changed) == "CERTIFICATE_ROLE_WRONG");
  }
  json changed = whole;
  changed["seal"]["role"] = "retirement";
  CHECK(f.reason(changed) == "CERTIFICATE_ROLE_WRONG");
}

TEST_CASE("one text for one certificate; a line feed may end the file") {
  auto& f = fixture();
  const json whole = json::parse(f.certificate);
  CHECK(f.reason(f.certificate + "\n").empty());
  CHECK(f.reason(f.certificate + "\n\n") == "CERTIFICATE_MALFORMED");
  CHECK(f.reason(f.certificate + " ") == "CERTIFICATE_MALFORMED");
  CHECK(f.reason("\n" + f.certificate) == "CERTIFICATE_MALFORMED");
  CHECK(f.reason(whole.dump(2)) == "CERTIFICATE_MALFORMED");
  const auto blank = [](std::size_t size) { return std::string(size, ' '); };
  CHECK(f.reason(blank(codec::kCertificateBytesMax)) == "CERTIFICATE_MALFORMED");
  CHECK(f.reason(blank(codec::kCertificateBytesMax + 1)) == "CERTIFICATE_TOO_LARGE");
  std::string escaped = f.certificate;
  escaped.replace(escaped.find("\"seal\""), 6, "\"\\u0073eal\"");
  CHECK(f.reason(escaped) == "CERTIFICATE_MALFORMED");
  CHECK(f.reason("{\"seal\":" + whole["seal"].dump() + "," + [&] {
    json rest = whole;
    rest.erase("seal");
    return rest.dump().substr(1);
  }()) == "CERTIFICATE_MALFORMED");
}

TEST_CASE("every changed byte of the summary, the seal and the proofs is refused") {
  auto& f = fixture();
  const json whole = json::parse(f.certificate);
  const auto with = [&](auto change) {
    json changed = whole;
    change(changed);
    return f.reason(changed);
  };
  CHECK(with([](json& j) { j["retirement"]["quantity"] = "1001"; }) ==
        "CERTIFICATE_SUMMARY_DIFFERS");
  CHECK(with([](json& j) {
          j["retirement"]["beneficiary"]["organisation"]["name"] = "Somebody else";
        }) == "CERTIFICATE_SUMMARY_DIFFERS");
  CHECK(with([](json& j) { j["retirement"]["serials"][0]["last"] = "1001"; }) ==
        "CERTIFICATE_SUMMARY_DIFFERS");
  CHECK(with([](json& j) { j["retirement"]["unit"] = "kg"; }) == "CERTIFICATE_SUMMARY_DIFFERS");
  CHECK(with([](json& j) { j["retirement"]["purpose"] = "compliance"; }) ==
        "CERTIFICATE_SUMMARY_DIFFERS");
  CHECK(with([](json& j) { j["retirement"]["recordedAt"] = "2020-01-01T00:00:00Z"; }) ==
        "CERTIFICATE_SUMMARY_DIFFERS");
  CHECK(with([](json& j) { j["retirement"]["id"] = "ret_00000000000000000000000000"; }) ==
        "CERTIFICATE_PART_MISSING");
  CHECK(with([](json& j) { j["seal"]["index"] = "1"; }) == "CERTIFICATE_ENTRY_NOT_INCLUDED");
  CHECK(with([](json& j) { j["seal"] = j["entries"][0]; }) == "CERTIFICATE_SEAL_INVALID");
  CHECK(with([](json& j) { j["entries"].push_back(j["entries"][0]); }) == "CERTIFICATE_MALFORMED");
  CHECK(with([](json& j) { j["comment"] = "x"; }) == "CERTIFICATE_MALFORMED");
  for (std::size_t i = 0; i < whole["entries"].size(); ++i) {
    CAPTURE(i);
    CHECK(with([&](json& j) {
            std::string path = j["entries"][i]["path"][0];
            path[3] = path[3] == 'A' ? 'B' : 'A';
            j["entries"][i]["path"][0] = path;
          }) == "CERTIFICATE_ENTRY_NOT_INCLUDED");
    CHECK(with([&](json& j) {
            Bytes bytes = *from_base64(j["entries"][i]["entry"].get<std::string>());
            bytes[bytes.size() / 2] ^= 1U;
            j["entries"][i]["entry"] = to_base64(bytes);
          }) == "CERTIFICATE_ENTRY_NOT_INCLUDED");
  }
  for (std::size_t i = 0; i < whole["state"].size(); ++i) {
    CAPTURE(i);
    CHECK(with([&](json& j) {
            Bytes bytes = *from_base64(j["state"][i]["value"].get<std::string>());
            bytes[bytes.size() / 2] ^= 1U;
            j["state"][i]["value"] = to_base64(bytes);
          }) == "CERTIFICATE_ROW_NOT_PROVED");
  }
}

TEST_CASE("single bytes of the file, all over it, are refused") {
  auto& f = fixture();
  constexpr std::size_t kStep = 997;  // a prime: all parts are met
  for (std::size_t at = 0; at < f.certificate.size(); at += kStep) {
    std::string damaged = f.certificate;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    CAPTURE(at);
    const std::string reason = f.reason(damaged);
    // The policy is a suggestion: no verifier reads it.
    const auto policy_at = f.certificate.find("\"policy\":");
    const bool suggestion = at > policy_at && at < policy_at + f.policy_text.size() + 20;
    CHECK((suggestion || !reason.empty()));
  }
}

TEST_CASE("two retirements of one holder have two certificates over their own serials") {
  auto& f = fixture();
  const auto reader = f.world.node().reader();
  const auto page =
      reader->page(model::RetirementRow::kTag, std::nullopt, 2, reader->published().size);
  REQUIRE(page->rows.size() == 2);
  const auto later = codec::decode_row<model::RetirementRow>(page->rows[0].second);
  const std::string text = f.build(later->id);
  CHECK(f.reason(text).empty());
  // Parts of one do not serve the other.
  json mixed = json::parse(text);
  mixed["retirement"] = json::parse(f.certificate)["retirement"];
  CHECK(!f.reason(mixed).empty());
}
