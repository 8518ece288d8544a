// Programmes, methodologies, factor tables; and calculating on this machine.
#include "api/cli/calculation.h"
#include "api/cli/commands.h"
#include "api/files.h"
#include "crypto/canonical_json.h"
#include "ledger/codec/csv.h"
#include "ledger/codec/scalar_text.h"

namespace mrv::cli {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct StandardOptions {
  fs::path file;
  fs::path inputs;
  std::vector<fs::path> tables;
  std::vector<std::string> datasets;
  std::string from;
  std::string to;
  std::string digest;
};
using SharedStandardOptions = std::shared_ptr<StandardOptions>;

Result<methodology::Program> program_of(const std::string& text) {
  MRV_TRY(const auto document, codec::decode_methodology(text));
  return methodology::check_document(document);
}

Result<methodology::Program> load_program(const fs::path& path) {
  MRV_TRY(const std::string text, api::read_file(path));
  return program_of(text);
}

int check_methodology(Session& session, const StandardOptions& options) {
  const auto text = api::read_file(options.file);
  if (!text.ok()) return session.fail(text.error());
  const auto program = program_of(*text);
  if (!program.ok()) return session.fail(program.error());
  const auto document = crypto::parse_strict(*text, crypto::kForeignLimits);
  if (!document.ok()) return session.fail(document.error());
  const std::string digest = to_hex(codec::standard_digest({crypto::canonicalize(*document)}));
  const auto& d = program->document;
  session.print("the document holds: " + d.id + " " + d.version + "\n" +
                    std::to_string(d.definitions.size()) + " definitions, " +
                    std::to_string(d.checks.size()) + " checks, " +
                    std::to_string(d.vectors.size()) + " vectors pass\ndigest " + digest,
                {{"id", d.id}, {"version", d.version}, {"digest", digest}});
  return kExitOk;
}

// "massMeters=file.csv"
Status add_dataset(const methodology::Program& program, const std::string& text,
                   codec::Inputs& inputs) {
  const auto equals = text.find('=');
  const std::string name = text.substr(0, equals);
  for (const auto& parameter : program.parameters) {
    const bool fits = parameter.parameter.name == name && codec::takes_dataset(parameter.parameter);
    if (!fits || equals == std::string::npos) continue;
    MRV_TRY(std::string csv, api::read_file(text.substr(equals + 1)));
    MRV_TRY(inputs[name], codec::decode_dataset(parameter.parameter, std::move(csv)));
    return {};
  }
  return Error{"PARAMETER_INVALID", "a dataset is PARAMETER=FILE.csv: " + text, {}};
}

// What `eval` calculates with: the inputs file is a report's `inputs`, or an object that has them
// under that name beside `period` and `tables`, as a document's own vectors are written.
struct Given {
  codec::Inputs inputs;
  std::vector<model::FactorTable> tables;
  std::optional<model::Period> period;
};

Status add_table(const std::string& text, Given& given) {
  MRV_TRY(auto table, codec::decode_factor_table(text));
  given.tables.push_back(std::move(table));
  return {};
}

Result<Given> read_given(const fs::path& path) {
  MRV_TRY(const json raw, read_json(path));
  Given given;
  const bool whole = raw.is_object() && raw.contains("inputs") && raw.contains("period");
  MRV_TRY(given.inputs,
          codec::decode_inputs({crypto::canonicalize(whole ? raw.at("inputs") : raw)}));
  if (!whole) return given;
  MRV_TRY(const std::string from, text_at(raw, "/period/from"));
  MRV_TRY(const std::string to, text_at(raw, "/period/to"));
  MRV_TRY(given.period, period_of(from, to));
  // A report names its tables by digest; those come by --table.
  for (const auto& table : raw.value("tables", json::array())) {
    if (table.is_object()) MRV_CHECK(add_table(crypto::canonicalize(table), given));
  }
  return given;
}

// Parameter and field of everything that carries a date.
std::vector<std::pair<std::string, std::string>> dated_fields(const methodology::Program& program) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& each : program.parameters) {
    if (!each.date_field) continue;
    found.emplace_back(each.parameter.name, each.fields[*each.date_field].field.name);
  }
  return found;
}

// What the records of one parameter hold in a field. A file that cannot be read ends the list: the
// calculation says what is wrong with it.
std::vector<std::string> values_of(const codec::InputRecords& given, const std::string& field) {
  std::vector<std::string> values;
  for (const auto& record : given.records) {
    const auto value = record.find(field);
    if (value != record.end()) values.push_back(value->second);
  }
  if (!given.csv) return values;
  const auto& columns = given.csv->fields;
  const auto column =
      static_cast<std::size_t>(std::find(columns.begin(), columns.end(), field) - columns.begin());
  auto file = codec::CsvReader::open(given.csv->text);
  for (bool header = true; file.ok() && !file->at_end(); header = false) {
    const auto cells = file->next();
    if (!cells.ok() || column >= cells->size()) break;
    if (!header) values.emplace_back((*cells)[column]);
  }
  return values;
}

