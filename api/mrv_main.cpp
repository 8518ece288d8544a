// mrv: the ledger's command line, for developers, verifiers, buyers and the registry.
#include <cstdlib>
#include <iostream>

#include "api/cli/commands.h"

namespace mrv {
namespace {

int run(int argc, char** argv) {
  CLI::App app{"mrv: submit, verify, issue, transfer and retire on an mrv-ledger"};
  app.require_subcommand(1);
  app.fallthrough();
  cli::Settings settings;
  if (const char* server = std::getenv("MRV_SERVER")) settings.server = server;
  app.add_option("--server", settings.server, "http://HOST:PORT (or MRV_SERVER)");
  app.add_option("--key", settings.key, "key file to sign with");
  app.add_option("--passphrase-file", settings.passphrase_file, "its passphrase, first line");
  app.add_option("--party", settings.party, "pty_…: as whom to act");
  app.add_option("--registry", settings.registry,
                 "the log's origin; asked of the server otherwise");
  app.add_option("--id", settings.act_id,
                 "UUIDv7 of the act to sign, for one that corrects a refused act");
  app.add_option("--lang", settings.language, "en or zh");
  app.add_flag("--json", settings.json, "one JSON object on standard output");
  cli::Run chosen;
  cli::add_key_commands(app, chosen);
  cli::add_document_commands(app, chosen);
  cli::add_party_commands(app, chosen);
  cli::add_standard_commands(app, chosen);
  cli::add_project_commands(app, chosen);
  cli::add_evidence_commands(app, chosen);
  cli::add_series_commands(app, chosen);
  cli::add_credit_commands(app, chosen);
  cli::add_import_commands(app, chosen);
  cli::add_act_commands(app, chosen);
  cli::add_boundary_commands(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : cli::kExitUsage;
  }
  cli::Session session(settings);
  if (const auto ready = crypto::initialise(); !ready.ok()) return session.fail(ready.error());
  // Our code does not throw; what a library throws past us is a defect, and is said to be one.
  try {
    return chosen(session);
  } catch (const std::exception& error) {
    return session.fail({"INTERNAL", error.what(), {}});
  }
}

}  // namespace
}  // namespace mrv

int main(int argc, char** argv) { return mrv::run(argc, argv); }
