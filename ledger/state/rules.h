// The rules of every act, one function each; one file per act family. A rule checks in full first
// and writes only when everything holds. Which acts wait for approval, and whose, says
// approval_need.h.
#pragma once

#include "ledger/state/context.h"

namespace mrv::state {

// governance.cpp
Check rule(Context& context, const model::Genesis& act);
// parties.cpp
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

// Rules version 2.
// rules_version.cpp
Check rule(Context& context, const model::ActivateRules& act);
// governance.cpp
Check rule(Context& context, const model::ChangeGovernance& act);
Check rule(Context& context, const model::SucceedLogKey& act);
Check rule(Context& context, const model::RemoveBlob& act);
// accounts.cpp
Check rule(Context& context, const model::SetAccountPolicy& act);
Check rule(Context& context, const model::OpenAccount& act);
// party_amendments.cpp
Check rule(Context& context, const model::AmendParty& act);
// programmes.cpp
Check rule(Context& context, const model::AmendProgramme& act);
// standards.cpp
Check rule(Context& context, const model::RetireMethodology& act);

// findings.cpp, and statement_ends.cpp for the two that follow
Check rule(Context& context, const model::RaiseFinding& act);
Check rule(Context& context, const model::AnswerFinding& act);
Check rule(Context& context, const model::CloseFinding& act);
Check rule(Context& context, const model::ReviewVerification& act);
Check rule(Context& context, const model::WithdrawStatement& act);
// reversals.cpp
Check rule(Context& context, const model::RecordReversal& act);
// invalidations.cpp
Check rule(Context& context, const model::DeclareOverIssuance& act);
Check rule(Context& context, const model::InvalidateBatch& act);
// buffer.cpp
Check rule(Context& context, const model::ReleaseBuffer& act);
Check rule(Context& context, const model::DeclareDefault& act);
Check rule(Context& context, const model::RepayPool& act);

// cancellations.cpp
Check rule(Context& context, const model::Cancel& act);
// locks.cpp
Check rule(Context& context, const model::Lock& act);
Check rule(Context& context, const model::Unlock& act);
// departures.cpp
Check rule(Context& context, const model::Export& act);
Check rule(Context& context, const model::Convert& act);
// labels.cpp
Check rule(Context& context, const model::Label& act);
Check rule(Context& context, const model::Unlabel& act);
// retirements.cpp, beside Retire
Check rule(Context& context, const model::AnnotateRetirement& act);
// orders.cpp
Check rule(Context& context, const model::OrderTransfer& act);
Check rule(Context& context, const model::ReverseTransfer& act);

// Rules version 3.
// project_amendments.cpp
Check rule(Context& context, const model::AmendProject& act);
Check rule(Context& context, const model::RenewCreditingPeriod& act);
Check rule(Context& context, const model::AcceptAmendment& act);
// project_life.cpp
Check rule(Context& context, const model::SuspendProject& act);
Check rule(Context& context, const model::ResumeProject& act);
Check rule(Context& context, const model::CompleteProject& act);
Check rule(Context& context, const model::WithdrawProject& act);
Check rule(Context& context, const model::TransferProject& act);
Check rule(Context& context, const model::AcceptProject& act);
// project_comments.cpp
Check rule(Context& context, const model::ListProject& act);
Check rule(Context& context, const model::Comment& act);
Check rule(Context& context, const model::RaiseGrievance& act);
Check rule(Context& context, const model::ResolveGrievance& act);

}  // namespace mrv::state
