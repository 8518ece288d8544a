// The named errors that reading and calculating numbers share.
#pragma once

#include "crypto/result.h"

namespace mrv {

inline Error number_malformed() {
  return {
      "NUMBER_MALFORMED", "a decimal like 12 or 0.05, or a fraction like 44/12, is expected", {}};
}
inline Error number_too_large() {
  return {"NUMBER_TOO_LARGE", "the number has too many digits", {}};
}
inline Error division_by_zero() { return {"DIVISION_BY_ZERO", "a division by zero", {}}; }

}  // namespace mrv
