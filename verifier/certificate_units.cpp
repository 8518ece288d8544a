// Legs, runs and holders.
#include "verifier/certificate_units.h"

#include <algorithm>

#include "ledger/state/policy.h"
#include "verifier/certificate_movements.h"

namespace mrv::verifier {
namespace {

using model::SerialRange;

Status check_no_overlap(std::vector<SerialRange> serials, const std::string& what) {
  std::sort(serials.begin(), serials.end(), [](const SerialRange& a, const SerialRange& b) {
    return std::pair(a.batch, a.first) < std::pair(b.batch, b.first);
  });
  for (std::size_t i = 0; i < serials.size(); ++i) {
    if (serials[i].last < serials[i].first) return broken(what + " has a range of no serials");
    if (i == 0 || serials[i - 1].batch != serials[i].batch) continue;
    if (serials[i].first <= serials[i - 1].last) return broken(what + " has a serial twice");
  }
  return {};
}

using RangeIterator = std::vector<SerialRange>::const_iterator;

// Moves `next` over the ranges that one leg resolves to.
Status take_leg(const model::Leg& leg, RangeIterator& next, RangeIterator end,
                const std::string& what) {
  const Error differs = broken(what + " moves other serials than its entry's legs");
  if (leg.first && leg.last && !leg.quantity) {
    if (next == end || *next != SerialRange{leg.batch, *leg.first, *leg.last}) return differs;
    ++next;
    return {};
  }
  if (leg.first || leg.last || !leg.quantity || *leg.quantity < 1) return differs;
  for (Units left = *leg.quantity; left > 0; ++next) {
    if (next == end || next->batch != leg.batch) return differs;
    const Units size = next->last - next->first + 1;
    if (size > left) return differs;
    left -= size;
  }
  return {};
}

// The run that holds the range is retired by this retirement.
Status check_run(CertificateParts& parts, const model::RetirementRow& retirement,
                 const SerialRange& range) {
  const Error missing{"CERTIFICATE_PART_MISSING", "the row of retired serials", "/state"};
  auto at = parts.rows().upper_bound(codec::serial_key(range.batch, range.first));
  if (at == parts.rows().begin()) return missing;
  --at;
  if (at->first[0] != model::SerialRow::kTag) return missing;
  MRV_TRY(const auto run, parts.row<model::SerialRow>(at->first, "retired serials"));
  const bool retired = run.batch == range.batch && run.first <= range.first &&
                       range.last <= run.last && run.state == model::UnitState::retired &&
                       run.holder == retirement.holder && run.reference == retirement.id.text();
  return retired ? Status() : Status(missing);
}

Result<model::ProgrammePolicy> policy_of(CertificateParts& parts,
                                         const model::ProgrammeId& programme, const ProvedAct& at) {
  MRV_TRY(const auto row,
          parts.row<model::ProgrammeRow>(codec::programme_key(programme), "the programme"));
  return state::policy_at(row, at.index, at.entry.recorded_at);
}

// The buffer pool holds for nobody.
using Holder = std::optional<model::PartyId>;

// From whom the units came: released ones from the pool, whoever released them.
Holder giver_of(const model::TransferRow& transfer) {
  if (transfer.kind == model::MovementKind::released) return std::nullopt;
  return transfer.from;
}

Holder taker_of(const model::TransferRow& transfer) {
  if (transfer.kind == model::MovementKind::repaid) return std::nullopt;
  return transfer.to;
}

// Who holds each retired serial, moved forward from one change of holder to the next.
class Holders {
 public:
  void start(const SerialRange& range, const Holder& holder) {
    segments_[{range.batch, range.first}] = {range.last, holder};
  }

  // It takes only what its sender held. Answers whether it touches any of the serials.
  Result<bool> move(const SerialRange& moved, const model::TransferRow& transfer) {
    split(moved.batch, moved.first);
    split(moved.batch, moved.last + 1);
    bool touches = false;
    for (auto at = segments_.lower_bound({moved.batch, moved.first});
         at != segments_.end() && at->first.batch == moved.batch && at->first.first <= moved.last;
         ++at) {
      if (at->second.holder != giver_of(transfer)) {
        return broken("transfer " + transfer.id.text() + " moves what its sender did not hold");
      }
      at->second.holder = taker_of(transfer);
      touches = true;
    }
    return touches;
  }

  [[nodiscard]] bool all_of(const model::PartyId& holder) const {
    return std::all_of(segments_.begin(), segments_.end(),
                       [&](const auto& segment) { return segment.second.holder == holder; });
  }

 private:
  struct Start {
    model::BatchId batch;
    Units first = 0;
    friend auto operator<=>(const Start&, const Start&) = default;
  };
  struct Rest {
    Units last = 0;
    Holder holder;
  };

  // A segment that `serial` lies inside of becomes two.
  void split(const model::BatchId& batch, Units serial) {
    auto after = segments_.lower_bound({batch, serial});
    if (after == segments_.begin()) return;
    const auto before = std::prev(after);
    if (before->first.batch != batch || before->second.last < serial) return;
    segments_[{batch, serial}] = before->second;
    before->second.last = serial - 1;
  }

