// A buyer's certificate: it holds offline, and nothing in it can be changed, dropped or borrowed.
#include "verifier/certificate.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "ledger/node/certificate.h"
#include "tests/support/ccs_flow.h"
#include "verifier/replay.h"

using namespace mrv;
using nlohmann::json;
using test::LedgerWorld;

namespace {

// One ledger for all cases: issuing takes a while.
struct Fixture {
  LedgerWorld world;
  test::CcsFlow flow{world, MRV_SOURCE_DIR};
  model::RetirementId retirement;
  std::string certificate;
  std::string policy_text;

  Fixture() {
    flow.run_to_issuance();
    flow.transfer("developer", "buyer", 5'000);
    flow.transfer("buyer", "developer", 100);
    flow.transfer("developer", "buyer", 50);
    retirement = flow.retire("buyer", 1'000);
    flow.retire("buyer", 7);
    policy_text = "log " +
                  crypto::vkey_of({test::kWorldOrigin, crypto::kNoteTypeEd25519,
                                   LedgerWorld::key("log").public_key()}) +
                  "\nquorum none\n";
    certificate = build(retirement);
  }

  std::string build(const model::RetirementId& id) {
    const auto reader = world.node().reader();
    const auto built = node::build_certificate(*reader, id, policy_text);
    test::need(built.ok(), built.ok() ? "" : built.error().detail);
    return *codec::encode_certificate(*built);
  }

  verifier::CertificateOptions options() {
    verifier::CertificateOptions options;
    options.datasets = [this](const Hash& digest) { return *world.node().blobs().read(digest); };
    return options;
  }

  std::string reason(const std::string& text) {
    const auto verdict =
        verifier::verify_certificate(*verifier::parse_policy(policy_text), text, options());
    return verdict.ok() ? "" : std::string(verdict.error().name);
  }
  std::string reason(const json& changed) { return reason(changed.dump()); }
};

Fixture& fixture() {
  static Fixture made;
  return made;
}

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
  for (std::size_t i = 0; i < whole["entries"].size(); ++i) {
    const std::string role = whole["entries"][i]["role"];
    // The programme's and validation's entries stand for readers; their rows carry the proof.
    if (role == "programme" || role == "validation" || role == "activation") continue;
    CAPTURE(role);
    json less = whole;
    less["entries"].erase(i);
    const std::string reason = f.reason(less);
    CHECK((role == "approval" || !reason.empty()));
  }
  for (std::size_t i = 0; i < whole["state"].size(); ++i) {
    json less = whole;
    const std::string kind = less["state"][i]["row"];
    CAPTURE(kind);
    less["state"].erase(i);
    if (kind == "proposal" || kind == "ledger") continue;
    CHECK(!f.reason(less).empty());
  }
  for (const char* member : {"format", "retirement", "entries", "state", "seal", "checkpoint"}) {
    json less = whole;
    less.erase(member);
    CHECK(f.reason(less) == "CERTIFICATE_MALFORMED");
  }
}

TEST_CASE("the approvals of issuance cannot be left out") {
  auto& f = fixture();
  const json whole = json::parse(f.certificate);
  const auto issuance = *from_base64(whole["entries"][0]["entry"].get<std::string>());
  CHECK(!issuance.empty());
  int refused = 0;
  int approvals = 0;
  for (std::size_t i = 0; i < whole["entries"].size(); ++i) {
    if (whole["entries"][i]["role"] != "approval") continue;
    ++approvals;
    json less = whole;
    less["entries"].erase(i);
    refused += f.reason(less) == "CERTIFICATE_PART_MISSING" ? 1 : 0;
  }
  CHECK(approvals >= 3);
  CHECK(refused >= 2);  // of the issuance and of the project's registration
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
  CHECK(with([](json& j) { j["retirement"]["unit"] = "kg"; }) == "CERTIFICATE_TONNES_DIFFER");
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

TEST_CASE("single bytes of the file, all over it, are either refused or change nothing") {
  auto& f = fixture();
  constexpr std::size_t kStep = 997;  // a prime: all parts are met
  for (std::size_t at = 0; at < f.certificate.size(); at += kStep) {
    std::string damaged = f.certificate;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    CAPTURE(at);
    const std::string reason = f.reason(damaged);
    const auto policy_at = f.certificate.find("\"policy\":");
    const auto role = f.certificate.rfind("\"role\":\"", at);
    const bool free_text = (at > policy_at && at < policy_at + f.policy_text.size() + 20) ||
                           (role != std::string::npos && at - role < 30) ||
                           f.certificate.rfind("\"row\":\"", at) + 30 > at;
    CHECK((free_text || !reason.empty()));
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

TEST_CASE("replaying the entries gives the published roots; a changed entry does not replay") {
  auto& f = fixture();
  const auto reader = f.world.node().reader();
  const auto blobs = f.options().datasets;
  const auto run = [&](std::uint64_t skip, std::uint64_t damage) -> std::string {
    verifier::Replay replay(blobs);
    for (std::uint64_t i = 0; i < reader->published().size.value(); ++i) {
      if (i == skip) continue;
      Bytes entry = **reader->entry(EntryIndex{i});
      if (i == damage) entry[entry.size() / 2] ^= 1U;
      const auto added = replay.add(entry);
      if (!added.ok()) return std::string(added.error().name);
    }
    CHECK(replay.log_root() == reader->published().log_root);
    CHECK(replay.map_root() == reader->published().map_root);
    return {};
  };
  constexpr std::uint64_t kNone = ~std::uint64_t{0};
  CHECK(run(kNone, kNone).empty());
  for (std::uint64_t i = 0; i < reader->published().size.value(); i += 9) {
    CAPTURE(i);
    CHECK(!run(i, kNone).empty());
    CHECK(!run(kNone, i).empty());
  }
}

TEST_CASE("replay refuses where a dataset is missing") {
  auto& f = fixture();
  const auto reader = f.world.node().reader();
  verifier::Replay replay([](const Hash&) { return std::nullopt; });
  std::string name;
  for (std::uint64_t i = 0; i < reader->published().size.value() && name.empty(); ++i) {
    const auto added = replay.add(**reader->entry(EntryIndex{i}));
    if (!added.ok()) name = added.error().name;
  }
  CHECK(name == "REPLAY_BLOB_MISSING");
}
