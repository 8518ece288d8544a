// Label and Unlabel (domain.md 8).
#include "ledger/state/labels.h"

#include <algorithm>
#include <cassert>
#include <set>

#include "ledger/state/authority.h"
#include "ledger/state/parties.h"
#include "ledger/state/rules.h"
#include "ledger/state/serial_set.h"

namespace mrv::state {
namespace {

using model::LabelKind;
using model::LabelRow;
using model::Outcome;
using model::Role;

// The parts that are there; a label has exactly that of its kind.
std::vector<LabelKind> parts_of(const model::Label& act) {
  std::vector<LabelKind> parts;
  if (act.corsia) parts.push_back(LabelKind::corsia);
  if (act.article6) parts.push_back(LabelKind::article6);
  if (act.adjustment) parts.push_back(LabelKind::adjustment);
  if (act.sdg) parts.push_back(LabelKind::sdg);
  if (act.activity) parts.push_back(LabelKind::activity);
  if (act.durability) parts.push_back(LabelKind::durability);
  return parts;
}

bool is_goal(const std::string& text) {
  for (std::size_t goal = 1; goal <= kGoalsMax; ++goal) {
    if (text == std::to_string(goal)) return true;
  }
  return false;
}

Check check_part(const model::Label& act) {
  auto expected = std::vector<LabelKind>{act.kind};
  if (act.kind == LabelKind::ccp) expected.clear();
  if (parts_of(act) != expected) return refuse(Outcome::LABEL_INVALID, "/credentialSubject/kind");
  if (act.article6 && has_repeats(act.article6->uses)) {
    return refuse(Outcome::LABEL_INVALID, "/credentialSubject/article6/uses", "one of them twice");
  }
  if (!act.sdg) return std::nullopt;
  const auto& goals = act.sdg->goals;
  if (std::all_of(goals.begin(), goals.end(), is_goal) && !has_repeats(goals)) return std::nullopt;
  return refuse(Outcome::LABEL_INVALID, "/credentialSubject/sdg/goals",
                "numbers from 1 to 17, none twice");
}

// Every label ever given to the batch, in the order of their ids.
std::vector<model::LabelId> labels_of(Context& context, const model::BatchId& batch) {
  model::LabelId last;
  last.bytes.fill(0xFF);
  Bytes end = codec::pair_key(codec::kBatchLabelTag, batch, last);
  end.push_back(0);
  std::vector<model::LabelId> labels;
  context.overlay().scan(codec::pair_key(codec::kBatchLabelTag, batch, model::LabelId{}), end,
                         [&](ByteView key, ByteView) {
                           model::LabelId id;
                           const auto bytes = key.last(model::kIdSize);
                           std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
                           labels.push_back(id);
                           return true;
                         });
  return labels;
}

Check check_serials(Context& context, const model::Label& act) {
  for (std::size_t i = 0; i < act.serials.size(); ++i) {
    const auto& range = act.serials[i];
    const std::string pointer = "/credentialSubject/serials/" + std::to_string(i);
    const auto batch = context.read<model::BatchRow>(codec::batch_key(range.batch));
    if (!batch) return refuse(Outcome::BATCH_UNKNOWN, pointer + "/batch");
    if (range.last < range.first || batch->quantity < range.last) {
      return refuse(Outcome::LEG_INVALID, pointer);
    }
    if (labels_of(context, range.batch).size() >= kLabelsPerBatchMax) {
      return refuse(Outcome::LIST_TOO_LONG, pointer, "labels of one batch, ended ones included");
    }
  }
  return std::nullopt;
}

bool in_force(const LabelRow& row, const Context& context) {
  const TimestampMs now = context.recorded_at();
  return row.in_force.covers(context.index()) && row.label.from <= now &&
         (!row.label.until || now < *row.label.until);
}

// The serials of a batch that carry a label of the kind at the context's entry.
void add_labelled(Context& context, LabelKind kind, const model::BatchId& batch, SerialSet& out) {
  for (const auto& id : labels_of(context, batch)) {
    const auto row = context.read<LabelRow>(codec::label_key(id));
    assert(row);
    if (row->label.kind != kind || !in_force(*row, context)) continue;
    for (const auto& range : row->label.serials) {
      if (range.batch == batch) out.add({range.batch, range.first, range.last});
    }
  }
}

}  // namespace

Check require_labels(Context& context, LabelKind kind,
                     const std::vector<model::SerialRange>& serials, const std::string& pointer) {
  SerialSet labelled;
  std::set<model::BatchId> looked_up;
  for (const auto& range : serials) {
    if (looked_up.insert(range.batch).second) add_labelled(context, kind, range.batch, labelled);
    const auto outside = labelled.first_outside(range);
    if (!outside) continue;
    return refuse(Outcome::LABEL_REQUIRED, pointer,
                  range.batch.text() + " serial " + std::to_string(*outside));
  }
  return std::nullopt;
}

Check rule(Context& context, const model::Label& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate,
                                 {Role::authority, Role::standard}, acting)) {
    return check;
  }
  if (auto check = check_part(act)) return check;
  if (act.until && *act.until <= act.from) {
    return refuse(Outcome::PERIOD_INVALID, "/credentialSubject/until");
  }
  if (auto check = check_serials(context, act)) return check;
  const LabelRow row{model::LabelId::of(context.act().digest),
                     {context.index().next(), std::nullopt},
                     acting.party.id,
                     act};
  context.create(codec::label_key(row.id), row);
  for (const auto& range : act.serials) {
    context.overlay().put(codec::pair_key(codec::kBatchLabelTag, range.batch, row.id), Bytes{});
  }
  return std::nullopt;
}

Check rule(Context& context, const model::Unlabel& act) {
  constexpr const char* kPointer = "/credentialSubject/label";
  const bool by_governance = signed_by_governance(context);
  ActingParty acting;
  if (!by_governance) {
    if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  }
  auto row = context.read<LabelRow>(codec::label_key(act.label));
  if (!row) return refuse(Outcome::LABEL_UNKNOWN, kPointer);
  if (!by_governance && row->party != acting.party.id) {
    return refuse(Outcome::LABEL_NOT_YOURS, kPointer);
  }
  if (row->in_force.until) return refuse(Outcome::LABEL_ENDED, kPointer);
  row->in_force.until = context.index().next();
  context.write(codec::label_key(row->id), *row);
  return std::nullopt;
}

}  // namespace mrv::state
