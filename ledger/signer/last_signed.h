// The signer's memory: which tree was signed last (formats.md 8).
//
// Two preallocated slots of 4 KiB in one file, written in turn, each with one fdatasync; the valid
// slot with the highest counter holds. A torn or damaged slot leaves the other. Without a valid
// slot nothing may be signed: the memory is what keeps a restored or copied database from signing a
// second history.
//
// Slot: "MRVSIG01" ‖ uint64 counter ‖ uint64 size ‖ int64 time (ms) ‖ 32 bytes root ‖ uint16 origin
// length ‖
//       origin ‖ zeros up to kSlotBytes - 32 ‖ SHA-256 of all bytes before; integers big-endian.
// One process at a time (exclusive flock for its life); not thread-safe, the signer owns it.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include "crypto/bytes.h"
#include "ledger/base/limits.h"
#include "ledger/base/types.h"

namespace mrv::signer {

inline constexpr std::size_t kSlotBytes = 4'096;
inline constexpr std::size_t kSlotCount = 2;
inline constexpr std::string_view kSlotMagic = "MRVSIG01";
static_assert(kOriginBytesMax + 128 < kSlotBytes);

struct SignedState {
  std::string origin;
  TreeSize size;
  Hash root{};
  TimestampMs time;
  friend bool operator==(const SignedState&, const SignedState&) = default;
};

using Slot = std::array<std::uint8_t, kSlotBytes>;

// Pure: the slot's bytes and back; nothing for anything but a whole, undamaged slot.
Slot encode_slot(std::uint64_t counter, const SignedState& state);
std::optional<std::pair<std::uint64_t, SignedState>> decode_slot(const Slot& slot);

class LastSigned {
 public:
  LastSigned(LastSigned&& other) noexcept;
  LastSigned& operator=(LastSigned&&) = delete;
  LastSigned(const LastSigned&) = delete;
  LastSigned& operator=(const LastSigned&) = delete;
  ~LastSigned();

  // A new memory at size 0 for a new log; refuses to replace one. Durable on return.
  // Errors: SIGNER_MEMORY_EXISTS, SIGNER_MEMORY_FAILED.
  static Status create(const std::filesystem::path& path, const std::string& origin);

  // Errors: SIGNER_MEMORY_MISSING, SIGNER_MEMORY_LOCKED, SIGNER_MEMORY_DAMAGED,
  // SIGNER_MEMORY_FAILED.
  static Result<LastSigned> open(const std::filesystem::path& path);

  [[nodiscard]] const SignedState& state() const { return state_; }

  // Durable on return. Refuses to go back, or to another root at the same size, or to another
  // origin: SIGNER_MEMORY_REGRESSION. After SIGNER_MEMORY_FAILED nothing more is remembered, so
  // nothing signed.
  Status remember(const SignedState& next);

 private:
  LastSigned(int fd, std::uint64_t counter, SignedState state)
      : fd_(fd), counter_(counter), state_(std::move(state)) {}

  int fd_;
  std::uint64_t counter_;
  SignedState state_;
  bool failed_ = false;
};

}  // namespace mrv::signer
