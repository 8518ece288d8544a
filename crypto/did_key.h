// did:key and Multikey text of Ed25519 keys (W3C Controlled Identifiers, multicodec 0xED01 and
// 0x8026).
#pragma once

#include <string>
#include <string_view>

#include "crypto/ed25519.h"

namespace mrv::crypto {

inline constexpr std::string_view kDidKeyPrefix = "did:key:";
inline constexpr std::size_t kMultikeyTextLength = 48;  // "z6Mk" and 44 more
inline constexpr std::array<std::uint8_t, 2> kMulticodecEd25519Public = {0xED, 0x01};
inline constexpr std::array<std::uint8_t, 2> kMulticodecEd25519Secret = {0x80, 0x26};

// z6Mk…
std::string multikey_of(const PublicKey& key);
// did:key:z6Mk…
std::string did_of(const PublicKey& key);
// did:key:X#X
std::string verification_method_of(const PublicKey& key);

// All refuse whatever the writers above would not have written. No point check: a key is judged
// when it enters the ledger. Errors: DID_KEY_INVALID.
Result<PublicKey> parse_multikey(std::string_view text);
Result<PublicKey> parse_did(std::string_view text);
Result<PublicKey> parse_verification_method(std::string_view text);

// z3u2…; the text is secret: wipe it after use. Errors of parsing: DID_KEY_INVALID.
std::string secret_multikey_of(const SecretKey& key);
Result<SecretKey> parse_secret_multikey(std::string_view text);

}  // namespace mrv::crypto
