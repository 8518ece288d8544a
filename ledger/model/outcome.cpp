// The outcome table and its look-ups.
#include "ledger/model/outcome.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace mrv::model {
namespace {

constexpr std::array kTable = {
#define MRV_OUTCOME(number, name, status, en, zh, hint_en, hint_zh) \
  OutcomeText{Outcome::name, #name, status, en, zh, hint_en, hint_zh},
#include "ledger/model/outcomes.inc"
#undef MRV_OUTCOME
};

}  // namespace

std::span<const OutcomeText> outcome_table() { return kTable; }

const OutcomeText& describe_outcome(Outcome outcome) {
  const auto* const found =
      std::lower_bound(kTable.begin(), kTable.end(), outcome,
                       [](const OutcomeText& text, Outcome key) { return text.outcome < key; });
  assert(found != kTable.end() && found->outcome == outcome);
  return *found;
}

std::optional<Outcome> find_outcome(std::string_view name) {
  const auto* const found = std::find_if(
      kTable.begin(), kTable.end(), [name](const OutcomeText& text) { return text.name == name; });
  if (found == kTable.end()) return std::nullopt;
  return found->outcome;
}

}  // namespace mrv::model
