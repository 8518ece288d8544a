// `report check`: the ledger's own recomputation of a report that was not submitted yet, and the
// ledger's own judgement of what it claims (carry and deficit of the project aside).
#include <algorithm>

#include "api/cli/calculation.h"
#include "api/cli/commands.h"
#include "api/files.h"
#include "crypto/canonical_json.h"
#include "crypto/sha256.h"
#include "ledger/codec/scalar_text.h"
#include "ledger/methodology/data.h"

namespace mrv::cli {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t kYearMin = 1990;
constexpr std::int64_t kYearMax = 2200;
constexpr std::int64_t kKilogramsPerTonne = 1'000;
constexpr std::int64_t kGramsPerTonne = 1'000'000;

// The list at a JSON Pointer. Errors: FIELD_MISSING, FIELD_TYPE_WRONG.
Result<json> list_at(const json& value, const std::string& pointer) {
  const json::json_pointer path(pointer);
  if (!value.contains(path)) return Error{"FIELD_MISSING", "there is no " + pointer, pointer};
  if (!value.at(path).is_array()) {
    return Error{"FIELD_TYPE_WRONG", pointer + " is a list", pointer};
  }
  return value.at(path);
}

// What is wrong with a text, with the place where it stands.
Error placed(Error error, const std::string& pointer) {
  error.detail = pointer + ": " + error.detail;
  error.pointer = pointer;
  return error;
}

Result<std::int64_t> integer_at(const json& value, const std::string& pointer,
                                const model::Range& range) {
  MRV_TRY(const std::string text, text_at(value, pointer));
  auto number = codec::parse_integer(text, range);
  if (!number.ok()) return placed(number.error(), pointer);
  return number;
}

Result<std::string> digest_at(const json& value, const std::string& pointer) {
  MRV_TRY(std::string text, text_at(value, pointer));
  if (const auto digest = hash_from_hex(text); !digest.ok()) {
    return placed(digest.error(), pointer);
  }
  return text;
}

Result<std::vector<model::VintageQuantity>> claims_of(const json& body) {
  MRV_TRY(const json list, list_at(body, "/claimed"));
  std::vector<model::VintageQuantity> claims;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string pointer = "/claimed/" + std::to_string(i);
    model::VintageQuantity claim;
    MRV_TRY(claim.year, integer_at(body, pointer + "/year", {kYearMin, kYearMax}));
    MRV_TRY(claim.quantity, integer_at(body, pointer + "/quantity", {0, kUnitsMax}));
    claims.push_back(claim);
  }
  return claims;
}

// The document of a methodology or factor table, as the ledger holds it.
Result<std::string> standard_text(Session& session, const std::string& digest) {
  MRV_TRY(const json row, session.get("/v1/methodologies/" + digest));
  const json::json_pointer path("/item/document");
  if (!row.contains(path)) return Error{"HTTP_FAILED", "the answer has no document", {}};
  return row.at(path).dump();
}

// The bytes of a dataset: its file, or the blob that its digest names.
Result<std::string> dataset_bytes(Session& session, const json& body, const std::string& pointer,
                                  const fs::path& folder) {
  if (body.contains(json::json_pointer(pointer + "/file"))) {
    MRV_TRY(const std::string file, text_at(body, pointer + "/file"));
    return api::read_file(folder / file);
  }
  MRV_TRY(const std::string digest, digest_at(body, pointer + "/digest"));
  MRV_TRY(std::string bytes, session.get_text("/blob/" + digest));
  if (to_hex(crypto::sha256(as_bytes(bytes))) != digest) {
    return Error{"BLOB_DIGEST_DIFFERS", "the server's bytes are not those of " + digest, {}};
  }
  return bytes;
}

Status add_datasets(Session& session, const json& body, const fs::path& folder,
                    LocalReport& report) {
  MRV_TRY(const json datasets, list_at(body, "/datasets"));
  for (std::size_t i = 0; i < datasets.size(); ++i) {
    const std::string pointer = "/datasets/" + std::to_string(i);
    MRV_TRY(const std::string name, text_at(body, pointer + "/name"));
    const auto& parameters = report.program.parameters;
    const auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& each) {
      return each.parameter.name == name && codec::takes_dataset(each.parameter);
    });
    if (found == parameters.end() || report.inputs.contains(name)) {
      const char* why = found == parameters.end() ? "the methodology has no rows or list "
                                                  : "inputs give it as well: ";
      return Error{"PARAMETER_INVALID", why + name, pointer + "/name"};
    }
    MRV_TRY(std::string csv, dataset_bytes(session, body, pointer, folder));
    MRV_TRY(report.inputs[name], codec::decode_dataset(found->parameter, std::move(csv)));
  }
  return {};
}

Result<LocalReport> load_report(Session& session, const json& body, const fs::path& folder) {
  LocalReport report;
  MRV_TRY(const std::string from, text_at(body, "/period/from"));
  MRV_TRY(const std::string to, text_at(body, "/period/to"));
  MRV_TRY(report.period, period_of(from, to));
  MRV_TRY(const std::string digest, digest_at(body, "/methodology"));
  MRV_TRY(const std::string text, standard_text(session, digest));
  MRV_TRY(const auto document, codec::decode_methodology(text));
  MRV_TRY(report.program, methodology::compile(document));
  MRV_TRY(const json tables, list_at(body, "/tables"));
  for (std::size_t i = 0; i < tables.size(); ++i) {
    MRV_TRY(const std::string table, digest_at(body, "/tables/" + std::to_string(i)));
    MRV_TRY(const std::string table_text, standard_text(session, table));
    MRV_TRY(auto decoded, codec::decode_factor_table(table_text));
    report.tables.push_back(std::move(decoded));
  }
  if (!body.contains("inputs")) return Error{"FIELD_MISSING", "there is no /inputs", "/inputs"};
  MRV_TRY(report.inputs, codec::decode_inputs({crypto::canonicalize(body.at("inputs"))}));
  MRV_CHECK(add_datasets(session, body, folder, report));
  return report;
}

