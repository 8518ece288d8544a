// Projects, monitoring reports, verification statements.
#include <iostream>

#include "api/cli/boundary_text.h"
#include "api/cli/calculation.h"
#include "api/cli/commands.h"
#include "api/files.h"
#include "crypto/sha256.h"

namespace mrv::cli {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct ProjectOptions {
  fs::path file;
  std::string project;
  std::string code;
  std::string opinion = "unmodified";
  std::string assurance = "reasonable";
  std::string materiality = "0.05";
  std::string conflict = "none";
  std::vector<std::string> verified;
  std::vector<std::string> visits;
  std::string report;
  std::string buffer_rate;
  std::string title;
};
using SharedProjectOptions = std::shared_ptr<ProjectOptions>;

// A member that names a file: the digest takes its place.
Status attach(Session& session, json& object, const fs::path& folder, bool upload) {
  MRV_TRY(const std::string bytes, api::read_file(folder / object["file"].get<std::string>()));
  object["digest"] = to_hex(crypto::sha256(as_bytes(bytes)));
  object.erase("file");
  return upload ? session.put_blob(bytes) : Status();
}

// NOLINTNEXTLINE(misc-no-recursion): the depth was bounded when the file was read
Status attach_all(Session& session, json& value, const fs::path& folder, bool upload) {
  if (value.is_object() && value.contains("file") && value["file"].is_string()) {
    return attach(session, value, folder, upload);
  }
  if (value.is_object()) {
    for (auto& [name, member] : value.items()) {
      MRV_CHECK(attach_all(session, member, folder, upload || name == "datasets"));
    }
  }
  if (value.is_array()) {
    for (auto& item : value) MRV_CHECK(attach_all(session, item, folder, upload));
  }
  return {};
}

Result<json> load_body(Session& session, const fs::path& file) {
  MRV_TRY(json body, read_body(file));
  return attach_files(session, std::move(body), file.parent_path());
}

int send_file(Session& session, const char* type, const fs::path& file) {
  const auto body = load_body(session, file);
  return body.ok() ? session.send(type, *body) : session.fail(body.error());
}

// "2023=146763"
Result<json> parse_verified(const std::vector<std::string>& texts) {
  json verified = json::array();
  for (const auto& text : texts) {
    const auto equals = text.find('=');
    if (equals == std::string::npos) {
      return Error{"INTEGER_INVALID", "verified is YEAR=QUANTITY: " + text, {}};
    }
    verified.push_back({{"year", text.substr(0, equals)}, {"quantity", text.substr(equals + 1)}});
  }
  return verified;
}

int submit_statement(Session& session, const ProjectOptions& options) {
  const auto verified = parse_verified(options.verified);
  if (!verified.ok()) return session.fail(verified.error());
  const auto report = session.get("/v1/reports/" + options.report);
  if (!report.ok()) return session.fail(report.error());
  const auto digest = text_at(*report, "/item/digest");
  if (!digest.ok()) return session.fail(digest.error());
  const auto index = text_at(*report, "/item/entry");
  if (!index.ok()) return session.fail(index.error());
  json body = {{"report", options.report},
               {"digest", *digest},
               {"index", *index},
               {"opinion", options.opinion},
               {"assurance", options.assurance},
               {"materiality", options.materiality},
               {"verified", *verified},
               {"conflictDeclaration", options.conflict},
               {"siteVisits", options.visits}};
  if (!options.buffer_rate.empty()) body["bufferRate"] = options.buffer_rate;
  return session.send("SubmitVerificationStatement", body);
}

int validate_project(Session& session, const ProjectOptions& options) {
  const auto project = session.get("/v1/projects/" + options.project);
  if (!project.ok()) return session.fail(project.error());
  const auto digest = text_at(*project, "/item/digest");
  if (!digest.ok()) return session.fail(digest.error());
  const auto file = api::read_file(options.file);
  if (!file.ok()) return session.fail(file.error());
  return session.send("ValidateProject",
                      {{"project", options.project},
                       {"digest", *digest},
                       {"opinion", options.opinion},
                       {"reportDigest", to_hex(crypto::sha256(as_bytes(*file)))}});
}

void leave(CLI::App* command, Run& run, const SharedProjectOptions& options,
           std::function<int(Session&, const ProjectOptions&)> work) {
  command->callback([&run, options, work = std::move(work)] {
    run = [options, work](Session& session) { return work(session, *options); };
  });
}

void add_project(CLI::App& app, Run& run) {
  auto* project = app.add_subcommand("project", "Projects");
  project->require_subcommand(1);
  const auto o = kept<ProjectOptions>();
  auto* submit = project->add_subcommand("submit", "Submit a project out of a JSON file");
  submit->add_option("FILE", o->file, "\"file\" members become digests")->required();
  leave(submit, run, o, [](Session& session, const ProjectOptions& given) {
    return send_file(session, "SubmitProject", given.file);
  });
  auto* validate = project->add_subcommand("validate", "A VVB's opinion on the design");
  validate->add_option("PROJECT", o->project)->required();
  validate->add_option("--report", o->file, "the validation report; its digest is kept")
      ->required();
  validate->add_option("--opinion", o->opinion);
  leave(validate, run, o, validate_project);
  auto* enter = project->add_subcommand("register", "Register a validated project");
  enter->add_option("PROJECT", o->project)->required();
  enter->add_option("--code", o->code, "its part of every serial")->required();
  leave(enter, run, o, [](Session& session, const ProjectOptions& given) {
    return session.send("RegisterProject", {{"project", given.project}, {"code", given.code}});
  });
}

void add_report(CLI::App& app, Run& run) {
  auto* report = app.add_subcommand("report", "Monitoring reports");
  report->require_subcommand(1);
  const auto o = kept<ProjectOptions>();
  auto* check = report->add_subcommand("check", "Recompute here, without submitting");
  check->add_option("FILE", o->file)->required();
  leave(check, run, o, [](Session& session, const ProjectOptions& given) {
    return check_report(session, given.file);
  });
  auto* submit = report->add_subcommand("submit", "Submit; datasets are uploaded first");
  submit->add_option("FILE", o->file)->required();
  leave(submit, run, o, [](Session& session, const ProjectOptions& given) {
    return send_file(session, "SubmitMonitoringReport", given.file);
  });
  auto* withdraw = report->add_subcommand("withdraw", "Withdraw a report that has not issued");
  withdraw->add_option("REPORT", o->report)->required();
  withdraw->add_option("--reason", o->title)->required();
  leave(withdraw, run, o, [](Session& session, const ProjectOptions& given) {
    return session.send("WithdrawReport", {{"report", given.report}, {"reason", given.title}});
  });
}

void add_statement(CLI::App& app, Run& run) {
  auto* statement = app.add_subcommand("statement", "Verification statements");
  statement->require_subcommand(1);
  const auto o = kept<ProjectOptions>();
  auto* submit = statement->add_subcommand("submit", "Co-sign the exact bytes of a report");
  submit->add_option("REPORT", o->report)->required();
  submit->add_option("--verified", o->verified, "YEAR=QUANTITY")->required();
  submit->add_option("--opinion", o->opinion, "unmodified, modified, adverse, disclaimer");
  submit->add_option("--assurance", o->assurance, "reasonable or limited");
  submit->add_option("--materiality", o->materiality);
  submit->add_option("--conflict", o->conflict, "conflict-of-interest declaration");
  submit->add_option("--site-visit", o->visits, "YYYY-MM-DD");
  submit->add_option("--buffer-rate", o->buffer_rate);
  leave(submit, run, o, submit_statement);
}

}  // namespace

