// How many must stand behind an act, and who: by programme policy, by the account's four eyes, by
// the ledger's own rules, by consent.
#include "ledger/state/approval_need.h"

#include <doctest/doctest.h>

#include "ledger/codec/row_codec.h"
#include "tests/support/signed_world.h"

using namespace mrv;
using model::GovernedAct;
using model::KeyPurpose;
using model::Role;
using test::SignedWorld;

namespace {

constexpr std::uint8_t kStrict = 2;  // a second programme, with a project and a batch of its own

template <class Id>
Id numbered(std::uint8_t number) {
  return Id{{number}};
}

// Two programmes, each with one object of every kind that an act may name; nothing of it was ever
// judged.
struct NeedWorld : SignedWorld {
  NeedWorld() {
    party("registry", {Role::registry});
    party("dev", {Role::developer});
    party("holder", {Role::buyer});
    party("keeper", {Role::custodian});
    for (const std::uint8_t number : {std::uint8_t{1}, kStrict}) furnish(number);
  }

  template <class Row>
  void sound(const Bytes& key, const Row& row) {
    const auto bounds = codec::check_row(row);
    REQUIRE_MESSAGE(bounds.ok(), (bounds.ok() ? std::string() : bounds.error().pointer));
    put(key, row);
  }
  void furnish(std::uint8_t number) {
    model::ProjectRow project;
    project.id = numbered<model::ProjectId>(number);
    project.programme = numbered<model::ProgrammeId>(number);
    project.activity_type = project.sector = "storage";
    project.country = "CN";
    project.capacity_per_year = 1;
    sound(codec::project_key(project.id), project);
    model::ReportRow report;
    report.id = numbered<model::ReportId>(number);
    report.project = project.id;
    report.engine_version = "1";
    report.vintages = {{2025, "1", std::nullopt, 1, 1}};
    sound(codec::report_key(report.id), report);
    model::StatementRow statement;
    statement.id = numbered<model::StatementId>(number);
    statement.report = report.id;
    statement.verified = {{2025, 1}};
    sound(codec::statement_key(statement.id), statement);
    model::AmendmentRow amendment;
    amendment.id = numbered<model::AmendmentId>(number);
    amendment.project = project.id;
    sound(codec::amendment_key(amendment.id), amendment);
    furnish_units(number);
    set_policy(number, {});
  }
  void furnish_units(std::uint8_t number) {
    model::BatchRow batch;
    batch.id = numbered<model::BatchId>(number);
    batch.programme = numbered<model::ProgrammeId>(number);
    batch.vintage = 2025;
    batch.prefix = "X";
    batch.quantity = 1;
    sound(codec::batch_key(batch.id), batch);
    change([&](state::Context& context) {
      state::create_units(context, {batch.id, 1, 1},
                          {model::UnitState::active, id("dev"), std::nullopt});
    });
    const std::vector<model::SerialRange> serials = {{batch.id, 1, 1}};
    model::TransferRow transfer;
    transfer.serials = serials;
    sound(codec::transfer_key(numbered<model::TransferId>(number)), transfer);
    model::LockRow lock;
    lock.custodian = id("keeper");
    lock.serials = serials;
    sound(codec::lock_key(numbered<model::LockId>(number)), lock);
    model::RetirementRow retirement;
    retirement.serials = serials;
    retirement.quantity = 1;
    sound(codec::retirement_key(numbered<model::RetirementId>(number)), retirement);
    model::LabelRow label;
    label.label.serials = {{batch.id, 1, 1}};
    sound(codec::label_key(numbered<model::LabelId>(number)), label);
    model::ObligationRow obligation;
    obligation.programme = batch.programme;
    obligation.quantity = 1;
    sound(codec::obligation_key(numbered<model::ObligationId>(number)), obligation);
  }
  void set_policy(std::uint8_t number, std::vector<model::ApprovalRule> approvals) {
    model::ProgrammeRow row;
    row.id = numbered<model::ProgrammeId>(number);
    row.code = "P";
    auto policy = open_policy();
    policy.approvals = std::move(approvals);
    row.policies = {{{EntryIndex{0}, std::nullopt}, policy}};
    sound(codec::programme_key(row.id), row);
  }
  state::ApprovalNeed need(model::ActBody body, const std::string& party = "dev") {
    model::VerifiedAct verified;
    verified.act = act(party.empty() ? "gov1" : party, party, std::move(body));
    state::ApprovalNeed found;
    change([&](state::Context& context) {
      context.set_act(verified);
      found = state::approval_for(context, verified.act.body);
    });
    return found;
  }
  void four_eyes(const std::string& party) {
    accept(submit(party, party, model::SetAccountPolicy{true, false, {}}));
  }
};

std::vector<model::Leg> legs_of(std::uint8_t number) {
  return {{numbered<model::BatchId>(number), std::nullopt, std::nullopt, 1}};
}

template <class Act>
model::ActBody on_project(std::uint8_t number) {
  Act act;
  act.project = numbered<model::ProjectId>(number);
  return act;
}
template <class Act>
model::ActBody on_report(std::uint8_t number) {
  Act act;
  act.report = numbered<model::ReportId>(number);
  return act;
}
template <class Act>
model::ActBody on_legs(std::uint8_t number) {
  Act act;
  act.legs = legs_of(number);
  return act;
}
template <class Act>
model::ActBody on_batch(std::uint8_t number) {
  Act act;
  act.batch = numbered<model::BatchId>(number);
  return act;
}
template <class Act>
model::ActBody on_lock(std::uint8_t number) {
  Act act;
  act.lock = numbered<model::LockId>(number);
  return act;
}

// An act of the kind that names objects of this programme alone.
model::ActBody body_of(GovernedAct act, std::uint8_t number) {
  switch (act) {
    case GovernedAct::register_project:
      return on_project<model::RegisterProject>(number);
    case GovernedAct::issue_credits:
      return on_report<model::IssueCredits>(number);
    case GovernedAct::transfer:
      return on_legs<model::Transfer>(number);
    case GovernedAct::retire:
      return on_legs<model::Retire>(number);
    case GovernedAct::submit_project: {
      model::SubmitProject body;
      body.programme = numbered<model::ProgrammeId>(number);
      return body;
    }
    case GovernedAct::validate_project:
      return on_project<model::ValidateProject>(number);
    case GovernedAct::amend_project:
      return on_project<model::AmendProject>(number);
    case GovernedAct::accept_amendment:
      return model::AcceptAmendment{numbered<model::AmendmentId>(number)};
    case GovernedAct::suspend_project:
      return on_project<model::SuspendProject>(number);
    case GovernedAct::resume_project:
      return on_project<model::ResumeProject>(number);
    case GovernedAct::complete_project:
      return on_project<model::CompleteProject>(number);
    case GovernedAct::withdraw_project:
      return on_project<model::WithdrawProject>(number);
    case GovernedAct::transfer_project:
      return on_project<model::TransferProject>(number);
    case GovernedAct::accept_project:
      return on_project<model::AcceptProject>(number);
    case GovernedAct::renew_crediting_period:
      return on_project<model::RenewCreditingPeriod>(number);
    case GovernedAct::submit_monitoring_report:
      return on_project<model::SubmitMonitoringReport>(number);
    case GovernedAct::withdraw_report:
      return on_report<model::WithdrawReport>(number);
    case GovernedAct::submit_verification_statement:
      return on_report<model::SubmitVerificationStatement>(number);
    case GovernedAct::withdraw_statement: {
      model::WithdrawStatement body;
      body.statement = numbered<model::StatementId>(number);
      return body;
    }
    case GovernedAct::cancel:
      return on_legs<model::Cancel>(number);
    case GovernedAct::lock:
      return on_legs<model::Lock>(number);
    case GovernedAct::unlock:
      return on_lock<model::Unlock>(number);
    case GovernedAct::export_:
      return on_lock<model::Export>(number);
    case GovernedAct::convert:
      return on_legs<model::Convert>(number);
    case GovernedAct::accept_transfer:
      return model::AcceptTransfer{numbered<model::TransferId>(number)};
    case GovernedAct::record_reversal: {
      model::RecordReversal body;
      body.statement = numbered<model::StatementId>(number);
      body.project = numbered<model::ProjectId>(number);
      return body;
    }
    case GovernedAct::release_buffer:
      return on_batch<model::ReleaseBuffer>(number);
    case GovernedAct::declare_over_issuance: {
      model::DeclareOverIssuance body;
      body.batches = {numbered<model::BatchId>(number)};
      return body;
    }
    case GovernedAct::invalidate_batch:
      return on_batch<model::InvalidateBatch>(number);
    case GovernedAct::repay_pool: {
      model::RepayPool body;
      body.obligation = numbered<model::ObligationId>(number);
      return body;
    }
    case GovernedAct::label: {
      model::Label body;
      body.serials = {{numbered<model::BatchId>(number), 1, 1}};
      return body;
    }
    case GovernedAct::unlabel:
      return model::Unlabel{numbered<model::LabelId>(number), "x"};
    case GovernedAct::annotate_retirement: {
      model::AnnotateRetirement body;
      body.retirement = numbered<model::RetirementId>(number);
      return body;
    }
    case GovernedAct::list_project:
      return on_project<model::ListProject>(number);
  }
  return model::FreezeSelf{};
}

std::vector<GovernedAct> governed_acts() {
  std::vector<GovernedAct> acts;
  for (std::size_t i = 0; i < model::EnumNames<GovernedAct>::kCount; ++i) {
    acts.push_back(static_cast<GovernedAct>(i));
  }
  return acts;
}

// Those of the registry as such, which one more person stands behind where policy is silent.
bool is_of_registry(GovernedAct act) {
  constexpr std::array kOnes = {GovernedAct::register_project,      GovernedAct::issue_credits,
                                GovernedAct::accept_amendment,      GovernedAct::suspend_project,
                                GovernedAct::resume_project,        GovernedAct::convert,
                                GovernedAct::record_reversal,       GovernedAct::release_buffer,
                                GovernedAct::declare_over_issuance, GovernedAct::invalidate_batch};
  return std::find(kOnes.begin(), kOnes.end(), act) != kOnes.end();
}

}  // namespace

