// The store over RocksDB: one column family per Family, one write batch per commit.
#include "ledger/store/rocksdb_store.h"

#include <array>
#include <cstdarg>
#include <filesystem>

#include <fcntl.h>
#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>
#include <unistd.h>

#include "ledger/store/keys.h"
#include "ledger/store/rocksdb_faults.h"

namespace mrv::store {
namespace {

constexpr double kBloomBitsPerKey = 10;

// Debian builds RocksDB with assertions, and one of them forbids null, also of length zero.
rocksdb::Slice slice(ByteView bytes) {
  if (bytes.empty()) return {"", 0};
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
ByteView view(const rocksdb::Slice& slice) {
  return as_bytes(std::string_view(slice.data(), slice.size()));
}

Error read_error(const rocksdb::Status& status) {
  if (status.IsCorruption()) return {"STORE_CORRUPT", status.ToString(), {}};
  return {"STORE_READ_FAILED", status.ToString(), {}};
}

// Debian's RocksDB aborts at the second line that its log of messages cannot write, so on a full
// disk it would take the process down before anyone learns why. What matters arrives as a status.
class NoMessages final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char* /*format*/, va_list /*values*/) override {}
};

// The database with everything that must outlive it, in that order.
struct Core {
  std::shared_ptr<rocksdb::FileSystem> file_system;
  std::unique_ptr<rocksdb::Env> own_env;  // only around an injected file system
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> families;
  std::atomic<std::size_t> snapshots = 0;
  std::atomic<bool> closed = false;
  bool sync_writes = true;

  Core() = default;
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;
  ~Core() { (void)close(); }

  [[nodiscard]] rocksdb::Env* env() const {
    return own_env ? own_env.get() : rocksdb::Env::Default();
  }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(Family family) const {
    return families.at(static_cast<std::size_t>(family));
  }

  rocksdb::Status close() {
    closed = true;
    if (!db) return rocksdb::Status::OK();
    for (rocksdb::ColumnFamilyHandle* handle : families) {
      (void)db->DestroyColumnFamilyHandle(handle);
    }
    families.clear();
    const rocksdb::Status status = db->Close();
    db.reset();
    return status;
  }
};

// Reads at a snapshot, or (without one) at the newest data as of each call.
class RocksdbReader final : public StoreReader {
 public:
  RocksdbReader(Core& core, const rocksdb::Snapshot* snapshot) : core_(core), snapshot_(snapshot) {
    if (snapshot_ != nullptr) ++core_.snapshots;
  }
  ~RocksdbReader() override {
    if (snapshot_ == nullptr) return;
    core_.db->ReleaseSnapshot(snapshot_);
    --core_.snapshots;
  }

 private:
  [[nodiscard]] Status check_open() const {
    if (core_.closed) return Error{"STORE_CLOSED", {}, {}};
    return {};
  }

  [[nodiscard]] Result<std::optional<Bytes>> do_get(Family family, ByteView key) const override {
    MRV_CHECK(check_open());
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    rocksdb::PinnableSlice value;
    const rocksdb::Status status = core_.db->Get(options, core_.family(family), slice(key), &value);
    if (status.IsNotFound()) return std::optional<Bytes>();
    if (!status.ok()) return read_error(status);
    return std::optional(to_bytes(view(value)));
  }

  [[nodiscard]] Status do_scan(Family family, ByteView first, ByteView end,
                               const Visit& visit) const override {
    MRV_CHECK(check_open());
    const rocksdb::Slice upper = slice(end);
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(
        core_.db->NewIterator(options, core_.family(family)));
    for (at->Seek(slice(first)); at->Valid(); at->Next()) {
      if (!visit(view(at->key()), view(at->value()))) break;
    }
    if (!at->status().ok()) return read_error(at->status());
    return {};
  }

  [[nodiscard]] Result<std::optional<KeyValue>> do_last(Family family, ByteView first,
                                                        ByteView end) const override {
    MRV_CHECK(check_open());
    const rocksdb::Slice lower = slice(first);
    const rocksdb::Slice upper = slice(end);
    rocksdb::ReadOptions options;
    options.snapshot = snapshot_;
    options.iterate_lower_bound = &lower;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(
        core_.db->NewIterator(options, core_.family(family)));
    at->SeekToLast();
    if (!at->status().ok()) return read_error(at->status());
    if (!at->Valid()) return std::optional<KeyValue>();
    return std::optional(KeyValue{to_bytes(view(at->key())), to_bytes(view(at->value()))});
  }

