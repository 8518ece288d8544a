// Reading the record of a retirement and proving every row of it.
#include "ledger/node/status.h"

#include <set>

#include "ledger/codec/entry_codec.h"
#include "ledger/codec/row_codec.h"
#include "ledger/node/proof_parts.h"
#include "ledger/state/retirement_standing.h"

namespace mrv::node {
namespace {

// Answers rows and keeps their keys, in the order in which they were asked for.
class NotedRows {
 public:
  explicit NotedRows(const Reader& reader) : reader_(reader) {}

  template <class Row>
  Result<Row> row(const Bytes& key, const std::string& what) {
    if (seen_.insert(key).second) keys_.push_back(key);
    // Far more parts than fit need not be collected to find out.
    if (keys_.size() > codec::kCertificatePartsMax) {
      return Error{"STATUS_TOO_LARGE", "more than 4,096 rows", {}};
    }
    MRV_TRY(const auto value, reader_.row(key));
    if (!value) return Error{"MAP_KEY_ABSENT", "there is no row of " + what, {}};
    return codec::decode_row<Row>(*value);
  }

  [[nodiscard]] const std::vector<Bytes>& keys() const { return keys_; }

 private:
  const Reader& reader_;
  std::vector<Bytes> keys_;
  std::set<Bytes> seen_;
};

Result<TimestampMs> sealed_at(const codec::CertificateEntry& seal) {
  MRV_TRY(const Bytes bytes, from_base64(seal.entry));
  MRV_TRY(const auto entry, codec::decode_entry(bytes));
  const auto* sealed = std::get_if<codec::SealEntry>(&entry);
  if (sealed == nullptr) return Error{"STORE_CORRUPT", "the tree does not end in a seal", {}};
  return sealed->recorded_at;
}

}  // namespace

Result<codec::StatusProof> build_status(const Reader& reader, const model::RetirementId& retirement,
                                        std::optional<TreeSize> from) {
  MRV_TRY(const auto hold, reader.hold());
  NotedRows rows(reader);
  MRV_TRY(const auto record, state::read_record(rows, retirement));
  for (const auto& range : record.retirement.serials) {
    MRV_TRY(const Bytes key, retired_run(reader, range));
    MRV_TRY(const auto run, rows.row<model::SerialRow>(key, "retired serials"));
  }
  codec::StatusProof proof;
  MRV_TRY(proof.state, row_parts(reader, rows.keys()));
  MRV_TRY(proof.seal, seal_part(reader));
  proof.checkpoint = reader.published().checkpoint;
  MRV_TRY(const TimestampMs sealed, sealed_at(proof.seal));
  proof.status = state::status_of(record, sealed);
  if (from) {
    MRV_TRY(const auto path, reader.consistency(*from));
    proof.consistency =
        codec::StatusConsistency{static_cast<std::int64_t>(from->value()), path_part(path)};
  }
  return proof;
}

}  // namespace mrv::node
