// Moving units: the only code that writes serial runs, holdings and their indexes.
//
// A serial lies in exactly one run, so in exactly one place. Runs are maximal: neighbours of one
// batch with equal state, holder and reference are merged, whatever the history. Every move keeps
// the sum of a batch's runs (conservation, domain.md 0.10).
#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "ledger/state/context.h"

namespace mrv::state {

// Where units are: state, holder (none for the buffer pool and what was cancelled out of it), and
// what they belong to: the transfer of pending units, the lock of locked ones, and the retirement,
// cancellation, reversal, invalidation, export or conversion that was the end of the others.
struct Place {
  model::UnitState state = model::UnitState::active;
  std::optional<model::PartyId> holder;
  std::optional<std::string> reference;
  friend bool operator==(const Place&, const Place&) = default;
};

// Where units are that their holder may use.
inline Place active_of(const model::PartyId& holder) {
  return {model::UnitState::active, holder, std::nullopt};
}

// How many units a range has.
inline Units size_of(const model::SerialRange& range) { return range.last - range.first + 1; }

// Creates the run [first, last] of a new batch at `place`.
void create_units(Context& context, const model::SerialRange& range, const Place& place);

// Moves the whole range from `from` to `to`. Precondition: every serial of the range is at `from`
// (resolve_legs answered it, or a transfer or retirement row names it).
void move_units(Context& context, const model::SerialRange& range, const Place& from,
                const Place& to);
// Moves one after another; the precondition holds for each when its turn comes.
void move_units(Context& context, const std::vector<model::SerialRange>& ranges, const Place& from,
                const Place& to);

// A part of a range, and where all of it is.
struct PlacedRange {
  model::SerialRange range;
  Place place;
};

// The parts of `range` in serial order, each as long as it can be; the first `count_max` of them.
// Serials that the batch does not have are in no part.
std::vector<PlacedRange> runs_in(Context& context, const model::SerialRange& range,
                                 std::size_t count_max = std::numeric_limits<std::size_t>::max());

// The lowest serials of the batch that are in the buffer pool, at most `quantity` units of them.
std::vector<model::SerialRange> lowest_buffer(Context& context, const model::BatchId& batch,
                                              Units quantity);

// Enters a batch's buffer runs into their index once more: for the act that activates the rules
// that read it.
void index_buffer(Context& context, const model::BatchId& batch);

// Resolves legs in order against the holder's active units, each on what the earlier ones left;
// marks them taken in a scratch view. Errors: BATCH_UNKNOWN, LEG_INVALID, UNITS_NOT_HELD,
// LIST_TOO_LONG.
Check resolve_legs(Context& context, const model::PartyId& holder,
                   const std::vector<model::Leg>& legs, std::vector<model::SerialRange>& out);

// The same for an act that is above pending transfers and locks: a range may lie on active, pending
// and locked units of the holder, a quantity takes active ones. The ranges are the legs' own; they
// lie in one run each when the claims on them have ended (claims.h).
Check resolve_claimed_legs(Context& context, const model::PartyId& holder,
                           const std::vector<model::Leg>& legs,
                           std::vector<model::SerialRange>& out);

// Visits the programmes that the ranges' batches belong to, each run of one programme once, until a
// visit refuses; answers that refusal. Errors: BATCH_UNKNOWN, PROGRAMME_UNKNOWN.
Check each_programme(Context& context, const std::vector<model::SerialRange>& serials,
                     const std::function<Check(const model::ProgrammeRow&)>& visit);

// Whether the party holds anything active, pending or locked, in any batch.
bool holds_units(Context& context, const model::PartyId& party);

}  // namespace mrv::state
