// Commit batches and scratch directories for the store tests.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <utility>

#include <unistd.h>

#include "ledger/store/store.h"

namespace mrv::store {

inline Bytes text_bytes(std::string_view text) { return to_bytes(text); }

inline Hash filled_hash(std::uint8_t byte) {
  Hash hash{};
  hash.fill(byte);
  return hash;
}

inline Bytes filled_hashes(std::size_t count, std::uint8_t byte) {
  return Bytes(count * kHashSize, byte);
}

// A batch with its `count` entries "entry <index>" and nothing else.
inline CommitBatch entries_batch(std::uint64_t number, std::uint64_t size_before,
                                 std::uint64_t count) {
  CommitBatch batch;
  batch.order_number = OrderNumber(number);
  batch.size_before = TreeSize(size_before);
  batch.time = TimestampMs(static_cast<std::int64_t>(1'000 * number));
  for (std::uint64_t i = 0; i < count; ++i) {
    batch.entries.push_back(text_bytes("entry " + std::to_string(size_before + i)));
  }
  batch.log_root = filled_hash(static_cast<std::uint8_t>(size_before + count));
  return batch;
}

// A fresh path below the system's temporary folder, removed at the end.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    static std::atomic<unsigned> counter = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("mrv-store-" + std::to_string(::getpid()) + "-" + std::to_string(counter++));
    std::filesystem::remove_all(path_);
    std::filesystem::create_directory(path_);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::filesystem::path path() const { return path_; }
  [[nodiscard]] std::string db() const { return (path_ / "db").string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace mrv::store