  Core& core_;
  const rocksdb::Snapshot* snapshot_;
};

class RocksdbStore final : public Store {
 public:
  RocksdbStore(std::unique_ptr<Core> core, const RocksdbOptions& options)
      : core_(std::move(core)), options_(options) {}

  Status prepare() {
    if (options_.mode == OpenMode::kCreate) return write_format();
    return check_format();
  }

  [[nodiscard]] std::unique_ptr<StoreReader> snapshot() const override {
    return std::make_unique<RocksdbReader>(*core_, core_->db->GetSnapshot());
  }
  [[nodiscard]] const StoreReader& reader() const override { return reader_; }

 private:
  [[nodiscard]] Status do_write(const std::vector<RecordWrite>& writes) override {
    rocksdb::WriteBatch batch;
    for (const RecordWrite& write : writes) {
      rocksdb::ColumnFamilyHandle* const family = core_->family(write.family);
      const rocksdb::Status status = write.value
                                         ? batch.Put(family, slice(write.key), slice(*write.value))
                                         : batch.Delete(family, slice(write.key));
      if (!status.ok()) return Error{"STORE_COMMIT_FAILED", status.ToString(), {}};
    }
    rocksdb::WriteOptions options;
    options.sync = core_->sync_writes;
    const rocksdb::Status status = core_->db->Write(options, &batch);
    if (!status.ok()) return Error{"STORE_COMMIT_FAILED", status.ToString(), {}};
    return {};
  }

  [[nodiscard]] Status do_room() const override {
    if (core_->closed) return Error{"STORE_CLOSED", {}, {}};
    std::uint64_t free = 0;
    const rocksdb::Status status = core_->env()->GetFreeSpace(options_.path, &free);
    if (!status.ok()) return Error{"STORE_READ_FAILED", status.ToString(), {}};
    if (free >= options_.free_space_floor) return {};
    return Error{"STORE_SPACE_LOW",
                 std::to_string(free) + " bytes free, at least " +
                     std::to_string(options_.free_space_floor) + " needed",
                 {}};
  }

  [[nodiscard]] Status do_close() override {
    if (core_->snapshots != 0) return Error{"STORE_SNAPSHOT_OPEN", {}, {}};
    const rocksdb::Status status = core_->close();
    if (!status.ok()) return Error{"STORE_CLOSE_FAILED", status.ToString(), {}};
    return {};
  }

  std::unique_ptr<Core> core_;
  RocksdbOptions options_;
  RocksdbReader reader_{*core_, nullptr};
};

rocksdb::DBOptions database_options(rocksdb::Env* env, OpenMode mode, std::size_t memtable_bytes,
                                    rocksdb::WALRecoveryMode recovery) {
  rocksdb::DBOptions options;
  options.env = env;
  options.create_if_missing = mode == OpenMode::kCreate;
  options.create_missing_column_families = mode == OpenMode::kCreate;
  options.error_if_exists = mode == OpenMode::kCreate;
  options.paranoid_checks = true;
  options.wal_recovery_mode = recovery;
  options.track_and_verify_wals_in_manifest = true;
  options.db_write_buffer_size = memtable_bytes;
  options.max_total_wal_size = kWalBytesMax;
  options.max_open_files = kOpenFilesMax;
  options.max_background_jobs = 2;
  options.info_log = std::make_shared<NoMessages>();
  return options;
}

rocksdb::ColumnFamilyOptions family_options(std::size_t memtable_bytes) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  table.cache_index_and_filter_blocks = true;
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = memtable_bytes / 2;
  options.max_write_buffer_number = 2;
  options.paranoid_file_checks = true;
  options.compression = rocksdb::kLZ4Compression;
  return options;
}

// RocksDB insists on a family called "default"; it stays empty and is the last in the list.
std::vector<rocksdb::ColumnFamilyDescriptor> family_descriptors(std::size_t memtable_bytes) {
  const rocksdb::ColumnFamilyOptions options = family_options(memtable_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.reserve(kFamilyNames.size() + 1);
  for (const std::string_view name : kFamilyNames)
    descriptors.emplace_back(std::string(name), options);
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, options);
  return descriptors;
}

