// Groups of acts, for rules that hold for several of them.
#pragma once

#include "ledger/model/act.h"

namespace mrv::state {

template <class... Acts>
bool is_one_of(const model::ActBody& body) {
  return (std::holds_alternative<Acts>(body) || ...);
}

}  // namespace mrv::state
