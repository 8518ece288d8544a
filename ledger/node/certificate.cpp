// Walking from a retirement back to the measurements, collecting entries and rows on the way.
#include "ledger/node/certificate.h"

#include <algorithm>
#include <map>
#include <set>

#include "ledger/codec/act_codec.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/codec/row_codec.h"
#include "ledger/codec/row_key.h"
#include "ledger/node/proof_parts.h"
#include "ledger/state/serial_set.h"

namespace mrv::node {
namespace {

class Builder {
 public:
  explicit Builder(const Reader& reader) : reader_(reader) {}

  Result<codec::Certificate> build(const model::RetirementId& id, std::string policy) {
    MRV_TRY(const auto hold, reader_.hold());
    MRV_TRY(const auto retirement, row<model::RetirementRow>(codec::retirement_key(id)));
    MRV_CHECK(add_act(id.bytes, retirement.entry));
    MRV_TRY(const auto holder, row<model::PartyRow>(codec::party_key(retirement.holder)));
    std::map<model::BatchId, std::vector<model::SerialRange>> ranges;
    for (const auto& range : retirement.serials) ranges[range.batch].push_back(range);
    for (const auto& [batch, serials] : ranges) MRV_CHECK(add_batch(batch, serials));
    MRV_CHECK(add_labels(retirement));
    MRV_CHECK(add_signers());
    MRV_TRY(const auto ledger, row<model::LedgerRow>(codec::ledger_key()));
    MRV_CHECK(summarise(retirement, holder));
    MRV_TRY(certificate_.state, row_parts(reader_, keys_));
    certificate_.policy = std::move(policy);
    certificate_.checkpoint = reader_.published().checkpoint;
    MRV_TRY(certificate_.seal, seal_part(reader_));
    return std::move(certificate_);
  }

 private:
  // Far more parts than fit need not be collected to find out.
  [[nodiscard]] Status check_room() const {
    if (certificate_.entries.size() + keys_.size() <= codec::kCertificatePartsMax) return {};
    return Error{"CERTIFICATE_TOO_LARGE", "more than 4,096 parts", {}};
  }

  // Answers the row, and has it proved in the end.
  template <class Row>
  Result<Row> row(const Bytes& key) {
    if (rows_.insert(key).second) keys_.push_back(key);
    MRV_CHECK(check_room());
    MRV_TRY(const auto value, reader_.row(key));
    if (!value) return Error{"MAP_KEY_ABSENT", "there is no such row", {}};
    return codec::decode_row<Row>(*value);
  }

  Result<model::VerifiedAct> act_at(EntryIndex index) {
    MRV_TRY(const auto bytes, reader_.entry(index));
    MRV_TRY(const auto decoded, codec::decode_entry(bytes.value_or(Bytes{})));
    const auto* act = std::get_if<codec::ActEntry>(&decoded);
    if (act == nullptr) return Error{"STORE_CORRUPT", "an act's entry is a seal", {}};
    return codec::decode_trusted_act(act->document);
  }

  Status add_entry(EntryIndex index) {
    if (!entries_.insert(index).second) return {};
    MRV_CHECK(check_room());
    MRV_TRY(const auto verified, act_at(index));
    const auto& act = verified.act;
    MRV_TRY(auto part, entry_part(reader_, std::string(codec::certificate_role(act.body)), index));
    certificate_.entries.push_back(std::move(part));
    if (!act.party) return {};  // governance, whose seats stand in the ledger's row
    signers_.insert(act.signer);
    parties_.insert(*act.party);
    const bool judges = std::holds_alternative<model::SubmitVerificationStatement>(act.body) ||
                        std::holds_alternative<model::ValidateProject>(act.body);
    if (judges) vvbs_.insert(*act.party);
    return {};
  }

  // The act that created the object `id`: its own entry, or the proposal's and the approvals that
  // completed it. An object's id and its proposal's are made of the same bytes.
  Status add_act(const model::IdBytes& id, EntryIndex effect) {
    const Bytes key = codec::proposal_key(model::ProposalId{id});
    MRV_TRY(const auto proposal, reader_.row(key));
    if (!proposal) return add_entry(effect);
    MRV_TRY(const auto stored, row<model::ProposalRow>(key));
    MRV_CHECK(add_entry(stored.entry));
    for (const auto& approval : stored.approvals) MRV_CHECK(add_entry(approval.entry));
    return {};
  }

