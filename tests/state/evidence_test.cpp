// What version 2 asks of evidence: the date of a document, series behind a digest, kinds that are
// signed at the source; and in which order.
#include "ledger/state/evidence.h"

#include <doctest/doctest.h>

#include "crypto/ed25519.h"
#include "ledger/codec/series.h"
#include "tests/support/state_world.h"

using namespace mrv;

namespace {

constexpr std::int64_t kEvidenceDayMs = 86'400'000;
constexpr std::int32_t kFrom = 20'000;
constexpr std::int32_t kToDay = 20'365;
constexpr std::int64_t kTakenMs = (kFrom + 10) * kEvidenceDayMs;

struct EvidenceWorld : test::StateWorld {
  model::ProgrammePolicy policy;
  model::SubmitMonitoringReport act;
  const crypto::SecretKey secret = device_key();

  EvidenceWorld() {
    policy.exclusive_evidence = {"meter-data"};
    act.project = model::ProjectId{{1}};
    act.period = {{kFrom}, {kToDay}};
    act.evidence = {item(1)};
    model::KeyRow key;
    key.key = model::KeyBytes{secret.public_key().bytes};
    key.party = party(1, {model::Role::developer});
    key.purposes = {model::KeyPurpose::device};
    key.bound = {EntryIndex{0}, std::nullopt};
    put(codec::key_key(key.key), key);
  }
  static crypto::SecretKey device_key() {
    REQUIRE(crypto::initialise().ok());
    return crypto::SecretKey::from_seed(Hash{9});
  }

  static model::Evidence item(std::uint8_t number, const std::string& kind = "meter-data") {
    model::Evidence evidence;
    evidence.digest.fill(number);
    evidence.kind = kind;
    evidence.taken_at = TimestampMs{kTakenMs};
    return evidence;
  }
  void sign(model::Evidence& evidence) const {
    const auto signature =
        secret.sign(as_bytes(state::evidence_message(evidence, act.project, act.period)));
    evidence.source = model::SourceSignature{model::KeyBytes{secret.public_key().bytes},
                                             to_base64(signature.bytes)};
  }
  void want_signed(std::vector<std::string> kinds) {
    policy.lifecycle = model::LifecyclePolicy{};
    policy.lifecycle->signed_evidence = std::move(kinds);
  }
  std::string check() const {
    std::string answer;
    look([&](state::Context& context) {
      const auto refusal = state::check_evidence(context, act, policy);
      if (!refusal) return;
      answer = std::string(model::describe_outcome(refusal->outcome).name) + refusal->pointer;
    });
    return answer;
  }
};

std::string at_item(const char* name, const char* member, int i = 0) {
  return std::string(name) + "/credentialSubject/evidence/" + std::to_string(i) + "/" + member;
}

}  // namespace

TEST_CASE("a document is made of what was taken and not after it is submitted") {
  EvidenceWorld world;
  const auto made = [&](std::int64_t ms) {
    world.act.evidence[0].made_at = TimestampMs{ms};
    return world.check();
  };
  CHECK(made(kTakenMs).empty());
  CHECK(made(kTakenMs - 1) == at_item("EVIDENCE_DATE_INVALID", "madeAt"));
  CHECK(made(test::kStartMs).empty());
  CHECK(made(test::kStartMs + 1) == at_item("EVIDENCE_DATE_INVALID", "madeAt"));
  // After the period, as laboratories do.
  CHECK(made(kToDay * kEvidenceDayMs + 1).empty());
  world.act.evidence[0].taken_at = TimestampMs{kToDay * kEvidenceDayMs};
  CHECK(made(kToDay * kEvidenceDayMs - 1) == at_item("EVIDENCE_DATE_INVALID", "takenAt"));
}

TEST_CASE("a series is the one whose digest the evidence names") {
  EvidenceWorld world;
  auto& item = world.act.evidence[0];
  item.series = model::SeriesRoot{1'000, Hash{5}};
  CHECK(world.check() == at_item("EVIDENCE_SERIES_INVALID", "series"));
  item.digest = codec::series_digest(1'000, Hash{5});
  CHECK(world.check().empty());
  item.series->count = 999;
  CHECK(world.check() == at_item("EVIDENCE_SERIES_INVALID", "series"));
  item.series = model::SeriesRoot{1'000, Hash{6}};
  CHECK(world.check() == at_item("EVIDENCE_SERIES_INVALID", "series"));
  const auto of_length = [&](std::int64_t count) {
    item.series = model::SeriesRoot{count, Hash{5}};
    // The longest series has a digest; one more reading is no series.
    item.digest = codec::series_digest(std::min(count, kSeriesReadingsMax), Hash{5});
    return world.check();
  };
  CHECK(of_length(1).empty());
  CHECK(of_length(kSeriesReadingsMax).empty());
  CHECK(of_length(kSeriesReadingsMax + 1) == at_item("EVIDENCE_SERIES_INVALID", "series"));
}

TEST_CASE("kinds that policy names are signed at the source") {
  EvidenceWorld world;
  world.act.evidence.push_back(world.item(2, "photo"));
  CHECK(world.check().empty());
  world.want_signed({"lab-report"});
  CHECK(world.check().empty());
  world.want_signed({"lab-report", "photo"});
  CHECK(world.check() == at_item("EVIDENCE_SIGNATURE_MISSING", "source", 1));
  world.sign(world.act.evidence[1]);
  CHECK(world.check().empty());
  // A signature that does not hold is worse than none of a kind that needs none.
  world.act.evidence[1].digest.fill(3);
  CHECK(world.check() == at_item("DEVICE_SIGNATURE_INVALID", "source", 1));
}

TEST_CASE("an item is judged in order: repeated, date, series, signature, reuse") {
  EvidenceWorld world;
  world.want_signed({"meter-data"});
  world.act.evidence = {world.item(1, "photo"), world.item(1)};
  auto& item = world.act.evidence[1];
  item.taken_at = TimestampMs{kToDay * kEvidenceDayMs};
  item.series = model::SeriesRoot{10, Hash{5}};
  model::EvidenceRow used;
  used.digest = codec::series_digest(10, Hash{5});
  used.report = model::ReportId{{9}};
  world.put(codec::evidence_key(used.digest), used);
  CHECK(world.check() == at_item("ITEM_REPEATED", "digest", 1));
  item.digest.fill(2);
  CHECK(world.check() == at_item("EVIDENCE_DATE_INVALID", "takenAt", 1));
  item.taken_at = TimestampMs{kTakenMs};
  item.made_at = TimestampMs{kTakenMs - 1};
  CHECK(world.check() == at_item("EVIDENCE_DATE_INVALID", "madeAt", 1));
  item.made_at = item.taken_at;
  CHECK(world.check() == at_item("EVIDENCE_SERIES_INVALID", "series", 1));
  item.digest = used.digest;
  CHECK(world.check() == at_item("EVIDENCE_SIGNATURE_MISSING", "source", 1));
  world.sign(item);
  item.source->signature[0] = item.source->signature[0] == 'A' ? 'B' : 'A';
  CHECK(world.check() == at_item("DEVICE_SIGNATURE_INVALID", "source", 1));
  world.sign(item);
  CHECK(world.check() == at_item("EVIDENCE_REUSED", "digest", 1));
  used.report.reset();
  world.put(codec::evidence_key(used.digest), used);
  CHECK(world.check().empty());
}
