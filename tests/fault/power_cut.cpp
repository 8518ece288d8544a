// What is durable, what is not yet, and what a cut makes of it.
#include "tests/fault/power_cut.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

extern "C" {
ssize_t __real_pwrite(int fd, const void* bytes, std::size_t count, off_t offset);
int __real_fdatasync(int fd);
}

namespace mrv::test {
namespace {

namespace fs = std::filesystem;
using rocksdb::IOStatus;

constexpr std::size_t kSectorBytes = 512;

CuttableDisk* the_disk = nullptr;

IOStatus no_power() { return IOStatus::IOError("the power is off"); }

// Nothing in the ledger's use of RocksDB needs these; if that changes, the model has to learn them.
IOStatus not_modelled(const char* what) { return IOStatus::NotSupported("power cut", what); }

std::uint64_t up_to(Random& random, std::uint64_t most) { return random() % (most + 1); }

// How many of `count` ordered things survive: none, all or some.
std::uint64_t surviving_count(Random& random, std::uint64_t count, Loss loss) {
  if (loss == Loss::kAll) return 0;
  if (loss == Loss::kReordered) return count;
  const std::array<std::uint64_t, 3> choices = {0, up_to(random, count), count};
  return choices[up_to(random, choices.size() - 1)];
}

// `after` with some of its sectors still as `before`; answers how many.
std::uint64_t mix_sectors(const std::string& before, std::string& after, std::size_t from,
                          Random& random) {
  std::uint64_t mixed = 0;
  while (from < after.size()) {
    const std::size_t end = std::min((from / kSectorBytes + 1) * kSectorBytes, after.size());
    if (up_to(random, 1) == 0) {
      std::copy_n(before.begin() + static_cast<std::ptrdiff_t>(from), end - from,
                  after.begin() + static_cast<std::ptrdiff_t>(from));
      ++mixed;
    }
    from = end;
  }
  return mixed;
}

std::string read_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush().good()) throw std::runtime_error("cannot write " + path.string());
}

std::string name_of(const std::string& path) { return fs::path(path).filename().string(); }

}  // namespace

class CuttableFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  CuttableFile(CuttableDisk& disk, std::shared_ptr<CuttableDisk::Contents> contents,
               std::unique_ptr<rocksdb::FSWritableFile> file)
      : FSWritableFileOwnerWrapper(std::move(file)), disk_(disk), contents_(std::move(contents)) {}

  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  rocksdb::IODebugContext* debug) override {
    return disk_.operate(Operation::kAny, [&] {
      IOStatus status = target()->Append(data, options, debug);
      if (status.ok()) contents_->length += data.size();
      return status;
    });
  }
  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus PositionedAppend(const rocksdb::Slice&, std::uint64_t, const rocksdb::IOOptions&,
                            rocksdb::IODebugContext*) override {
    return not_modelled("PositionedAppend");
  }
  IOStatus PositionedAppend(const rocksdb::Slice&, std::uint64_t, const rocksdb::IOOptions&,
                            const rocksdb::DataVerificationInfo&,
                            rocksdb::IODebugContext*) override {
    return not_modelled("PositionedAppend");
  }
  IOStatus Truncate(std::uint64_t, const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return not_modelled("Truncate of an open file");
  }
  IOStatus Sync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return disk_.operate(Operation::kFileSync, [&] {
      contents_->synced = contents_->length;
      return IOStatus::OK();
    });
  }
  IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    return Sync(options, debug);
  }
  // sync_file_range writes no metadata and empties no cache of the device.
  IOStatus RangeSync(std::uint64_t, std::uint64_t, const rocksdb::IOOptions&,
                     rocksdb::IODebugContext*) override {
    return IOStatus::OK();
  }

 private:
  CuttableDisk& disk_;
  std::shared_ptr<CuttableDisk::Contents> contents_;
};

