// Files, passphrases, clock and ids: the programs' contact with the machine.
#include "api/files.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <iostream>

#include <fcntl.h>
#include <unistd.h>

#include "crypto/secret.h"

namespace mrv::api {

namespace {

Error unreadable(const std::filesystem::path& path) {
  return {"FILE_UNREADABLE", path.string() + ": " + std::strerror(errno), {}};
}

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

// Everything that can be read from `fd`; false with errno.
bool read_all(int fd, std::string& out) {
  constexpr std::size_t kPieceBytes = 64UL * 1024;
  std::string piece(kPieceBytes, '\0');
  for (;;) {
    const auto got = ::read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) return true;
    out.append(piece.data(), static_cast<std::size_t>(got));
  }
}

Status print(std::string_view text) {
  std::cout << text << std::flush;
  if (!std::cout) return Error{"FILE_UNWRITABLE", "standard output is closed", {}};
  return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path) {
  std::string text;
  if (path == "-") {
    if (!read_all(STDIN_FILENO, text)) return unreadable(path);
    return text;
  }
  const Descriptor file(path);
  if (!file.ok() || !read_all(file.get(), text)) return unreadable(path);
  return text;
}

Status write_file(const std::filesystem::path& path, std::string_view text, Readers readers) {
  if (path == "-") return print(text);
  MRV_TRY(FileWriter writer, FileWriter::create(path, readers, Earlier::kReplaced));
  MRV_CHECK(writer.append(text));
  return writer.finish();
}

Result<std::string> read_passphrase(const std::optional<std::filesystem::path>& file) {
  if (!file) return std::string();
  MRV_TRY(std::string text, read_file(*file));
  return text.substr(0, text.find('\n'));
}

TimestampMs wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return TimestampMs{std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

TimestampMs whole_seconds(TimestampMs time) {
  return TimestampMs{time.value() / kMsPerSecond * kMsPerSecond};
}

model::ActUuid new_act_id(TimestampMs now) {
  model::ActUuid id{};
  crypto::fill_random(id);
  const auto ms = static_cast<std::uint64_t>(now.value());
  for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0FU) | 0x70U);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3FU) | 0x80U);
  return id;
}

}  // namespace mrv::api
