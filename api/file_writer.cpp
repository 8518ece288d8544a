// Pieces gathered, written, synced, and given their name last.
#include "api/file_writer.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mrv::api {

namespace {

constexpr std::size_t kPieceBytes = 64UL * 1024;

Error unwritable(const std::string& path) {
  return {"FILE_UNWRITABLE", path + ": " + std::strerror(errno), {}};
}

Error exists(const std::string& path) {
  return {"FILE_EXISTS", path + " is there and is not replaced", {}};
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto done = ::write(fd, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

bool sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  return synced;
}

}  // namespace

Result<FileWriter> FileWriter::create(const std::filesystem::path& path, Readers readers,
                                      Earlier earlier) {
  const ::mode_t mode = readers == Readers::kOwner ? 0600 : 0666;
  FileWriter writer(path, earlier, -1);
  if (earlier == Earlier::kReplaced) {
    // An earlier run's rest would keep its own mode.
    ::unlink(writer.temporary().c_str());
  } else {
    struct ::stat status{};
    if (::lstat(path.c_str(), &status) == 0) return exists(path.string());
  }
  writer.fd_ = ::open(writer.temporary().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (writer.fd_ >= 0) return writer;
  const bool rest = errno == EEXIST && earlier == Earlier::kKept;
  return rest ? exists(writer.temporary()) : unwritable(path.string());
}

FileWriter::FileWriter(FileWriter&& other) noexcept
    : path_(std::move(other.path_)),
      earlier_(other.earlier_),
      fd_(std::exchange(other.fd_, -1)),
      waiting_(std::move(other.waiting_)) {}

FileWriter::~FileWriter() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary().c_str());
}

Status FileWriter::append(std::string_view text) {
  waiting_ += text;
  return waiting_.size() < kPieceBytes ? Status() : flush();
}

Status FileWriter::flush() {
  if (!write_all(fd_, waiting_)) return unwritable(path_.string());
  waiting_.clear();
  return {};
}

// link() never replaces what stands there, rename() does.
bool FileWriter::take_name() const {
  const std::string from = temporary();
  if (earlier_ == Earlier::kReplaced) return ::rename(from.c_str(), path_.c_str()) == 0;
  if (::link(from.c_str(), path_.c_str()) != 0) return false;
  // If we stop here, the file is complete and a second name lies beside it.
  ::unlink(from.c_str());
  return true;
}

Status FileWriter::finish() {
  MRV_CHECK(flush());
  if (::fsync(fd_) != 0) return unwritable(path_.string());
  // If we stop here, what stood under the name stands, and a .part lies beside it.
  if (!take_name()) {
    const bool taken = errno == EEXIST && earlier_ == Earlier::kKept;
    return taken ? exists(path_.string()) : unwritable(path_.string());
  }
  ::close(std::exchange(fd_, -1));
  if (!sync_folder(path_.parent_path())) return unwritable(path_.string());
  return {};
}

}  // namespace mrv::api