class CuttableFolder final : public rocksdb::FSDirectoryWrapper {
 public:
  CuttableFolder(CuttableDisk& disk, std::unique_ptr<rocksdb::FSDirectory> folder)
      : FSDirectoryWrapper(std::move(folder)), disk_(disk) {}

  IOStatus Fsync(const rocksdb::IOOptions&, rocksdb::IODebugContext*) override {
    return disk_.operate(Operation::kFolderSync, [&] {
      disk_.sync_names();
      return IOStatus::OK();
    });
  }
  IOStatus FsyncWithDirOptions(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, debug);
  }

 private:
  CuttableDisk& disk_;
};

class CuttableFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit CuttableFileSystem(CuttableDisk& disk)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), disk_(disk) {}
  const char* Name() const override { return "CuttableFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           rocksdb::IODebugContext* debug) override {
    if (!disk_.watches(path)) return target()->NewWritableFile(path, options, result, debug);
    return disk_.operate(Operation::kAny, [&] {
      // A file in place of another: the other one's bytes must be able to come back.
      fs::remove(path);
      std::unique_ptr<rocksdb::FSWritableFile> file;
      IOStatus status = target()->NewWritableFile(path, options, &file, debug);
      if (!status.ok()) return status;
      auto contents = disk_.add(name_of(path), 0);
      disk_.change({{}, name_of(path), contents});
      *result = std::make_unique<CuttableFile>(disk_, std::move(contents), std::move(file));
      return status;
    });
  }
  IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                              std::unique_ptr<rocksdb::FSWritableFile>* result,
                              rocksdb::IODebugContext* debug) override {
    if (disk_.watches(path)) return not_modelled("ReopenWritableFile");
    return target()->ReopenWritableFile(path, options, result, debug);
  }
  IOStatus ReuseWritableFile(const std::string&, const std::string&, const rocksdb::FileOptions&,
                             std::unique_ptr<rocksdb::FSWritableFile>*,
                             rocksdb::IODebugContext*) override {
    return not_modelled("ReuseWritableFile");
  }
  IOStatus NewRandomRWFile(const std::string&, const rocksdb::FileOptions&,
                           std::unique_ptr<rocksdb::FSRandomRWFile>*,
                           rocksdb::IODebugContext*) override {
    return not_modelled("NewRandomRWFile");
  }
  IOStatus NewMemoryMappedFileBuffer(const std::string&,
                                     std::unique_ptr<rocksdb::MemoryMappedFileBuffer>*) override {
    return not_modelled("NewMemoryMappedFileBuffer");
  }
  IOStatus Truncate(const std::string&, std::size_t, const rocksdb::IOOptions&,
                    rocksdb::IODebugContext*) override {
    return not_modelled("Truncate");
  }
  IOStatus LinkFile(const std::string&, const std::string&, const rocksdb::IOOptions&,
                    rocksdb::IODebugContext*) override {
    return not_modelled("LinkFile");
  }

  IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* result,
                        rocksdb::IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSDirectory> folder;
    IOStatus status = target()->NewDirectory(path, options, &folder, debug);
    if (status.ok()) *result = std::make_unique<CuttableFolder>(disk_, std::move(folder));
    return status;
  }
  IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                      rocksdb::IODebugContext* debug) override {
    if (!disk_.watches(path)) return target()->DeleteFile(path, options, debug);
    return disk_.operate(Operation::kAny, [&] {
      IOStatus status = target()->DeleteFile(path, options, debug);
      if (status.ok()) disk_.change({name_of(path), {}, nullptr});
      return status;
    });
  }
  IOStatus RenameFile(const std::string& from, const std::string& to,
                      const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    if (!disk_.watches(from)) return target()->RenameFile(from, to, options, debug);
    return disk_.operate(Operation::kAny, [&] {
      IOStatus status = target()->RenameFile(from, to, options, debug);
      if (status.ok()) {
        disk_.change({name_of(from), name_of(to), disk_.live_.at(name_of(from))});
      }
      return status;
    });
  }

 private:
  CuttableDisk& disk_;
};

