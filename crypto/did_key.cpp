// Multikey text: "z" and the base58 form of two multicodec bytes and 32 key bytes.
#include "crypto/did_key.h"

#include <algorithm>

namespace mrv::crypto {
namespace {

Error invalid(const char* why) { return {"DID_KEY_INVALID", why, {}}; }

std::string encode(const std::array<std::uint8_t, 2>& codec, ByteView key) {
  Bytes bytes(codec.begin(), codec.end());
  bytes.insert(bytes.end(), key.begin(), key.end());
  std::string text = "z" + to_base58(bytes);
  wipe(bytes);
  return text;
}

Result<Bytes> decode(const std::array<std::uint8_t, 2>& codec, std::string_view text) {
  if (text.size() > kMultikeyTextLength + 2 || !text.starts_with('z')) {
    return invalid("a Multikey starts with z");
  }
  auto bytes = from_base58(text.substr(1));
  if (!bytes.ok()) return invalid("a Multikey is base58");
  const bool fits = bytes->size() == codec.size() + kPublicKeySize &&
                    std::equal(codec.begin(), codec.end(), bytes->begin());
  if (!fits) return invalid("not an Ed25519 key");
  return Bytes(bytes->begin() + static_cast<std::ptrdiff_t>(codec.size()), bytes->end());
}

}  // namespace

std::string multikey_of(const PublicKey& key) {
  return encode(kMulticodecEd25519Public, key.bytes);
}

std::string did_of(const PublicKey& key) { return std::string(kDidKeyPrefix) + multikey_of(key); }

std::string verification_method_of(const PublicKey& key) {
  const std::string multikey = multikey_of(key);
  return std::string(kDidKeyPrefix) + multikey + "#" + multikey;
}

Result<PublicKey> parse_multikey(std::string_view text) {
  MRV_TRY(const Bytes bytes, decode(kMulticodecEd25519Public, text));
  PublicKey key;
  std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
  return key;
}

Result<PublicKey> parse_did(std::string_view text) {
  if (!text.starts_with(kDidKeyPrefix)) return invalid("a did:key is expected");
  return parse_multikey(text.substr(kDidKeyPrefix.size()));
}

Result<PublicKey> parse_verification_method(std::string_view text) {
  const auto hash = text.find('#');
  if (hash == std::string_view::npos) return invalid("a verification method has a fragment");
  MRV_TRY(const PublicKey key, parse_did(text.substr(0, hash)));
  if (text != verification_method_of(key)) return invalid("the fragment repeats the key");
  return key;
}

std::string secret_multikey_of(const SecretKey& key) {
  return encode(kMulticodecEd25519Secret, key.seed());
}

Result<SecretKey> parse_secret_multikey(std::string_view text) {
  MRV_TRY(Bytes seed, decode(kMulticodecEd25519Secret, text));
  SecretKey key = SecretKey::from_seed(seed);
  wipe(seed);
  return key;
}

}  // namespace mrv::crypto
