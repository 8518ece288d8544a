// Transfer, AcceptTransfer, RejectTransfer, CancelTransfer, LapseTransfer (domain.md 6).
#include "ledger/state/transfers.h"

#include <algorithm>
#include <cassert>

#include "ledger/state/authority.h"
#include "ledger/state/policy.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"
#include "ledger/state/units.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::Role;
using model::TransferRow;
using model::TransferState;
using model::UnitState;

constexpr const char* kTransferPointer = "/credentialSubject/transfer";

Place pending_of(const TransferRow& transfer) {
  return {UnitState::pending, transfer.from, transfer.id.text()};
}

// Pending transfers by signing key: tag ‖ key ‖ transfer id.
Bytes pending_transfer_key(const model::KeyBytes& key, const model::TransferId& id) {
  Bytes bytes{codec::kPendingTransferTag};
  bytes.insert(bytes.end(), key.bytes.begin(), key.bytes.end());
  bytes.insert(bytes.end(), id.bytes.begin(), id.bytes.end());
  return bytes;
}

// Where certificates find it.
void note_settled(Context& context, const TransferRow& transfer) {
  for (const auto& range : transfer.serials) {
    context.overlay().put(codec::settled_transfer_key(range.batch, context.index()),
                          codec::transfer_key(transfer.id));
  }
}

void settle(Context& context, TransferRow& transfer, TransferState state,
            const model::PartyId& to) {
  move_units(context, transfer.serials, pending_of(transfer), active_of(to));
  transfer.state = state;
  transfer.settled = context.index();
  context.overlay().erase(pending_transfer_key(transfer.signer, transfer.id));
  context.write(codec::transfer_key(transfer.id), transfer);
  if (state == TransferState::settled) note_settled(context, transfer);
}

// Reads the transfer and refuses one that is settled.
Check read_pending(Context& context, const model::TransferId& id, TransferRow& out) {
  auto transfer = context.read<TransferRow>(codec::transfer_key(id));
  if (!transfer) return refuse(Outcome::TRANSFER_UNKNOWN, kTransferPointer);
  if (transfer->state != TransferState::pending) {
    return refuse(Outcome::TRANSFER_SETTLED, kTransferPointer,
                  "it is " + std::string(model::name_of(transfer->state)));
  }
  out = *std::move(transfer);
  return std::nullopt;
}

}  // namespace

Check check_deliverable(Context& context, const std::vector<model::SerialRange>& serials,
                        const std::string& pointer) {
  return each_programme(context, serials, [&](const model::ProgrammeRow& programme) -> Check {
    if (policy_of(context, programme).transferable) return std::nullopt;
    return refuse(Outcome::PROGRAMME_NOT_TRANSFERABLE, pointer, programme.id.text());
  });
}

Check require_recipient(Context& context, const model::PartyId& party, const std::string& pointer) {
  const auto recipient = context.read<model::PartyRow>(codec::party_key(party));
  if (!recipient) return refuse(Outcome::PARTY_UNKNOWN, pointer);
  if (may_receive(context, *recipient)) return std::nullopt;
  return refuse(Outcome::RECIPIENT_NOT_ADMITTED, pointer);
}

Check require_former_holder(Context& context, const model::PartyId& party,
                            const std::string& pointer) {
  const auto holder = context.read<model::PartyRow>(codec::party_key(party));
  if (!holder) return refuse(Outcome::PARTY_UNKNOWN, pointer);
  if (standing_of(*holder).status != model::PartyStatus::closed && may_hold(context, *holder)) {
    return std::nullopt;
  }
  return refuse(Outcome::RECIPIENT_NOT_ADMITTED, pointer);
}

void revoke_transfers_of(Context& context, const model::KeyBytes& key) {
  const Bytes first = pending_transfer_key(key, model::TransferId{});
  model::TransferId last;
  last.bytes.fill(0xFF);
  std::vector<model::TransferId> pending;
  context.overlay().scan(first, pending_transfer_key(key, last), [&](ByteView found, ByteView) {
    model::TransferId id;
    std::copy(found.end() - static_cast<std::ptrdiff_t>(model::kIdSize), found.end(),
              id.bytes.begin());
    pending.push_back(id);
    return true;
  });
  for (const auto& id : pending) {
    auto transfer = context.read<TransferRow>(codec::transfer_key(id));
    if (transfer) settle(context, *transfer, TransferState::revoked, transfer->from);
  }
}

void end_transfer(Context& context, const model::TransferId& id) {
  auto transfer = context.read<TransferRow>(codec::transfer_key(id));
  assert(transfer && transfer->state == TransferState::pending);
  settle(context, *transfer, TransferState::ended, transfer->from);
}

