// Programmes, methodologies, factor tables; and calculating on this machine.
#include "api/cli/calculation.h"
#include "api/cli/commands.h"
#include "api/files.h"
#include "crypto/canonical_json.h"
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
using Options = std::shared_ptr<StandardOptions>;

Result<methodology::Program> load_program(const fs::path& path) {
  MRV_TRY(const std::string text, api::read_file(path));
  MRV_TRY(const auto document, codec::decode_methodology(text));
  return methodology::check_document(document);
}

int check_methodology(Session& session, const StandardOptions& options) {
  const auto program = load_program(options.file);
  if (!program.ok()) return session.fail(program.error());
  const auto document = read_json(options.file);
  const std::string digest =
      to_hex(codec::standard_digest({crypto::canonicalize(document.value())}));
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
    if (parameter.parameter.name != name || equals == std::string::npos) continue;
    MRV_TRY(const std::string csv, api::read_file(text.substr(equals + 1)));
    MRV_TRY(inputs[name], codec::decode_dataset(parameter.parameter, as_bytes(csv)));
    return {};
  }
  return Error{"PARAMETER_INVALID", "a dataset is PARAMETER=FILE.csv: " + text, {}};
}

Result<methodology::Calculation> evaluate(const methodology::Program& program,
                                          const StandardOptions& options) {
  MRV_TRY(const json raw, read_json(options.inputs));
  MRV_TRY(codec::Inputs inputs, codec::decode_inputs({crypto::canonicalize(raw)}));
  for (const auto& dataset : options.datasets) {
    MRV_CHECK(add_dataset(program, dataset, inputs));
  }
  std::vector<model::FactorTable> tables;
  for (const auto& path : options.tables) {
    MRV_TRY(const std::string text, api::read_file(path));
    MRV_TRY(auto table, codec::decode_factor_table(text));
    tables.push_back(std::move(table));
  }
  model::Period period;
  MRV_CHECK(codec::from_text(options.from, period.from));
  MRV_CHECK(codec::from_text(options.to, period.to));
  if (period.to <= period.from) return Error{"PERIOD_INVALID", "the period is empty", {}};
  return methodology::calculate(program, period, inputs, tables);
}

int eval_methodology(Session& session, const StandardOptions& options) {
  const auto program = load_program(options.file);
  if (!program.ok()) return session.fail(program.error());
  const auto calculation = evaluate(*program, options);
  if (!calculation.ok()) return session.fail(calculation.error());
  session.print(readable_trace(*program, *calculation, session.settings().language),
                calculation_json(*calculation));
  return kExitOk;
}

int register_document(Session& session, const char* type, const fs::path& file) {
  const auto document = read_json(file);
  if (!document.ok()) return session.fail(document.error());
  return session.send(type, {{"document", *document}});
}

void leave(CLI::App* command, Run& run, const Options& options,
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
  eval->add_option("--inputs", o->inputs, "JSON inputs of a report")->required();
  eval->add_option("--dataset", o->datasets, "PARAMETER=FILE.csv");
  eval->add_option("--table", o->tables, "factor table files");
  eval->add_option("--from", o->from, "first day, YYYY-MM-DD")->required();
  eval->add_option("--to", o->to, "day after the last, YYYY-MM-DD")->required();
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