  // The same where only the entry of the effect is known: it holds the act itself or the Approve
  // that completed it.
  Status add_effect(EntryIndex effect) {
    MRV_TRY(const auto verified, act_at(effect));
    if (const auto* approve = std::get_if<model::Approve>(&verified.act.body)) {
      return add_act(approve->proposal.bytes, effect);
    }
    return add_entry(effect);
  }

  // `serials`: what was retired of the batch.
  Status add_batch(const model::BatchId& id, std::vector<model::SerialRange> serials) {
    MRV_TRY(const auto batch, row<model::BatchRow>(codec::batch_key(id)));
    for (const auto& range : serials) {
      MRV_TRY(const auto key, retired_run(reader_, range));
      MRV_TRY(const auto run, row<model::SerialRow>(key));
    }
    MRV_CHECK(add_effect(batch.entry));
    MRV_CHECK(add_report(batch.report));
    return add_transfers(id, std::move(serials));
  }

  // Every settled transfer of the batch that moved one of the serials, found in one pass.
  Status add_transfers(const model::BatchId& batch, std::vector<model::SerialRange> serials) {
    std::sort(serials.begin(), serials.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    // The ranges do not overlap, so the first that does not end before `moved` decides.
    const auto touches = [&](const model::SerialRange& moved) {
      const auto next =
          std::partition_point(serials.begin(), serials.end(),
                               [&](const auto& range) { return range.last < moved.first; });
      return moved.batch == batch && next != serials.end() && next->first <= moved.last;
    };
    MRV_TRY(const auto keys, settled_transfers(batch));
    for (const Bytes& key : keys) {
      MRV_TRY(const auto value, reader_.row(key));
      MRV_TRY(const auto transfer, codec::decode_row<model::TransferRow>(value.value_or(Bytes{})));
      if (!std::any_of(transfer.serials.begin(), transfer.serials.end(), touches)) continue;
      MRV_TRY(const auto kept, row<model::TransferRow>(key));
      MRV_CHECK(add_movement(kept));
    }
    return {};
  }

  // Both sides of a transfer: what the sender signed, and the recipient's acceptance or, where it
  // settled at once, what both accounts had said before. Other movements are one act, and a pledge
  // is delivered out of a lock.
  Status add_movement(const model::TransferRow& transfer) {
    MRV_CHECK(add_act(transfer.id.bytes, transfer.entry));
    const EntryIndex settled = transfer.settled.value_or(transfer.entry);
    if (settled != transfer.entry) return add_effect(settled);
    if (!transfer.kind) {
      for (const auto& account : {transfer.from, transfer.to}) {
        MRV_TRY(const auto policy,
                row<model::AccountPolicyRow>(codec::account_policy_key(account)));
      }
    }
    if (transfer.kind != model::MovementKind::delivered) return {};
    MRV_TRY(const auto id, model::LockId::parse(transfer.cause.value_or("")));
    MRV_TRY(const auto lock, row<model::LockRow>(codec::lock_key(id)));
    return add_act(id.bytes, lock.entry);
  }

  Result<std::vector<Bytes>> settled_transfers(const model::BatchId& batch) {
    std::vector<Bytes> keys;
    MRV_CHECK(reader_.store().scan_indexes(
        codec::settled_transfer_key(batch, EntryIndex{0}),
        codec::settled_transfer_key(batch, EntryIndex{reader_.published().size.value()}),
        [&](ByteView, ByteView value) {
          keys.push_back(to_bytes(value));
          return true;
        }));
    return keys;
  }

  // The labels that a retirement for a labelled purpose rests on: of each batch those in the order
  // of their ids that cover a serial which none before covered.
  Status add_labels(const model::RetirementRow& retirement) {
    const bool corsia = retirement.purpose == model::RetirementPurpose::corsia;
    if (!corsia && retirement.purpose != model::RetirementPurpose::article6) return {};
    const auto kind = corsia ? model::LabelKind::corsia : model::LabelKind::article6;
    MRV_TRY(const TimestampMs at, recorded_at(retirement.entry));
    state::SerialSet covered;
    for (const auto& range : retirement.serials) {
      MRV_TRY(const auto keys, labels_of(range.batch));
      for (const Bytes& key : keys) {
        if (!covered.first_outside(range)) break;
        MRV_CHECK(add_label(key, kind, retirement.entry, at, range, covered));
      }
    }
    return {};
  }

  Result<std::vector<Bytes>> labels_of(const model::BatchId& batch) {
    std::vector<Bytes> keys;
    const auto key_of = [&batch](std::uint8_t fill) {
      model::LabelId id;
      id.bytes.fill(fill);
      return codec::pair_key(codec::kBatchLabelTag, batch, id);
    };
    MRV_CHECK(reader_.store().scan_indexes(key_of(0), key_of(0xFF), [&](ByteView key, ByteView) {
      model::LabelId id;
      std::copy(key.end() - static_cast<std::ptrdiff_t>(model::kIdSize), key.end(),
                id.bytes.begin());
      keys.push_back(codec::label_key(id));
      return true;
    }));
    return keys;
  }

  // Keeps the label if it held at the entry and covers a serial of `range` that is not covered.
  Status add_label(const Bytes& key, model::LabelKind kind, EntryIndex entry, TimestampMs at,
                   const model::SerialRange& range, state::SerialSet& covered) {
    MRV_TRY(const auto value, reader_.row(key));
    MRV_TRY(const auto label, codec::decode_row<model::LabelRow>(value.value_or(Bytes{})));
    const auto& given = label.label;
    const bool held = given.kind == kind && label.in_force.covers(entry) && given.from <= at &&
                      (!given.until || at < *given.until);
    const auto missing = covered.first_outside(range);
    const bool helps =
        held && missing &&
        std::any_of(given.serials.begin(), given.serials.end(), [&](const auto& serials) {
          return serials.batch == range.batch && serials.first <= range.last &&
                 *missing <= serials.last;
        });
    if (!helps) return {};
    for (const auto& serials : given.serials) {
      covered.add({serials.batch, serials.first, serials.last});
    }
    MRV_TRY(const auto kept, row<model::LabelRow>(key));
    return add_act(kept.id.bytes, EntryIndex{kept.in_force.from.value() - 1});
  }

  Result<TimestampMs> recorded_at(EntryIndex index) {
    MRV_TRY(const auto bytes, reader_.entry(index));
    MRV_TRY(const auto decoded, codec::decode_entry(bytes.value_or(Bytes{})));
    const auto* act = std::get_if<codec::ActEntry>(&decoded);
    if (act == nullptr) return Error{"STORE_CORRUPT", "an act's entry is a seal", {}};
    return act->recorded_at;
  }

  Status add_report(const model::ReportId& id) {
    MRV_TRY(const auto report, row<model::ReportRow>(codec::report_key(id)));
    MRV_CHECK(add_act(id.bytes, report.entry));
    for (const auto& statement_id : report.statements) {
      MRV_TRY(const auto statement, row<model::StatementRow>(codec::statement_key(statement_id)));
      MRV_CHECK(add_act(statement_id.bytes, statement.entry));
      if (statement.review) MRV_CHECK(add_entry(statement.review->entry));
    }
    MRV_CHECK(add_standard(report.methodology));
    for (const Hash& table : report.tables) MRV_CHECK(add_standard(table));
    return add_project(report.project);
  }

  Status add_standard(const Hash& digest) {
    MRV_TRY(const auto standard, row<model::StandardRow>(codec::standard_key(digest)));
    MRV_CHECK(add_effect(standard.entry));
    if (standard.activated) MRV_CHECK(add_effect(*standard.activated));
    return {};
  }

  Status add_project(const model::ProjectId& id) {
    MRV_TRY(const auto project, row<model::ProjectRow>(codec::project_key(id)));
    MRV_CHECK(add_act(id.bytes, project.entry));
    if (project.validated) MRV_CHECK(add_effect(*project.validated));
    if (project.registered) MRV_CHECK(add_effect(*project.registered));
    MRV_CHECK(add_changes(project));
    MRV_TRY(const auto programme,
            row<model::ProgrammeRow>(codec::programme_key(project.programme)));
    unit_ = programme.unit;
    // An act takes effect behind its entry.
    for (std::size_t i = 1; i < programme.policies.size(); ++i) {
      MRV_CHECK(add_effect(EntryIndex{programme.policies[i].in_force.from.value() - 1}));
    }
    return add_effect(programme.entry);
  }

  // What became of the project since its submission.
  Status add_changes(const model::ProjectRow& project) {
    for (const auto& effect : project.amendments.value_or(std::vector<model::AmendmentEffect>{})) {
      MRV_CHECK(add_amendment(effect));
    }
    const auto sellers = project.former_developers.value_or(std::vector<model::FormerDeveloper>{});
    for (const auto& seller : sellers) {
      MRV_CHECK(add_effect(seller.offered));
      MRV_CHECK(add_effect(seller.until));
    }
    for (const auto& change : project.changes.value_or(std::vector<model::StateChange>{})) {
      if (change.state != model::ProjectState::completed) continue;
      MRV_CHECK(add_effect(change.entry));
    }
    return {};
  }

  // One that needed no validation took effect by itself and has no row.
  Status add_amendment(const model::AmendmentEffect& effect) {
    const Bytes key = codec::amendment_key(effect.id);
    MRV_TRY(const auto value, reader_.row(key));
    if (!value) return add_act(effect.id.bytes, effect.entry);
    MRV_TRY(const auto amendment, row<model::AmendmentRow>(key));
    MRV_CHECK(add_act(effect.id.bytes, amendment.entry));
    if (amendment.validated) MRV_CHECK(add_effect(*amendment.validated));
    return add_effect(effect.entry);
  }

  // Keys, their parties, and the VVBs' accreditations.
  Status add_signers() {
    for (const auto& signer : signers_) {
      MRV_TRY(const auto key, row<model::KeyRow>(codec::key_key(signer)));
      MRV_TRY(const auto party, row<model::PartyRow>(codec::party_key(key.party)));
    }
    for (const auto& id : parties_) {  // sub-accounts, which sign with their owners' keys
      MRV_TRY(const auto party, row<model::PartyRow>(codec::party_key(id)));
    }
    for (const auto& vvb : vvbs_) {
      MRV_TRY(const auto accreditation,
              row<model::AccreditationRow>(codec::accreditation_key(vvb)));
    }
    return {};
  }

  Status summarise(const model::RetirementRow& retirement, const model::PartyRow& holder) {
    auto& summary = certificate_.retirement;
    summary.id = retirement.id;
    summary.holder = retirement.holder;
    summary.holder_name = holder.name;
    summary.quantity = retirement.quantity;
    summary.unit = unit_;
    summary.beneficiary = retirement.beneficiary;
    summary.purpose = retirement.purpose;
    summary.statement = retirement.statement;
    for (const auto& range : retirement.serials) {
      MRV_TRY(const auto batch, row<model::BatchRow>(codec::batch_key(range.batch)));
      summary.serials.push_back({batch.prefix, range.first, range.last});
    }
    MRV_TRY(summary.recorded_at, recorded_at(retirement.entry));
    return {};
  }

  const Reader& reader_;
  codec::Certificate certificate_;
  std::vector<Bytes> keys_;  // of the rows to prove, in the order in which they were met
  std::set<Bytes> rows_;     // the same
  std::set<EntryIndex> entries_;
  std::set<model::KeyBytes> signers_;
  std::set<model::PartyId> parties_;
  std::set<model::PartyId> vvbs_;
  model::AmountUnit unit_ = model::AmountUnit::t;
};

}  // namespace

Result<codec::Certificate> build_certificate(const Reader& reader,
                                             const model::RetirementId& retirement,
                                             std::string policy) {
  return Builder(reader).build(retirement, std::move(policy));
}

}  // namespace mrv::node
