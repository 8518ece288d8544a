// One function for each way in which units change their holder.
#include "verifier/certificate_movements.h"

#include <algorithm>

#include "verifier/certificate_authority.h"
#include "verifier/certificate_units.h"

namespace mrv::verifier {
namespace {

using model::MovementKind;
using model::TransferRow;
using model::TransferState;

// An entry of the certificate that has taken effect by its own or its last approval's place.
Result<TimestampMs> time_of(const CertificateParts& parts, EntryIndex index,
                            const std::string& what) {
  const ProvedAct* const act = parts.at(index);
  if (act == nullptr) return missing_entry(what);
  return act->entry.recorded_at;
}

// What a movement that no holder signed as a Transfer adds to its row: it settled where it was
// made.
Result<TransferRow> moved(const CertificateParts& parts, const TransferRow& row,
                          const ProvedAct& act, const std::string& what) {
  MRV_TRY(const TimestampMs at, time_of(parts, row.entry, what));
  TransferRow expected;
  expected.id = row.id;
  expected.entry = row.entry;
  expected.signer = act.act.act.signer;
  expected.serials = row.serials;
  expected.proposed_at = at;
  expected.expires = at;
  expected.state = row.state == TransferState::reversed ? row.state : TransferState::settled;
  expected.settled = row.entry;
  expected.kind = row.kind;
  return expected;
}

bool trusts(const model::AccountPolicyRow& row, const model::PartyId& party, EntryIndex index,
            TimestampMs at) {
  return std::any_of(row.versions.begin(), row.versions.end(), [&](const auto& version) {
    return version.in_force.covers(index) &&
           std::any_of(version.trusted.begin(), version.trusted.end(), [&](const auto& trusted) {
             return trusted.party == party && trusted.from <= at;
           });
  });
}

bool accepts_by_itself(const model::AccountPolicyRow& row, EntryIndex index, TimestampMs at) {
  return std::any_of(row.versions.begin(), row.versions.end(), [&](const auto& version) {
    return version.in_force.covers(index) && version.auto_accept &&
           (!version.auto_accept_from || *version.auto_accept_from <= at);
  });
}

// The recipient took the units where they were sent: both accounts had said so before.
Status check_automatic(CertificateParts& parts, const TransferRow& row, TimestampMs at) {
  MRV_TRY(const auto sender, parts.row<model::AccountPolicyRow>(codec::account_policy_key(row.from),
                                                                "the sender's account"));
  MRV_TRY(const auto recipient, parts.row<model::AccountPolicyRow>(
                                    codec::account_policy_key(row.to), "the recipient's account"));
  const bool agreed =
      trusts(sender, row.to, row.entry, at) && accepts_by_itself(recipient, row.entry, at);
  return agreed ? Status() : Status(broken("a transfer settled that nobody had accepted"));
}

Status check_acceptance(CertificateParts& parts, const TransferRow& row) {
  MRV_TRY(const auto* const accepted,
          parts.find<model::AcceptTransfer>("the acceptance of a transfer",
                                            [&row](const auto& /*proved*/, const auto& body) {
                                              return body.transfer == row.id;
                                            }));
  MRV_TRY(const auto needed,
          serials_approvals(parts, row.serials, model::GovernedAct::accept_transfer, *row.settled));
  MRV_CHECK(check_effect(parts, *accepted, *row.settled, needed, "the acceptance of a transfer"));
  MRV_TRY(const TimestampMs at, time_of(parts, *row.settled, "the acceptance of a transfer"));
  const bool right =
      accepted->act.act.party == row.to && row.entry < *row.settled && at <= row.expires;
  return right ? Status() : Status(broken("a transfer was not its recipient's to accept"));
}

// Both sides of a settled transfer: what the sender signed, and the recipient's acceptance.
Status check_transfer(CertificateParts& parts, const TransferRow& row) {
  MRV_TRY(const ProvedAct* const act, parts.act<model::Transfer>(row.id.bytes, "a transfer"));
  const auto& body = std::get<model::Transfer>(act->act.act.body);
  MRV_CHECK(check_legs(body.legs, row.serials, "a transfer"));
  MRV_TRY(const auto needed,
          serials_approvals(parts, row.serials, model::GovernedAct::transfer, row.entry));
  MRV_CHECK(check_effect(parts, *act, row.entry, needed, "a transfer"));
  MRV_TRY(const TimestampMs at, time_of(parts, row.entry, "a transfer"));
  TransferRow expected = row;
  expected.from = act->act.act.party.value_or(model::PartyId{});
  expected.to = body.to;
  expected.signer = act->act.act.signer;
  expected.proposed_at = at;
  expected.expires = body.expires;
  expected.state = row.state == TransferState::reversed ? row.state : TransferState::settled;
  expected.cause.reset();
  MRV_CHECK(check_same(row, expected, "a transfer"));
  if (*row.settled == row.entry) return check_automatic(parts, row, at);
  return check_acceptance(parts, row);
}

// The lock by which the holder gave its units out of hand, for the pledgee that it names, with the
// custodian's consent.
Result<model::LockRow> prove_lock(CertificateParts& parts, const TransferRow& row) {
  const auto id = model::LockId::parse(row.cause.value_or(""));
  if (!id.ok()) return broken("a pledge was delivered out of no lock");
  MRV_TRY(auto lock, parts.row<model::LockRow>(codec::lock_key(*id), "a lock"));
  MRV_TRY(const ProvedAct* const act, parts.act<model::Lock>(id->bytes, "a lock"));
  const auto& body = std::get<model::Lock>(act->act.act.body);
  MRV_CHECK(check_legs(body.legs, lock.serials, "a lock"));
  const model::LockRow expected{*id,
                                lock.entry,
                                act->act.act.party.value_or(model::PartyId{}),
                                body.custodian,
                                body.pledgee,
                                lock.serials,
                                body.until,
                                model::LockState::delivered,
                                row.entry};
  MRV_CHECK(check_same(lock, expected, "a lock"));
  MRV_TRY(const auto needed,
          serials_approvals(parts, lock.serials, model::GovernedAct::lock, lock.entry));
  MRV_CHECK(check_effect(parts, *act, lock.entry, needed, "a lock", {body.custodian}));
  return lock;
}

Status check_delivery(CertificateParts& parts, const TransferRow& row) {
  MRV_TRY(const ProvedAct* const act,
          parts.act<model::Unlock>(row.id.bytes, "the delivery of a pledge"));
  const auto& body = std::get<model::Unlock>(act->act.act.body);
  MRV_TRY(const auto lock, prove_lock(parts, row));
  const bool right = body.lock == lock.id && body.to == model::UnlockTo::pledgee &&
                     act->act.act.party == lock.custodian && lock.pledgee &&
                     lock.entry < row.entry && row.serials == lock.serials;
  if (!right) return broken("a pledge was not the custodian's to deliver");
  MRV_TRY(const auto needed,
          serials_approvals(parts, row.serials, model::GovernedAct::unlock, row.entry));
  MRV_CHECK(check_effect(parts, *act, row.entry, needed, "the delivery of a pledge"));
  MRV_TRY(auto expected, moved(parts, row, *act, "the delivery of a pledge"));
  expected.from = lock.holder;
  expected.to = *lock.pledgee;
  expected.cause = lock.id.text();
  return check_same(row, expected, "the delivery of a pledge");
}

Status check_order(CertificateParts& parts, const TransferRow& row) {
  MRV_TRY(const ProvedAct* const act,
          parts.act<model::OrderTransfer>(row.id.bytes, "an ordered transfer"));
  const auto& body = std::get<model::OrderTransfer>(act->act.act.body);
  MRV_CHECK(check_legs(body.legs, row.serials, "an ordered transfer"));
  MRV_TRY(const auto needed, approvals_needed(parts, *act, row.entry));
  MRV_CHECK(check_effect(parts, *act, row.entry, needed, "an ordered transfer"));
  MRV_TRY(auto expected, moved(parts, row, *act, "an ordered transfer"));
  expected.from = body.from;
  expected.to = body.to;
  expected.cause = to_hex(body.order_digest);
  return check_same(row, expected, "an ordered transfer");
}

// What was undone is the transfer before it, the other way round.
Status check_undoing(CertificateParts& parts, const TransferRow& row) {
  MRV_TRY(const ProvedAct* const act,
          parts.act<model::ReverseTransfer>(row.id.bytes, "the undoing of a transfer"));
  const auto& body = std::get<model::ReverseTransfer>(act->act.act.body);
  MRV_TRY(const auto undone,
          parts.row<TransferRow>(codec::transfer_key(body.transfer), "a transfer that was undone"));
  const bool right = undone.state == TransferState::reversed && undone.settled &&
                     *undone.settled < row.entry && undone.serials == row.serials;
  if (!right) return broken("the undoing is not of the transfer that it names");
  MRV_TRY(const auto needed, approvals_needed(parts, *act, row.entry));
  MRV_CHECK(check_effect(parts, *act, row.entry, needed, "the undoing of a transfer"));
  MRV_TRY(auto expected, moved(parts, row, *act, "the undoing of a transfer"));
  expected.from = undone.to;
  expected.to = undone.from;
  expected.cause = body.transfer.text();
  return check_same(row, expected, "the undoing of a transfer");
}

// Units of the buffer pool that the registry gave to the developer.
Status check_release(CertificateParts& parts, const TransferRow& row) {
  MRV_TRY(const ProvedAct* const act,
          parts.act<model::ReleaseBuffer>(row.id.bytes, "a release of the buffer"));
  const auto& body = std::get<model::ReleaseBuffer>(act->act.act.body);
  MRV_CHECK(check_legs({{body.batch, std::nullopt, std::nullopt, body.quantity}}, row.serials,
                       "a release of the buffer"));
  // The registry's own acts have a second person where the programme is silent.
  MRV_TRY(const auto needed,
          serials_approvals(parts, row.serials, model::GovernedAct::release_buffer, row.entry, 1));
  MRV_CHECK(check_effect(parts, *act, row.entry, needed, "a release of the buffer"));
  MRV_TRY(auto expected, moved(parts, row, *act, "a release of the buffer"));
  expected.from = act->act.act.party.value_or(model::PartyId{});
  expected.to = row.to;
  expected.cause = body.batch.text();
  return check_same(row, expected, "a release of the buffer");
}

// Units that a party gave to the buffer pool, which had paid in its place.
Status check_repayment(CertificateParts& parts, const TransferRow& row) {
  MRV_TRY(const ProvedAct* const act,
          parts.act<model::RepayPool>(row.id.bytes, "a repayment to the buffer"));
  const auto& body = std::get<model::RepayPool>(act->act.act.body);
  MRV_CHECK(check_legs(body.legs, row.serials, "a repayment to the buffer"));
  MRV_TRY(const auto needed,
          serials_approvals(parts, row.serials, model::GovernedAct::repay_pool, row.entry));
  MRV_CHECK(check_effect(parts, *act, row.entry, needed, "a repayment to the buffer"));
  MRV_TRY(auto expected, moved(parts, row, *act, "a repayment to the buffer"));
  expected.from = act->act.act.party.value_or(model::PartyId{});
  expected.to = expected.from;
  expected.cause = body.obligation.text();
  return check_same(row, expected, "a repayment to the buffer");
}

Status check_signed(CertificateParts& parts, const TransferRow& row) {
  if (!row.kind) return check_transfer(parts, row);
  switch (*row.kind) {
    case MovementKind::delivered:
      return check_delivery(parts, row);
    case MovementKind::ordered:
      return check_order(parts, row);
    case MovementKind::reversed:
      return check_undoing(parts, row);
    case MovementKind::released:
      return check_release(parts, row);
    case MovementKind::repaid:
      return check_repayment(parts, row);
  }
  return broken("a transfer is of no kind");
}

}  // namespace

Status check_movement(CertificateParts& parts, const TransferRow& row) {
  if (!row.settled) return broken("transfer " + row.id.text() + " is not settled");
  return check_signed(parts, row);
}

}  // namespace mrv::verifier
