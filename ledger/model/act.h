// Every act the ledger knows, and the signed document that carries one (formats.md 1).
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "ledger/model/findings.h"
#include "ledger/model/governance.h"
#include "ledger/model/holdings.h"
#include "ledger/model/integrity.h"
#include "ledger/model/labels.h"
#include "ledger/model/programmes.h"
#include "ledger/model/project_changes.h"
#include "ledger/model/projects.h"
#include "ledger/model/records.h"
#include "ledger/model/reports.h"
#include "ledger/model/transfers.h"

namespace mrv::model {

// Adding an act: its struct in a model file, its name here, its rules in one state file, its
// schema, its scenario.
using ActBody = std::variant<
    Genesis, RegisterParty, AdmitParty, SetPartyStatus, BindKey, RevokeKey, FreezeSelf, AccreditVvb,
    Approve, WithdrawProposal, RegisterProgramme, RegisterFactorTable, RegisterMethodology,
    ActivateMethodology, SubmitProject, ValidateProject, RegisterProject, SubmitMonitoringReport,
    WithdrawReport, SubmitVerificationStatement, IssueCredits, Transfer, AcceptTransfer,
    RejectTransfer, CancelTransfer, LapseTransfer, Retire, DepositEvidence, OpenImport,
    ImportSerials,
    // rules version 2
    ActivateRules, SetAccountPolicy, OpenAccount, AmendParty, ChangeGovernance, SucceedLogKey,
    RemoveBlob, AmendProgramme, RetireMethodology, ListProject, Comment, RaiseGrievance,
    ResolveGrievance, AmendProject, RenewCreditingPeriod, AcceptAmendment, SuspendProject,
    ResumeProject, CompleteProject, WithdrawProject, TransferProject, AcceptProject, RaiseFinding,
    AnswerFinding, CloseFinding, ReviewVerification, WithdrawStatement, RecordReversal,
    DeclareOverIssuance, InvalidateBatch, ReleaseBuffer, DeclareDefault, RepayPool, Cancel, Lock,
    Unlock, Export, Convert, Label, Unlabel, AnnotateRetirement, OrderTransfer, ReverseTransfer>;

using ActUuid = std::array<std::uint8_t, 16>;

struct Act {
  ActUuid id{};
  KeyBytes signer;
  std::optional<PartyId> party;  // absent in Genesis, RegisterParty and governance acts
  std::string registry;          // the log's origin
  TimestampMs valid_from;
  TimestampMs valid_until;
  ActBody body;
};

// An act whose bytes and signature are good. Whether the key was bound to the party with the needed
// purpose is judged after ordering, in `state`.
struct VerifiedAct {
  Act act;
  std::string canonical;  // the canonical secured document
  Hash digest{};          // SHA-256 of `canonical`
};

std::string_view type_of(const ActBody& body);

}  // namespace mrv::model