TEST_CASE("policy may name every act that touches a programme, and its number holds") {
  NeedWorld world;
  for (const auto act : governed_acts()) {
    CAPTURE(model::name_of(act));
    const auto body = body_of(act, 1);
    const std::int64_t silent = is_of_registry(act) ? 1 : 0;
    CHECK(world.need(body).approvals == silent);
    for (const std::int64_t number : {0, 1, 3}) {
      world.set_policy(1, {{act, number}});
      CHECK(world.need(body).approvals == number);
      CHECK(!world.need(body).by_governance);
    }
    // What another act of the policy needs is nothing to this one.
    const auto other = static_cast<GovernedAct>((static_cast<std::size_t>(act) + 1) %
                                                model::EnumNames<GovernedAct>::kCount);
    world.set_policy(1, {{other, 5}});
    CHECK(world.need(body).approvals == silent);
    world.set_policy(1, {});
  }
}

TEST_CASE("of several programmes the strictest counts, the silent ones by the usual number") {
  NeedWorld world;
  world.set_policy(1, {{GovernedAct::transfer, 1}, {GovernedAct::convert, 0}});
  world.set_policy(kStrict, {{GovernedAct::transfer, 4}});
  model::Transfer transfer;
  transfer.legs = legs_of(1);
  CHECK(world.need(transfer).approvals == 1);
  transfer.legs.push_back(legs_of(kStrict)[0]);
  CHECK(world.need(transfer).approvals == 4);
  model::Convert convert;
  convert.holder = world.id("holder");
  convert.legs = legs_of(1);
  CHECK(world.need(convert).approvals == 0);
  convert.legs.push_back(legs_of(kStrict)[0]);
  CHECK(world.need(convert).approvals == 1);
  model::DeclareOverIssuance over;
  over.batches = {numbered<model::BatchId>(1), numbered<model::BatchId>(kStrict)};
  world.set_policy(kStrict, {{GovernedAct::declare_over_issuance, 2}});
  CHECK(world.need(over).approvals == 2);
  model::Label label;
  label.serials = {{numbered<model::BatchId>(1), 1, 1}, {numbered<model::BatchId>(kStrict), 1, 1}};
  world.set_policy(kStrict, {{GovernedAct::label, 3}});
  CHECK(world.need(label).approvals == 3);
  // A compensation touches the programme of its obligation as well.
  model::Cancel cancel;
  cancel.legs = legs_of(1);
  cancel.obligation = numbered<model::ObligationId>(kStrict);
  world.set_policy(kStrict, {{GovernedAct::cancel, 2}});
  CHECK(world.need(cancel).approvals == 2);
  cancel.obligation.reset();
  CHECK(world.need(cancel).approvals == 0);
}