Result<json> read_body(const fs::path& file) {
  MRV_TRY(json body, read_json(file));
  if (body.is_object() && body.contains("inputsFile") && body["inputsFile"].is_string()) {
    MRV_TRY(body["inputs"], read_json(file.parent_path() / body["inputsFile"].get<std::string>()));
    body.erase("inputsFile");
  }
  return body;
}

namespace {

// A boundary on a map that is not WGS 84 is somebody else's ground; the ledger cannot know.
void warn_of_datum(const std::string& blob, bool chinese) {
  const auto shape = codec::read_boundary_shape(blob);
  if (!shape.ok()) return;
  if (const auto hint = api::suspect_datum(blob, *shape)) {
    std::cerr << datum_warning(*hint, chinese)
              << (chinese ? ";见 mrv boundary check" : "; see mrv boundary check") << "\n";
  }
}

}  // namespace

Result<json> attach_files(Session& session, json body, const fs::path& folder) {
  if (body.is_object() && body.contains("boundaryFile") && body["boundaryFile"].is_string()) {
    MRV_TRY(const std::string bytes,
            api::read_file(folder / body["boundaryFile"].get<std::string>()));
    warn_of_datum(bytes, session.settings().language == "zh");
    MRV_CHECK(session.put_blob(bytes));
    body["boundaryDigest"] = to_hex(crypto::sha256(as_bytes(bytes)));
    body.erase("boundaryFile");
  }
  MRV_CHECK(attach_all(session, body, folder, false));
  return body;
}

void add_project_commands(CLI::App& app, Run& run) {
  add_project(app, run);
  add_report(app, run);
  add_statement(app, run);
}

}  // namespace mrv::cli
