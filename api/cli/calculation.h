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

// Formula by formula: what each definition came to, in its unit, and where it comes from.
std::string readable_trace(const methodology::Program& program,
                           const methodology::Calculation& calculation,
                           const std::string& language);

nlohmann::json calculation_json(const methodology::Calculation& calculation);

}  // namespace mrv::cli
