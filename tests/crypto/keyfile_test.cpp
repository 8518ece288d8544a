// Key files: what opens them, what does not, and what they refuse to be.
#include "crypto/keyfile.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace mrv;

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    REQUIRE(crypto::initialise().ok());
    std::string name = (fs::temp_directory_path() / "mrv-keyfile-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] fs::path key() const { return path_ / "party.key"; }
  [[nodiscard]] const fs::path& path() const { return path_; }
  [[nodiscard]] std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

// While it lives, no file of this process grows beyond `bytes`: writing fails half-way.
class FullDisk {
 public:
  explicit FullDisk(::rlim_t bytes) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::rlimit limit = before_;
    limit.rlim_cur = bytes;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  ::rlimit before_{};
  void (*handler_)(int) = nullptr;
};

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_text(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

}  // namespace

TEST_CASE("a key is read back with its passphrase and with no other") {
  const Folder folder;
  const auto key = crypto::SecretKey::from_seed(Bytes(32, 4));
  REQUIRE(crypto::write_keyfile(folder.key(), key, "correct horse", crypto::kKeyfileCostMin).ok());
  const auto again = crypto::read_keyfile(folder.key(), "correct horse");
  REQUIRE(again.ok());
  CHECK(again->public_key() == key.public_key());
  CHECK(*crypto::read_keyfile_public(folder.key()) == key.public_key());
  for (const char* wrong : {"", "Correct horse", "correct horse "}) {
    CHECK(crypto::read_keyfile(folder.key(), wrong).error().name == "KEYFILE_PASSPHRASE_WRONG");
  }
  CHECK(read_text(folder.key()).find(to_hex(key.seed())) == std::string::npos);
}

TEST_CASE("the file is private from the first moment and a public one is refused") {
  const Folder folder;
  const auto key = crypto::SecretKey::generate();
  REQUIRE(crypto::write_keyfile(folder.key(), key, "", crypto::kKeyfileCostMin).ok());
  struct stat info{};
  REQUIRE(::stat(folder.key().c_str(), &info) == 0);
  CHECK((info.st_mode & 0777U) == 0600U);
  for (const unsigned mode : {0640U, 0604U, 0660U, 0610U}) {
    REQUIRE(::chmod(folder.key().c_str(), mode) == 0);
    CHECK(crypto::read_keyfile(folder.key(), "").error().name == "KEYFILE_PERMISSIONS");
  }
  REQUIRE(::chmod(folder.key().c_str(), 0400U) == 0);
  CHECK(crypto::read_keyfile(folder.key(), "").ok());
}

TEST_CASE("a key file is never overwritten, and a missing one is said to be missing") {
  const Folder folder;
  const auto key = crypto::SecretKey::generate();
  CHECK(crypto::read_keyfile(folder.key(), "").error().name == "KEYFILE_UNREADABLE");
  REQUIRE(crypto::write_keyfile(folder.key(), key, "", crypto::kKeyfileCostMin).ok());
  const auto second = crypto::write_keyfile(folder.key(), key, "", crypto::kKeyfileCostMin);
  REQUIRE(!second.ok());
  CHECK(second.error().name == "KEYFILE_EXISTS");
}

TEST_CASE("a write that fails leaves nothing behind, and the next one succeeds") {
  const Folder folder;
  const auto key = crypto::SecretKey::generate();
  for (const ::rlim_t bytes : {0UL, 1UL, 50UL}) {
    std::string name;
    {
      const FullDisk full(bytes);
      const auto status = crypto::write_keyfile(folder.key(), key, "", crypto::kKeyfileCostMin);
      if (!status.ok()) name = status.error().name;
    }
    CHECK(name == "KEYFILE_WRITE_FAILED");
    CHECK(folder.files() == 0);
  }
  REQUIRE(crypto::write_keyfile(folder.key(), key, "", crypto::kKeyfileCostMin).ok());
  CHECK(folder.files() == 1);
  CHECK(crypto::read_keyfile(folder.key(), "").ok());
}

TEST_CASE("what already stands at the name is kept as it is, whatever it is") {
  const Folder folder;
  const auto key = crypto::SecretKey::generate();
  const auto refused = [&] {
    const auto status = crypto::write_keyfile(folder.key(), key, "", crypto::kKeyfileCostMin);
    REQUIRE(!status.ok());
    CHECK(status.error().name == "KEYFILE_EXISTS");
    CHECK(folder.files() == 1);
  };
  write_text(folder.key(), "something else");
  refused();
  CHECK(read_text(folder.key()) == "something else");
  fs::remove(folder.key());
  fs::create_symlink("nowhere", folder.key());
  refused();
  CHECK(fs::is_symlink(folder.key()));
  fs::remove(folder.key());
  fs::create_directory(folder.key());
  refused();
}

TEST_CASE("a folder that is not there is a failed write") {
  const Folder folder;
  const auto status = crypto::write_keyfile(
      folder.path() / "none" / "a.key", crypto::SecretKey::generate(), "", crypto::kKeyfileCostMin);
  REQUIRE(!status.ok());
  CHECK(status.error().name == "KEYFILE_WRITE_FAILED");
  CHECK(folder.files() == 0);
}

TEST_CASE("any changed character is refused") {
  const Folder folder;
  const auto key = crypto::SecretKey::from_seed(Bytes(32, 6));
  REQUIRE(crypto::write_keyfile(folder.key(), key, "p", crypto::kKeyfileCostMin).ok());
  const std::string good = read_text(folder.key());
  const auto cost_line = good.find("\n", good.find("\n") + 1) + 1;
  for (std::size_t at = 0; at < good.size(); at += at < cost_line ? 3 : 1) {
    std::string bad = good;
    bad[at] = bad[at] == 'A' ? 'B' : 'A';
    write_text(folder.key(), bad);
    CHECK_MESSAGE(!crypto::read_keyfile(folder.key(), "p").ok(), at);
  }
  for (const std::string& bad : {std::string(), good + "\n", good.substr(0, good.size() - 1),
                                 std::string(crypto::kKeyfileBytesMax + 1, 'x')}) {
    write_text(folder.key(), bad);
    CHECK(crypto::read_keyfile(folder.key(), "p").error().name == "KEYFILE_MALFORMED");
  }
}

TEST_CASE("the work factors are bounded on both sides, written and read") {
  const Folder folder;
  const auto key = crypto::SecretKey::generate();
  for (const crypto::KeyfileCost& cost :
       {crypto::KeyfileCost{0, crypto::kKeyfileCostMin.memory_bytes},
        crypto::KeyfileCost{crypto::kKeyfileCostMax.operations + 1,
                            crypto::kKeyfileCostMin.memory_bytes},
        crypto::KeyfileCost{1, crypto::kKeyfileCostMin.memory_bytes - 1},
        crypto::KeyfileCost{1, crypto::kKeyfileCostMax.memory_bytes + 1}}) {
    const auto status = crypto::write_keyfile(folder.key(), key, "", cost);
    REQUIRE(!status.ok());
    CHECK(status.error().name == "KEYFILE_COST_INVALID");
  }
  REQUIRE(crypto::write_keyfile(folder.key(), key, "", crypto::kKeyfileCostMin).ok());
  std::string text = read_text(folder.key());
  const std::string cost = "\n1 8192\n";
  REQUIRE(text.find(cost) != std::string::npos);
  write_text(folder.key(), text.replace(text.find(cost), cost.size(), "\n1 99999999999\n"));
  CHECK(crypto::read_keyfile(folder.key(), "").error().name == "KEYFILE_COST_INVALID");
}