// The whole calendar years from the first to the last that a dated record names.
Result<model::Period> years_named(const methodology::Program& program,
                                  const codec::Inputs& inputs) {
  constexpr std::size_t kYearDigits = 4;
  std::string first;
  std::string last;
  for (const auto& [name, field] : dated_fields(program)) {
    const auto given = inputs.find(name);
    if (given == inputs.end()) continue;
    for (const auto& value : values_of(given->second, field)) {
      const std::string year = value.substr(0, kYearDigits);
      if (first.empty() || year < first) first = year;
      if (year > last) last = year;
    }
  }
  const auto from = codec::parse_integer(first, model::Range{1, 9'998});
  const auto to = codec::parse_integer(last, model::Range{1, 9'998});
  if (!from.ok() || !to.ok()) {
    return Error{"PERIOD_INVALID", "the inputs name no year: give --from and --to", {}};
  }
  return period_of(first + "-01-01", std::to_string(*to + 1) + "-01-01");
}

Result<model::Period> period_for(const methodology::Program& program,
                                 const StandardOptions& options, const Given& given) {
  if (!options.from.empty()) return period_of(options.from, options.to);
  if (given.period) return *given.period;
  return years_named(program, given.inputs);
}

struct Evaluated {
  model::Period period;
  std::vector<model::FactorTable> tables;
  methodology::Calculation calculation;
};

Result<Evaluated> evaluate(const methodology::Program& program, const StandardOptions& options) {
  MRV_TRY(Given given, read_given(options.inputs));
  for (const auto& dataset : options.datasets) {
    MRV_CHECK(add_dataset(program, dataset, given.inputs));
  }
  for (const auto& path : options.tables) {
    MRV_TRY(const std::string text, api::read_file(path));
    MRV_CHECK(add_table(text, given));
  }
  Evaluated done;
  MRV_TRY(done.period, period_for(program, options, given));
  MRV_TRY(done.calculation,
          methodology::calculate(program, done.period, given.inputs, given.tables));
  done.tables = std::move(given.tables);
  return done;
}

int eval_methodology(Session& session, const StandardOptions& options) {
  const auto program = load_program(options.file);
  if (!program.ok()) return session.fail(program.error());
  const auto done = evaluate(*program, options);
  if (!done.ok()) return session.fail(done.error());
  json machine = calculation_json(done->calculation);
  const std::string from = codec::to_text(done->period.from);
  const std::string to = codec::to_text(done->period.to);
  machine["period"] = {{"from", from}, {"to", to}};
  const bool chinese = session.settings().language == "zh";
  session.print(
      (chinese ? "期间 " + from + " 至 " + to + "(不含末日)\n"
               : "period " + from + " to " + to + " (the last day not included)\n") +
          readable_trace(*program, done->calculation, done->tables, session.settings().language),
      machine);
  return kExitOk;
}

int register_document(Session& session, const char* type, const fs::path& file) {
  const auto document = read_json(file);
  if (!document.ok()) return session.fail(document.error());
  return session.send(type, {{"document", *document}});
}

void leave(CLI::App* command, Run& run, const SharedStandardOptions& options,
           std::function<int(Session&, const StandardOptions&)> work) {
  command->callback([&run, options, work = std::move(work)] {
    run = [options, work](Session& session) { return work(session, *options); };
  });
}

void add_methodology(CLI::App& app, Run& run) {
  auto* methodology = app.add_subcommand("methodology", "Calculation documents");
  methodology->require_subcommand(1);
  const auto o = kept<StandardOptions>();
  auto* check = methodology->add_subcommand("check", "Everything that registration would check");
  check->add_option("FILE", o->file)->required();
  leave(check, run, o, check_methodology);
  auto* eval = methodology->add_subcommand("eval", "Calculate, with a readable trace");
  eval->add_option("FILE", o->file)->required();
  eval->add_option("--inputs", o->inputs,
                   "JSON inputs of a report, or an object with inputs, period and tables")
      ->required();
  eval->add_option("--dataset", o->datasets, "PARAMETER=FILE.csv");
  eval->add_option("--table", o->tables, "factor table files");
  auto* from = eval->add_option("--from", o->from,
                                "first day, YYYY-MM-DD; otherwise the file's period, or the whole "
                                "calendar years that the inputs name");
  auto* to = eval->add_option("--to", o->to, "day after the last, YYYY-MM-DD");
  from->needs(to);
  to->needs(from);
  leave(eval, run, o, eval_methodology);
  auto* add = methodology->add_subcommand("register", "Register a version");
  add->add_option("FILE", o->file)->required();
  leave(add, run, o, [](Session& session, const StandardOptions& given) {
    return register_document(session, "RegisterMethodology", given.file);
  });
  auto* activate = methodology->add_subcommand("activate", "Activate a methodology or a table");
  activate->add_option("DIGEST", o->digest)->required();
  leave(activate, run, o, [](Session& session, const StandardOptions& given) {
    return session.send("ActivateMethodology", {{"digest", given.digest}});
  });
}

}  // namespace

void add_standard_commands(CLI::App& app, Run& run) {
  add_methodology(app, run);
  auto* table = app.add_subcommand("table", "Factor tables");
  table->require_subcommand(1);
  const auto o = kept<StandardOptions>();
  auto* add = table->add_subcommand("register", "Register a version");
  add->add_option("FILE", o->file)->required();
  leave(add, run, o, [](Session& session, const StandardOptions& given) {
    return register_document(session, "RegisterFactorTable", given.file);
  });
  auto* programme = app.add_subcommand("programme", "Programmes and their policy");
  programme->require_subcommand(1);
  auto* open = programme->add_subcommand("register", "Register a programme out of a JSON file");
  open->add_option("FILE", o->file)->required();
  leave(open, run, o, [](Session& session, const StandardOptions& given) {
    const auto body = read_json(given.file);
    return body.ok() ? session.send("RegisterProgramme", *body) : session.fail(body.error());
  });
}

}  // namespace mrv::cli
