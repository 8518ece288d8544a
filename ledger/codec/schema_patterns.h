// Regular expressions (ECMA 262, no look-around, no back-references) for the text forms that
// scalar_text.h and the proof reader accept. A pattern is exact where its comment does not say
// otherwise; one that is looser accepts everything the decoder accepts and more.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ledger/model/describe.h"

namespace mrv::codec {

// Decimal integers of the range without leading zeros. Precondition: 0 <= min <= max.
std::string integer_pattern(const model::Range& range);
// [A-Z0-9], within the lengths.
std::string code_pattern(const model::Code& limits);
// Texts free of control characters (JsonLimits::refuse_control_text); a line feed where `lines`.
std::string text_pattern(bool lines);

// 64 lower-case hex digits.
std::string sha256_pattern();
// Existing days from 1970 to 9999.
std::string day_pattern();
// Instants of those years: whole seconds, or milliseconds that are not 000.
std::string instant_pattern();
// Instants in whole seconds of those years (an act's envelope).
std::string seconds_pattern();
// Instants in whole seconds of the years 0000 to 9999 (a proof's `created`).
std::string created_pattern();
std::string decimal_pattern();
// What Rational::parse reads: a decimal or a fraction.
std::string number_pattern();
// An object id: `before`, the prefix of its kind, 26 letters.
std::string id_pattern(std::string_view before, std::string_view prefix);
// urn:uuid: and a lower-case UUIDv7.
std::string uuid_pattern();

// Looser: some texts beyond the smallest and largest key do not hold the Ed25519 prefix.
std::string did_key_pattern();
// Looser: as did_key_pattern, and the fragment may name another key.
std::string verification_method_pattern();
// Looser: some base58 texts of these lengths hold 63 or 65 bytes.
std::string proof_value_pattern();

}  // namespace mrv::codec
