// Obligations: units that a party must make good (schemas/spec/registry.md 7).
//
//   quantity = owed + owed_to_pool + what was made good so far
//
// `owed` is made good by cancelling units of one's own (Cancel of kind compensation),
// `owed_to_pool` by giving units to the pool that paid in one's place (RepayPool). An open
// obligation stands in two indexes, by its party and by each batch that it names; it leaves them
// when nothing is owed.
//
// An act that makes good: read_obligation, then resolve the legs, then check_compensation, then
// move the units and write what is written about them, then discharge.
#pragma once

#include <optional>
#include <vector>

#include "ledger/state/context.h"

namespace mrv::state {

struct NewObligation {
  model::PartyId party;
  model::ProgrammeId programme;
  std::optional<model::ProjectId> project;
  model::ObligationCause cause = model::ObligationCause::reversal;
  std::vector<model::BatchId> batches;  // that it is about
  Units quantity = 0;                   // above zero
  TimestampMs deadline;
};

// Opens the obligation that the context's act creates (an act creates one at most) and enters it
// into the indexes. Each batch that it names is to be told: note_obligation.
model::ObligationId open_obligation(Context& context, const NewObligation& what);

// Adds the obligation to those that the batch says ever named it, so that a proof of the batch
// proves that there are no others. The caller writes the batch.
void note_obligation(model::BatchRow& batch, const model::ObligationId& obligation);

// Until when an obligation that arises now must be made good.
TimestampMs deadline_of(const Context& context, const model::IntegrityPolicy& policy);

// Whether the party has an open obligation; one whose deadline has passed.
bool has_open_obligation(Context& context, const model::PartyId& party);
bool has_overdue_obligation(Context& context, const model::PartyId& party);

enum class DebtAge { any, overdue };
// A former developer that has an open obligation, of that age, from this very project: a debt does
// not go away by handing the project on.
std::optional<model::PartyId> former_debtor(Context& context, const model::ProjectRow& project,
                                            DebtAge age);

// The obligation that `by` wants to make good: its own, or one of a party that may hold no units
// (a VVB, the registry; from version 4 on also a closed party) and so cannot do it itself. Fills
// `out` when it returns nothing. Errors, in this order, at /credentialSubject/obligation:
// OBLIGATION_UNKNOWN, OBLIGATION_CLOSED, OBLIGATION_NOT_YOURS.
Check read_obligation(Context& context, const model::ObligationId& id, const model::PartyId& by,
                      model::ObligationRow& out);

enum class Debt { owed, owed_to_pool };

// Whether these serials, held by whoever makes good and each named once, count towards that part of
// the obligation. Changes nothing. Errors, in this order, at /credentialSubject/legs:
// COMPENSATION_NOT_ACCEPTED unless every batch is of the obligation's programme, of a vintage that
// its policy accepts, without invalidation and named by no other open obligation;
// OBLIGATION_EXCEEDED for more units than that part is.
Check check_compensation(Context& context, const model::ObligationRow& obligation,
                         const std::vector<model::SerialRange>& serials, Debt debt);

// Takes the units off that part, closes the obligation when nothing is owed any more, and writes
// it. The caller moves the units. Precondition: check_compensation passed for `units`.
void discharge(Context& context, model::ObligationRow& obligation, Debt debt, Units units);

}  // namespace mrv::state
