// Walking from a retirement back to the measurements, collecting entries and rows on the way.
#include "ledger/node/certificate.h"

#include <set>

#include "ledger/codec/act_codec.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/codec/row_codec.h"
#include "ledger/codec/row_key.h"

namespace mrv::node {
namespace {

class Builder {
 public:
  explicit Builder(const Reader& reader) : reader_(reader) {}

  Result<codec::Certificate> build(const model::RetirementId& id, std::string policy) {
    MRV_TRY(const auto retirement,
            row<model::RetirementRow>("retirement", codec::retirement_key(id)));
    MRV_CHECK(add_act("retirement", id.bytes, retirement.entry));
    MRV_TRY(const auto holder, row<model::PartyRow>("party", codec::party_key(retirement.holder)));
    for (const auto& range : retirement.serials) MRV_CHECK(add_range(range));
    MRV_CHECK(add_signers());
    MRV_CHECK(add_ledger());
    MRV_CHECK(summarise(retirement, holder));
    certificate_.policy = std::move(policy);
    certificate_.checkpoint = reader_.published().checkpoint;
    const EntryIndex seal{reader_.published().size.value() - 1};
    MRV_TRY(certificate_.seal, entry("seal", seal));
    return std::move(certificate_);
  }

 private:
  Result<codec::CertificateEntry> entry(const char* role, EntryIndex index) {
    MRV_TRY(const auto bytes, reader_.entry(index));
    if (!bytes) return Error{"STORE_CORRUPT", "an entry is missing", {}};
    MRV_TRY(const auto path, reader_.inclusion(index));
    codec::CertificateEntry part{role, index, to_base64(*bytes), {}};
    for (const Hash& hash : path) part.path.push_back(to_base64(hash));
    return part;
  }

  // Adds the row with its proof, once, and answers it.
  template <class Row>
  Result<Row> row(const char* kind, const Bytes& key) {
    if (rows_.insert(key).second) {
      MRV_TRY(const auto proved, reader_.proved_row(key));
      certificate_.state.push_back(
          {kind, to_base64(proved.key), to_base64(proved.value), to_base64(proved.proof)});
    }
    MRV_TRY(const auto value, reader_.row(key));
    if (!value) return Error{"MAP_KEY_ABSENT", "there is no such row", {}};
    return codec::decode_row<Row>(*value);
  }

  Result<model::VerifiedAct> add_entry(const char* role, EntryIndex index) {
    MRV_TRY(auto part, entry(role, index));
    MRV_TRY(const auto bytes, from_base64(part.entry));
    if (entries_.insert(index).second) certificate_.entries.push_back(std::move(part));
    MRV_TRY(const auto decoded, codec::decode_entry(bytes));
    const auto* act = std::get_if<codec::ActEntry>(&decoded);
    if (act == nullptr) return Error{"STORE_CORRUPT", "an act's entry is a seal", {}};
    MRV_TRY(auto verified, codec::decode_trusted_act(act->document));
    signers_.insert(verified.act.signer);
    const bool states =
        std::holds_alternative<model::SubmitVerificationStatement>(verified.act.body);
    if (states && verified.act.party) vvbs_.insert(*verified.act.party);
    return verified;
  }

  // The act that created the object `id`: its own entry, or the proposal's and the approvals that
  // completed it. An object's id and its proposal's are made of the same bytes.
  Status add_act(const char* role, const model::IdBytes& id, EntryIndex effect) {
    const Bytes key = codec::proposal_key(model::ProposalId{id});
    MRV_TRY(const auto proposal, reader_.row(key));
    if (!proposal) {
      MRV_TRY(const auto act, add_entry(role, effect));
      return {};
    }
    MRV_TRY(const auto stored, row<model::ProposalRow>("proposal", key));
    MRV_TRY(const auto act, add_entry(role, stored.entry));
    for (const auto& approval : stored.approvals) {
      MRV_TRY(const auto approved, add_entry("approval", approval.entry));
    }
    return {};
  }

  // The same where only the entry of the effect is known: it holds the act itself or the Approve
  // that completed it.
  Status add_effect(const char* role, EntryIndex effect) {
    MRV_TRY(const auto bytes, reader_.entry(effect));
    MRV_TRY(const auto decoded, codec::decode_entry(bytes.value_or(Bytes{})));
    const auto* act = std::get_if<codec::ActEntry>(&decoded);
    if (act == nullptr) return Error{"STORE_CORRUPT", "an act's entry is a seal", {}};
    MRV_TRY(const auto verified, codec::decode_trusted_act(act->document));
    if (const auto* approve = std::get_if<model::Approve>(&verified.act.body)) {
      return add_act(role, approve->proposal.bytes, effect);
    }
    MRV_TRY(const auto added, add_entry(role, effect));
    return {};
  }

  Status add_range(const model::SerialRange& range) {
    MRV_TRY(const auto batch, row<model::BatchRow>("batch", codec::batch_key(range.batch)));
    MRV_TRY(const auto run, last_run(range));
    MRV_TRY(const auto serials, row<model::SerialRow>("serials", run));
    if (batches_.insert(range.batch).second) {
      MRV_CHECK(add_effect("issuance", batch.entry));
      MRV_CHECK(add_report(batch.report));
    }
    return add_transfers(range);
  }