Check rule(Context& context, const model::Transfer& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  if (auto check = require_seasoned_key(context, acting.key)) return check;
  if (act.to == acting.party.id) {
    return refuse(Outcome::RECIPIENT_IS_SENDER, "/credentialSubject/to");
  }
  if (auto check = require_recipient(context, act.to, "/credentialSubject/to")) return check;
  if (act.expires <= context.recorded_at()) {
    return refuse(Outcome::TRANSFER_EXPIRY_INVALID, "/credentialSubject/expires");
  }
  TransferRow row;
  if (auto check = resolve_legs(context, acting.party.id, act.legs, row.serials)) return check;
  if (auto check = check_deliverable(context, row.serials, "/credentialSubject/legs")) {
    return check;
  }
  row.id = model::TransferId::of(context.act().digest);
  row.entry = context.index();
  row.from = acting.party.id;
  row.to = act.to;
  row.signer = context.signer();
  row.proposed_at = context.recorded_at();
  row.expires = act.expires;
  const bool at_once = account_policy(context, row.from).trusts(row.to) &&
                       account_policy(context, row.to).auto_accept;
  if (at_once) {
    row.state = TransferState::settled;
    row.settled = context.index();
  }
  move_units(context, row.serials, active_of(row.from),
             at_once ? active_of(row.to) : pending_of(row));
  if (at_once) {
    note_settled(context, row);
  } else {
    context.overlay().put(pending_transfer_key(row.signer, row.id), Bytes{});
  }
  context.create(codec::transfer_key(row.id), row);
  return std::nullopt;
}

Check rule(Context& context, const model::AcceptTransfer& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  TransferRow transfer;
  if (auto check = read_pending(context, act.transfer, transfer)) return check;
  if (transfer.to != acting.party.id) {
    return refuse(Outcome::TRANSFER_NOT_YOURS, kTransferPointer);
  }
  if (transfer.expires < context.recorded_at()) {
    return refuse(Outcome::TRANSFER_EXPIRED, kTransferPointer);
  }
  const auto sender = context.read<model::PartyRow>(codec::party_key(transfer.from));
  if (!sender) return refuse(Outcome::PARTY_UNKNOWN, kTransferPointer);
  if (auto check = require_admitted(context, *sender, kTransferPointer)) return check;
  if (!may_hold(context, acting.party))
    return refuse(Outcome::RECIPIENT_NOT_ADMITTED, "/issuer/party");
  if (rules_version(context) >= kGuardRulesVersion) {
    if (auto check = check_deliverable(context, transfer.serials, kTransferPointer)) return check;
  }
  const auto ledger = context.ledger();
  const auto delivered_from =
      transfer.proposed_at.value() + ledger->delays.new_counterparty_seconds * kMsPerSecond;
  const bool delayed = context.recorded_at().value() < delivered_from;
  if (delayed && !account_policy(context, transfer.from).trusts(transfer.to)) {
    return refuse(Outcome::TRANSFER_DELAYED, kTransferPointer);
  }
  settle(context, transfer, TransferState::settled, transfer.to);
  return std::nullopt;
}

Check rule(Context& context, const model::RejectTransfer& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  TransferRow transfer;
  if (auto check = read_pending(context, act.transfer, transfer)) return check;
  if (transfer.to != acting.party.id) {
    return refuse(Outcome::TRANSFER_NOT_YOURS, kTransferPointer);
  }
  settle(context, transfer, TransferState::rejected, transfer.from);
  return std::nullopt;
}

Check rule(Context& context, const model::CancelTransfer& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  TransferRow transfer;
  if (auto check = read_pending(context, act.transfer, transfer)) return check;
  if (transfer.from != acting.party.id) {
    // The registry may, while the sender is frozen and cannot.
    const auto sender = context.read<model::PartyRow>(codec::party_key(transfer.from));
    const bool frozen = sender && is_frozen(context, *sender);
    if (!frozen || !has_role(context, acting.party, Role::registry)) {
      return refuse(Outcome::TRANSFER_NOT_YOURS, kTransferPointer);
    }
  }
  settle(context, transfer, TransferState::cancelled, transfer.from);
  return std::nullopt;
}

Check rule(Context& context, const model::LapseTransfer& act) {
  ActingParty acting;
  if (auto check = require_party(context, model::KeyPurpose::initiate, {}, acting)) return check;
  TransferRow transfer;
  if (auto check = read_pending(context, act.transfer, transfer)) return check;
  if (context.recorded_at() <= transfer.expires) {
    return refuse(Outcome::TRANSFER_NOT_EXPIRED, kTransferPointer);
  }
  settle(context, transfer, TransferState::lapsed, transfer.from);
  return std::nullopt;
}

}  // namespace mrv::state
