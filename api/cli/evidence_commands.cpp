// Evidence: depositing digests, signing at the source.
#include <fstream>
#include <iostream>

#include "api/cli/commands.h"
#include "api/cli/series_file.h"
#include "api/files.h"
#include "crypto/canonical_json.h"
#include "crypto/sha256.h"
#include "ledger/base/time.h"
#include "ledger/codec/scalar_text.h"
#include "ledger/state/evidence.h"

namespace mrv::cli {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct DepositOptions {
  std::vector<fs::path> files;
  std::string category;
  std::string title;
};

int deposit_evidence(Session& session, const DepositOptions& options) {
  json digests = json::array();
  for (const auto& path : options.files) {
    const auto bytes = api::read_file(path);
    if (!bytes.ok()) return session.fail(bytes.error());
    digests.push_back({{"sha256", to_hex(crypto::sha256(as_bytes(*bytes)))}});
  }
  return session.send(
      "DepositEvidence",
      {{"digests", digests}, {"category", options.category}, {"title", options.title}});
}

void add_deposit(CLI::App& evidence, Run& run) {
  const auto o = kept<DepositOptions>();
  auto* deposit = evidence.add_subcommand("deposit", "Record that these files exist now");
  deposit->add_option("FILES", o->files)->required();
  deposit->add_option("--category", o->category)->required();
  deposit->add_option("--title", o->title)->required();
  deposit->callback(
      [&run, o] { run = [o](Session& session) { return deposit_evidence(session, *o); }; });
}

struct SigningOptions {
  std::string digest;
  fs::path file;
  fs::path series;
  std::string kind;
  std::string project;
  std::string from;
  std::string to;
  std::string taken_at;
};

// What the signature is about, before there is one; a series also by count and root.
struct Subject {
  Hash digest{};
  json series;  // null: no series
};

Result<Subject> subject_of(const SigningOptions& options) {
  Subject subject;
  if (!options.digest.empty()) {
    MRV_CHECK(codec::from_text(options.digest, subject.digest));
    return subject;
  }
  if (!options.file.empty()) {
    MRV_TRY(const std::string bytes, api::read_file(options.file));
    subject.digest = crypto::sha256(as_bytes(bytes));
    return subject;
  }
  std::ifstream file(options.series, std::ios::binary);
  if (!file) {
    return Error{"FILE_UNREADABLE", options.series.string() + ": cannot be opened", {}};
  }
  MRV_TRY(const auto summary, read_summary(file));
  subject.digest = codec::series_digest(summary.count, summary.root);
  subject.series = {{"count", std::to_string(summary.count)}, {"root", to_hex(summary.root)}};
  return subject;
}

Result<model::Period> period_of_evidence(const SigningOptions& options) {
  model::Period period;
  MRV_CHECK(codec::from_text(options.from, period.from));
  MRV_CHECK(codec::from_text(options.to, period.to));
  if (period.from < period.to) return period;
  return Error{"PERIOD_INVALID", "a period ends after it begins", {}};
}

// What the ledger would refuse of any report is not signed.
Status check_taken(TimestampMs taken, const model::Period& period) {
  const std::int64_t ms = taken.value();
  if (ms >= period.from.days * kMsPerDay && ms < period.to.days * kMsPerDay) return {};
  return Error{"EVIDENCE_DATE_INVALID", "--taken-at lies outside the period", {}};
}

// The item of a report's `evidence`, with the signature of --key.
Status sign_evidence(Session& session, const SigningOptions& options) {
  MRV_TRY(const auto subject, subject_of(options));
  MRV_TRY(const auto project, model::ProjectId::parse(options.project));
  MRV_TRY(const auto period, period_of_evidence(options));
  MRV_CHECK(codec::judge_text(options.kind, model::Text{1, 64}));
  model::Evidence evidence;
  evidence.digest = subject.digest;
  evidence.kind = options.kind;
  MRV_CHECK(codec::from_text(options.taken_at, evidence.taken_at));
  MRV_CHECK(check_taken(evidence.taken_at, period));
  MRV_TRY(const auto key, session.secret());
  const auto signature = key.sign(as_bytes(state::evidence_message(evidence, project, period)));
  json item = {{"digest", to_hex(evidence.digest)},
               {"kind", evidence.kind},
               {"takenAt", codec::to_text(evidence.taken_at)},
               {"source",
                {{"key", codec::to_text(model::KeyBytes{key.public_key().bytes})},
                 {"signature", to_base64(signature.bytes)}}}};
  if (!subject.series.is_null()) item["series"] = subject.series;
  MRV_TRY(const std::string text, crypto::try_canonicalize(item));
  std::cout << text << "\n";
  return {};
}

void add_sign(CLI::App& evidence, Run& run) {
  const auto o = kept<SigningOptions>();
  auto* sign = evidence.add_subcommand(
      "sign",
      "Sign evidence with a device's or laboratory's --key; prints the item for the report");
  auto* subject = sign->add_option_group("subject", "What is signed, one of");
  subject->add_option("--digest", o->digest, "64 hexadecimal digits");
  subject->add_option("--file", o->file, "a file by its SHA-256");
  subject->add_option("--series", o->series,
                      "what `mrv series make` kept; the item also has its count and root");
  subject->require_option(1);
  sign->add_option("--kind", o->kind, "as the programme lists it, such as meter-data")->required();
  sign->add_option("--project", o->project, "prj_…")->required();
  sign->add_option("--from", o->from, "first day of the report's period")->required();
  sign->add_option("--to", o->to, "the day after its last")->required();
  sign->add_option("--taken-at", o->taken_at, "YYYY-MM-DDThh:mm:ssZ, inside the period")
      ->required();
  sign->callback([&run, o] {
    run = [o](Session& session) {
      const auto status = sign_evidence(session, *o);
      return status.ok() ? kExitOk : session.fail(status.error());
    };
  });
}

}  // namespace

void add_evidence_commands(CLI::App& app, Run& run) {
  auto* evidence = app.add_subcommand("evidence", "Evidence: deposits, and signatures at source");
  evidence->require_subcommand(1);
  add_deposit(*evidence, run);
  add_sign(*evidence, run);
}

}  // namespace mrv::cli
