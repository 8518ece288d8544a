// The two public CSV files of the American Carbon Registry as import rows (domain.md 10).
//
// Rows are carried as they stand: the serial text verbatim, the date verbatim, row numbers from 1.
// Holder, beneficiary and reason may name natural persons, so a row carries salted commitments to
// them and the text stays in the file.
#pragma once

#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/model/records.h"

namespace mrv::codec {

// SHA-256(salt ‖ text): opened by showing both. Nothing for an empty text.
std::optional<Hash> commitment_of(ByteView salt, std::string_view text);

// Errors: CSV_MALFORMED, CSV_COLUMN_MISSING, CSV_CELL_INVALID (naming row and column).
Result<std::vector<model::ImportRow>> read_acr_retirements(std::string_view text, ByteView salt);
Result<std::vector<model::ImportRow>> read_acr_issuances(std::string_view text);

}  // namespace mrv::codec