  // The run that holds the range: retired runs are never split again, but neighbours of one
  // retirement are one run.
  Result<Bytes> last_run(const model::SerialRange& range) {
    MRV_TRY(auto run,
            reader_.store().last_row_before(codec::serial_key(range.batch, 1),
                                            codec::serial_key(range.batch, range.first + 1)));
    if (!run) return Error{"STORE_CORRUPT", "a retired serial has no run", {}};
    return std::move(run->key);
  }

  Status add_transfers(const model::SerialRange& range) {
    std::vector<Bytes> keys;
    MRV_CHECK(reader_.store().scan_indexes(
        codec::settled_transfer_key(range.batch, EntryIndex{0}),
        codec::settled_transfer_key(range.batch, EntryIndex{reader_.published().size.value()}),
        [&](ByteView, ByteView value) {
          keys.push_back(to_bytes(value));
          return true;
        }));
    for (const Bytes& key : keys) {
      MRV_TRY(const auto value, reader_.row(key));
      MRV_TRY(const auto transfer, codec::decode_row<model::TransferRow>(value.value_or(Bytes{})));
      const bool touches = std::any_of(
          transfer.serials.begin(), transfer.serials.end(), [&](const model::SerialRange& moved) {
            return moved.batch == range.batch && moved.first <= range.last &&
                   range.first <= moved.last;
          });
      if (!touches) continue;
      MRV_TRY(const auto kept, row<model::TransferRow>("transfer", key));
      MRV_CHECK(add_act("transfer", kept.id.bytes, kept.entry));
      MRV_CHECK(add_effect("acceptance", kept.settled.value_or(kept.entry)));
    }
    return {};
  }

  Status add_report(const model::ReportId& id) {
    MRV_TRY(const auto report, row<model::ReportRow>("report", codec::report_key(id)));
    MRV_CHECK(add_act("report", id.bytes, report.entry));
    for (const auto& statement_id : report.statements) {
      MRV_TRY(const auto statement,
              row<model::StatementRow>("statement", codec::statement_key(statement_id)));
      MRV_CHECK(add_act("statement", statement_id.bytes, statement.entry));
    }
    MRV_CHECK(add_standard("methodology", report.methodology));
    for (const Hash& table : report.tables) MRV_CHECK(add_standard("table", table));
    return add_project(report.project);
  }

  Status add_standard(const char* role, const Hash& digest) {
    MRV_TRY(const auto standard, row<model::StandardRow>(role, codec::standard_key(digest)));
    MRV_CHECK(add_effect(role, standard.entry));
    if (standard.activated) MRV_CHECK(add_effect("activation", *standard.activated));
    return {};
  }

  Status add_project(const model::ProjectId& id) {
    MRV_TRY(const auto project, row<model::ProjectRow>("project", codec::project_key(id)));
    MRV_CHECK(add_act("project", id.bytes, project.entry));
    if (project.validated) MRV_CHECK(add_effect("validation", *project.validated));
    if (project.registered) MRV_CHECK(add_effect("registration", *project.registered));
    MRV_TRY(const auto programme,
            row<model::ProgrammeRow>("programme", codec::programme_key(project.programme)));
    unit_ = programme.unit;
    return add_effect("programme", programme.entry);
  }

  // Keys, their parties, and the VVBs' accreditations. Governance keys stand in the ledger row.
  Status add_signers() {
    for (const auto& signer : signers_) {
      MRV_TRY(const auto bound, reader_.row(codec::key_key(signer)));
      if (!bound) continue;
      MRV_TRY(const auto key, row<model::KeyRow>("key", codec::key_key(signer)));
      MRV_TRY(const auto party, row<model::PartyRow>("party", codec::party_key(key.party)));
    }
    for (const auto& vvb : vvbs_) {
      MRV_TRY(const auto accreditation,
              row<model::AccreditationRow>("accreditation", codec::accreditation_key(vvb)));
    }
    return {};
  }

  Status add_ledger() {
    MRV_TRY(const auto ledger, row<model::LedgerRow>("ledger", codec::ledger_key()));
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
      MRV_TRY(const auto batch, row<model::BatchRow>("batch", codec::batch_key(range.batch)));
      summary.serials.push_back({batch.prefix, range.first, range.last});
    }
    MRV_TRY(const auto bytes, reader_.entry(retirement.entry));
    MRV_TRY(const auto decoded, codec::decode_entry(bytes.value_or(Bytes{})));
    if (const auto* act = std::get_if<codec::ActEntry>(&decoded)) {
      summary.recorded_at = act->recorded_at;
    }
    return {};
  }

  const Reader& reader_;
  codec::Certificate certificate_;
  std::set<Bytes> rows_;
  std::set<EntryIndex> entries_;
  std::set<model::BatchId> batches_;
  std::set<model::KeyBytes> signers_;
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
