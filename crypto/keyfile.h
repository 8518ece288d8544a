// Secret keys on disk: Argon2id over the passphrase, XSalsa20-Poly1305 secretbox over the seed.
//
// Text of five lines: format name, public key (did:key), Argon2id parameters, salt, box (base64).
// Files are created with mode 0600, never overwritten, and refused when group or others may read
// them. A file appears under its name whole or not at all, so the file system must know hard links.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "crypto/ed25519.h"

namespace mrv::crypto {

inline constexpr std::string_view kKeyfileHeader = "mrv-ledger-key/1";
inline constexpr std::size_t kKeyfileBytesMax = 4'096;

// Work factors are stored in the file and bounded when read, so that a planted file cannot ask for
// unbounded memory.
struct KeyfileCost {
  std::uint64_t operations = 3;
  std::uint64_t memory_bytes = 64ULL << 20U;
};
inline constexpr KeyfileCost kKeyfileCostDefault{};
inline constexpr KeyfileCost kKeyfileCostMin{1, 8ULL << 10U};
inline constexpr KeyfileCost kKeyfileCostMax{20, 1ULL << 30U};

// Durable on return (file and directory fsynced); a write that fails leaves the name free. Errors:
// KEYFILE_EXISTS, KEYFILE_WRITE_FAILED, KEYFILE_COST_INVALID. An empty passphrase is allowed and
// protects nothing beyond the file mode.
Status write_keyfile(const std::filesystem::path& path, const SecretKey& key,
                     std::string_view passphrase, const KeyfileCost& cost = kKeyfileCostDefault);

// Errors: KEYFILE_UNREADABLE, KEYFILE_PERMISSIONS, KEYFILE_MALFORMED, KEYFILE_COST_INVALID,
// KEYFILE_PASSPHRASE_WRONG (also when the box was damaged).
Result<SecretKey> read_keyfile(const std::filesystem::path& path, std::string_view passphrase);

// The public half, without the passphrase. Same errors but the last.
Result<PublicKey> read_keyfile_public(const std::filesystem::path& path);

}  // namespace mrv::crypto
