// Bytes and hashes as base64, beside what they are called.
#include "ledger/node/proof_parts.h"

#include <algorithm>

#include "ledger/codec/row_key.h"

namespace mrv::node {

std::vector<std::string> path_part(std::span<const Hash> path) {
  std::vector<std::string> part;
  part.reserve(path.size());
  for (const Hash& hash : path) part.push_back(to_base64(hash));
  return part;
}

Result<codec::CertificateEntry> entry_part(const Reader& reader, std::string role,
                                           EntryIndex index) {
  MRV_TRY(const auto bytes, reader.entry(index));
  if (!bytes) return Error{"STORE_CORRUPT", "an entry is missing", {}};
  MRV_TRY(const auto path, reader.inclusion(index));
  return codec::CertificateEntry{std::move(role), index, to_base64(*bytes), path_part(path)};
}

Result<codec::CertificateEntry> seal_part(const Reader& reader) {
  return entry_part(reader, std::string(codec::kSealRole),
                    EntryIndex{reader.published().size.value() - 1});
}

Result<std::vector<codec::CertificateRow>> row_parts(const Reader& reader,
                                                     std::span<const Bytes> keys) {
  // So many at a time: commits wait for a proof that is being made.
  constexpr std::size_t kRowsAtATime = 64;
  std::vector<codec::CertificateRow> parts;
  for (std::size_t i = 0; i < keys.size(); i += kRowsAtATime) {
    const auto some = keys.subspan(i, std::min(kRowsAtATime, keys.size() - i));
    MRV_TRY(const auto proved, reader.proved_rows(some));
    for (const auto& row : proved) {
      parts.push_back({std::string(codec::certificate_row_name(row.key[0])), to_base64(row.key),
                       to_base64(row.value), to_base64(row.proof)});
    }
  }
  return parts;
}

Result<Bytes> retired_run(const Reader& reader, const model::SerialRange& range) {
  MRV_TRY(auto run,
          reader.store().last_row_before(codec::serial_key(range.batch, 1),
                                         codec::serial_key(range.batch, range.first + 1)));
  if (!run) return Error{"STORE_CORRUPT", "a retired serial has no run", {}};
  return std::move(run->key);
}

}  // namespace mrv::node
