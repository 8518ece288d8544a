// Key files: sealing, opening, permissions.
#include "crypto/keyfile.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <vector>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/did_key.h"

namespace mrv::crypto {
namespace {

constexpr ::mode_t kKeyfileMode = S_IRUSR | S_IWUSR;
constexpr ::mode_t kForeignAccess = S_IRWXG | S_IRWXO;

struct Sealed {
  PublicKey public_key;
  KeyfileCost cost;
  Bytes salt;
  Bytes box;  // nonce ‖ ciphertext
};

Error failure(std::string_view name, const std::filesystem::path& path, std::string why) {
  return {name, path.string() + ": " + std::move(why), {}};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

// A system call that a signal interrupts is made again.
template <class Call>
auto retried(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

bool cost_allowed(const KeyfileCost& cost) {
  return cost.operations >= kKeyfileCostMin.operations &&
         cost.operations <= kKeyfileCostMax.operations &&
         cost.memory_bytes >= kKeyfileCostMin.memory_bytes &&
         cost.memory_bytes <= kKeyfileCostMax.memory_bytes;
}

Result<Secret> derive(std::string_view passphrase, ByteView salt, const KeyfileCost& cost) {
  Secret box_key(crypto_secretbox_KEYBYTES);
  const int status = crypto_pwhash(
      box_key.bytes().data(), box_key.size(), passphrase.data(), passphrase.size(), salt.data(),
      cost.operations, static_cast<std::size_t>(cost.memory_bytes), crypto_pwhash_ALG_ARGON2ID13);
  if (status != 0) return Error{"KEYFILE_COST_INVALID", "not enough memory for this key file", {}};
  return box_key;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return lines;
}

bool parse_number(std::string_view text, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() && std::to_string(out) == text;
}

Result<std::string> read_private(const std::filesystem::path& path) {
  const Descriptor file(retried([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
  if (file.get() < 0) return failure("KEYFILE_UNREADABLE", path, std::strerror(errno));
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) {
    return failure("KEYFILE_UNREADABLE", path, std::strerror(errno));
  }
  if ((info.st_mode & kForeignAccess) != 0) {
    return failure("KEYFILE_PERMISSIONS", path, "others may read it; use mode 0600");
  }
  std::string text(kKeyfileBytesMax + 1, '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const auto got =
        retried([&] { return ::read(file.get(), text.data() + length, text.size() - length); });
    if (got < 0) return failure("KEYFILE_UNREADABLE", path, std::strerror(errno));
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  if (length > kKeyfileBytesMax) return failure("KEYFILE_MALFORMED", path, "it is too long");
  text.resize(length);
  return text;
}

Result<Sealed> parse(const std::filesystem::path& path, std::string_view text) {
  const auto malformed = [&](const char* why) { return failure("KEYFILE_MALFORMED", path, why); };
  const auto lines = split_lines(text);
  if (lines.size() != 5 || !text.ends_with('\n')) return malformed("five lines are expected");
  if (lines[0] != kKeyfileHeader) return malformed("the format is not known");
  Sealed sealed;
  auto key = parse_did(lines[1]);
  if (!key.ok()) return malformed("the public key is malformed");
  sealed.public_key = *key;
  const auto space = lines[2].find(' ');
  if (space == std::string_view::npos ||
      !parse_number(lines[2].substr(0, space), sealed.cost.operations) ||
      !parse_number(lines[2].substr(space + 1), sealed.cost.memory_bytes)) {
    return malformed("the cost is malformed");
  }
  if (!cost_allowed(sealed.cost)) {
    return failure("KEYFILE_COST_INVALID", path, "the cost is out of bounds");
  }
  auto salt = from_base64(lines[3]);
  auto box = from_base64(lines[4]);
  if (!salt.ok() || salt->size() != crypto_pwhash_SALTBYTES) {
    return malformed("the salt is malformed");
  }
  constexpr std::size_t kBoxBytes =
      crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + kSeedSize;
  if (!box.ok() || box->size() != kBoxBytes) return malformed("the box is malformed");
  sealed.salt = *std::move(salt);
  sealed.box = *std::move(box);
  return sealed;
}

Status write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto put = retried([&] { return ::write(file, text.data(), text.size()); });
    if (put < 0) return Error{"KEYFILE_WRITE_FAILED", std::strerror(errno), {}};
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  if (retried([&] { return ::fsync(file); }) != 0) {
    return Error{"KEYFILE_WRITE_FAILED", std::strerror(errno), {}};
  }
  return {};
}

// A name beside `path` that nobody else has. It exists only while write_durably runs.
std::filesystem::path temporary_beside(const std::filesystem::path& path) {
  std::array<std::uint8_t, 8> random{};
  randombytes_buf(random.data(), random.size());
  return path.parent_path() / (".mrv-key-" + to_hex(random) + ".tmp");
}

// The final name appears whole or not at all: bytes and inode are durable before link() gives them
// that name, and link() never replaces what stands there. If we stop
//   before link(): the name is free, a temporary file may remain;
//   after link(): the key file is complete, the temporary name may remain beside it.
Status write_durably(const std::filesystem::path& path, std::string_view text) {
  const auto failed = [&] { return failure("KEYFILE_WRITE_FAILED", path, std::strerror(errno)); };
  const auto parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const Descriptor folder(
      retried([&] { return ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (folder.get() < 0) return failed();
  const auto temporary = temporary_beside(path);
  const Descriptor file(retried([&] {
    return ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kKeyfileMode);
  }));
  if (file.get() < 0) return failed();
  if (const auto written = write_all(file.get(), text); !written.ok()) {
    ::unlink(temporary.c_str());
    return failure("KEYFILE_WRITE_FAILED", path, written.error().detail);
  }
  const int link_error = ::link(temporary.c_str(), path.c_str()) == 0 ? 0 : errno;
  ::unlink(temporary.c_str());
  if (link_error != 0) {
    return failure(link_error == EEXIST ? "KEYFILE_EXISTS" : "KEYFILE_WRITE_FAILED", path,
                   std::strerror(link_error));
  }
  if (retried([&] { return ::fsync(folder.get()); }) != 0) {
    const Error error = failed();
    ::unlink(path.c_str());  // ours: link() made it
    return error;
  }
  return {};
}

}  // namespace

Status write_keyfile(const std::filesystem::path& path, const SecretKey& key,
                     std::string_view passphrase, const KeyfileCost& cost) {
  if (!cost_allowed(cost)) {
    return failure("KEYFILE_COST_INVALID", path, "the cost is out of bounds");
  }
  Bytes salt(crypto_pwhash_SALTBYTES);
  randombytes_buf(salt.data(), salt.size());
  MRV_TRY(const Secret box_key, derive(passphrase, salt, cost));
  Bytes box(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + kSeedSize);
  randombytes_buf(box.data(), crypto_secretbox_NONCEBYTES);
  crypto_secretbox_easy(box.data() + crypto_secretbox_NONCEBYTES, key.seed().data(), kSeedSize,
                        box.data(), box_key.bytes().data());
  const std::string text = std::string(kKeyfileHeader) + "\n" + did_of(key.public_key()) + "\n" +
                           std::to_string(cost.operations) + " " +
                           std::to_string(cost.memory_bytes) + "\n" + to_base64(salt) + "\n" +
                           to_base64(box) + "\n";
  return write_durably(path, text);
}

Result<SecretKey> read_keyfile(const std::filesystem::path& path, std::string_view passphrase) {
  MRV_TRY(const std::string text, read_private(path));
  MRV_TRY(const Sealed sealed, parse(path, text));
  MRV_TRY(const Secret box_key, derive(passphrase, sealed.salt, sealed.cost));
  Secret seed(kSeedSize);
  const int opened = crypto_secretbox_open_easy(
      seed.bytes().data(), sealed.box.data() + crypto_secretbox_NONCEBYTES,
      sealed.box.size() - crypto_secretbox_NONCEBYTES, sealed.box.data(), box_key.bytes().data());
  if (opened != 0) {
    return failure("KEYFILE_PASSPHRASE_WRONG", path, "the passphrase does not open it");
  }
  SecretKey key = SecretKey::from_seed(seed.bytes());
  if (key.public_key() != sealed.public_key) {
    return failure("KEYFILE_MALFORMED", path, "the public key is not that of the secret");
  }
  return key;
}

Result<PublicKey> read_keyfile_public(const std::filesystem::path& path) {
  MRV_TRY(const std::string text, read_private(path));
  MRV_TRY(const Sealed sealed, parse(path, text));
  return sealed.public_key;
}

}  // namespace mrv::crypto
