// Evidence: depositing digests, signing at the source.
#include "api/cli/commands.h"
#include "api/files.h"
#include "crypto/sha256.h"

namespace mrv::cli {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct DepositOptions {
  std::vector<fs::path> files;
  std::string category;
  std::string title;
};

int deposit_evidence(Session& session, const DepositOptions& options) {
  json digests = json::array();
  for (const auto& path : options.files) {
    const auto bytes = api::read_file(path);
    if (!bytes.ok()) return session.fail(bytes.error());
    digests.push_back({{"sha256", to_hex(crypto::sha256(as_bytes(*bytes)))}});
  }
  return session.send(
      "DepositEvidence",
      {{"digests", digests}, {"category", options.category}, {"title", options.title}});
}

void add_deposit(CLI::App& evidence, Run& run) {
  const auto o = kept<DepositOptions>();
  auto* deposit = evidence.add_subcommand("deposit", "Record that these files exist now");
  deposit->add_option("FILES", o->files)->required();
  deposit->add_option("--category", o->category)->required();
  deposit->add_option("--title", o->title)->required();
  deposit->callback(
      [&run, o] { run = [o](Session& session) { return deposit_evidence(session, *o); }; });
}

}  // namespace

void add_evidence_commands(CLI::App& app, Run& run) {
  auto* evidence = app.add_subcommand("evidence", "Evidence deposits");
  evidence->require_subcommand(1);
  add_deposit(*evidence, run);
}

}  // namespace mrv::cli
