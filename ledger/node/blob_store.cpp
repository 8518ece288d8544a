// Files and their durability.
#include "ledger/node/blob_store.h"

#include <atomic>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "ledger/base/limits.h"

namespace mrv::node {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTemporaryFolder = "incoming";
constexpr mode_t kBlobMode = 0644;

Error write_failed(const std::string& what) { return {"BLOB_WRITE_FAILED", what, {}}; }
Error read_failed(const std::string& what) { return {"BLOB_READ_FAILED", what, {}}; }

Status sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return write_failed("opening a folder");
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced ? Status() : Status(write_failed("syncing a folder"));
}

Status write_all(int fd, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return write_failed("writing a file");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

// Creates the folder and makes its name durable in its parent.
Status make_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::create_directory(folder, error)) return sync_folder(folder.parent_path());
  return error ? Status(write_failed("making a folder")) : Status();
}

}  // namespace

BlobStore::BlobStore(fs::path folder) : folder_(std::move(folder)) {
  std::error_code ignored;
  fs::remove_all(folder_ / kTemporaryFolder, ignored);
}

fs::path BlobStore::path_of(const Hash& digest) const {
  const std::string hex = to_hex(digest);
  return folder_ / hex.substr(0, 2) / hex.substr(2, 2) / hex;
}

bool BlobStore::contains(const Hash& digest) const {
  std::error_code ignored;
  return fs::exists(path_of(digest), ignored);
}

BlobStore::File::~File() { ::close(fd_); }

Status BlobStore::File::read(std::uint64_t offset, std::span<char> into) const {
  while (!into.empty()) {
    const ssize_t size = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(offset));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return read_failed("reading a file");
    offset += static_cast<std::uint64_t>(size);
    into = into.subspan(static_cast<std::size_t>(size));
  }
  return {};
}

Result<std::unique_ptr<BlobStore::File>> BlobStore::open(const Hash& digest) const {
  const int fd = ::open(path_of(digest).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT) return std::unique_ptr<File>();
  if (fd < 0) return read_failed(std::generic_category().message(errno));
  const off_t size = ::lseek(fd, 0, SEEK_END);
  auto file = std::make_unique<File>(fd, size < 0 ? 0 : static_cast<std::uint64_t>(size));
  if (size < 0) return read_failed("the size of a file");
  return file;
}

Result<std::optional<Bytes>> BlobStore::read(const Hash& digest) const {
  MRV_TRY(const auto file, open(digest));
  if (!file) return std::optional<Bytes>();
  std::string text(file->size(), '\0');
  MRV_CHECK(file->read(0, text));
  Bytes bytes = to_bytes(text);
  if (crypto::sha256(bytes) != digest) {
    return Error{"BLOB_CORRUPT", "the file of blob " + to_hex(digest) + " has other bytes", {}};
  }
  return std::optional(std::move(bytes));
}

Result<std::unique_ptr<BlobStore::Writer>> BlobStore::begin(const Hash& digest) {
  static std::atomic<std::uint64_t> counter = 0;
  MRV_CHECK(make_folder(folder_ / kTemporaryFolder));
  const fs::path temporary = folder_ / kTemporaryFolder / std::to_string(counter++);
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kBlobMode);
  if (fd < 0) return write_failed("creating a file");
  return std::unique_ptr<Writer>(new Writer(folder_, digest, temporary, fd));
}

BlobStore::Writer::Writer(fs::path folder, const Hash& digest, fs::path temporary, int fd)
    : folder_(std::move(folder)), digest_(digest), temporary_(std::move(temporary)), fd_(fd) {}

BlobStore::Writer::~Writer() {
  if (fd_ >= 0) ::close(fd_);
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove(temporary_, ignored);
}

Status BlobStore::Writer::write(ByteView bytes) {
  if (bytes.size() > kBlobBytesMax - bytes_) {
    return Error{"BLOB_TOO_LARGE", "a blob has at most 64 MiB", {}};
  }
  bytes_ += bytes.size();
  sha_.update(bytes);
  return write_all(fd_, bytes);
}

Status BlobStore::Writer::finish() {
  if (sha_.finish() != digest_) {
    return Error{"BLOB_DIGEST_DIFFERS", "the bytes have another SHA-256 than the address", {}};
  }
  const bool synced = ::fsync(fd_) == 0;
  const bool closed = ::close(fd_) == 0;
  fd_ = -1;
  if (!synced || !closed) return write_failed("syncing a file");
  const std::string hex = to_hex(digest_);
  const fs::path outer = folder_ / hex.substr(0, 2);
  const fs::path inner = outer / hex.substr(2, 2);
  MRV_CHECK(make_folder(outer));
  MRV_CHECK(make_folder(inner));
  std::error_code error;
  fs::rename(temporary_, inner / hex, error);
  if (error) return write_failed("renaming a file");
  temporary_.clear();
  return sync_folder(inner);
}

}  // namespace mrv::node
