// What `boundary check` says, in English and Chinese.
#pragma once

#include <string>

#include "api/gcj02.h"
#include "ledger/boundary/finding.h"

namespace mrv::cli {

// One sentence with the place; the English one is boundary::describe.
std::string finding_text(const boundary::Finding& finding, bool chinese);

std::string datum_name(api::Datum datum);
// The warning of a suspected datum, without the suggestion.
std::string datum_warning(const api::DatumHint& hint, bool chinese);

// "1234567.89", and for people "1,234,567.89".
std::string hectares_text(double hectares);
std::string area_text(double hectares);

// "116.3974280, 39.9092300".
std::string position_text(const boundary::Position& position);

}  // namespace mrv::cli
