// IssueCredits: statements counted, tonnes settled, batches created (domain.md 5).
#include "ledger/state/issuance.h"

#include <algorithm>
#include <cassert>

#include "crypto/sha256.h"
#include "ledger/state/authority.h"
#include "ledger/state/findings.h"
#include "ledger/state/independence.h"
#include "ledger/state/obligations.h"
#include "ledger/state/policy.h"
#include "ledger/state/pool.h"
#include "ledger/state/rules.h"
#include "ledger/state/rules_version.h"
#include "ledger/state/settled_years.h"
#include "ledger/state/units.h"

namespace mrv::state {
namespace {

using model::Outcome;
using model::ProjectState;
using model::UnitState;

constexpr const char* kReportPointer = "/credentialSubject/report";

// Everything that issuing one report reads.
struct Issuance {
  model::ReportRow report;
  model::ProjectRow project;
  model::ProgrammeRow programme;
  std::int64_t rules = 0;                       // the version in force
  std::vector<model::StatementRow> statements;  // all that stand: their figures bind
  std::vector<model::StatementRow> counted;     // toward the required number and the buffer's rate

  model::ProgrammePolicy policy;  // in force at this entry
};

Rational decimal(const model::DecimalText& decimal) {
  auto rational = Rational::parse(decimal.text);
  assert(rational.ok());
  return *std::move(rational);
}

Check read_issuance(Context& context, const model::ReportId& id, Issuance& out) {
  auto report = context.read<model::ReportRow>(codec::report_key(id));
  if (!report) return refuse(Outcome::REPORT_UNKNOWN, kReportPointer);
  if (report->state == model::ReportState::issued) {
    return refuse(Outcome::REPORT_ISSUED, kReportPointer);
  }
  if (report->state != model::ReportState::live) {
    return refuse(Outcome::REPORT_NOT_LIVE, kReportPointer);
  }
  auto project = context.read<model::ProjectRow>(codec::project_key(report->project));
  if (!project) return refuse(Outcome::PROJECT_UNKNOWN, kReportPointer);
  auto programme = context.read<model::ProgrammeRow>(codec::programme_key(project->programme));
  if (!programme) return refuse(Outcome::PROGRAMME_UNKNOWN, kReportPointer);
  for (const auto& statement_id : report->statements) {
    auto statement = context.read<model::StatementRow>(codec::statement_key(statement_id));
    if (statement) out.statements.push_back(*std::move(statement));
  }
  out.rules = rules_version(context);
  out.report = *std::move(report);
  out.project = *std::move(project);
  out.policy = policy_of(context, *programme);
  out.programme = *std::move(programme);
  return std::nullopt;
}

Check check_ready(const Issuance& issuance) {
  const auto state = issuance.project.state;
  if (state != ProjectState::registered && state != ProjectState::completed) {
    return refuse(Outcome::PROJECT_STATE_WRONG, kReportPointer,
                  "the project is " + std::string(model::name_of(state)));
  }
  const auto expected =
      issuance.project.issued_until.value_or(issuance.project.crediting_period.from);
  const bool in_order = issuance.report.period.from == expected;
  const bool gap_allowed = issuance.policy.gaps_allowed && issuance.report.period.from > expected;
  if (!in_order && !gap_allowed) return refuse(Outcome::PERIOD_GAP, kReportPointer);
  if (issuance.project.issuances >= kIssuancesMax) {
    return refuse(Outcome::LIST_TOO_LONG, kReportPointer, "the project has issued too often");
  }
  return std::nullopt;
}

// Units are the developer's: of a party that still is one.
Check check_developer(Context& context, const Issuance& issuance) {
  const auto developer =
      context.read<model::PartyRow>(codec::party_key(issuance.project.developer));
  const bool eligible = developer && standing_of(*developer).status != model::PartyStatus::closed &&
                        has_role(context, *developer, model::Role::developer);
  if (eligible) return std::nullopt;
  return refuse(Outcome::DEVELOPER_NOT_ELIGIBLE, kReportPointer, issuance.project.developer.text());
}

// No debt that is overdue, and nothing that a verifier still waits for.
Check check_open_matters(Context& context, const Issuance& issuance) {
  if (has_overdue_obligation(context, issuance.project.developer)) {
    return refuse(Outcome::OBLIGATION_OVERDUE, kReportPointer, issuance.project.developer.text());
  }
  if (issuance.rules >= kGuardRulesVersion) {
    if (const auto debtor = former_debtor(context, issuance.project, DebtAge::overdue)) {
      return refuse(Outcome::OBLIGATION_OVERDUE, kReportPointer, debtor->text());
    }
  }
  if (auto check = check_findings(context, issuance.report, kReportPointer)) return check;
  return check_forward_actions(context, issuance.report, kReportPointer);
}

// An adverse opinion and a disclaimer block whatever policy accepts.
bool blocks(const model::ProgrammePolicy& policy, model::Opinion opinion) {
  const auto& accepted = policy.accepted_opinions;
  return opinion == model::Opinion::adverse || opinion == model::Opinion::disclaimer ||
         std::find(accepted.begin(), accepted.end(), opinion) == accepted.end();
}

// Admitted, accredited for the project, not due for rotation, (version 2) independent of its
// developer and (version 4) not its validator where that may not verify: now, not when it stated.
bool may_count(Context& context, const Issuance& issuance, const model::PartyRow& vvb) {
  return !require_admitted(context, vvb, {}) && has_role(context, vvb, model::Role::vvb) &&
         !check_accredited(context, vvb.id, reported_by(issuance.project, issuance.report)) &&
         !is_rotation_due(context, issuance.policy, issuance.project, vvb) &&
         (issuance.rules < 2 || !check_independent(context, vvb, issuance.project)) &&
         (issuance.rules < kGuardRulesVersion || issuance.policy.validator_may_verify ||
          !has_validated(context, issuance.project, vvb));
}

// Reviewed where the programme wants a second person of the VVB behind a statement.
bool is_reviewed(const Issuance& issuance, const model::StatementRow& statement) {
  if (!lifecycle_of(issuance.policy).review_required) return true;
  return statement.review && statement.review->decision == model::Decision::approve;
}

// Every standing statement binds; enough of them, by VVBs in good standing and independent of each
// other, must be there.
Check check_statements(Context& context, Issuance& issuance) {
  Voices voices(issuance.rules >= kGuardRulesVersion, context.index());
  for (const auto& statement : issuance.statements) {
    if (blocks(issuance.policy, statement.opinion)) {
      return refuse(Outcome::OPINION_BLOCKS, kReportPointer,
                    statement.id.text() + " is " + std::string(model::name_of(statement.opinion)));
    }
    const auto vvb = context.read<model::PartyRow>(codec::party_key(statement.vvb));
    if (!vvb || !may_count(context, issuance, *vvb) || !is_reviewed(issuance, statement)) continue;
    issuance.counted.push_back(statement);
    voices.add(*vvb);
  }
  const auto needed = issuance.policy.statements_min;
  if (voices.count() >= needed) return std::nullopt;
  return refuse(Outcome::STATEMENTS_MISSING, kReportPointer,
                std::to_string(voices.count()) + " of " + std::to_string(needed));
}

// The lowest of ceiling, claim and every standing statement.
Units quantity_of(const Issuance& issuance, const model::RecomputedVintage& vintage,
                  Units ceiling) {
  Units quantity = std::min(ceiling, vintage.claimed);
  for (const auto& statement : issuance.statements) {
    for (const auto& verified : statement.verified) {
      if (verified.year == vintage.year) quantity = std::min(quantity, verified.quantity);
    }
  }
  return quantity;
}

// The programme's rate, or the highest that a counted statement asks for.
Rational buffer_rate(const Issuance& issuance) {
  Rational rate = decimal(issuance.policy.buffer_rate);
  for (const auto& statement : issuance.counted) {
    if (!statement.buffer_rate) continue;
    const Rational asked = decimal(*statement.buffer_rate);
    if (asked > rate) rate = asked;
  }
  return rate;
}

// What one vintage comes to.
struct Share {
  Units quantity = 0;
  Units buffer = 0;
};

Check create_batch(Context& context, const Issuance& issuance, std::int64_t year,
                   const Share& share, std::uint32_t nth) {
  const auto ledger = context.ledger();
  assert(ledger && issuance.project.code);
  model::BatchRow batch;
  batch.id = batch_id_of(context.act().digest, year);
  batch.entry = context.index();
  batch.report = issuance.report.id;
  batch.project = issuance.project.id;
  batch.programme = issuance.programme.id;
  batch.developer = issuance.project.developer;
  batch.vintage = year;
  batch.prefix = ledger->registry_code + "-" + issuance.programme.code + "-" +
                 issuance.project.country + "-" + *issuance.project.code + "-" +
                 std::to_string(year) + "-" + std::to_string(issuance.project.issuances + 1);
  batch.quantity = share.quantity;
  batch.buffer = share.buffer;
  if (issuance.rules >= 2) {
    batch.issued_at = context.recorded_at();
    index_batch(context, batch);
  }
  context.create(codec::batch_key(batch.id), batch, nth);
  const Units own = share.quantity - share.buffer;
  if (own > 0) {
    create_units(context, {batch.id, 1, own}, {UnitState::active, batch.developer, std::nullopt});
  }
  if (share.buffer == 0) return std::nullopt;
  create_units(context, {batch.id, own + 1, share.quantity},
               {UnitState::buffer, std::nullopt, std::nullopt});
  return grow_pool(context, issuance.programme.id, share.buffer, kReportPointer);
}

// The base of the buffer and its own carry: what the methodology declares, else the quantity
// itself.
Result<Rational> buffer_base(const model::RecomputedVintage& vintage, Units quantity,
                             model::CarryRow& carry) {
  if (!vintage.buffer_base) return Rational(quantity);
  MRV_TRY(const Rational available,
          stored_number(*vintage.buffer_base).plus(stored_number(carry.base_carry)));
  if (available.is_negative()) {
    carry.base_carry = available.text();
    return Rational();
  }
  MRV_TRY(const Rational rest, available.minus(available.floor()));
  carry.base_carry = rest.text();
  return available.floor();
}

// An exact number that grew from report to report must still fit its row.
Status check_texts(std::initializer_list<std::string_view> texts) {
  const bool fit = std::all_of(texts.begin(), texts.end(), [](std::string_view text) {
    return text.size() <= kExactTextBytesMax;
  });
  if (fit) return {};
  return Error{"NUMBER_TOO_LARGE", "the carried number has too many digits", {}};
}

// One vintage: `added` is what it adds to what its year was settled with before.
Result<Share> settle(Context& context, Issuance& issuance, const model::RecomputedVintage& vintage,
                     const Rational& added) {
  const Bytes key = codec::carry_key(issuance.project.id, vintage.year);
  auto carry = context.read<model::CarryRow>(key);
  if (!carry) carry = model::CarryRow{issuance.project.id, vintage.year, "0", "0"};
  MRV_TRY(const VintageSettlement settled, settle_vintage(added, stored_number(carry->carry),
                                                          stored_number(issuance.project.deficit)));
  Share share;
  share.quantity = quantity_of(issuance, vintage, settled.ceiling);
  MRV_TRY(const Rational base, buffer_base(vintage, share.quantity, *carry));
  MRV_TRY(share.buffer, buffer_share(share.quantity, buffer_rate(issuance), base));
  carry->carry = settled.carry.text();
  issuance.project.deficit = settled.deficit.text();
  if (issuance.rules >= kGuardRulesVersion) {
    MRV_TRY(carry->settled, settled_with(*carry, vintage.exact, issuance.report.history));
  }
  MRV_CHECK(check_texts(
      {carry->carry, carry->base_carry, issuance.project.deficit, carry->settled.value_or("")}));
  context.write(key, *carry);
  return share;
}

// How many issued periods in a row the VVB has verified by now; from version 4 on an affiliate's
// run goes on in it.
std::int64_t run_of(Context& context, const model::ProjectRow& project, const model::PartyId& vvb) {
  const auto row = context.read<model::PartyRow>(codec::party_key(vvb));
  std::int64_t periods = 0;
  for (const auto& run : project.verifier_runs) {
    if (row && is_or_is_near(context, *row, run.vvb)) periods = std::max(periods, run.periods);
  }
  return periods + 1;
}

void close_report(Context& context, Issuance& issuance) {
  auto& project = issuance.project;
  std::vector<model::VerifierRun> runs;
  runs.reserve(issuance.statements.size());
  for (const auto& statement : issuance.statements) {
    runs.push_back({statement.vvb, run_of(context, project, statement.vvb)});
  }
  project.verifier_runs = std::move(runs);
  std::erase(project.live_reports, issuance.report.id);
  project.issued_until = issuance.report.period.to;
  project.issuances += 1;
  context.write(codec::project_key(project.id), project);
  issuance.report.state = model::ReportState::issued;
  if (issuance.rules >= 2) issuance.report.issued_by = context.act().digest;
  context.write(codec::report_key(issuance.report.id), issuance.report);
}

}  // namespace

Rational stored_number(const std::string& text) {
  auto rational = Rational::parse_canonical(text);
  assert(rational.ok());
  return *std::move(rational);
}

model::BatchId batch_id_of(const Hash& document, std::int64_t year) {
  crypto::Sha256 sha;
  const std::array<std::uint8_t, 2> bytes = {static_cast<std::uint8_t>(year >> 8U),
                                             static_cast<std::uint8_t>(year & 0xFF)};
  return model::BatchId::of(sha.update(document).update(bytes).finish());
}

Result<VintageSettlement> settle_vintage(const Rational& exact, const Rational& carry,
                                         const Rational& deficit) {
  MRV_TRY(const Rational sum, exact.plus(carry));
  MRV_TRY(const Rational available, sum.minus(deficit));
  VintageSettlement settled;
  if (available.is_negative()) {
    settled.deficit = available.negated();
    return settled;
  }
  const Rational whole = available.floor();
  MRV_TRY(settled.ceiling, whole.to_units());
  MRV_TRY(settled.carry, available.minus(whole));
  return settled;
}

Result<Units> buffer_share(Units quantity, const Rational& rate, const Rational& base) {
  MRV_TRY(const Rational share, rate.times(base));
  const Rational whole = share.ceil();
  if (whole >= Rational(quantity)) return quantity;
  return whole.to_units();
}

Check rule(Context& context, const model::IssueCredits& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::registry}, acting)) {
    return check;
  }
  Issuance issuance;
  if (auto check = read_issuance(context, act.report, issuance)) return check;
  if (auto check = check_ready(issuance)) return check;
  if (auto check = check_developer(context, issuance)) return check;
  if (auto check = check_open_matters(context, issuance)) return check;
  if (auto check = check_statements(context, issuance)) return check;
  const auto& report = issuance.report;
  const auto added = additions(context, report.project, report.vintages, report.history);
  if (!added.ok()) return refuse(Outcome::AMOUNT_OVERFLOW, kReportPointer);
  if (report.history) settle_history(context, report.project, *report.history);
  std::uint32_t nth = 0;
  for (std::size_t i = 0; i < report.vintages.size(); ++i) {
    const auto& vintage = report.vintages[i];
    const auto share = settle(context, issuance, vintage, (*added)[i]);
    if (!share.ok() || share->quantity > kUnitsMax) {
      return refuse(Outcome::AMOUNT_OVERFLOW, kReportPointer, std::to_string(vintage.year));
    }
    if (share->quantity == 0) continue;
    if (auto check = create_batch(context, issuance, vintage.year, *share, nth++)) return check;
  }
  close_report(context, issuance);
  return std::nullopt;
}

}  // namespace mrv::state