// Units of the programme to a tonne. A project that the ledger does not know yet is counted in
// tonnes; `known` says which it was.
Result<Rational> units_per_tonne(Session& session, const json& body, bool& known) {
  MRV_TRY(const std::string project, text_at(body, "/project"));
  const auto row = session.get("/v1/projects/" + project);
  known = row.ok();
  if (!known) {
    if (row.error().name == "NOT_FOUND") return Rational(1);
    return row.error();
  }
  MRV_TRY(const std::string programme, text_at(*row, "/item/programme"));
  MRV_TRY(const json programme_row, session.get("/v1/programmes/" + programme));
  MRV_TRY(const std::string unit, text_at(programme_row, "/item/unit"));
  if (unit == "kg") return Rational(kKilogramsPerTonne);
  return Rational(unit == "g" ? kGramsPerTonne : 1);
}

struct Verdict {
  std::string human;
  json machine = json::array();
  bool holds = true;
};

std::string years_text(const std::vector<std::int64_t>& years) {
  std::string text;
  for (const auto year : years) text += (text.empty() ? "" : ", ") + std::to_string(year);
  return text.empty() ? "no year" : text;
}

// The claimed years are exactly those of the period, and no claim is above its year's ceiling.
Result<Verdict> judge(const std::vector<model::VintageQuantity>& claims,
                      const methodology::Calculation& calculation, const Rational& scale) {
  Verdict verdict;
  std::vector<std::int64_t> claimed(claims.size());
  std::vector<std::int64_t> calculated(calculation.years.size());
  const auto year_of = [](const auto& each) { return each.year; };
  std::transform(claims.begin(), claims.end(), claimed.begin(), year_of);
  std::transform(calculation.years.begin(), calculation.years.end(), calculated.begin(), year_of);
  if (claimed != calculated) {
    verdict.holds = false;
    verdict.human = "\nCLAIM_YEARS_WRONG: claimed " + years_text(claimed) + "; the period has " +
                    years_text(calculated);
    verdict.machine.push_back({{"outcome", "CLAIM_YEARS_WRONG"}});
    return verdict;
  }
  for (std::size_t i = 0; i < claims.size(); ++i) {
    MRV_TRY(const Rational units, calculation.years[i].credited.times(scale));
    const Rational ceiling = units.is_negative() ? Rational() : units.floor();
    const bool over = Rational(claims[i].quantity) > ceiling;
    const std::string year = std::to_string(claims[i].year);
    const std::string quantity = std::to_string(claims[i].quantity);
    verdict.human.append("\n").append(year).append(": claimed ").append(quantity);
    verdict.human.append(", recomputed ").append(ceiling.text());
    verdict.human.append(over ? "  OVER_CLAIM" : "  ok");
    verdict.machine.push_back({{"year", year},
                               {"claimed", quantity},
                               {"recomputed", ceiling.text()},
                               {"outcome", over ? "OVER_CLAIM" : "ok"}});
    verdict.holds = verdict.holds && !over;
  }
  return verdict;
}

struct Checked {
  std::string human;
  json machine;
  bool holds = true;
};

Result<Checked> check(Session& session, const fs::path& file) {
  MRV_TRY(const json body, read_body(file));
  MRV_TRY(const auto claims, claims_of(body));
  MRV_TRY(const auto report, load_report(session, body, file.parent_path()));
  bool known = true;
  MRV_TRY(const Rational units, units_per_tonne(session, body, known));
  MRV_TRY(const Rational scale, report.program.tonnes_per_unit.times(units));
  MRV_TRY(const auto calculation,
          methodology::calculate(report.program, report.period, report.inputs, report.tables));
  MRV_TRY(const Verdict verdict, judge(claims, calculation, scale));
  Checked checked;
  checked.human =
      readable_trace(report.program, calculation, report.tables, session.settings().language) +
      verdict.human + "\n(before the project's carry and deficit, which the ledger adds)";
  if (!known) checked.human += "\n(the ledger does not know the project: counted in tonnes)";
  checked.machine = calculation_json(calculation);
  checked.machine["claims"] = verdict.machine;
  checked.machine["holds"] = verdict.holds;
  checked.holds = verdict.holds;
  return checked;
}

}  // namespace

Result<model::Period> period_of(const std::string& from, const std::string& to) {
  model::Period period;
  MRV_CHECK(codec::from_text(from, period.from));
  MRV_CHECK(codec::from_text(to, period.to));
  if (period.to <= period.from) {
    return Error{"PERIOD_INVALID", "the period " + from + " to " + to + " is empty", {}};
  }
  return period;
}

int check_report(Session& session, const fs::path& file) {
  const auto checked = check(session, file);
  if (!checked.ok()) return session.fail(checked.error());
  session.print(checked->human, checked->machine);
  return checked->holds ? kExitOk : kExitFailed;
}

}  // namespace mrv::cli