CuttableDisk::CuttableDisk(fs::path database, fs::path signer_memory, fs::path scratch,
                           DiskLies lies)
    : database_(std::move(database)),
      signer_memory_(std::move(signer_memory)),
      scratch_(std::move(scratch)),
      lies_(lies) {
  assert(the_disk == nullptr);
  the_disk = this;
}

CuttableDisk::~CuttableDisk() { the_disk = nullptr; }

std::shared_ptr<rocksdb::FileSystem> CuttableDisk::file_system() {
  return std::make_shared<CuttableFileSystem>(*this);
}

void CuttableDisk::power_on(std::uint64_t operations, Operation before) {
  const std::lock_guard lock(mutex_);
  attach();
  cut_before_ = before;
  operations_left_ = operations;
  off_ = false;
}

bool CuttableDisk::is_off() const {
  const std::lock_guard lock(mutex_);
  return off_;
}

IOStatus CuttableDisk::operate(Operation operation, const Work& work) {
  const std::lock_guard lock(mutex_);
  return count_and_ask_off(operation) ? no_power() : work();
}

bool CuttableDisk::count_and_ask_off(Operation operation) {
  if (operations_left_ > 0) {
    --operations_left_;
  } else if (cut_before_ == Operation::kAny || cut_before_ == operation) {
    off_ = true;
  }
  return off_;
}

bool CuttableDisk::watches(const std::string& path) const {
  const fs::path normal = fs::path(path).lexically_normal();
  const std::string name = normal.filename().string();
  return normal.parent_path() == database_ && !name.starts_with("LOG") && name != "LOCK";
}

std::shared_ptr<CuttableDisk::Contents> CuttableDisk::add(const std::string& name,
                                                          std::uint64_t length) {
  const fs::path kept = kept_folder() / std::to_string(next_kept_++);
  fs::create_hard_link(database_ / name, kept);
  return std::make_shared<Contents>(Contents{kept, length, length});
}

void CuttableDisk::change(NameChange change) {
  apply(change, live_);
  now_.names.push_back(std::move(change));
}

void CuttableDisk::apply(const NameChange& change, Names& names) {
  if (!change.removed.empty()) names.erase(change.removed);
  if (!change.added.empty()) names[change.added] = change.contents;
}

void CuttableDisk::sync_names() {
  if (lies_.folder_syncs) return;
  for (const NameChange& change : now_.names) apply(change, now_.durable);
  now_.names.clear();
}

// What is there now is durable, as after any start of the machine. The bytes kept for the start
// before stay, so that another outcome of its cut can be written.
void CuttableDisk::attach() {
  ++starts_;
  fs::remove_all(kept_folder());
  fs::create_directories(kept_folder());
  live_.clear();
  for (const auto& entry : fs::directory_iterator(database_)) {
    if (!watches(entry.path().string())) continue;
    const std::string name = entry.path().filename().string();
    live_[name] = add(name, entry.file_size());
  }
  now_ = {live_, {}, {}};
}

fs::path CuttableDisk::kept_folder() const { return scratch_ / std::to_string(starts_ % 2); }

void CuttableDisk::restore(Random& random, Loss loss) {
  assert(is_off());
  at_cut_ = now_;
  write_outcome(random, loss);
}

void CuttableDisk::restore_again(Random& random, Loss loss) { write_outcome(random, loss); }

void CuttableDisk::write_outcome(Random& random, Loss loss) {
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(database_)) {
    if (watches(entry.path().string())) old.push_back(entry.path());
  }
  for (const fs::path& path : old) fs::remove(path);
  for (const auto& [name, contents] : surviving_names(random, loss)) {
    write_survivor(name, *contents, random, loss);
  }
  write_surviving_slots(random, loss);
}

