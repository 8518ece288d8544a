// Read back, recompute, compare, remember, sign: in this order.
#include "ledger/signer/log_signer.h"

#include <cassert>

#include "crypto/rfc6962.h"
#include "crypto/signed_note.h"
#include "ledger/log/checkpoint.h"

namespace mrv::signer {
namespace {

Error differs(const char* what) { return {"SIGNER_READ_BACK_DIFFERS", what, {}}; }

Result<store::Latest> latest_of(const store::StoreReader& reader) {
  MRV_TRY(const auto latest, reader.latest());
  return latest.value_or(store::Latest{{}, {}, {}, crypto::empty_root(), {}, 0});
}

// Every entry and row of the batch, as the store gives them back. The entries' leaf hashes are
// compared with the tiles, so the tree that is signed is the tree of these bytes.
Status check_entries(const store::StoreReader& reader, const store::CommitBatch& written) {
  const auto tiles = store::tile_source(reader);
  std::vector<Hash> tile;
  std::uint64_t tile_index = ~std::uint64_t{0};
  for (std::size_t i = 0; i < written.entries.size(); ++i) {
    const std::uint64_t index = written.size_before.value() + i;
    MRV_TRY(const auto entry, reader.entry(EntryIndex{index}));
    if (!entry || *entry != written.entries[i]) return differs("an entry");
    if (index / log::kTileWidth != tile_index) {
      tile_index = index / log::kTileWidth;
      MRV_TRY(tile, tiles(0, tile_index, static_cast<unsigned>(index % log::kTileWidth + 1)));
    }
    const std::size_t at = index % log::kTileWidth;
    if (at >= tile.size() || tile[at] != crypto::leaf_hash(*entry)) return differs("a tile");
  }
  return {};
}

Status check_rows(const store::StoreReader& reader, const store::CommitBatch& written) {
  for (const auto& row : written.rows) {
    MRV_TRY(const auto value, reader.row(row.key));
    if (value != row.value) return differs("a row");
  }
  return {};
}

Status check_latest(const store::Latest& latest, const store::CommitBatch& written) {
  const TreeSize size{written.size_before.value() + written.entries.size()};
  const bool same = latest.order_number == written.order_number && latest.size == size &&
                    latest.log_root == written.log_root && latest.map_root == written.map_root;
  return same ? Status() : Status(differs("the batch's summary"));
}

std::vector<crypto::SecretKey> list_of(crypto::SecretKey key) {
  std::vector<crypto::SecretKey> keys;
  keys.push_back(std::move(key));
  return keys;
}

}  // namespace

LogSigner::LogSigner(LastSigned memory, std::vector<crypto::SecretKey> keys)
    : memory_(std::move(memory)), keys_(std::move(keys)) {
  assert(!keys_.empty());
}

LogSigner::LogSigner(LastSigned memory, crypto::SecretKey key)
    : LogSigner(std::move(memory), list_of(std::move(key))) {}

template <class T>
Result<T> LogSigner::stop_on_error(Result<T> result) {
  if (!result.ok()) stopped_ = true;
  return result;
}

// The tiles, read again, give the stored root, and lead on from the tree signed last.
Status LogSigner::check_continues(const store::StoreReader& reader, const store::Latest& latest) {
  const SignedState& last = memory_.state();
  if (latest.size < last.size) {
    return Error{"SIGNER_AHEAD",
                 "size " + std::to_string(last.size.value()) + " was signed, the store has " +
                     std::to_string(latest.size.value()),
                 {}};
  }
  const auto tiles = store::tile_source(reader);
  MRV_TRY(const Hash root, log::root_from_tiles<log::kTileHeight>(latest.size.value(), tiles));
  if (root != latest.log_root) {
    return Error{"SIGNER_ROOT_DIFFERS", "the tiles give another root than the store's", {}};
  }
  MRV_TRY(const auto proof,
          log::consistency_proof<log::kTileHeight>(last.size.value(), latest.size.value(), tiles));
  const auto consistent =
      crypto::verify_consistency(last.size.value(), latest.size.value(), last.root, root, proof);
  if (!consistent.ok()) {
    return Error{"SIGNER_ROOT_DIFFERS",
                 "the store does not continue the tree of size " +
                     std::to_string(last.size.value()) + " that was signed last",
                 {}};
  }
  return {};
}

Status LogSigner::check_store(const store::StoreReader& reader) {
  MRV_TRY(const store::Latest latest, latest_of(reader));
  return check_continues(reader, latest);
}

Result<const crypto::SecretKey*> LogSigner::key_for(const store::StoreReader& reader,
                                                    TreeSize start) {
  MRV_TRY(const auto vkey, announced_.vkey_for(reader, start));
  if (!vkey) return &keys_.front();
  for (const auto& key : keys_) {
    if (crypto::vkey_of({origin(), crypto::kNoteTypeEd25519, key.public_key()}) == *vkey) {
      return &key;
    }
  }
  return Error{"SIGNER_KEY_MISSING",
               "from entry " + std::to_string(start.value()) + " on the log is signed with " +
                   *vkey + ", and no key file that was given holds it",
               {}};
}

Status LogSigner::check_next(const store::StoreReader& reader) {
  MRV_TRY(const store::Latest latest, latest_of(reader));
  const auto key = key_for(reader, latest.size);
  return key.ok() ? Status() : Status(key.error());
}

Result<std::string> LogSigner::sign_latest(const store::StoreReader& reader, TreeSize start) {
  if (stopped_) return Error{"SIGNER_STOPPED", "an earlier failure stopped the signer", {}};
  MRV_TRY(const store::Latest latest, latest_of(reader));
  MRV_CHECK(check_continues(reader, latest));
  MRV_TRY(const crypto::SecretKey* const key, key_for(reader, start));
  MRV_CHECK(memory_.remember({origin(), latest.size, latest.log_root, latest.time}));
  const std::string text = log::checkpoint_text({origin(), latest.size, latest.log_root});
  MRV_TRY(auto signature, crypto::sign_note(text, origin(), *key));
  return crypto::write_note({text, {std::move(signature)}});
}

Result<std::string> LogSigner::sign(const store::StoreReader& reader,
                                    const store::CommitBatch& written) {
  const auto read_back = [&]() -> Result<std::string> {
    MRV_TRY(const store::Latest latest, latest_of(reader));
    MRV_CHECK(check_latest(latest, written));
    MRV_CHECK(check_entries(reader, written));
    MRV_CHECK(check_rows(reader, written));
    return sign_latest(reader, written.size_before);
  };
  return stop_on_error(read_back());
}

Result<std::string> LogSigner::sign_found(const store::StoreReader& reader) {
  const auto found = [&]() -> Result<std::string> {
    MRV_TRY(const store::Latest latest, latest_of(reader));
    MRV_TRY(const TreeSize start, batch_start(reader, latest.size));
    return sign_latest(reader, start);
  };
  return stop_on_error(found());
}

}  // namespace mrv::signer