  std::map<Start, Rest> segments_;
};

// Where the serials of a retirement began: the developer's, and above them the buffer's.
void start_holders(const model::BatchRow& batch, const SerialRange& range, Holders& holders) {
  const Units own = batch.quantity - batch.buffer;
  if (range.first <= own) {
    holders.start({range.batch, range.first, std::min(range.last, own)}, batch.developer);
  }
  if (own < range.last) {
    holders.start({range.batch, std::max(range.first, own + 1), range.last}, std::nullopt);
  }
}

// Orders, undoings and releases move what no holder could.
Result<bool> may_move(CertificateParts& parts, const model::TransferRow& transfer,
                      const model::BatchRow& batch) {
  if (transfer.entry <= batch.entry) return false;
  const bool by_holder = !transfer.kind || *transfer.kind == model::MovementKind::delivered;
  if (!by_holder) return true;
  const ProvedAct* const act = parts.at(transfer.entry);
  if (act == nullptr) return missing_entry("a transfer");
  MRV_TRY(const auto policy, policy_of(parts, batch.programme, *act));
  return policy.transferable;
}

Status check_moves(CertificateParts& parts, const model::RetirementRow& retirement,
                   const model::TransferRow& transfer, Holders& holders) {
  if (retirement.entry <= *transfer.settled) {
    return broken("transfer " + transfer.id.text() + " moves what was retired before");
  }
  bool touches = false;
  for (const auto& moved : transfer.serials) {
    MRV_TRY(const bool some, holders.move(moved, transfer));
    if (!some) continue;
    touches = true;
    MRV_TRY(const auto batch, parts.row<model::BatchRow>(codec::batch_key(moved.batch), "a batch"));
    MRV_TRY(const bool may, may_move(parts, transfer, batch));
    if (!may) {
      return broken("transfer " + transfer.id.text() + " moves what cannot be transferred then");
    }
  }
  if (touches) return {};
  return Error{"CERTIFICATE_PART_SPARE", transfer.id.text() + " moves none of these serials",
               "/state"};
}

// What is said to be undone has its undoing.
Status check_undone(const std::vector<model::TransferRow>& transfers) {
  std::set<std::string> causes;
  for (const auto& transfer : transfers) {
    if (transfer.kind == model::MovementKind::reversed) {
      causes.insert(transfer.cause.value_or(""));
    }
  }
  for (const auto& transfer : transfers) {
    if (transfer.state != model::TransferState::reversed) continue;
    if (!causes.contains(transfer.id.text())) return missing_entry("the undoing of a transfer");
  }
  return {};
}

}  // namespace

Result<Units> check_legs(const std::vector<model::Leg>& legs,
                         const std::vector<SerialRange>& serials, const std::string& what) {
  MRV_CHECK(check_no_overlap(serials, what));
  auto next = serials.begin();
  for (const auto& leg : legs) MRV_CHECK(take_leg(leg, next, serials.end(), what));
  if (next != serials.end()) return broken(what + " moves other serials than its entry's legs");
  Units sum = 0;
  for (const auto& range : serials) {
    const auto more = checked_add(sum, range.last - range.first + 1);
    if (!more) return broken(what + " has more serials than can be counted");
    sum = *more;
  }
  return sum;
}

Result<std::int64_t> serials_approvals(CertificateParts& parts,
                                       const std::vector<SerialRange>& serials,
                                       model::GovernedAct act, EntryIndex effect,
                                       std::int64_t usual) {
  const ProvedAct* const entry = parts.at(effect);
  if (entry == nullptr) return missing_entry("the last approval of an act");
  std::int64_t needed = 0;
  for (const auto& range : serials) {
    const Bytes key = codec::batch_key(range.batch);
    if (!parts.rows().contains(key)) continue;
    MRV_TRY(const auto batch, parts.row<model::BatchRow>(key, "a batch"));
    MRV_TRY(const auto policy, policy_of(parts, batch.programme, *entry));
    std::int64_t asked = usual;
    for (const auto& rule : policy.approvals) {
      if (rule.act == act) asked = rule.approvals;
    }
    needed = std::max(needed, asked);
  }
  return needed;
}

Status check_holders(CertificateParts& parts, const model::RetirementRow& retirement) {
  Holders holders;
  for (const auto& range : retirement.serials) {
    MRV_CHECK(check_run(parts, retirement, range));
    MRV_TRY(const auto batch, parts.row<model::BatchRow>(codec::batch_key(range.batch), "a batch"));
    if (range.last > batch.quantity || retirement.entry <= batch.entry) {
      return broken("the serials lie outside what was issued");
    }
    start_holders(batch, range, holders);
  }
  MRV_TRY(auto transfers, parts.all_rows<model::TransferRow>("a transfer"));
  for (const auto& transfer : transfers) {
    MRV_CHECK(check_movement(parts, transfer));
  }
  MRV_CHECK(check_undone(transfers));
  std::sort(transfers.begin(), transfers.end(),
            [](const auto& a, const auto& b) { return *a.settled < *b.settled; });
  for (const auto& transfer : transfers) {
    MRV_CHECK(check_moves(parts, retirement, transfer, holders));
  }
  if (holders.all_of(retirement.holder)) return {};
  return Error{"CERTIFICATE_PART_MISSING", "a change of holder between developer and retirement",
               "/state"};
}

}  // namespace mrv::verifier