CuttableDisk::Names CuttableDisk::surviving_names(Random& random, Loss loss) {
  Names names = at_cut_.durable;
  const std::uint64_t first = surviving_count(random, at_cut_.names.size(), loss);
  for (std::size_t i = 0; i < at_cut_.names.size(); ++i) {
    const bool lost = i >= first || (loss == Loss::kReordered && up_to(random, 1) == 0);
    if (!lost) apply(at_cut_.names[i], names);
    losses_.names += lost ? 1 : 0;
  }
  return names;
}

void CuttableDisk::write_survivor(const std::string& name, const Contents& contents, Random& random,
                                  Loss loss) {
  std::string bytes = read_bytes(contents.kept);
  assert(bytes.size() == contents.length && contents.synced <= contents.length);
  const std::uint64_t unsynced = contents.length - contents.synced;
  bytes.resize(contents.synced + surviving_count(random, unsynced, loss));
  losses_.bytes += contents.length - bytes.size();
  if (loss == Loss::kReordered) {
    losses_.sectors += mix_sectors(std::string(bytes.size(), '\0'), bytes, contents.synced, random);
  }
  write_bytes(database_ / name, bytes);
}

// All of them undone, from the last to the first, and the survivors written over again.
void CuttableDisk::write_surviving_slots(Random& random, Loss loss) {
  std::fstream file(signer_memory_, std::ios::binary | std::ios::in | std::ios::out);
  const auto put = [&file](off_t offset, const std::string& bytes) {
    file.seekp(offset);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  };
  for (std::size_t i = at_cut_.slots.size(); i-- > 0;) {
    put(at_cut_.slots[i].offset, at_cut_.slots[i].before);
  }
  const std::uint64_t survivors = surviving_count(random, at_cut_.slots.size(), loss);
  losses_.slots += at_cut_.slots.size() - survivors;
  for (std::size_t i = 0; i < survivors; ++i) {
    std::string bytes = at_cut_.slots[i].after;
    if (up_to(random, 1) == 0 && mix_sectors(at_cut_.slots[i].before, bytes, 0, random) > 0) {
      ++losses_.slots;
    }
    put(at_cut_.slots[i].offset, bytes);
  }
  if (!file.flush().good()) throw std::runtime_error("cannot write the signer's memory");
}

ssize_t CuttableDisk::pwrite(int fd, const void* bytes, std::size_t count, off_t offset) {
  struct stat here{};
  struct stat signer{};
  if (::fstat(fd, &here) != 0 || ::stat(signer_memory_.c_str(), &signer) != 0 ||
      here.st_ino != signer.st_ino) {
    return __real_pwrite(fd, bytes, count, offset);
  }
  const std::lock_guard lock(mutex_);
  if (count_and_ask_off(Operation::kAny)) {
    errno = EIO;
    return -1;
  }
  std::string before(count, '\0');
  if (::pread(fd, before.data(), count, offset) != static_cast<ssize_t>(count)) return -1;
  now_.slots.push_back({offset, before, {static_cast<const char*>(bytes), count}});
  return __real_pwrite(fd, bytes, count, offset);
}

// Only the signer's memory is synced this way by our own code.
int CuttableDisk::fdatasync(int) {
  const std::lock_guard lock(mutex_);
  if (count_and_ask_off(Operation::kSignerSync)) {
    errno = EIO;
    return -1;
  }
  if (!lies_.signer_syncs) now_.slots.clear();
  return 0;
}

}  // namespace mrv::test

extern "C" {
ssize_t __wrap_pwrite(int fd, const void* bytes, std::size_t count, off_t offset) {
  using mrv::test::the_disk;
  return the_disk == nullptr ? __real_pwrite(fd, bytes, count, offset)
                             : the_disk->pwrite(fd, bytes, count, offset);
}
// RocksDB waits a second before a failed flush is tried again. Without power it fails for ever.
int usleep(useconds_t) {
  sched_yield();
  return 0;
}
int __wrap_fdatasync(int fd) {
  using mrv::test::the_disk;
  return the_disk == nullptr ? __real_fdatasync(fd) : the_disk->fdatasync(fd);
}
}
