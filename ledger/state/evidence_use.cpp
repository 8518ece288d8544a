// The count of reports behind each digest.
#include "ledger/state/evidence_use.h"

#include <algorithm>
#include <cassert>

namespace mrv::state {
namespace {

using model::EvidenceRow;
using model::Outcome;

EvidenceRow row_of(Context& context, const Hash& digest) {
  auto row = context.read<EvidenceRow>(codec::evidence_key(digest));
  return row ? *std::move(row) : EvidenceRow{digest, std::nullopt, 0};
}

// A digest that no report names has no row.
void store(Context& context, const EvidenceRow& row) {
  const Bytes key = codec::evidence_key(row.digest);
  if (row.report || row.shared > 0) {
    context.write(key, row);
  } else {
    context.overlay().erase(key);
  }
}

// Takes out what the report that is about to be superseded counts for.
void discount(Context& context, const std::optional<model::ReportId>& superseded,
              EvidenceRow& row) {
  if (!superseded) return;
  if (row.report == superseded) row.report.reset();
  const auto report = context.read<model::ReportRow>(codec::report_key(*superseded));
  if (!report) return;
  row.shared -=
      std::count(report->shared_evidence.begin(), report->shared_evidence.end(), row.digest);
}

}  // namespace

Check check_unused(Context& context, const model::SubmitMonitoringReport& act,
                   const model::Evidence& evidence, bool exclusive, const std::string& pointer) {
  auto row = row_of(context, evidence.digest);
  discount(context, act.supersedes, row);
  if (row.report) {
    return refuse(Outcome::EVIDENCE_REUSED, pointer + "/digest", "by " + row.report->text());
  }
  if (!exclusive || row.shared == 0) return std::nullopt;
  return refuse(Outcome::EVIDENCE_REUSED, pointer + "/digest",
                std::to_string(row.shared) + " live reports name it under another kind");
}

void use_evidence(Context& context, const model::ReportRow& report) {
  for (const auto& digest : report.exclusive_evidence) {
    store(context, {digest, report.id, row_of(context, digest).shared});
  }
  for (const auto& digest : report.shared_evidence) {
    auto row = row_of(context, digest);
    row.shared += 1;
    store(context, row);
  }
}

void release_evidence(Context& context, const model::ReportRow& report) {
  for (const auto& digest : report.exclusive_evidence) {
    auto row = row_of(context, digest);
    row.report.reset();
    store(context, row);
  }
  for (const auto& digest : report.shared_evidence) {
    auto row = row_of(context, digest);
    assert(row.shared > 0);
    row.shared -= 1;
    store(context, row);
  }
}

}  // namespace mrv::state
