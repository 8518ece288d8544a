// The store in memory: every version of every record, under one lock.
#include "ledger/store/memory_store.h"

#include <array>
#include <map>
#include <shared_mutex>

#include "ledger/store/keys.h"

namespace mrv::store {

// Every record keeps all its values with the write that set them, so a snapshot is a number.
class MemoryDiskData final : public MemoryDisk {
 public:
  void set_fault(const CommitFault& fault) override {
    const std::unique_lock lock(mutex_);
    fault_ = fault;
    calls_ = 0;
  }
  void clear_fault() override {
    const std::unique_lock lock(mutex_);
    fault_.reset();
  }
  void set_space_low(bool low) override { space_low_ = low; }

  [[nodiscard]] bool space_low() const { return space_low_; }
  [[nodiscard]] bool acquire() { return !in_use_.exchange(true); }
  void release() { in_use_ = false; }

  [[nodiscard]] std::uint64_t version() const {
    const std::shared_lock lock(mutex_);
    return version_;
  }

  Status write(const std::vector<RecordWrite>& writes) {
    const std::unique_lock lock(mutex_);
    const bool fails = fault_ && fault_falls();
    if (!fails || fault_->applied) apply(writes);
    if (!fails) return {};
    if (!fault_->sticky) fault_.reset();
    return Error{"STORE_COMMIT_FAILED", "the fault switch is set", {}};
  }

  [[nodiscard]] std::optional<Bytes> get(Family family, const Bytes& key,
                                         std::uint64_t version) const {
    const std::shared_lock lock(mutex_);
    const Records& records = records_of(family);
    const auto found = records.find(key);
    return found == records.end() ? std::nullopt : value_at(found->second, version);
  }

  // The first record at or after `from` and before `end`.
  [[nodiscard]] std::optional<KeyValue> next(Family family, const Bytes& from, const Bytes& end,
                                             std::uint64_t version) const {
    const std::shared_lock lock(mutex_);
    const Records& records = records_of(family);
    for (auto at = records.lower_bound(from); at != records.end() && at->first < end; ++at) {
      if (auto value = value_at(at->second, version)) return KeyValue{at->first, *value};
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<KeyValue> last(Family family, const Bytes& first, const Bytes& end,
                                             std::uint64_t version) const {
    const std::shared_lock lock(mutex_);
    const Records& records = records_of(family);
    auto at = records.lower_bound(end);
    while (at != records.begin()) {
      --at;
      if (at->first < first) break;
      if (auto value = value_at(at->second, version)) return KeyValue{at->first, *value};
    }
    return std::nullopt;
  }

 private:
  using Values = std::map<std::uint64_t, std::optional<Bytes>>;  // by the write that set them
  using Records = std::map<Bytes, Values>;

  bool fault_falls() {
    ++calls_;
    return calls_ >= fault_->call;
  }

  void apply(const std::vector<RecordWrite>& writes) {
    ++version_;
    for (const RecordWrite& write : writes) {
      families_.at(static_cast<std::size_t>(write.family))[write.key][version_] = write.value;
    }
  }

  [[nodiscard]] const Records& records_of(Family family) const {
    return families_.at(static_cast<std::size_t>(family));
  }

  static std::optional<Bytes> value_at(const Values& values, std::uint64_t version) {
    const auto above = values.upper_bound(version);
    return above == values.begin() ? std::nullopt : std::prev(above)->second;
  }

  mutable std::shared_mutex mutex_;
  std::array<Records, kFamilyCount> families_;
  std::uint64_t version_ = 0;
  std::optional<CommitFault> fault_;
  std::uint64_t calls_ = 0;
  std::atomic<bool> space_low_ = false;
  std::atomic<bool> in_use_ = false;
};

namespace {

// What a store shares with its readers.
struct MemoryState {
  std::shared_ptr<MemoryDiskData> disk;
  std::atomic<bool> closed = false;
  std::atomic<std::size_t> snapshots = 0;
};

// Reads at a fixed version, or at the newest one as of each call.
class MemoryReader final : public StoreReader {
 public:
  MemoryReader(MemoryState& state, std::optional<std::uint64_t> version)
      : state_(state), version_(version) {
    if (version_) ++state_.snapshots;
  }
  ~MemoryReader() override {
    if (version_) --state_.snapshots;
  }

 private:
  [[nodiscard]] std::uint64_t version() const {
    return version_ ? *version_ : state_.disk->version();
  }

  [[nodiscard]] Status check_open() const {
    if (state_.closed) return Error{"STORE_CLOSED", {}, {}};
    return {};
  }

  [[nodiscard]] Result<std::optional<Bytes>> do_get(Family family, ByteView key) const override {
    MRV_CHECK(check_open());
    return state_.disk->get(family, to_bytes(key), version());
  }

  [[nodiscard]] Status do_scan(Family family, ByteView first, ByteView end,
                               const Visit& visit) const override {
    MRV_CHECK(check_open());
    const std::uint64_t at = version();
    const Bytes stop = to_bytes(end);
    Bytes from = to_bytes(first);
    // Record by record, because a visitor may read on and no lock is held while it runs.
    while (const auto found = state_.disk->next(family, from, stop, at)) {
      if (!visit(found->key, found->value)) break;
      from = found->key;
      from.push_back(0);
    }
    return {};
  }

  [[nodiscard]] Result<std::optional<KeyValue>> do_last(Family family, ByteView first,
                                                        ByteView end) const override {
    MRV_CHECK(check_open());
    return state_.disk->last(family, to_bytes(first), to_bytes(end), version());
  }

  MemoryState& state_;
  std::optional<std::uint64_t> version_;
};

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(std::shared_ptr<MemoryDiskData> disk) : state_{std::move(disk)} {}
  ~MemoryStore() override {
    if (!state_.closed) state_.disk->release();
  }

  Status prepare() {
    if (state_.disk->version() != 0) return check_format();
    return write_format();
  }

  [[nodiscard]] std::unique_ptr<StoreReader> snapshot() const override {
    return std::make_unique<MemoryReader>(state_, state_.disk->version());
  }
  [[nodiscard]] const StoreReader& reader() const override { return reader_; }

 private:
  [[nodiscard]] Status do_write(const std::vector<RecordWrite>& writes) override {
    return state_.disk->write(writes);
  }

  [[nodiscard]] Status do_room() const override {
    if (state_.disk->space_low()) return Error{"STORE_SPACE_LOW", "the switch is set", {}};
    return {};
  }

  [[nodiscard]] Status do_close() override {
    if (state_.snapshots != 0) return Error{"STORE_SNAPSHOT_OPEN", {}, {}};
    state_.closed = true;
    state_.disk->release();
    return {};
  }

  mutable MemoryState state_;
  MemoryReader reader_{state_, std::nullopt};
};

}  // namespace

std::shared_ptr<MemoryDisk> MemoryDisk::create() { return std::make_shared<MemoryDiskData>(); }

Result<std::unique_ptr<Store>> open_memory_store(std::shared_ptr<MemoryDisk> disk) {
  // create() makes nothing else, and the constructor of the base is closed to all others.
  auto data = std::static_pointer_cast<MemoryDiskData>(std::move(disk));
  if (!data->acquire()) return Error{"STORE_LOCKED", "another store has this disk open", {}};
  auto store = std::make_unique<MemoryStore>(std::move(data));
  MRV_CHECK(store->prepare());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace mrv::store
