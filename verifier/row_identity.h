// The key under which each row must stand: a row that names another object than its key does proves
// nothing. Internal to the verifier.
#pragma once

#include "ledger/codec/row_key.h"

namespace mrv::verifier {

inline Bytes key_of(const model::LedgerRow& /*row*/) { return codec::ledger_key(); }
inline Bytes key_of(const model::PartyRow& row) { return codec::party_key(row.id); }
inline Bytes key_of(const model::KeyRow& row) { return codec::key_key(row.key); }
inline Bytes key_of(const model::ProposalRow& row) { return codec::proposal_key(row.id); }
inline Bytes key_of(const model::AccreditationRow& row) {
  return codec::accreditation_key(row.party);
}
inline Bytes key_of(const model::ProgrammeRow& row) { return codec::programme_key(row.id); }
inline Bytes key_of(const model::StandardRow& row) { return codec::standard_key(row.digest); }
inline Bytes key_of(const model::ProjectRow& row) { return codec::project_key(row.id); }
inline Bytes key_of(const model::AmendmentRow& row) { return codec::amendment_key(row.id); }
inline Bytes key_of(const model::ReportRow& row) { return codec::report_key(row.id); }
inline Bytes key_of(const model::StatementRow& row) { return codec::statement_key(row.id); }
inline Bytes key_of(const model::BatchRow& row) { return codec::batch_key(row.id); }
inline Bytes key_of(const model::SerialRow& row) { return codec::serial_key(row.batch, row.first); }
inline Bytes key_of(const model::TransferRow& row) { return codec::transfer_key(row.id); }
inline Bytes key_of(const model::RetirementRow& row) { return codec::retirement_key(row.id); }
inline Bytes key_of(const model::AccountPolicyRow& row) {
  return codec::account_policy_key(row.party);
}
inline Bytes key_of(const model::ObligationRow& row) { return codec::obligation_key(row.id); }
inline Bytes key_of(const model::InvalidationRow& row) { return codec::invalidation_key(row.id); }
inline Bytes key_of(const model::LockRow& row) { return codec::lock_key(row.id); }
inline Bytes key_of(const model::LabelRow& row) { return codec::label_key(row.id); }

}  // namespace mrv::verifier
