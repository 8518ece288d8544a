// Serial texts of other registries, parsed and never repaired (domain.md 10; what is known of each
// form, and from where: schemas/spec/foreign-serials.md). Numbers are decimal, without leading
// zeros, the last one inclusive except where it says otherwise.
//   acr-car-art    PREFIX-first to last; or PREFIX-number for a single unit
//   verra-vcu      batch-first-last-VCS-VCU-… (13 fields) or batch-first-last-VCU-… (12 fields)
//   gold-standard  GS1-…-first-last (9 fields)
//   cercarbono     … first last: the cells serial, from and to, one space between
//   puro           PURO_…_first-last
//   isometric      ISO-…-start-end (8 fields), in kilograms, `end` exclusive
//   cdm-cer        CC-5-number-cp-cp-lulucf-project for one unit, or two of them with " - "
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
