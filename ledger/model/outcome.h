// Every answer the ledger can give to an act that it does not accept: numbered, ordered by
// precedence, documented in two languages. The table is outcomes.inc.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mrv::model {

enum class Outcome : std::uint16_t {
#define MRV_OUTCOME(number, name, status, en, zh, hint_en, hint_zh) name = number,
#include "ledger/model/outcomes.inc"
#undef MRV_OUTCOME
};

struct OutcomeText {
  Outcome outcome;
  std::string_view name;
  int http_status;
  std::string_view en;
  std::string_view zh;
  std::string_view hint_en;
  std::string_view hint_zh;
};

// In order of precedence.
std::span<const OutcomeText> outcome_table();

const OutcomeText& describe_outcome(Outcome outcome);

// By name; nothing for a name that is no outcome (an internal error's).
std::optional<Outcome> find_outcome(std::string_view name);

// One refusal: what, where in the document, and the facts of this case in one sentence.
struct Refusal {
  Outcome outcome;
  std::string pointer;
  std::string detail;
};

}  // namespace mrv::model