TEST_CASE("an act on what is not there asks for the usual number") {
  NeedWorld world;
  world.set_policy(1, {{GovernedAct::transfer, 4}, {GovernedAct::invalidate_batch, 4}});
  CHECK(world.need(body_of(GovernedAct::transfer, 9)).approvals == 0);
  CHECK(world.need(body_of(GovernedAct::invalidate_batch, 9)).approvals == 1);
}

TEST_CASE("four eyes watch over what takes units, projects, keys and policy out of an account") {
  NeedWorld world;
  world.four_eyes("dev");
  const std::vector<model::ActBody> watched = {
      model::Transfer{},   model::Retire{},    model::Cancel{},          model::Lock{},
      model::Export{},     model::RepayPool{}, model::TransferProject{}, model::SetAccountPolicy{},
      model::AmendParty{}, model::BindKey{},   model::RevokeKey{}};
  for (const auto& body : watched) {
    CAPTURE(model::type_of(body));
    CHECK(world.need(body).approvals == 1);
    // Keys have a second person where there is one, with or without four eyes.
    const bool of_keys = std::holds_alternative<model::BindKey>(body) ||
                         std::holds_alternative<model::RevokeKey>(body);
    CHECK(world.need(body, "holder").approvals == (of_keys ? 1 : 0));
  }
  const std::vector<model::ActBody> free = {
      model::AcceptTransfer{},  model::RejectTransfer{},  model::CancelTransfer{},
      model::LapseTransfer{},   model::SubmitProject{},   model::AcceptProject{},
      model::Unlock{},          model::OpenAccount{},     model::FreezeSelf{},
      model::DepositEvidence{}, model::WithdrawReport{},  model::Comment{},
      model::Approve{},         model::WithdrawProposal{}};
  for (const auto& body : free) {
    CAPTURE(model::type_of(body));
    CHECK(world.need(body).none());
  }
}

