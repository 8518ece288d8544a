// What the programs share: exit codes, settings, files.
#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>
#include <unistd.h>

#include "api/config.h"
#include "api/exit_code.h"
#include "api/files.h"

using namespace mrv;
using namespace mrv::api;
namespace fs = std::filesystem;

namespace {

int code_of(std::string_view name) { return exit_code_of(Error{name, {}, {}}); }
int code_of_status(int status) { return exit_code_of(error_of_status(status, {})); }

// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "mrv-programs-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

std::string stored(const fs::path& path) {
  const auto text = read_file(path);
  REQUIRE(text.ok());
  return *text;
}

}  // namespace

TEST_CASE("an error ends a program with the code of its kind") {
  CHECK(code_of("SIGNATURE_INVALID") == kExitFailed);
  CHECK(code_of("PROOF_MISSING") == kExitFailed);
  CHECK(code_of("METHODOLOGY_INVALID") == kExitFailed);
  CHECK(code_of("BOUNDARY_INVALID") == kExitFailed);
  CHECK(code_of("PROOF_DOCUMENT_INVALID") == kExitUsage);
  CHECK(code_of("KEYFILE_UNREADABLE") == kExitUsage);
  CHECK(code_of("ID_INVALID") == kExitUsage);
  CHECK(code_of("CONFIG_INVALID") == kExitUsage);
  CHECK(code_of("NOT_FOUND") == kExitNotFound);
  CHECK(code_of("REFUSED") == kExitRefused);
  CHECK(code_of("STORE_EXISTS") == kExitRefused);
  CHECK(code_of("SIGNER_MEMORY_EXISTS") == kExitRefused);
  CHECK(code_of("CONNECT_FAILED") == kExitNetwork);
  CHECK(code_of("LISTEN_FAILED") == kExitNetwork);
  CHECK(code_of("SIGNER_AHEAD") == kExitInconsistent);
  CHECK(code_of("STORE_CORRUPT") == kExitInconsistent);
  CHECK(code_of("CRYPTO_UNSAFE") == kExitInternal);
}

TEST_CASE("a server's status ends a program with the code of its kind") {
  CHECK(code_of_status(400) == kExitUsage);
  CHECK(code_of_status(413) == kExitUsage);
  CHECK(code_of_status(403) == kExitRefused);
  CHECK(code_of_status(404) == kExitNotFound);
  CHECK(code_of_status(409) == kExitRefused);
  CHECK(code_of_status(428) == kExitRefused);
  CHECK(code_of_status(429) == kExitNetwork);
  CHECK(code_of_status(430) == kExitRefused);
  CHECK(code_of_status(499) == kExitRefused);
  CHECK(code_of_status(500) == kExitInternal);
  CHECK(code_of_status(501) == kExitInternal);
  CHECK(code_of_status(502) == kExitNetwork);
  CHECK(code_of_status(504) == kExitNetwork);
  CHECK(code_of_status(505) == kExitInternal);
}

TEST_CASE("a setting is read alike from everywhere, and refused by the name it was given under") {
  Config config;
  CHECK(set_config(config, "threads", "256", "--threads").ok());
  CHECK(config.threads == 256);
  CHECK(!set_config(config, "threads", "257", "--threads").ok());
  CHECK(!set_config(config, "data", "", "--data").ok());
  for (const char* level : {"trace", "debug", "info", "warning", "error", "critical", "off"}) {
    CHECK(set_config(config, "log_level", level, "--log-level").ok());
    CHECK(config.log_level == level);
  }
  const auto refused = set_config(config, "log_level", "bogus", "MRVD_LOG_LEVEL");
  REQUIRE(!refused.ok());
  CHECK(refused.error().name == "CONFIG_INVALID");
  CHECK(refused.error().detail == "not a value for MRVD_LOG_LEVEL: bogus");
  CHECK(set_config(config, "colour", "red", "colour").error().detail == "unknown setting colour");
}

TEST_CASE("a setting of the file is refused by its name there") {
  const Folder folder;
  REQUIRE(write_file(folder / "mrvd.toml", "threads = 3\nlog_level = \"loud\"\n").ok());
  Config config;
  const auto refused = read_config_file(folder / "mrvd.toml", config);
  REQUIRE(!refused.ok());
  CHECK(refused.error().detail == "not a value for log_level: loud");
  REQUIRE(write_file(folder / "mrvd.toml", "threads = 3\n").ok());
  CHECK(read_config_file(folder / "mrvd.toml", config).ok());
  CHECK(config.threads == 3);
}

TEST_CASE("a file is replaced whole, and keeps from others what is for its owner") {
  const Folder folder;
  REQUIRE(write_file(folder / "a", "long enough to be seen").ok());
  REQUIRE(write_file(folder / "a", "new", Readers::kOwner).ok());
  CHECK(stored(folder / "a") == "new");
  CHECK((fs::status(folder / "a").permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(!fs::exists(folder / "a.part"));
}

TEST_CASE("a rest of an earlier writing does not stand in the way") {
  const Folder folder;
  REQUIRE(write_file(folder / "a.part", "torn").ok());
  REQUIRE(write_file(folder / "a", "whole").ok());
  CHECK(stored(folder / "a") == "whole");
}

TEST_CASE("a file that must not be replaced keeps its name, before and after another is written") {
  const Folder folder;
  const auto begin = [&] {
    return FileWriter::create(folder / "a", Readers::kOwner, Earlier::kKept);
  };
  {
    auto writer = begin();
    REQUIRE(writer.ok());
    REQUIRE(writer->append("one ").ok());
    CHECK(begin().error().name == "FILE_EXISTS");  // another run is at work
    CHECK(begin().error().detail.find("a.part") != std::string::npos);
    REQUIRE(writer->append("two").ok());
    CHECK(!fs::exists(folder / "a"));
    REQUIRE(writer->finish().ok());
  }
  CHECK(stored(folder / "a") == "one two");
  CHECK((fs::status(folder / "a").permissions() & fs::perms::all) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(!fs::exists(folder / "a.part"));
  CHECK(begin().error().name == "FILE_EXISTS");
}

TEST_CASE("what takes the name while a kept file is written stays") {
  const Folder folder;
  auto writer = FileWriter::create(folder / "a", Readers::kOwner, Earlier::kKept);
  REQUIRE(writer.ok());
  fs::create_directory(folder / "a");
  CHECK(writer->finish().error().name == "FILE_EXISTS");
  CHECK(fs::is_directory(folder / "a"));
}

TEST_CASE("a writing that ends early leaves nothing") {
  const Folder folder;
  {
    auto writer = FileWriter::create(folder / "a", Readers::kOwner, Earlier::kKept);
    REQUIRE(writer.ok());
    REQUIRE(writer->append(std::string(1'000'000, 'x')).ok());
    CHECK(fs::exists(folder / "a.part"));
  }
  CHECK(fs::is_empty(folder / ""));
}

TEST_CASE("a folder is no file, and a file no folder") {
  const Folder folder;
  CHECK(read_file(folder / "").error().name == "FILE_UNREADABLE");
  CHECK(read_file(folder / "none").error().name == "FILE_UNREADABLE");
  CHECK(write_file(folder / "none/a", "text").error().name == "FILE_UNWRITABLE");
  fs::create_directory(folder / "b");
  CHECK(write_file(folder / "b", "text").error().name == "FILE_UNWRITABLE");
}
