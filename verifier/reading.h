// Whether a disclosed reading is in the series that somebody signed for (schemas/spec/series.md),
// without asking anybody. Form first, then the series, then the tree. Pure; precondition of all:
// crypto::initialise() succeeded.
#pragma once

#include <optional>
#include <string_view>

#include "ledger/codec/series.h"
#include "ledger/model/ids.h"
#include "ledger/model/parties.h"
#include "ledger/model/reports.h"
#include "verifier/policy.h"

namespace mrv::verifier {

// The report that names the series as its evidence.
struct SeriesReport {
  model::ReportId id;
  model::ProjectId project;
  model::Period period;
  model::Evidence evidence;
  model::KeyBytes signer;  // of the report
  // Where the log has it; nothing: only the report's own signature was checked.
  std::optional<EntryIndex> index;
  std::optional<VerifiedCheckpoint> checkpoint;
};

struct ReadingVerdict {
  codec::DisclosedReading disclosed;
  Hash digest{};  // of the series
  std::optional<SeriesReport> report;
};

// The disclosure against the digest of a series. Errors: SERIES_DIFFERS, READING_NOT_IN_SERIES.
Status check_disclosure(const codec::DisclosedReading& disclosed, const Hash& digest);

// Errors: READING_MALFORMED, READING_TOO_LARGE, those of check_disclosure.
Result<ReadingVerdict> verify_reading(std::string_view text, const Hash& digest);

// The entry of a monitoring report; with a receipt, proved to be in the log.
struct ReportSource {
  ByteView entry;
  struct Receipt {
    const Policy& policy;
    std::string_view proof;  // a C2SP tlog-proof
  };
  std::optional<Receipt> receipt;
};
// Errors: READING_MALFORMED, READING_TOO_LARGE, those of verify_receipt, REPORT_ENTRY_INVALID (no
// report, or not signed), SERIES_NOT_NAMED, DEVICE_SIGNATURE_INVALID (the signature at source does
// not hold; that its key is a device's is the ledger's to judge), READING_NOT_IN_SERIES.
Result<ReadingVerdict> verify_reading_of_report(std::string_view text, const ReportSource& source);

// Any report of a retirement's certificate. Errors: READING_MALFORMED, READING_TOO_LARGE, those of
// verify_certificate, then as above.
Result<ReadingVerdict> verify_reading_of_certificate(std::string_view text, const Policy& policy,
                                                     std::string_view certificate);

}  // namespace mrv::verifier
