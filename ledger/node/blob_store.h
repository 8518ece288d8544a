// Blobs on disk by SHA-256: immutable, hashed while they are received, durable before anyone is
// told (formats.md 8): data/blobs/aa/bb/<hex>.
//
// A file's modification time is the time at which its blob was put or asked for last, by the clock
// given here; it decides about removal and nothing else. Any thread may use a store.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <stop_token>

#include "crypto/bytes.h"
#include "crypto/sha256.h"
#include "ledger/base/types.h"

namespace mrv::node {

class BlobStore {
 public:
  using Clock = std::function<TimestampMs()>;

  // The folder must exist. What an earlier process left half-written is removed.
  BlobStore(std::filesystem::path folder, Clock clock);

  // One upload, of a store that outlives it. Destroying it before finish() leaves nothing behind.
  class Writer {
   public:
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer();
    // Errors: BLOB_TOO_LARGE (above kBlobBytesMax), BLOB_WRITE_FAILED.
    Status write(ByteView bytes);
    // Durable on return: file synced, renamed, folder synced. A blob that was there already is as
    // young as a new one. Errors: BLOB_DIGEST_DIFFERS, BLOB_REMOVED, BLOB_WRITE_FAILED.
    Status finish();

   private:
    friend class BlobStore;
    Writer(BlobStore& store, const Hash& digest, std::filesystem::path temporary, int fd);
    BlobStore& store_;
    Hash digest_;
    std::filesystem::path temporary_;
    int fd_;
    std::size_t bytes_ = 0;
    crypto::Sha256 sha_;
  };

  // Errors: BLOB_REMOVED, BLOB_WRITE_FAILED.
  Result<std::unique_ptr<Writer>> begin(const Hash& digest);

  // The blob is gone by decision: from here on, for the life of this store, it is neither stored
  // nor given, even where the error says that its file is still there. Durable on return; once more
  // does no harm. Errors: BLOB_WRITE_FAILED.
  Status remove(const Hash& digest);
  [[nodiscard]] bool is_removed(const Hash& digest) const;

  // Is it here? Then it is young again: a sweep that has not removed it yet leaves it.
  // Errors: BLOB_WRITE_FAILED.
  Result<bool> renew(const Hash& digest);

  struct Swept {
    std::uint64_t kept = 0;
    std::uint64_t removed = 0;
    std::uint64_t bytes = 0;  // of the removed
  };
  using Referenced = std::function<Result<bool>(const Hash& digest)>;
  // Removes what was put and asked for at `cutoff` or before and is not referenced. Each file is
  // judged and removed in one step against renew() and finish(): a blob that either of them
  // answered for is not removed by a judgement made before. Other files in the folder are left.
  // Errors: BLOB_READ_FAILED, BLOB_WRITE_FAILED, those of `referenced`; what was removed before is
  // gone. A requested stop ends it early, between two files.
  Result<Swept> sweep(TimestampMs cutoff, const Referenced& referenced,
                      const std::stop_token& stop = {});

  // Re-hashed as it is read. Errors: BLOB_CORRUPT, BLOB_READ_FAILED; nothing only where there is
  // no such file.
  [[nodiscard]] Result<std::optional<Bytes>> read(const Hash& digest) const;

  // An open blob, read in pieces and not re-hashed: whoever receives it has the digest.
  class File {
   public:
    File(int fd, std::uint64_t size) : fd_(fd), size_(size) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File();
    [[nodiscard]] std::uint64_t size() const { return size_; }
    // Fills all of `into`. Errors: BLOB_READ_FAILED.
    Status read(std::uint64_t offset, std::span<char> into) const;

   private:
    int fd_;
    std::uint64_t size_;
  };
  // Null where there is no such blob. Errors: BLOB_READ_FAILED.
  [[nodiscard]] Result<std::unique_ptr<File>> open(const Hash& digest) const;

 private:
  [[nodiscard]] std::filesystem::path path_of(const Hash& digest) const;
  Status sweep_one(const std::filesystem::path& file, const Hash& digest, TimestampMs cutoff,
                   const Referenced& referenced, Swept& swept);

  std::filesystem::path folder_;
  Clock clock_;
  std::mutex files_;             // names and times of finished blobs: they change under it
  mutable std::mutex removals_;  // guards removed_; taken alone or after files_
  std::set<Hash> removed_;       // by decision
};

}  // namespace mrv::node
