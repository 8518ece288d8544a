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
using AnyAct = std::variant<
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

// The place of an act in the list, and beyond its end for what is no act.
template <class T, class... Acts>
constexpr std::size_t place_in(const std::variant<Acts...>* /*list*/) {
  std::size_t place = 0;
  const bool found = ((std::is_same_v<T, Acts> || (++place, false)) || ...);
  return found ? place : sizeof...(Acts);
}
template <class T>
inline constexpr std::size_t kPlaceOfAct = place_in<T>(static_cast<const AnyAct*>(nullptr));
template <class T>
concept IsAct = kPlaceOfAct<T> < std::variant_size_v<AnyAct>;

// One act of the list. What costs a compiler much (to construct, copy, move and destroy one of so
// many) is compiled once, in act.cpp.
class ActBody : public AnyAct {
 public:
  ActBody();
  template <IsAct T>
  ActBody(T act) : ActBody(kPlaceOfAct<T>, &act) {}  // NOLINT(google-explicit-constructor)
  ActBody(const ActBody& other);
  ActBody(ActBody&& other) noexcept;
  ActBody& operator=(const ActBody& other);
  ActBody& operator=(ActBody&& other) noexcept;
  ~ActBody();

 private:
  // Moves the act of this place.
  ActBody(std::size_t place, void* act);
};

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
