// A disk that takes no more: the commit says so, reads go on, and closing does not take the process
// down with it.
#include <atomic>

#include <doctest/doctest.h>
#include <rocksdb/file_system.h>

#include "ledger/store/rocksdb_faults.h"
#include "tests/store/batches.h"

using namespace mrv;

namespace {

using rocksdb::FSWritableFile;
using rocksdb::IOStatus;
using Full = std::shared_ptr<std::atomic<bool>>;

class FillingFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FillingFile(std::unique_ptr<FSWritableFile> file, Full full)
      : FSWritableFileOwnerWrapper(std::move(file)), full_(std::move(full)) {}
  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  rocksdb::IODebugContext* debug) override {
    if (*full_) return IOStatus::NoSpace("full");
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*check*/,
                  rocksdb::IODebugContext* debug) override {
    return Append(data, options, debug);
  }

 private:
  Full full_;
};

class FillingDisk final : public rocksdb::FileSystemWrapper {
 public:
  explicit FillingDisk(Full full)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), full_(std::move(full)) {}
  const char* Name() const override { return "filling"; }
  IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                           std::unique_ptr<FSWritableFile>* file,
                           rocksdb::IODebugContext* debug) override {
    auto status = FileSystemWrapper::NewWritableFile(name, options, file, debug);
    if (status.ok()) *file = std::make_unique<FillingFile>(std::move(*file), full_);
    return status;
  }

 private:
  Full full_;
};

}  // namespace

TEST_CASE("a failed write ends writing, not reading, and the store can be put away") {
  store::ScratchDirectory scratch;
  const std::string path = scratch.db();
  const auto full = std::make_shared<std::atomic<bool>>(false);
  {
    store::RocksdbFaults faults;
    faults.file_system = std::make_shared<FillingDisk>(full);
    auto opened = store::open_rocksdb_store({path, store::OpenMode::kCreate, 0}, faults);
    REQUIRE(opened.ok());
    auto& store = **opened;
    REQUIRE(store.commit(store::entries_batch(1, 0, 3)).ok());
    *full = true;
    CHECK(store.commit(store::entries_batch(2, 3, 1)).error().name == "STORE_COMMIT_FAILED");
    CHECK(store.stopped());
    CHECK(store.commit(store::entries_batch(2, 3, 1)).error().name == "STORE_STOPPED");
    CHECK((*store.reader().latest())->size == TreeSize{3});
    CHECK(store.close().error().name == "STORE_CLOSE_FAILED");
    CHECK(store.reader().latest().error().name == "STORE_CLOSED");
  }
  *full = false;
  const auto again = store::open_rocksdb_store({path, store::OpenMode::kMustExist, 0});
  REQUIRE(again.ok());
  CHECK((*(*again)->reader().latest())->size == TreeSize{3});
}
