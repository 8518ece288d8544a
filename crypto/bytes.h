// Byte strings, hashes, and their strict text forms. Every decoder refuses what its encoder would
// not have written: odd lengths, upper-case hex, missing padding, spare bits.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace mrv {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline constexpr std::size_t kHashSize = 32;
using Hash = std::array<std::uint8_t, kHashSize>;

inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }
inline Bytes to_bytes(std::string_view text) { return to_bytes(as_bytes(text)); }

// Lower-case hexadecimal. Errors: HEX_INVALID.
std::string to_hex(ByteView bytes);
Result<Bytes> from_hex(std::string_view text);

// RFC 4648 section 4 with padding; spare bits must be zero. Errors: BASE64_INVALID.
std::string to_base64(ByteView bytes);
Result<Bytes> from_base64(std::string_view text);

// Bitcoin alphabet (W3C Multibase `z` without the letter). Errors: BASE58_INVALID.
// Input is limited to kBase58LengthMax characters because the algorithm is quadratic.
inline constexpr std::size_t kBase58LengthMax = 256;
std::string to_base58(ByteView bytes);
Result<Bytes> from_base58(std::string_view text);

// Exactly 32 bytes or HASH_LENGTH_INVALID.
Result<Hash> to_hash(ByteView bytes);
Result<Hash> hash_from_hex(std::string_view text);
Result<Hash> hash_from_base64(std::string_view text);

}  // namespace mrv
