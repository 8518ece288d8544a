// cosignature/v1 messages and payloads.
#include "crypto/cosignature.h"

#include <algorithm>

namespace mrv::crypto {

std::string cosignature_message(std::uint64_t time_seconds, std::string_view checkpoint_text) {
  return "cosignature/v1\ntime " + std::to_string(time_seconds) + "\n" +
         std::string(checkpoint_text);
}

Result<NoteSignature> cosign(std::string_view checkpoint_text, std::uint64_t time_seconds,
                             std::string_view witness_name, const SecretKey& secret) {
  MRV_CHECK(check_note_text(checkpoint_text));
  if (!is_note_name(witness_name)) {
    return Error{"NOTE_MALFORMED", "the witness's name is malformed", {}};
  }
  const NoteKey key{std::string(witness_name), kNoteTypeCosignature, secret.public_key()};
  const Signature signature =
      secret.sign(as_bytes(cosignature_message(time_seconds, checkpoint_text)));
  NoteSignature line{key.name, key.id(), {}};
  for (std::size_t i = kCosignatureTimeSize; i-- > 0;) {
    line.payload.push_back(static_cast<std::uint8_t>(time_seconds >> (8 * i)));
  }
  line.payload.insert(line.payload.end(), signature.bytes.begin(), signature.bytes.end());
  return line;
}

Result<std::uint64_t> verify_cosignature(std::string_view checkpoint_text, const NoteKey& witness,
                                         const NoteSignature& line) {
  const Error invalid{
      "NOTE_SIGNATURE_INVALID", "the cosignature of " + witness.name + " does not hold", {}};
  if (line.payload.size() != kCosignaturePayloadSize) return invalid;
  std::uint64_t time_seconds = 0;
  for (std::size_t i = 0; i < kCosignatureTimeSize; ++i) {
    time_seconds = time_seconds << 8U | line.payload[i];
  }
  Signature signature;
  std::copy(line.payload.begin() + kCosignatureTimeSize, line.payload.end(),
            signature.bytes.begin());
  const std::string message = cosignature_message(time_seconds, checkpoint_text);
  if (!verify(witness.key, as_bytes(message), signature)) return invalid;
  return time_seconds;
}

}  // namespace mrv::crypto
