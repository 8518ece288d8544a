// Crockford base32 of 128-bit ids, strict in both directions.
#include "ledger/model/ids.h"

namespace mrv::model {
namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr unsigned kBitsPerLetter = 5;

}  // namespace

std::string to_crockford(const IdBytes& bytes) {
  std::string text;
  text.reserve(kIdTextLength);
  unsigned pending = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : bytes) {
    pending = (pending << 8U) | byte;
    bits += 8;
    while (bits >= kBitsPerLetter) {
      bits -= kBitsPerLetter;
      text.push_back(kAlphabet[(pending >> bits) & 31U]);
    }
  }
  text.push_back(kAlphabet[(pending << (kBitsPerLetter - bits)) & 31U]);
  return text;
}

Result<IdBytes> from_crockford(std::string_view text) {
  const auto invalid = [](const char* why) { return Error{"ID_INVALID", why, {}}; };
  if (text.size() != kIdTextLength) return invalid("an id has 26 letters after its prefix");
  IdBytes bytes{};
  std::size_t written = 0;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const char letter : text) {
    const auto value = kAlphabet.find(letter);
    if (value == std::string_view::npos) return invalid("an id uses lower-case Crockford base32");
    pending = (pending << kBitsPerLetter) | static_cast<unsigned>(value);
    bits += kBitsPerLetter;
    if (bits >= 8 && written < bytes.size()) {
      bits -= 8;
      bytes[written] = static_cast<std::uint8_t>((pending >> bits) & 0xFFU);
      ++written;
    }
  }
  if ((pending & ((1U << bits) - 1U)) != 0) return invalid("an id's spare bits are zero");
  return bytes;
}

}  // namespace mrv::model
