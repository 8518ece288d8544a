// State rows <-> bytes. A row's value is the RFC 8785 form of its JSON: one canonical form,
// readable by anyone who is shown a proof of it. Rows are our own writing, so a value that does not
// decode is damage (ROW_MALFORMED), never a verdict.
#pragma once

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/model/rows.h"

namespace mrv::codec {

// Instantiated in row_codec.cpp for every row struct of model/rows.h.
template <class Row>
Bytes encode_row(const Row& row);
template <class Row>
Result<Row> decode_row(ByteView bytes);
// Whether what encode_row writes could be read back. Errors: LIST_TOO_LONG, TEXT_TOO_LONG,
// INTEGER_OUT_OF_RANGE and the other bounds of model/describe.h; the detail names the member.
template <class Row>
Status check_row(const Row& row);

}  // namespace mrv::codec