TEST_CASE("a key that ends itself asks nobody, four eyes or not") {
  NeedWorld world;
  world.four_eyes("dev");
  model::RevokeKey act{SignedWorld::public_key("dev"), model::RevocationReason::lost};
  CHECK(world.need(act).none());
  act.key = SignedWorld::public_key("dev-2");
  CHECK(world.need(act).approvals == 1);
}

TEST_CASE("the larger of policy's and four eyes' number holds") {
  NeedWorld world;
  world.four_eyes("dev");
  const auto body = body_of(GovernedAct::retire, 1);
  for (const std::int64_t number : {0, 1, 2}) {
    world.set_policy(1, {{GovernedAct::retire, number}});
    CHECK(world.need(body).approvals == std::max<std::int64_t>(number, 1));
    CHECK(world.need(body, "holder").approvals == number);
  }
}

TEST_CASE("acts of the registry as such have a second person of the registry") {
  NeedWorld world;
  const std::vector<model::ActBody> always = {model::AdmitParty{}, model::SetPartyStatus{},
                                              model::AccreditVvb{}, model::OpenImport{},
                                              model::RegisterFactorTable{}};
  for (const auto& body : always) {
    CAPTURE(model::type_of(body));
    CHECK(world.need(body, "registry").approvals == 1);
    CHECK(world.need(body, "dev").approvals == 1);
  }
  for (const model::ActBody& body :
       {model::ActBody{model::AmendParty{}}, model::ActBody{model::CloseFinding{}}}) {
    CAPTURE(model::type_of(body));
    CHECK(world.need(body, "registry").approvals == 1);
    CHECK(world.need(body, "dev").none());
  }
  auto note = std::get<model::AnnotateRetirement>(body_of(GovernedAct::annotate_retirement, 1));
  CHECK(world.need(note, "registry").none());
  note.beneficiary.emplace();
  CHECK(world.need(note, "registry").approvals == 1);
  world.set_policy(1, {{GovernedAct::annotate_retirement, 0}});
  CHECK(world.need(note, "registry").none());
}

TEST_CASE("governance asks its seats alone, whatever policy says") {
  NeedWorld world;
  world.set_policy(1, {{GovernedAct::cancel, 9}});
  const auto cancel = world.need(body_of(GovernedAct::cancel, 1), "");
  CHECK(cancel.by_governance);
  CHECK(cancel.approvals == 1);
  CHECK(cancel.consents.empty());
  CHECK(world.need(model::ActivateRules{}, "").approvals == 1);
  CHECK(world.need(model::Approve{}, "").none());
  CHECK(world.need(model::WithdrawProposal{}, "").none());
}

TEST_CASE("others consent to what is done with what they keep or hold") {
  NeedWorld world;
  model::Lock lock;
  lock.legs = legs_of(1);
  lock.custodian = world.id("keeper");
  CHECK(world.need(lock).consents == std::vector{world.id("keeper")});
  CHECK(world.need(lock).approvals == 0);
  CHECK(!world.need(lock).none());
  CHECK(world.need(body_of(GovernedAct::export_, 1)).consents == std::vector{world.id("keeper")});
  CHECK(world.need(body_of(GovernedAct::export_, 9)).consents.empty());
  CHECK(world.need(body_of(GovernedAct::unlock, 1)).consents.empty());
  model::Convert convert;
  convert.legs = legs_of(1);
  convert.holder = world.id("holder");
  const auto need = world.need(convert, "registry");
  CHECK(need.consents == std::vector{world.id("holder")});
  CHECK(need.approvals == 1);
}
