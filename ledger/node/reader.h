// Every read answers from the published tree: what a checkpoint vouches for, and nothing later.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ledger/node/publisher.h"

namespace mrv::node {

inline constexpr std::size_t kPageItemsDefault = 100;
inline constexpr std::size_t kPageItemsMax = 200;

// A row with everything an outsider needs to check it against the checkpoint.
struct ProvedRow {
  Bytes key;
  Bytes value;
  Bytes proof;  // map::encode_path
};

// A page of objects of one kind, newest first.
struct Page {
  std::vector<std::pair<Bytes, Bytes>> rows;  // key, value
  std::optional<Bytes> next;                  // where the next page starts
};

class Reader {
 public:
  Reader(const ProofMap& map, std::shared_ptr<const Published> published)
      : map_(map), published_(std::move(published)) {}

  [[nodiscard]] const Published& published() const { return *published_; }
  [[nodiscard]] const store::StoreReader& store() const { return *published_->snapshot; }

  // Nothing at or beyond the published size. Errors of all: the store's.
  [[nodiscard]] Result<std::optional<Bytes>> entry(EntryIndex index) const;
  // Errors: PROOF_INDEX_INVALID.
  [[nodiscard]] Result<std::vector<Hash>> inclusion(EntryIndex index) const;
  [[nodiscard]] Result<std::vector<Hash>> consistency(TreeSize from) const;
  // C2SP tlog-proof with the published checkpoint. Errors: PROOF_INDEX_INVALID.
  [[nodiscard]] Result<std::string> tlog_proof(EntryIndex index) const;
  // A tile or bundle of the published tree; nothing for what that tree does not have.
  [[nodiscard]] Result<std::optional<Bytes>> tile(const log::TilePath& path) const;

  [[nodiscard]] Result<std::optional<Bytes>> row(ByteView key) const;
  // Errors: MAP_KEY_ABSENT; STALE when a newer tree was published meanwhile (take a new reader).
  [[nodiscard]] Result<ProvedRow> proved_row(ByteView key) const;
  // The same for many rows, in the order of the keys.
  [[nodiscard]] Result<std::vector<ProvedRow>> proved_rows(std::span<const Bytes> keys) const;
  // While it lives, rows of this tree can be proved, whatever is published meanwhile. Errors:
  // STALE.
  [[nodiscard]] Result<ProofMap::Hold> hold() const;

  // Objects of the kind with this row tag in order of creation, newest first, from `start` (a
  // cursor of an earlier page) on, as they were when the tree had `size` entries.
  [[nodiscard]] Result<Page> page(std::uint8_t row_tag, const std::optional<Bytes>& start,
                                  std::size_t count, TreeSize size) const;

 private:
  const ProofMap& map_;
  std::shared_ptr<const Published> published_;
};

}  // namespace mrv::node
