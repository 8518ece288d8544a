// Witness cosignatures (c2sp.org/tlog-cosignature, cosignature/v1, Ed25519):
//   message = "cosignature/v1\ntime <unix seconds>\n" ‖ checkpoint text
//   payload = uint64 big-endian time ‖ 64 signature bytes, after the note's key id
// Pure, any thread.
#pragma once

#include <cstdint>

#include "crypto/signed_note.h"

namespace mrv::crypto {

inline constexpr std::size_t kCosignatureTimeSize = 8;
inline constexpr std::size_t kCosignaturePayloadSize = kCosignatureTimeSize + kSignatureSize;

// The bytes a witness signs.
std::string cosignature_message(std::uint64_t time_seconds, std::string_view checkpoint_text);

// Errors: NOTE_MALFORMED.
Result<NoteSignature> cosign(std::string_view checkpoint_text, std::uint64_t time_seconds,
                             std::string_view witness_name, const SecretKey& secret);

// The time the witness states, if its signature over `checkpoint_text` holds.
// Errors: NOTE_SIGNATURE_INVALID.
Result<std::uint64_t> verify_cosignature(std::string_view checkpoint_text, const NoteKey& witness,
                                         const NoteSignature& signature);

}  // namespace mrv::crypto
