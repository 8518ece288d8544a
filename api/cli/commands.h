// The commands of `mrv`, each family adding itself to the command line. A chosen command leaves its
// work in `run`.
#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "api/cli/session.h"

namespace mrv::cli {

using Run = std::function<int(Session&)>;

void add_key_commands(CLI::App& app, Run& run);
void add_document_commands(CLI::App& app, Run& run);
void add_party_commands(CLI::App& app, Run& run);
void add_standard_commands(CLI::App& app, Run& run);
void add_project_commands(CLI::App& app, Run& run);
void add_evidence_commands(CLI::App& app, Run& run);
void add_series_commands(CLI::App& app, Run& run);
void add_credit_commands(CLI::App& app, Run& run);
void add_import_commands(CLI::App& app, Run& run);
void add_act_commands(CLI::App& app, Run& run);
void add_boundary_commands(CLI::App& app, Run& run);

// Options live as long as the command line.
template <class T>
std::shared_ptr<T> kept() {
  return std::make_shared<T>();
}

// Replaces {"file": PATH} members by the file's digest (and media type), for every object of the
// body; relative paths are taken from `folder`. Files named under datasets and boundary are
// uploaded. Errors: FILE_UNREADABLE, the client's.
Result<nlohmann::json> attach_files(Session& session, nlohmann::json body,
                                    const std::filesystem::path& folder);

// A report's or project's JSON file; "inputsFile" is replaced by the inputs that it names. Errors:
// those of read_json.
Result<nlohmann::json> read_body(const std::filesystem::path& file);

// A JSON file. Errors: FILE_UNREADABLE, JSON_SYNTAX.
Result<nlohmann::json> read_json(const std::filesystem::path& path);

}  // namespace mrv::cli
