// Column names of ACR's public reports.
#include "ledger/codec/acr_files.h"

#include "crypto/sha256.h"
#include "ledger/codec/csv.h"
#include "ledger/codec/scalar_text.h"

namespace mrv::codec {
namespace {

using model::ForeignEvent;
using model::ImportRow;

Result<Units> quantity_of(const CsvRecord& record, std::size_t column, std::size_t row) {
  const auto quantity = parse_integer(record.cells[column], model::Range{1, kUnitsMax});
  if (quantity.ok()) return *quantity;
  return Error{"CSV_CELL_INVALID",
               "row " + std::to_string(row) + ", column " + std::to_string(column + 1) + ": " +
                   quantity.error().detail,
               {}};
}

// The members that both files share.
ImportRow common_row(const CsvRecord& record, std::size_t row) {
  ImportRow result;
  result.row = static_cast<std::int64_t>(row);
  result.row_digest = crypto::sha256(as_bytes(record.raw));
  return result;
}

}  // namespace

std::optional<Hash> commitment_of(ByteView salt, std::string_view text) {
  if (text.empty()) return std::nullopt;
  crypto::Sha256 sha;
  return sha.update(salt).update(as_bytes(text)).finish();
}

Result<std::vector<ImportRow>> read_acr_retirements(std::string_view text, ByteView salt) {
  MRV_TRY(const CsvTable table, parse_csv(text));
  MRV_TRY(const std::size_t project, table.column("Project ID"));
  MRV_TRY(const std::size_t vintage, table.column("Vintage"));
  MRV_TRY(const std::size_t serial, table.column("Offset Credit Serial Numbers"));
  MRV_TRY(const std::size_t quantity, table.column("Quantity of Offset Credits"));
  MRV_TRY(const std::size_t date, table.column("Status Effective"));
  MRV_TRY(const std::size_t holder, table.column("Account Holder"));
  MRV_TRY(const std::size_t reason, table.column("Retirement Reason"));
  MRV_TRY(const std::size_t details, table.column("Retirement Reason Details"));
  std::vector<ImportRow> rows;
  rows.reserve(table.rows.size());
  for (const auto& record : table.rows) {
    ImportRow row = common_row(record, rows.size() + 1);
    row.event = ForeignEvent::retired;
    row.serial = record.cells[serial];
    MRV_TRY(row.quantity, quantity_of(record, quantity, rows.size() + 1));
    row.date = record.cells[date];
    row.project = record.cells[project];
    row.vintage = record.cells[vintage];
    row.holder = commitment_of(salt, record.cells[holder]);
    row.beneficiary = commitment_of(salt, record.cells[details]);
    row.reason = commitment_of(salt, record.cells[reason]);
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<std::vector<ImportRow>> read_acr_issuances(std::string_view text) {
  MRV_TRY(const CsvTable table, parse_csv(text));
  MRV_TRY(const std::size_t date, table.column("Date Issued"));
  MRV_TRY(const std::size_t project, table.column("Project ID"));
  MRV_TRY(const std::size_t vintage, table.column("Vintage"));
  MRV_TRY(const std::size_t quantity, table.column("Total Credits Issued"));
  std::vector<ImportRow> rows;
  rows.reserve(table.rows.size());
  for (const auto& record : table.rows) {
    ImportRow row = common_row(record, rows.size() + 1);
    row.event = ForeignEvent::issued_total;
    MRV_TRY(row.quantity, quantity_of(record, quantity, rows.size() + 1));
    row.date = record.cells[date];
    row.project = record.cells[project];
    row.vintage = record.cells[vintage];
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace mrv::codec
