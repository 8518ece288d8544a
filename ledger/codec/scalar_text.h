// The text forms of the scalar types that acts and rows are made of, and the judges of plain texts.
// One canonical form each: from_text refuses whatever to_text would not have written.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "crypto/bytes.h"
#include "ledger/base/types.h"
#include "ledger/model/describe.h"
#include "ledger/model/parties.h"

namespace mrv::codec {

// 64 lower-case hex digits.
std::string to_text(const Hash& hash);
Status from_text(std::string_view text, Hash& out);

// did:key:z6Mk…; the point check happens where a key enters the ledger, not at every mention.
std::string to_text(const model::KeyBytes& key);
Status from_text(std::string_view text, model::KeyBytes& out);

// YYYY-MM-DDThh:mm:ssZ where the instant has whole seconds, else with .mmm (rows only).
std::string to_text(const TimestampMs& time);
Status from_text(std::string_view text, TimestampMs& out);

std::string to_text(const EntryIndex& index);
Status from_text(std::string_view text, EntryIndex& out);

std::string to_text(const model::Day& day);
Status from_text(std::string_view text, model::Day& out);

std::string to_text(const model::DecimalText& decimal);
Status from_text(std::string_view text, model::DecimalText& out);

std::string to_text(const model::CodeText& code);
Status from_text(std::string_view text, model::CodeText& out);

// Decimal integers, no leading zeros, no plus sign, inside the range. Errors: INTEGER_INVALID,
// INTEGER_OUT_OF_RANGE.
Result<std::int64_t> parse_integer(std::string_view text, const model::Range& range);
Result<std::int64_t> parse_integer(std::string_view text, const model::None& range);

// TEXT_TOO_SHORT, TEXT_TOO_LONG, TEXT_HAS_NEWLINE; CODE_INVALID. Control characters were refused by
// the strict JSON parser.
Status judge_text(std::string_view text, const model::Text& limits);
Status judge_text(std::string_view text, const model::Code& limits);

// Canonicalises a JSON value that the act codec does not look into.
Result<model::RawJson> raw_from_json(const nlohmann::json& json);

}  // namespace mrv::codec
