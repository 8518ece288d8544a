// The one switch: common checks, then the act's own rule, at once or as a proposal.
#include "ledger/state/transition.h"

#include "ledger/state/authority.h"
#include "ledger/state/proposals.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"

namespace mrv::state {
namespace {

using model::Outcome;

// Not over when it is recorded, and not signed for longer than the ledger allows.
Check check_validity(const Context& context, std::int64_t seconds_max) {
  const auto until = context.act().act.valid_until.value();
  const auto recorded = context.recorded_at().value();
  if (until < recorded) return refuse(Outcome::EXPIRED, "/validUntil");
  if (until - recorded <= seconds_max * kMsPerSecond) return std::nullopt;
  return refuse(Outcome::VALIDITY_TOO_LONG, "/validUntil");
}

// Addressing and validity of the signed document itself (domain.md 0.5).
Check check_envelope(Context& context) {
  const auto& act = context.act().act;
  const auto ledger = context.ledger();
  if (auto check = check_in_rules(act.body, rules_version(context))) return check;
  if (const auto* genesis = std::get_if<model::Genesis>(&act.body)) {
    if (ledger || context.index() != EntryIndex{0}) return refuse(Outcome::ALREADY_FOUNDED);
    return check_validity(context, genesis->validity_seconds_max);
  }
  if (!ledger) return refuse(Outcome::NOT_FOUNDED);
  if (act.registry != ledger->origin) {
    return refuse(Outcome::WRONG_REGISTRY, "/registry", "this log is " + ledger->origin);
  }
  if (!ledger->founded && !std::holds_alternative<model::Approve>(act.body)) {
    return refuse(Outcome::NOT_FOUNDED);
  }
  return check_validity(context, ledger->validity_seconds_max);
}

// A boundary decides who else may have the land, at this entry and at every later one: without its
// bytes nobody could replay the log, so from here on it is not removed.
void keep_boundary(Context& context) {
  const auto& body = context.act().act.body;
  std::optional<Hash> digest;
  if (const auto* project = std::get_if<model::SubmitProject>(&body)) {
    digest = project->boundary_digest;
  } else if (const auto* amendment = std::get_if<model::AmendProject>(&body)) {
    digest = amendment->boundary_digest;
  }
  const bool judged = digest && rules_version(context) > model::kRulesVersionFirst;
  if (judged) context.overlay().put(codec::judged_boundary_key(*digest), Bytes{});
}

Check run_rule(Context& context) {
  auto check = std::visit([&context](const auto& body) { return rule(context, body); },
                          context.act().act.body);
  if (!check) {
    keep_boundary(context);
    return context.check_written();
  }
  if (check->outcome == Outcome::BLOB_MISSING && context.removed_blob()) {
    check->outcome = Outcome::BLOB_REMOVED;
    check->detail = to_hex(*context.removed_blob());
  }
  return check;
}

// In a replay, datasets of a proposed act that nobody has any more.
std::vector<Hash> absent_blobs(const Context& context) {
  std::vector<Hash> absent;
  for (const Hash& digest : blobs_needed(context.act().act)) {
    if (!context.find_blob(digest)) absent.push_back(digest);
  }
  return absent;
}

// Acts that need approval are checked in full and enter as proposals, changing nothing else; so the
// entry of one says enough where its data is gone.
Check run_or_propose(Context& context, std::optional<model::ProposalId>& proposal) {
  const auto need = approval_for(context, context.act().act.body);
  if (need.none()) return run_rule(context);
  const auto absent = context.recorded() != nullptr ? absent_blobs(context) : std::vector<Hash>{};
  for (const Hash& digest : absent) context.believe_without(digest);
  if (absent.empty()) {
    if (auto check = context.rehearse(run_rule)) return check;
  }
  proposal = propose(context, need);
  return std::nullopt;
}

}  // namespace

Check run_approved(Context& context) { return run_rule(context); }

Verdict apply(const StateView& view, const OrderedAct& ordered, const BlobSource& blobs,
              RowMemo* memo) {
  Context context(view, ordered, blobs, memo);
  std::optional<model::ProposalId> proposal;
  Check check = check_envelope(context);
  if (!check) check = run_or_propose(context, proposal);
  if (context.damage()) return Undecided{*context.damage()};
  if (context.missing_blob()) {
    return Undecided{Error{"BLOB_MISSING", to_hex(*context.missing_blob()), {}}};
  }
  if (check) return Rejected{*std::move(check), context.row_refusals()};
  return Accepted{context.overlay().take(), context.result(), context.row_refusals(), proposal,
                  context.not_recomputed()};
}

std::vector<Hash> blobs_needed(const model::Act& act) {
  std::vector<Hash> digests;
  if (const auto* report = std::get_if<model::SubmitMonitoringReport>(&act.body)) {
    for (const auto& dataset : report->datasets) digests.push_back(dataset.digest);
  }
  if (const auto* project = std::get_if<model::SubmitProject>(&act.body)) {
    digests.push_back(project->boundary_digest);
  }
  if (const auto* amendment = std::get_if<model::AmendProject>(&act.body)) {
    if (amendment->boundary_digest) digests.push_back(*amendment->boundary_digest);
  }
  return digests;
}

}  // namespace mrv::state
