// Legs, runs and transfers.
#include "verifier/certificate_units.h"

#include <algorithm>

#include "verifier/certificate_authority.h"

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
                                         const model::ProgrammeId& programme) {
  MRV_TRY(const auto row,
          parts.row<model::ProgrammeRow>(codec::programme_key(programme), "the programme"));
  return row.policies.back().policy;
}

// Both sides of a settled transfer: what the sender signed, and the recipient's acceptance.
Status check_transfer(CertificateParts& parts, const model::TransferRow& row) {
  MRV_TRY(const ProvedAct* const act, parts.act<model::Transfer>(row.id.bytes, "a transfer"));
  const auto& body = std::get<model::Transfer>(act->act.act.body);
  MRV_TRY(const Units units, check_legs(body.legs, row.serials, "a transfer"));
  static_cast<void>(units);
  MRV_TRY(const auto needed, legs_approvals(parts, body.legs, model::GovernedAct::transfer));
  MRV_CHECK(check_effect(parts, *act, row.entry, needed, "a transfer"));
  model::TransferRow expected = row;
  expected.from = act->act.act.party.value_or(model::PartyId{});
  expected.to = body.to;
  expected.signer = act->act.act.signer;
  expected.proposed_at = parts.at(row.entry)->entry.recorded_at;
  expected.expires = body.expires;
  expected.state = model::TransferState::settled;
  MRV_CHECK(check_same(row, expected, "a transfer"));
  MRV_TRY(const auto* const accepted,
          parts.find<model::AcceptTransfer>(
              "the acceptance of a transfer", [&row](const auto& proved, const auto& acceptance) {
                return acceptance.transfer == row.id && proved.index == row.settled;
              }));
  const bool right = accepted->act.act.party == row.to && row.entry < accepted->index &&
                     accepted->entry.recorded_at <= row.expires;
  return right ? Status() : Status(broken("a transfer was not its recipient's to accept"));
}

// Who holds each retired serial, moved forward transfer by transfer.
class Holders {
 public:
  void start(const SerialRange& range, const model::PartyId& developer) {
    segments_[{range.batch, range.first}] = {range.last, developer};
  }

  // It takes only what its sender held. Answers whether it touches any of the serials.
  Result<bool> move(const SerialRange& moved, const model::TransferRow& transfer) {
    split(moved.batch, moved.first);
    split(moved.batch, moved.last + 1);
    bool touches = false;
    for (auto at = segments_.lower_bound({moved.batch, moved.first});
         at != segments_.end() && at->first.batch == moved.batch && at->first.first <= moved.last;
         ++at) {
      if (at->second.holder != transfer.from) {
        return broken("transfer " + transfer.id.text() + " moves what its sender did not hold");
      }
      at->second.holder = transfer.to;
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
    model::PartyId holder;
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
    MRV_TRY(const auto policy, policy_of(parts, batch.programme));
    if (!policy.transferable || transfer.entry <= batch.entry) {
      return broken("transfer " + transfer.id.text() + " moves what cannot be transferred then");
    }
  }
  if (touches) return {};
  return Error{"CERTIFICATE_PART_SPARE", transfer.id.text() + " moves none of these serials",
               "/state"};
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

Result<std::int64_t> legs_approvals(CertificateParts& parts, const std::vector<model::Leg>& legs,
                                    model::GovernedAct act) {
  std::int64_t needed = 0;
  for (const auto& leg : legs) {
    const Bytes key = codec::batch_key(leg.batch);
    if (!parts.rows().contains(key)) continue;
    MRV_TRY(const auto batch, parts.row<model::BatchRow>(key, "a batch"));
    MRV_TRY(const auto policy, policy_of(parts, batch.programme));
    for (const auto& rule : policy.approvals) {
      if (rule.act == act) needed = std::max(needed, rule.approvals);
    }
  }
  return needed;
}

Status check_holders(CertificateParts& parts, const model::RetirementRow& retirement) {
  Holders holders;
  for (const auto& range : retirement.serials) {
    MRV_CHECK(check_run(parts, retirement, range));
    MRV_TRY(const auto batch, parts.row<model::BatchRow>(codec::batch_key(range.batch), "a batch"));
    if (range.last > batch.quantity - batch.buffer || retirement.entry <= batch.entry) {
      return broken("the serials lie outside what was issued to the developer");
    }
    holders.start(range, batch.developer);
  }
  MRV_TRY(auto transfers, parts.all_rows<model::TransferRow>("a transfer"));
  for (const auto& transfer : transfers) {
    if (!transfer.settled) return broken("transfer " + transfer.id.text() + " is not settled");
    MRV_CHECK(check_transfer(parts, transfer));
  }
  std::sort(transfers.begin(), transfers.end(),
            [](const auto& a, const auto& b) { return *a.settled < *b.settled; });
  for (const auto& transfer : transfers) {
    MRV_CHECK(check_moves(parts, retirement, transfer, holders));
  }
  if (holders.all_of(retirement.holder)) return {};
  return Error{"CERTIFICATE_PART_MISSING", "a transfer between developer and holder", "/state"};
}

}  // namespace mrv::verifier
