// Files and their durability.
#include "ledger/node/blob_store.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/base/limits.h"

namespace mrv::node {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTemporaryFolder = "incoming";
constexpr mode_t kBlobMode = 0644;
constexpr std::int64_t kNanosecondsPerMs = 1'000'000;

Error write_failed(const std::string& what) { return {"BLOB_WRITE_FAILED", what, {}}; }
Error removed(const Hash& digest) { return {"BLOB_REMOVED", to_hex(digest), {}}; }
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

// Access time: left alone.
std::array<timespec, 2> file_times(TimestampMs time) {
  const std::int64_t ms = time.value();
  return {{{0, UTIME_OMIT}, {ms / kMsPerSecond, ms % kMsPerSecond * kNanosecondsPerMs}}};
}

std::int64_t ms_of(const timespec& time) {
  return std::int64_t{time.tv_sec} * kMsPerSecond + time.tv_nsec / kNanosecondsPerMs;
}

Result<std::vector<fs::path>> list(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    found.push_back(at->path());
  }
  if (error) return read_failed("listing a folder: " + error.message());
  return found;
}

bool is_shard(const fs::path& folder) {
  constexpr std::size_t kShardDigits = 2;
  const std::string name = folder.filename().string();
  std::error_code ignored;
  return name.size() == kShardDigits && from_hex(name).ok() && fs::is_directory(folder, ignored);
}

}  // namespace

BlobStore::BlobStore(fs::path folder, Clock clock)
    : folder_(std::move(folder)), clock_(std::move(clock)) {
  std::error_code ignored;
  fs::remove_all(folder_ / kTemporaryFolder, ignored);
}

fs::path BlobStore::path_of(const Hash& digest) const {
  const std::string hex = to_hex(digest);
  return folder_ / hex.substr(0, 2) / hex.substr(2, 2) / hex;
}

Result<bool> BlobStore::renew(const Hash& digest) {
  const fs::path file = path_of(digest);
  const std::lock_guard lock(files_);
  const auto times = file_times(clock_());
  if (::utimensat(AT_FDCWD, file.c_str(), times.data(), 0) == 0) return true;
  if (errno == ENOENT) return false;
  return write_failed("the time of a file: " + std::generic_category().message(errno));
}

Result<BlobStore::Swept> BlobStore::sweep(TimestampMs cutoff, const Referenced& referenced,
                                          const std::stop_token& stop) {
  Swept swept;
  MRV_TRY(const auto outer, list(folder_));
  for (const fs::path& first : outer) {
    if (!is_shard(first)) continue;
    MRV_TRY(const auto inner, list(first));
    for (const fs::path& second : inner) {
      if (!is_shard(second)) continue;
      MRV_TRY(const auto files, list(second));
      for (const fs::path& file : files) {
        if (stop.stop_requested()) return swept;
        const auto digest = hash_from_hex(file.filename().string());
        if (!digest.ok() || file != path_of(*digest)) continue;
        MRV_CHECK(sweep_one(file, *digest, cutoff, referenced, swept));
      }
    }
  }
  return swept;
}

Status BlobStore::sweep_one(const fs::path& file, const Hash& digest, TimestampMs cutoff,
                            const Referenced& referenced, Swept& swept) {
  const std::lock_guard lock(files_);
  struct stat found{};
  if (::lstat(file.c_str(), &found) != 0) {
    if (errno == ENOENT) return {};
    return read_failed("the time of a file: " + std::generic_category().message(errno));
  }
  if (!S_ISREG(found.st_mode)) return {};
  if (ms_of(found.st_mtim) > cutoff.value()) {
    ++swept.kept;
    return {};
  }
  MRV_TRY(const bool needed, referenced(digest));
  if (needed) {
    ++swept.kept;
    return {};
  }
  if (::unlink(file.c_str()) != 0) {
    return write_failed("removing a file: " + std::generic_category().message(errno));
  }
  ++swept.removed;
  swept.bytes += static_cast<std::uint64_t>(found.st_size);
  return {};
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

Status BlobStore::remove(const Hash& digest) {
  const fs::path file = path_of(digest);
  {
    const std::lock_guard lock(files_);
    {
      const std::lock_guard also(removals_);
      removed_.insert(digest);
    }
    if (::unlink(file.c_str()) != 0) {
      if (errno == ENOENT) return {};
      return write_failed("removing a file: " + std::generic_category().message(errno));
    }
  }
  return sync_folder(file.parent_path());
}

bool BlobStore::is_removed(const Hash& digest) const {
  const std::lock_guard lock(removals_);
  return removed_.contains(digest);
}

Result<std::unique_ptr<BlobStore::File>> BlobStore::open(const Hash& digest) const {
  if (is_removed(digest)) return std::unique_ptr<File>();
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
  if (is_removed(digest)) return removed(digest);
  MRV_CHECK(make_folder(folder_ / kTemporaryFolder));
  const fs::path temporary = folder_ / kTemporaryFolder / std::to_string(counter++);
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kBlobMode);
  if (fd < 0) return write_failed("creating a file");
  return std::unique_ptr<Writer>(new Writer(*this, digest, temporary, fd));
}

BlobStore::Writer::Writer(BlobStore& store, const Hash& digest, fs::path temporary, int fd)
    : store_(store), digest_(digest), temporary_(std::move(temporary)), fd_(fd) {}

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
  const fs::path file = store_.path_of(digest_);
  const fs::path inner = file.parent_path();
  MRV_CHECK(make_folder(inner.parent_path()));
  MRV_CHECK(make_folder(inner));
  {
    const std::lock_guard lock(store_.files_);
    if (store_.is_removed(digest_)) return removed(digest_);
    const auto times = file_times(store_.clock_());
    if (::utimensat(AT_FDCWD, temporary_.c_str(), times.data(), 0) != 0) {
      return write_failed("the time of a file");
    }
    std::error_code error;
    fs::rename(temporary_, file, error);
    if (error) return write_failed("renaming a file");
  }
  temporary_.clear();
  return sync_folder(inner);
}

}  // namespace mrv::node
