// A disk whose power can be cut, for fault tests: what was not synced is lost, as a real disk would
// lose it.
//
// It knows, for every file of one database folder, how much of it was synced, and which names were
// made durable by a sync of the folder. From the cut on nothing can be written; restore() then
// leaves what such a cut may leave (reliability.md F6, F7). Syncing a file does not make its name
// durable, and RangeSync makes nothing durable.
//
// The signer's memory is no RocksDB file: its pwrite and fdatasync are led here by the linker
// (--wrap), and an unsynced slot comes out old, new, or with some of its sectors.
//
// RocksDB's own log files (LOG*) and LOCK are left alone. One disk at a time; thread-safe but for
// restore().
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include <rocksdb/file_system.h>
#include <sys/types.h>

namespace mrv::test {

using Random = std::mt19937_64;

// In what way the disk does not keep its word: controls that a test must fail with.
struct DiskLies {
  bool folder_syncs = false;  // a sync of the folder does nothing
  bool signer_syncs = false;  // a sync of the signer's memory does nothing
};

// Before which kind of operation the power goes off. Before a sync something is always unsynced.
enum class Operation { kAny, kFileSync, kFolderSync, kSignerSync };

// What becomes of the bytes after a file's last sync, and of the names made, renamed and removed
// since the folder's last one.
enum class Loss {
  kOrdered,    // of both the first few survive, none, or all: a journaling file system
  kReordered,  // any sectors, the others reading as zeros, and any of the names: POSIX
  kAll,        // none
};

// What cuts have destroyed so far, to tell a test that cuts from one that does nothing.
struct Losses {
  std::uint64_t bytes = 0;    // cut off files
  std::uint64_t sectors = 0;  // zeroed inside files
  std::uint64_t names = 0;    // changes of the folder undone
  std::uint64_t slots = 0;    // unsynced slots of the signer's memory that came out old or mixed
};

class CuttableDisk {
 public:
  // What both hold now is durable. `scratch` is made; it must be on the same file system.
  CuttableDisk(std::filesystem::path database, std::filesystem::path signer_memory,
               std::filesystem::path scratch, DiskLies lies);
  ~CuttableDisk();
  CuttableDisk(const CuttableDisk&) = delete;
  CuttableDisk& operator=(const CuttableDisk&) = delete;

  // Switches the power on for this many operations; it goes off before the next one of the kind.
  // Until the first time it is on, and nothing is lost.
  void power_on(std::uint64_t operations, Operation before);
  [[nodiscard]] bool is_off() const;

  // Leaves on the disk what the cut may leave. Precondition of both: nothing has a file open.
  void restore(Random& random, Loss loss);
  // Another outcome of the same cut, after one power_on() in which the first could not be opened.
  void restore_again(Random& random, Loss loss);

  [[nodiscard]] const Losses& losses() const { return losses_; }
  // The disk must outlive it.
  [[nodiscard]] std::shared_ptr<rocksdb::FileSystem> file_system();

  // The system calls, led here for every file.
  ssize_t pwrite(int fd, const void* bytes, std::size_t count, off_t offset);
  int fdatasync(int fd);

 private:
  friend class CuttableFile;
  friend class CuttableFolder;
  friend class CuttableFileSystem;

  // A file's bytes, kept by a link of their own as long as a cut could bring them back.
  struct Contents {
    std::filesystem::path kept;
    std::uint64_t length = 0;
    std::uint64_t synced = 0;
  };
  using Names = std::map<std::string, std::shared_ptr<Contents>>;
  // A name made, removed, or both at once: a rename. An empty name stands for none.
  struct NameChange {
    std::string removed;
    std::string added;
    std::shared_ptr<Contents> contents;
  };
  struct SlotWrite {
    off_t offset = 0;
    std::string before;
    std::string after;
  };
  // What was durable at a cut, and what was not yet, oldest first.
  struct Unsynced {
    Names durable;
    std::vector<NameChange> names;
    std::vector<SlotWrite> slots;
  };
  using Work = std::function<rocksdb::IOStatus()>;

  // One operation, under the lock; an error instead once the power is off.
  rocksdb::IOStatus operate(Operation operation, const Work& work);
  [[nodiscard]] bool count_and_ask_off(Operation operation);
  [[nodiscard]] bool watches(const std::string& path) const;
  std::shared_ptr<Contents> add(const std::string& name, std::uint64_t length);
  void change(NameChange change);
  static void apply(const NameChange& change, Names& names);
  void sync_names();
  void attach();
  [[nodiscard]] std::filesystem::path kept_folder() const;

  void write_outcome(Random& random, Loss loss);
  [[nodiscard]] Names surviving_names(Random& random, Loss loss);
  void write_survivor(const std::string& name, const Contents& contents, Random& random, Loss loss);
  void write_surviving_slots(Random& random, Loss loss);

  std::filesystem::path database_;
  std::filesystem::path signer_memory_;
  std::filesystem::path scratch_;
  DiskLies lies_;
  mutable std::mutex mutex_;
  std::uint64_t operations_left_ = ~std::uint64_t{0};
  Operation cut_before_ = Operation::kAny;
  bool off_ = false;
  std::uint64_t starts_ = 0;
  std::uint64_t next_kept_ = 0;
  Names live_;
  Unsynced now_;
  Unsynced at_cut_;
  Losses losses_;
};

}  // namespace mrv::test
