// Blobs on disk by SHA-256: immutable, hashed while they are received, durable before anyone is
// told (formats.md 8): data/blobs/aa/bb/<hex>.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "crypto/bytes.h"
#include "crypto/sha256.h"

namespace mrv::node {

class BlobStore {
 public:
  // The folder must exist. What an earlier process left half-written is removed.
  explicit BlobStore(std::filesystem::path folder);

  // One upload. Destroying it before finish() leaves nothing behind.
  class Writer {
   public:
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer();
    // Errors: BLOB_TOO_LARGE (above kBlobBytesMax), BLOB_WRITE_FAILED.
    Status write(ByteView bytes);
    // Durable on return: file synced, renamed, folder synced. Errors: BLOB_DIGEST_DIFFERS,
    // BLOB_WRITE_FAILED.
    Status finish();

   private:
    friend class BlobStore;
    Writer(std::filesystem::path folder, const Hash& digest, std::filesystem::path temporary,
           int fd);
    std::filesystem::path folder_;
    Hash digest_;
    std::filesystem::path temporary_;
    int fd_;
    std::size_t bytes_ = 0;
    crypto::Sha256 sha_;
  };

  // Errors: BLOB_WRITE_FAILED.
  Result<std::unique_ptr<Writer>> begin(const Hash& digest);

  [[nodiscard]] bool contains(const Hash& digest) const;
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
  std::filesystem::path folder_;
};

}  // namespace mrv::node
