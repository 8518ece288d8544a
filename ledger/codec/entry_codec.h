// Log entries <-> bytes (formats.md 2): the RFC 8785 form of an act or a seal.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/base/types.h"

namespace mrv::codec {

// `document` is a canonical secured document; `result` the canonical JSON of what the transition
// returned for acts judged with blob bytes.
struct ActEntry {
  TimestampMs recorded_at;
  std::string document;
  std::optional<std::string> result;
  friend bool operator==(const ActEntry&, const ActEntry&) = default;
};

// The map root after applying entries [0, tree_size), where tree_size is this seal's own index.
struct SealEntry {
  TimestampMs recorded_at;
  TreeSize tree_size;
  Hash map_root{};
  std::uint64_t map_size = 0;
  friend bool operator==(const SealEntry&, const SealEntry&) = default;
};

using Entry = std::variant<ActEntry, SealEntry>;

// Precondition: document and result are canonical. Errors: ENTRY_TOO_LARGE.
Result<Bytes> encode_entry(const Entry& entry);

// Refuses everything that encode_entry would not have written. Errors: ENTRY_MALFORMED.
Result<Entry> decode_entry(ByteView bytes);

}  // namespace mrv::codec
