// Checkpoints and receipts as text (C2SP tlog-checkpoint, tlog-proof v1; formats.md 4, 5). Strict
// both ways: what does not re-encode to the same bytes is refused. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "ledger/base/types.h"

namespace mrv::log {

// "<origin>\n<size>\n<base64 root>\n", no extension lines.
struct Checkpoint {
  std::string origin;
  TreeSize size;
  Hash root{};
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Precondition of writing: an origin of 1 to kOriginBytesMax bytes without line break.
std::string checkpoint_text(const Checkpoint& checkpoint);
// Errors: CHECKPOINT_MALFORMED.
Result<Checkpoint> parse_checkpoint(std::string_view text);

inline constexpr std::string_view kTlogProofHeader = "c2sp.org/tlog-proof@v1";

// header, optional "extra <base64>", "index <n>", the path (leaf's sibling first), an empty line,
// the signed checkpoint verbatim. `extra` is carried and never trusted.
struct TlogProof {
  std::optional<Bytes> extra;
  EntryIndex index;
  std::vector<Hash> path;
  std::string checkpoint;  // the signed note
  friend bool operator==(const TlogProof&, const TlogProof&) = default;
};

std::string tlog_proof_text(const TlogProof& proof);
// The checkpoint part is only cut off, not parsed. Errors: TLOG_PROOF_MALFORMED.
Result<TlogProof> parse_tlog_proof(std::string_view text);

// Entry bundle: uint16 big-endian length and bytes, up to 256 times. Precondition: entries fit.
Bytes encode_bundle(const std::vector<Bytes>& entries);
// Errors: BUNDLE_MALFORMED.
Result<std::vector<Bytes>> decode_bundle(ByteView bytes);

}  // namespace mrv::log