Error open_error(const rocksdb::Status& status) {
  std::string text = status.ToString();
  if (status.IsCorruption()) return {"STORE_CORRUPT", std::move(text), {}};
  const bool locked = status.IsIOError() && text.find("lock ") != std::string::npos;
  return {locked ? "STORE_LOCKED" : "STORE_OPEN_FAILED", std::move(text), {}};
}

// A new directory's name is durable only once its parent is synced.
Status sync_parent(const std::string& path) {
  const std::filesystem::path parent =
      std::filesystem::path(path + "/.").parent_path().parent_path();
  const int fd = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Error{"STORE_OPEN_FAILED", "the parent of " + path, {}};
  const bool synced = ::fsync(fd) == 0;
  ::close(fd);
  if (!synced) return Error{"STORE_OPEN_FAILED", "fsync of the parent of " + path, {}};
  return {};
}

Status check_existence(rocksdb::Env* env, const RocksdbOptions& options) {
  const rocksdb::Status found = env->FileExists(options.path + "/CURRENT");
  if (!found.ok() && !found.IsNotFound()) return open_error(found);
  if (options.mode == OpenMode::kCreate && found.ok()) {
    return Error{"STORE_EXISTS", options.path, {}};
  }
  if (options.mode == OpenMode::kMustExist && found.IsNotFound()) {
    return Error{"STORE_MISSING", options.path, {}};
  }
  return {};
}

// RocksDB's own default opens with half the log after one flipped bit.
constexpr auto kRefuseDamage = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
constexpr auto kCutAtDamage = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
enum class Access { kWrite, kReadOnly };

Result<std::unique_ptr<Core>> open_core(const RocksdbOptions& options, const RocksdbFaults& faults,
                                        rocksdb::WALRecoveryMode recovery, Access access) {
  auto core = std::make_unique<Core>();
  core->sync_writes = faults.sync_writes;
  core->file_system = faults.file_system;
  if (core->file_system) core->own_env = rocksdb::NewCompositeEnv(core->file_system);
  MRV_CHECK(check_existence(core->env(), options));
  const auto database =
      database_options(core->env(), options.mode, faults.memtable_bytes, recovery);
  const auto families = family_descriptors(faults.memtable_bytes);
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status =
      access == Access::kReadOnly
          ? rocksdb::DB::OpenForReadOnly(database, options.path, families, &core->families, &db)
          : rocksdb::DB::Open(database, options.path, families, &core->families, &db);
  if (!status.ok()) return open_error(status);
  core->db.reset(db);
  return core;
}

// Looks at what stands in front of the damage without changing anything.
Status may_cut(const RocksdbOptions& options, const RocksdbFaults& faults, const Error& damage) {
  if (!options.holds_everything) return damage;
  const auto core = open_core(options, faults, kCutAtDamage, Access::kReadOnly);
  if (!core.ok()) return damage;
  const auto held = options.holds_everything(RocksdbReader(**core, nullptr));
  if (held.ok()) return {};
  return Error{damage.name,
               damage.detail + "; in front of the damage: " + std::string(held.error().name) + " " +
                   held.error().detail,
               {}};
}

}  // namespace

Result<std::unique_ptr<Store>> open_rocksdb_store(const RocksdbOptions& options,
                                                  const RocksdbFaults& faults) {
  auto core = open_core(options, faults, kRefuseDamage, Access::kWrite);
  if (!core.ok() && core.error().name == "STORE_CORRUPT") {
    MRV_CHECK(may_cut(options, faults, core.error()));
    core = open_core(options, faults, kCutAtDamage, Access::kWrite);
  }
  if (!core.ok()) return core.error();
  auto store = std::make_unique<RocksdbStore>(*std::move(core), options);
  MRV_CHECK(store->prepare());
  if (options.mode == OpenMode::kCreate) MRV_CHECK(sync_parent(options.path));
  return std::unique_ptr<Store>(std::move(store));
}

Result<std::unique_ptr<Store>> open_rocksdb_store(const RocksdbOptions& options) {
  return open_rocksdb_store(options, RocksdbFaults{});
}

}  // namespace mrv::store
