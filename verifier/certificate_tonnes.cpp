// Standards, the entry's result, the calculation again, ceilings, buffer.
#include "verifier/certificate_tonnes.h"

#include <algorithm>
#include <array>

#include "crypto/sha256.h"
#include "ledger/base/time.h"
#include "ledger/codec/methodology_codec.h"
#include "ledger/state/issuance.h"
#include "ledger/state/recomputation.h"
#include "verifier/certificate_authority.h"

namespace mrv::verifier {
namespace {

using methodology::Calculation;

Error differs(std::string what) { return {"CERTIFICATE_TONNES_DIFFER", std::move(what), {}}; }

struct Named {
  std::string name;
  std::string version;
};

Result<Named> named(const model::RegisterMethodology& act) {
  MRV_TRY(const auto document, codec::decode_methodology(act.document.canonical));
  return Named{document.id, document.version};
}
Result<Named> named(const model::RegisterFactorTable& act) {
  MRV_TRY(const auto document, codec::decode_factor_table(act.document.canonical));
  return Named{document.series, document.version};
}

// Activated by somebody else than its registrant, after the review delay and before `used`.
Status check_activation(CertificateParts& parts, const model::StandardRow& row, EntryIndex used) {
  MRV_TRY(const ProvedAct* const act,
          parts.find<model::ActivateMethodology>(
              "the activation of a standard",
              [&row](const auto&, const auto& body) { return body.digest == row.digest; }));
  if (!row.activated || used <= *row.activated || act->index <= row.entry) {
    return broken("a standard was not active when it was used");
  }
  MRV_TRY(const auto needed, approvals_needed(parts, *act, *row.activated));
  MRV_CHECK(check_effect(parts, *act, *row.activated, needed, "the activation of a standard"));
  MRV_TRY(const auto ledger, parts.row<model::LedgerRow>(codec::ledger_key(), "the ledger"));
  const std::int64_t due =
      row.registered_at.value() + ledger.delays.activation_seconds * kMsPerSecond;
  const bool reviewed = parts.at(*row.activated)->entry.recorded_at.value() >= due &&
                        (!act->act.act.party || act->act.act.party != row.party);
  return reviewed ? Status() : Status(broken("a standard was activated without review"));
}

// The registered document with this digest, active before `used`.
template <class Body>
Result<model::RawJson> prove_standard(CertificateParts& parts, const Hash& digest, EntryIndex used,
                                      const std::string& what) {
  MRV_TRY(const auto row, parts.row<model::StandardRow>(codec::standard_key(digest), what));
  MRV_TRY(const ProvedAct* const act,
          parts.find<Body>(what, [&digest](const auto&, const Body& body) {
            return codec::standard_digest(body.document) == digest;
          }));
  MRV_TRY(const auto needed, approvals_needed(parts, *act, row.entry));
  MRV_CHECK(check_effect(parts, *act, row.entry, needed, what));
  const auto& body = std::get<Body>(act->act.act.body);
  MRV_TRY(const Named name, named(body));
  model::StandardRow expected = row;
  expected.is_table = std::is_same_v<Body, model::RegisterFactorTable>;
  expected.name = name.name;
  expected.version = name.version;
  expected.document = body.document;
  expected.party = act->act.act.party;
  expected.registered_at = parts.at(row.entry)->entry.recorded_at;
  MRV_CHECK(check_same(row, expected, what));
  MRV_CHECK(check_activation(parts, row, used));
  return body.document;
}

struct Standards {
  methodology::Program program;
  std::vector<model::FactorTable> tables;
  Rational scale;  // units of the programme in one of the document's unit
};

Result<Standards> prove_standards(CertificateParts& parts, const Origin& origin) {
  constexpr std::array<std::int64_t, 3> kUnitsPerTonne = {1, 1'000, 1'000'000};
  Standards standards;
  const auto& report = origin.report;
  MRV_TRY(const EntryIndex asked, origin.history.asked_for(report.methodology));
  MRV_TRY(const auto methodology, prove_standard<model::RegisterMethodology>(
                                      parts, report.methodology, asked, "the methodology"));
  MRV_TRY(const auto document, codec::decode_methodology(methodology.canonical));
  MRV_TRY(standards.program, methodology::compile(document));
  const Rational units(kUnitsPerTonne.at(static_cast<std::size_t>(origin.programme.unit)));
  MRV_TRY(standards.scale, standards.program.tonnes_per_unit.times(units));
  for (const Hash& digest : report.tables) {
    MRV_TRY(const auto text, prove_standard<model::RegisterFactorTable>(parts, digest, report.entry,
                                                                        "a factor table"));
    MRV_TRY(auto table, codec::decode_factor_table(text.canonical));
    standards.tables.push_back(std::move(table));
  }
  return standards;
}

// One year of the report's row against the exact outputs of the methodology.
Status check_year(const model::RecomputedVintage& vintage, const Rational& scale,
                  const Rational& credited, const std::optional<Rational>& buffer_base) {
  MRV_TRY(const Rational exact, credited.times(scale));
  std::optional<std::string> base;
  if (buffer_base) {
    MRV_TRY(const Rational scaled, buffer_base->times(scale));
    base = scaled.text();
  }
  if (vintage.exact == exact.text() && vintage.buffer_base == base) return {};
  return differs("the report's row has another figure than " + exact.text() + " for " +
                 std::to_string(vintage.year));
}

Result<std::optional<Rational>> output(const model::ResultYear& year, std::string_view name) {
  for (const auto& one : year.outputs) {
    if (one.name != name) continue;
    MRV_TRY(auto exact, Rational::parse_canonical(one.exact));
    return std::optional(std::move(exact));
  }
  return std::optional<Rational>();
}

// The result that the entry carries, where a dataset was read; without datasets it carries none.
Status check_result(const Origin& origin, const Rational& scale) {
  const auto& text = origin.effect->entry.result;
  const auto& report = origin.report;
  if (text.has_value() == report.datasets.empty()) {
    return differs("the entry carries a result exactly where it has datasets");
  }
  if (!text) return {};
  const auto result = codec::decode_result(*text);
  const bool same = result.ok() && result->trace_digest == report.trace_digest &&
                    result->methodology == report.methodology && result->tables == report.tables &&
                    result->engine == report.engine_version &&
                    result->years.size() == report.vintages.size();
  if (!same) return differs("the entry's result is not the report's");
  for (std::size_t i = 0; i < result->years.size(); ++i) {
    const auto& year = result->years[i];
    MRV_TRY(const auto credited, output(year, methodology::kCreditedOutput));
    MRV_TRY(const auto base, output(year, methodology::kBufferBaseOutput));
    if (!credited || year.year != report.vintages[i].year) {
      return differs("the entry's result has other years than the report");
    }
    MRV_CHECK(check_year(report.vintages[i], scale, *credited, base));
  }
  return {};
}

// A dataset's records, if its bytes are at hand.
Result<bool> read_dataset(const Standards& standards, const model::DatasetReference& dataset,
                          const CertificateOptions& options, codec::Inputs& inputs) {
  const auto bytes = options.datasets ? options.datasets(dataset.digest) : std::nullopt;
  if (!bytes || crypto::sha256(*bytes) != dataset.digest) return false;
  for (const auto& compiled : standards.program.parameters) {
    const auto& parameter = compiled.parameter;
    if (!codec::takes_dataset(parameter) || parameter.name != dataset.name ||
        inputs.contains(dataset.name))
      continue;
    MRV_TRY(inputs[dataset.name], codec::decode_dataset(parameter, std::string(as_text(*bytes))));
    return true;
  }
  return differs("the methodology reads no dataset " + dataset.name);
}

// Nothing: a dataset is not at hand, and `missing` says which.
Result<std::optional<Calculation>> calculate(const Origin& origin, const Standards& standards,
                                             const CertificateOptions& options,
                                             std::string& missing) {
  const auto& body = origin.body();
  MRV_TRY(auto inputs, codec::decode_inputs(body.inputs));
  for (const auto& dataset : body.datasets) {
    MRV_TRY(const bool read, read_dataset(standards, dataset, options, inputs));
    if (read) continue;
    missing = "dataset " + dataset.name + " (" + to_hex(dataset.digest) + ") is not at hand";
    return std::optional<Calculation>();
  }
  auto calculation =
      methodology::calculate(standards.program, body.period, inputs, standards.tables);
  if (!calculation.ok()) return differs("recomputing fails: " + calculation.error().detail);
  return std::optional(*std::move(calculation));
}

// What a series says of the years before the report's, where the row keeps it.
Status check_history(const model::ReportRow& report, const Rational& scale,
                     const Calculation& calculation) {
  if (!report.history) return {};
  MRV_TRY(const auto history, state::exact_history(scale, calculation));
  if (history == *report.history) return {};
  return differs("the report's row tells other earlier years");
}

Status check_calculation(const Origin& origin, const Rational& scale, Calculation calculation) {
  const auto& report = origin.report;
  if (calculation.trace_digest != report.trace_digest ||
      calculation.years.size() != report.vintages.size()) {
    return differs("recomputing gives another trace");
  }
  for (std::size_t i = 0; i < calculation.years.size(); ++i) {
    const auto& year = calculation.years[i];
    if (year.year != report.vintages[i].year) return differs("recomputing gives other years");
    MRV_CHECK(check_year(report.vintages[i], scale, year.credited, year.buffer_base));
  }
  MRV_CHECK(check_history(report, scale, calculation));
  const auto& text = origin.effect->entry.result;
  const state::Recomputation recomputation{
      std::move(calculation), {}, report.history, report.tables};
  if (!text || *text == state::result_of(origin.body(), recomputation)) return {};
  return differs("recomputing gives another result than the entry carries");
}

// Whether the fraction of an earlier report can count in this one's year: only if an earlier period
// of the project can touch that year, and periods are issued in their order.
bool may_carry(const Origin& origin, std::int64_t year) {
  const auto from = origin.report.period.from;
  const std::int32_t new_year = days_of({static_cast<std::int32_t>(year), 1, 1});
  return origin.project.crediting_period.from < from && new_year < from.days;
}

Status check_ceilings(const Origin& origin) {
  for (const auto& vintage : origin.report.vintages) {
    const auto most = most_units(origin, vintage);
    if (most.ok() && vintage.claimed <= vintage.ceiling && vintage.ceiling <= *most) continue;
    return differs("for " + std::to_string(vintage.year) + " " + std::to_string(vintage.claimed) +
                   " is claimed of " + vintage.exact);
  }
  return {};
}

Result<Rational> buffer_rate(const Origin& origin,
                             const std::vector<model::StatementRow>& statements) {
  MRV_TRY(Rational rate, Rational::parse(origin.issuing.buffer_rate.text));
  for (const auto& statement : statements) {
    if (!statement.buffer_rate) continue;
    MRV_TRY(const Rational asked, Rational::parse(statement.buffer_rate->text));
    if (asked > rate) rate = asked;
  }
  return rate;
}

// What the base comes to, unless a carried part of it, seen nowhere here, counts as well.
Result<std::optional<Rational>> buffer_base(const Origin& origin,
                                            const model::RecomputedVintage& vintage,
                                            Units quantity) {
  if (!vintage.buffer_base) return std::optional(Rational(quantity));
  if (may_carry(origin, vintage.year)) return std::optional<Rational>();
  MRV_TRY(const Rational base, Rational::parse_canonical(*vintage.buffer_base));
  return std::optional(base.is_negative() ? Rational() : base.floor());
}

}  // namespace

Result<Units> most_units(const Origin& origin, const model::RecomputedVintage& vintage) {
  MRV_TRY(const Rational exact, Rational::parse_canonical(vintage.exact));
  const Rational most = may_carry(origin, vintage.year) ? exact.ceil() : exact.floor();
  if (most.is_negative()) return Units{0};
  return most.to_units();
}

Result<std::string> check_tonnes(CertificateParts& parts, const Origin& origin,
                                 const CertificateOptions& options) {
  MRV_TRY(const Standards standards, prove_standards(parts, origin));
  if (origin.report.engine_version != methodology::kEngineVersion) {
    return differs("another engine calculated: " + origin.report.engine_version);
  }
  MRV_CHECK(check_result(origin, standards.scale));
  MRV_CHECK(check_ceilings(origin));
  std::string missing;
  MRV_TRY(auto calculation, calculate(origin, standards, options, missing));
  if (calculation) {
    MRV_CHECK(check_calculation(origin, standards.scale, *std::move(calculation)));
    return std::string("recomputed");
  }
  if (options.require_recomputation) return Error{"CERTIFICATE_NOT_RECOMPUTED", missing, {}};
  return "not recomputed: " + missing;
}

Status check_issued(const Origin& origin, const std::vector<model::StatementRow>& statements,
                    const model::BatchRow& batch) {
  const auto& vintages = origin.report.vintages;
  const auto vintage = std::find_if(vintages.begin(), vintages.end(), [&batch](const auto& one) {
    return one.year == batch.vintage;
  });
  if (vintage == vintages.end() || batch.quantity > vintage->claimed) {
    return differs("more was issued than the report claims");
  }
  for (const auto& statement : statements) {
    for (const auto& verified : statement.verified) {
      if (verified.year != batch.vintage || batch.quantity <= verified.quantity) continue;
      return differs("more was issued than was verified");
    }
  }
  MRV_TRY(const auto base, buffer_base(origin, *vintage, batch.quantity));
  if (!base) return {};
  MRV_TRY(const Rational rate, buffer_rate(origin, statements));
  MRV_TRY(const Units buffer, state::buffer_share(batch.quantity, rate, *base));
  return batch.buffer == buffer ? Status() : Status(differs("the buffer is not its share"));
}

}  // namespace mrv::verifier
