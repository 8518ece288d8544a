// Hexadecimal, base64 and base58, each with exactly one accepted spelling.
#include "crypto/bytes.h"

#include <algorithm>

namespace mrv {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase58Alphabet =
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::uint8_t kNotInAlphabet = 0xFF;

constexpr std::array<std::uint8_t, 256> reverse_table(std::string_view alphabet) {
  std::array<std::uint8_t, 256> table{};
  table.fill(kNotInAlphabet);
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    table[static_cast<std::uint8_t>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return table;
}

constexpr auto kHexValues = reverse_table(kHexDigits);
constexpr auto kBase64Values = reverse_table(kBase64Alphabet);
constexpr auto kBase58Values = reverse_table(kBase58Alphabet);

std::uint8_t lookup(const std::array<std::uint8_t, 256>& table, char letter) {
  return table[static_cast<std::uint8_t>(letter)];
}

Error hex_error(const char* why) { return {"HEX_INVALID", why, {}}; }
Error base64_error(const char* why) { return {"BASE64_INVALID", why, {}}; }
Error base58_error(const char* why) { return {"BASE58_INVALID", why, {}}; }

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text.push_back(kHexDigits[byte >> 4U]);
    text.push_back(kHexDigits[byte & 15U]);
  }
  return text;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return hex_error("an odd number of hex digits");
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = lookup(kHexValues, text[i]);
    const auto low = lookup(kHexValues, text[i + 1]);
    if (high == kNotInAlphabet || low == kNotInAlphabet) {
      return hex_error("a character that is no lower-case hex digit");
    }
    bytes.push_back(static_cast<std::uint8_t>(high << 4U | low));
  }
  return bytes;
}

std::string to_base64(ByteView bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (k < left ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      text.push_back(k <= left ? kBase64Alphabet[group >> (18 - 6 * k) & 63U] : '=');
    }
  }
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return base64_error("the length is no multiple of four");
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  const std::string_view letters = text.substr(0, text.size() - padding);
  Bytes bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char letter : letters) {
    const auto value = lookup(kBase64Values, letter);
    if (value == kNotInAlphabet) return base64_error("a character outside the alphabet");
    pending = pending << 6U | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(pending >> bits & 0xFFU));
    }
  }
  if ((pending & ((1U << bits) - 1U)) != 0) return base64_error("spare bits are not zero");
  return bytes;
}

std::string to_base58(ByteView bytes) {
  std::vector<std::uint8_t> digits;  // base 58, least significant first
  for (const std::uint8_t byte : bytes) {
    std::uint32_t carry = byte;
    for (auto& digit : digits) {
      carry += static_cast<std::uint32_t>(digit) << 8U;
      digit = static_cast<std::uint8_t>(carry % 58);
      carry /= 58;
    }
    for (; carry > 0; carry /= 58) digits.push_back(static_cast<std::uint8_t>(carry % 58));
  }
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (byte != 0) break;
    text.push_back('1');
  }
  for (std::size_t i = digits.size(); i-- > 0;) text.push_back(kBase58Alphabet[digits[i]]);
  return text;
}

Result<Bytes> from_base58(std::string_view text) {
  if (text.size() > kBase58LengthMax) return base58_error("the text is too long");
  Bytes little_endian;
  for (const char letter : text) {
    std::uint32_t carry = lookup(kBase58Values, letter);
    if (carry == kNotInAlphabet) return base58_error("a character outside the alphabet");
    for (auto& byte : little_endian) {
      carry += 58U * byte;
      byte = static_cast<std::uint8_t>(carry & 0xFFU);
      carry >>= 8U;
    }
    if (carry > 0) little_endian.push_back(static_cast<std::uint8_t>(carry));
  }
  Bytes bytes;
  for (const char letter : text) {
    if (letter != '1') break;
    bytes.push_back(0);
  }
  bytes.insert(bytes.end(), little_endian.rbegin(), little_endian.rend());
  return bytes;
}

Result<Hash> to_hash(ByteView bytes) {
  if (bytes.size() != kHashSize) {
    return Error{"HASH_LENGTH_INVALID", "a hash has 32 bytes", {}};
  }
  Hash hash{};
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

Result<Hash> hash_from_hex(std::string_view text) {
  MRV_TRY(const Bytes bytes, from_hex(text));
  return to_hash(bytes);
}

Result<Hash> hash_from_base64(std::string_view text) {
  MRV_TRY(const Bytes bytes, from_base64(text));
  return to_hash(bytes);
}

}  // namespace mrv
