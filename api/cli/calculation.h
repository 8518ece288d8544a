// The ledger's own recomputation, on this machine: for `report check` and `methodology eval`.
#pragma once

#include "api/cli/session.h"
#include "ledger/methodology/engine.h"

namespace mrv::cli {

// A monitoring report's body with everything its calculation needs.
struct LocalReport {
  methodology::Program program;
  model::Period period;
  codec::Inputs inputs;
  std::vector<model::FactorTable> tables;
};

// Formula by formula: what each definition came to, in its unit, and where it and its factors come
// from. `tables` are those that the calculation used.
std::string readable_trace(const methodology::Program& program,
                           const methodology::Calculation& calculation,
                           const std::vector<model::FactorTable>& tables,
                           const std::string& language);

nlohmann::json calculation_json(const methodology::Calculation& calculation);

// [from, to) out of two days. Errors: DAY_INVALID, PERIOD_INVALID.
Result<model::Period> period_of(const std::string& from, const std::string& to);

// Recomputes a report's file with documents from the server and datasets from beside the file (or
// by their digests from the server), judges its claims as the ledger would and prints both; the
// exit code.
int check_report(Session& session, const std::filesystem::path& file);

}  // namespace mrv::cli
