// The rules of every act, one function each; one file per act family. A rule checks in full first
// and writes only when everything holds. `approval_for` says which acts wait for approval, and
// whose.
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// Who must stand behind an act beside its signer. `by_governance`: other seats; otherwise `approve`
// keys of the signer's own party.
struct ApprovalNeed {
  std::int64_t approvals = 0;
  bool by_governance = false;
};

// What the act needs at this index; 0 approvals = takes effect at once.
ApprovalNeed approval_for(Context& context, const model::ActBody& body);

// parties.cpp
Check rule(Context& context, const model::Genesis& act);
Check rule(Context& context, const model::RegisterParty& act);
Check rule(Context& context, const model::AdmitParty& act);
Check rule(Context& context, const model::SetPartyStatus& act);
Check rule(Context& context, const model::BindKey& act);
Check rule(Context& context, const model::RevokeKey& act);
Check rule(Context& context, const model::FreezeSelf& act);
Check rule(Context& context, const model::AccreditVvb& act);
// approvals.cpp
Check rule(Context& context, const model::Approve& act);
Check rule(Context& context, const model::WithdrawProposal& act);
// programmes.cpp
Check rule(Context& context, const model::RegisterProgramme& act);
// standards.cpp
Check rule(Context& context, const model::RegisterFactorTable& act);
Check rule(Context& context, const model::RegisterMethodology& act);
Check rule(Context& context, const model::ActivateMethodology& act);
// projects.cpp
Check rule(Context& context, const model::SubmitProject& act);
Check rule(Context& context, const model::ValidateProject& act);
Check rule(Context& context, const model::RegisterProject& act);
// reports.cpp, and statements.cpp for the two that follow
Check rule(Context& context, const model::SubmitMonitoringReport& act);
Check rule(Context& context, const model::WithdrawReport& act);
Check rule(Context& context, const model::SubmitVerificationStatement& act);
// issuance.cpp
Check rule(Context& context, const model::IssueCredits& act);
// transfers.cpp
Check rule(Context& context, const model::Transfer& act);
Check rule(Context& context, const model::AcceptTransfer& act);
Check rule(Context& context, const model::RejectTransfer& act);
Check rule(Context& context, const model::CancelTransfer& act);
Check rule(Context& context, const model::LapseTransfer& act);
// retirements.cpp
Check rule(Context& context, const model::Retire& act);
// deposits.cpp
Check rule(Context& context, const model::DepositEvidence& act);
// imports.cpp
Check rule(Context& context, const model::OpenImport& act);
Check rule(Context& context, const model::ImportSerials& act);

}  // namespace mrv::state
