// Serial texts of other registries, parsed and never repaired (domain.md 10).
//   acr-car-art: PREFIX-first to last, inclusive; or PREFIX-number for a single unit
#pragma once

#include <string>
#include <string_view>

#include "crypto/result.h"
#include "ledger/base/types.h"
#include "ledger/model/records.h"

namespace mrv::codec {

inline constexpr std::size_t kSerialDigitsMax = 38;  // below 2^127

struct ForeignSerial {
  std::string prefix;
  Serial first = 0;
  Serial last = 0;
};

// No ordering or length check: that is the ledger's rule. Errors: SERIAL_UNPARSABLE.
Result<ForeignSerial> parse_foreign_serial(model::SerialGrammar grammar, std::string_view text);

// Decimal, no leading zeros. Errors: SERIAL_UNPARSABLE.
Result<Serial> parse_serial_number(std::string_view text);
std::string serial_number_text(Serial number);

}  // namespace mrv::codec
