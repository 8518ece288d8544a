// The physical layout: which family of the database a record lives in, its key, and the bytes of
// the records that are not stored as they come. Integers are big-endian, so key order is number
// order. Changing anything here changes kStoreFormat.
//
//   family       key                            value
//   meta         "format" | "latest"            kStoreFormat | encode_latest()
//   entries      BE64 index                     entry bytes
//   tiles        1 ‖ level ‖ BE64 tile index    hashes of a full tile
//                0 ‖ level                      hashes of the open tile
//   rows         row key                        row value
//   history      row key ‖ BE64 size before     0, or 1 ‖ previous row value
//   indexes      index key                      index value
//   leaves       32-byte key                    32-byte value
//   act_ids      (party, id) key                BE64 entry index ‖ 32-byte digest
//   checkpoints  BE64 tree size                 signed note
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/bytes.h"
#include "ledger/store/store.h"

namespace mrv::store {

inline constexpr std::string_view kStoreFormat = "mrv-store-1";

// The order is that of kFamilyNames.
enum class Family : std::uint8_t {
  kMeta,
  kEntries,
  kTiles,
  kRows,
  kHistory,
  kIndexes,
  kLeaves,
  kActIds,
  kCheckpoints,
};

inline constexpr std::size_t kFamilyCount = 9;
inline constexpr std::array<std::string_view, kFamilyCount> kFamilyNames = {
    "meta", "entries", "tiles", "rows", "history", "indexes", "leaves", "act_ids", "checkpoints"};

inline constexpr std::size_t kBe64Size = 8;

Bytes be64(std::uint64_t value);
// Precondition: bytes.size() >= kBe64Size; reads the first eight.
std::uint64_t read_be64(ByteView bytes);

Bytes meta_key(std::string_view name);
Bytes full_tile_key(std::uint8_t level, std::uint64_t index);
Bytes open_tile_key(std::uint8_t level);
Bytes history_key(ByteView row_key, TreeSize size_before);

Bytes encode_latest(const Latest& latest);
Bytes encode_history(const std::optional<Bytes>& previous);
Bytes encode_act_id(const ActId& act_id);

// Errors of the three: STORE_CORRUPT.
Result<Latest> decode_latest(ByteView bytes);
Result<std::optional<Bytes>> decode_history(ByteView bytes);
Result<ActId> decode_act_id(ByteView bytes);

}  // namespace mrv::store
