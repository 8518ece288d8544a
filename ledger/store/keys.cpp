// Keys and record encodings, and their strict decoders.
#include "ledger/store/keys.h"

#include <algorithm>

namespace mrv::store {
namespace {

constexpr std::uint8_t kOpenTile = 0;
constexpr std::uint8_t kFullTile = 1;
constexpr std::uint8_t kNoPrevious = 0;
constexpr std::uint8_t kPrevious = 1;

constexpr std::size_t kLatestSize = 4 * kBe64Size + 2 * kHashSize;
constexpr std::size_t kActIdSize = kBe64Size + kHashSize;

void append(Bytes& out, ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

Error record_corrupt(const char* what) { return {"STORE_CORRUPT", what, {}}; }

// Precondition: bytes.size() >= kHashSize.
Hash read_hash(ByteView bytes) {
  Hash hash{};
  std::copy_n(bytes.begin(), kHashSize, hash.begin());
  return hash;
}

}  // namespace

Bytes be64(std::uint64_t value) {
  Bytes out(kBe64Size);
  for (std::size_t i = 0; i < kBe64Size; ++i) {
    out[i] = static_cast<std::uint8_t>(value >> (8 * (kBe64Size - 1 - i)));
  }
  return out;
}

std::uint64_t read_be64(ByteView bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes.first(kBe64Size)) value = value << 8 | byte;
  return value;
}

Bytes meta_key(std::string_view name) { return to_bytes(name); }

Bytes full_tile_key(std::uint8_t level, std::uint64_t index) {
  Bytes key = {kFullTile, level};
  append(key, be64(index));
  return key;
}

Bytes open_tile_key(std::uint8_t level) { return {kOpenTile, level}; }

Bytes history_key(ByteView row_key, TreeSize size_before) {
  Bytes key = to_bytes(row_key);
  append(key, be64(size_before.value()));
  return key;
}

Bytes encode_latest(const Latest& latest) {
  Bytes out = be64(latest.order_number.value());
  append(out, be64(latest.size.value()));
  append(out, be64(static_cast<std::uint64_t>(latest.time.value())));
  append(out, latest.log_root);
  append(out, latest.map_root);
  append(out, be64(latest.map_key_count));
  return out;
}

Result<Latest> decode_latest(ByteView bytes) {
  if (bytes.size() != kLatestSize) return record_corrupt("the record of the last batch");
  Latest latest;
  latest.order_number = OrderNumber(read_be64(bytes));
  latest.size = TreeSize(read_be64(bytes.subspan(8)));
  latest.time = TimestampMs(static_cast<std::int64_t>(read_be64(bytes.subspan(16))));
  latest.log_root = read_hash(bytes.subspan(24));
  latest.map_root = read_hash(bytes.subspan(56));
  latest.map_key_count = read_be64(bytes.subspan(88));
  return latest;
}

Bytes encode_history(const std::optional<Bytes>& previous) {
  if (!previous) return {kNoPrevious};
  Bytes out = {kPrevious};
  append(out, *previous);
  return out;
}

Result<std::optional<Bytes>> decode_history(ByteView bytes) {
  if (bytes.size() == 1 && bytes[0] == kNoPrevious) return std::optional<Bytes>();
  if (!bytes.empty() && bytes[0] == kPrevious) return std::optional(to_bytes(bytes.subspan(1)));
  return record_corrupt("a history record");
}

Bytes encode_act_id(const ActId& act_id) {
  Bytes out = be64(act_id.index.value());
  append(out, act_id.digest);
  return out;
}

Result<ActId> decode_act_id(ByteView bytes) {
  if (bytes.size() != kActIdSize) return record_corrupt("the record of an act id");
  return ActId{EntryIndex(read_be64(bytes)), read_hash(bytes.subspan(kBe64Size))};
}

}  // namespace mrv::store
