// The signer's memory: what it refuses, what it survives.
#include "ledger/signer/last_signed.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

using namespace mrv;
using signer::LastSigned;
using signer::SignedState;

namespace {

namespace fs = std::filesystem;

// A folder of its own for each test, gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "mrv-signer-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  [[nodiscard]] fs::path memory() const { return path_ / "last-signed"; }

 private:
  fs::path path_;
};

SignedState state(std::uint64_t size, std::uint8_t root, std::int64_t time) {
  Hash hash{};
  hash.fill(root);
  return {"example.org/log", TreeSize{size}, hash, TimestampMs{time}};
}

std::string error_of(const Status& status) {
  return status.ok() ? "" : std::string(status.error().name);
}

void flip_bit(const fs::path& path, std::size_t bit) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(bit / 8));
  char byte = 0;
  file.get(byte);
  file.seekp(static_cast<std::streamoff>(bit / 8));
  file.put(static_cast<char>(byte ^ 1 << bit % 8));
}

}  // namespace

TEST_CASE("what was remembered is there after reopening") {
  const Folder folder;
  REQUIRE(LastSigned::create(folder.memory(), "example.org/log").ok());
  for (std::uint64_t size = 1; size <= 9; ++size) {
    auto memory = LastSigned::open(folder.memory());
    REQUIRE(memory.ok());
    CHECK(memory->state().size == TreeSize{size - 1});
    REQUIRE(memory->remember(state(size, static_cast<std::uint8_t>(size), 5)).ok());
    CHECK(memory->state() == state(size, static_cast<std::uint8_t>(size), 5));
  }
}

TEST_CASE("it never goes back and never takes a second root, time or origin") {
  const Folder folder;
  REQUIRE(LastSigned::create(folder.memory(), "example.org/log").ok());
  auto memory = LastSigned::open(folder.memory());
  REQUIRE(memory.ok());
  REQUIRE(memory->remember(state(10, 1, 100)).ok());
  CHECK(error_of(memory->remember(state(9, 1, 101))) == "SIGNER_MEMORY_REGRESSION");
  CHECK(error_of(memory->remember(state(10, 2, 101))) == "SIGNER_MEMORY_REGRESSION");
  CHECK(error_of(memory->remember(state(11, 2, 99))) == "SIGNER_MEMORY_REGRESSION");
  SignedState other = state(11, 2, 101);
  other.origin = "example.org/other";
  CHECK(error_of(memory->remember(other)) == "SIGNER_MEMORY_REGRESSION");
  CHECK(memory->state() == state(10, 1, 100));
  CHECK(memory->remember(state(10, 1, 100)).ok());
  CHECK(memory->remember(state(11, 3, 100)).ok());
}

TEST_CASE("a new memory never replaces an old one, and a missing one is not made up") {
  const Folder folder;
  CHECK(LastSigned::open(folder.memory()).error().name == "SIGNER_MEMORY_MISSING");
  REQUIRE(LastSigned::create(folder.memory(), "example.org/log").ok());
  CHECK(error_of(LastSigned::create(folder.memory(), "example.org/log")) == "SIGNER_MEMORY_EXISTS");
}

TEST_CASE("a second opener is refused while the first lives") {
  const Folder folder;
  REQUIRE(LastSigned::create(folder.memory(), "example.org/log").ok());
  {
    auto first = LastSigned::open(folder.memory());
    REQUIRE(first.ok());
    CHECK(LastSigned::open(folder.memory()).error().name == "SIGNER_MEMORY_LOCKED");
  }
  CHECK(LastSigned::open(folder.memory()).ok());
}

TEST_CASE("any bit changed in one slot leaves the other, and never a third state") {
  const Folder folder;
  REQUIRE(LastSigned::create(folder.memory(), "example.org/log").ok());
  {
    auto memory = LastSigned::open(folder.memory());
    REQUIRE(memory.ok());
    REQUIRE(memory->remember(state(1, 1, 1)).ok());
    REQUIRE(memory->remember(state(2, 2, 2)).ok());
  }
  // Every bit of the part that holds data, and a sample of the zeros and the digest.
  for (std::size_t slot = 0; slot < signer::kSlotCount; ++slot) {
    const std::size_t from = 8 * slot * signer::kSlotBytes;
    for (std::size_t bit = 0; bit < 8 * signer::kSlotBytes; bit += bit < 8 * 96 ? 1 : 61) {
      flip_bit(folder.memory(), from + bit);
      auto memory = LastSigned::open(folder.memory());
      REQUIRE(memory.ok());
      CHECK((memory->state() == state(1, 1, 1) || memory->state() == state(2, 2, 2)));
      flip_bit(folder.memory(), from + bit);
    }
  }
}

TEST_CASE("without a whole slot nothing may be signed") {
  const Folder folder;
  REQUIRE(LastSigned::create(folder.memory(), "example.org/log").ok());
  flip_bit(folder.memory(), 0);
  flip_bit(folder.memory(), 8 * signer::kSlotBytes);
  CHECK(LastSigned::open(folder.memory()).error().name == "SIGNER_MEMORY_DAMAGED");
  fs::resize_file(folder.memory(), 0);
  CHECK(LastSigned::open(folder.memory()).error().name == "SIGNER_MEMORY_DAMAGED");
}

TEST_CASE("a slot decodes to what was encoded and nothing else decodes") {
  const auto slot = signer::encode_slot(7, state(3, 4, 5));
  const auto decoded = signer::decode_slot(slot);
  REQUIRE(decoded.has_value());
  CHECK(decoded->first == 7);
  CHECK(decoded->second == state(3, 4, 5));
  CHECK(!signer::decode_slot(signer::Slot{}).has_value());
}
