// Proofs, tiles, rows and pages of one published tree.
#include "ledger/node/reader.h"

#include <algorithm>

#include "ledger/codec/row_key.h"
#include "ledger/log/checkpoint.h"
#include "ledger/map/map_proof.h"

namespace mrv::node {
namespace {

Error stale() { return {"STALE", "a newer tree was published meanwhile", {}}; }

}  // namespace

Result<std::optional<Bytes>> Reader::entry(EntryIndex index) const {
  if (index.value() >= published_->size.value()) return std::optional<Bytes>();
  return store().entry(index);
}

Result<std::vector<Hash>> Reader::inclusion(EntryIndex index) const {
  return log::inclusion_proof<log::kTileHeight>(index.value(), published_->size.value(),
                                                store::tile_source(store()));
}

Result<std::vector<Hash>> Reader::consistency(TreeSize from) const {
  return log::consistency_proof<log::kTileHeight>(from.value(), published_->size.value(),
                                                  store::tile_source(store()));
}

Result<std::string> Reader::tlog_proof(EntryIndex index) const {
  MRV_TRY(auto path, inclusion(index));
  return log::tlog_proof_text({std::nullopt, index, std::move(path), published_->checkpoint});
}

Result<std::optional<Bytes>> Reader::tile(const log::TilePath& path) const {
  using Geometry = log::ProductionGeometry;
  const std::uint64_t whole = path.level
                                  ? Geometry::hashes_at(published_->size.value(), *path.level)
                                  : published_->size.value();
  const std::uint64_t first = path.index * log::kTileWidth;
  const std::uint64_t width = path.width.value_or(log::kTileWidth);
  if (path.index > whole || first + width > whole) return std::optional<Bytes>();
  if (path.level) {
    const auto tiles = store::tile_source(store());
    MRV_TRY(auto hashes, tiles(*path.level, path.index, static_cast<unsigned>(width)));
    return std::optional(log::tile_bytes(std::span(hashes).first(width)));
  }
  std::vector<Bytes> entries;
  for (std::uint64_t i = 0; i < width; ++i) {
    MRV_TRY(auto entry, store().entry(EntryIndex{first + i}));
    if (!entry) return Error{"STORE_CORRUPT", "an entry is missing", {}};
    entries.push_back(*std::move(entry));
  }
  return std::optional(log::encode_bundle(entries));
}

Result<std::optional<Bytes>> Reader::row(ByteView key) const { return store().row(key); }

Result<ProvedRow> Reader::proved_row(ByteView key) const {
  const Bytes one = to_bytes(key);
  MRV_TRY(auto rows, proved_rows(std::span(&one, 1)));
  return std::move(rows.front());
}

Result<std::vector<ProvedRow>> Reader::proved_rows(std::span<const Bytes> keys) const {
  std::vector<ProvedRow> rows;
  for (const Bytes& key : keys) {
    MRV_TRY(auto value, store().row(key));
    if (!value) return Error{"MAP_KEY_ABSENT", "there is no such row", {}};
    rows.push_back({key, *std::move(value), {}});
  }
  MRV_TRY(const auto paths, map_.prove(keys, published_->size, store()));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    // A newer seal may have been published while these proofs were made.
    const auto holds =
        map::verify_inclusion(published_->map_root, rows[i].key, rows[i].value, paths[i]);
    if (!holds.ok()) return stale();
    rows[i].proof = map::encode_path(paths[i]);
  }
  return rows;
}

Result<ProofMap::Hold> Reader::hold() const {
  auto held = map_.hold(published_->size);
  if (held == nullptr) return stale();
  return held;
}

Result<Page> Reader::page(std::uint8_t row_tag, const std::optional<Bytes>& start,
                          std::size_t count, TreeSize size) const {
  const Bytes first = codec::created_key(row_tag, EntryIndex{0}, 0);
  Bytes end = codec::created_key(row_tag, EntryIndex{size.value()}, 0);
  if (start && first < *start && *start < end) {
    end = *start;
    end.push_back(0);  // the cursor itself is the first item
  }
  Page page;
  while (true) {
    MRV_TRY(auto found, store().last_index_before(first, end));
    if (!found) break;
    if (page.rows.size() == count) {
      page.next = std::move(found->key);
      break;
    }
    MRV_TRY(auto value, store().row_at(found->value, size));
    if (value) page.rows.emplace_back(std::move(found->value), *std::move(value));
    end = std::move(found->key);
  }
  return page;
}

}  // namespace mrv::node
