// The name of an act, whatever it is.
#include "ledger/model/act.h"

namespace mrv::model {

std::string_view type_of(const ActBody& body) {
  return std::visit([](const auto& act) { return std::decay_t<decltype(act)>::kType; }, body);
}

}  // namespace mrv::model
