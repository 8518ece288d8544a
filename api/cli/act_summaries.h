// What each act is for, in one sentence of either language.
#pragma once

#include <span>
#include <string_view>

namespace mrv::cli {

struct ActSummary {
  std::string_view type;
  std::string_view en;
  std::string_view zh;
};

// In the order of model::ActBody; a test holds it to that.
std::span<const ActSummary> act_summaries();

}  // namespace mrv::cli
