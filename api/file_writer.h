// A file written piece by piece that appears under its name whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "crypto/result.h"

namespace mrv::api {

enum class Readers { kEverybody, kOwner };
// What becomes of a file that has the name already.
enum class Earlier { kReplaced, kKept };

// Not copyable; one thread. Unless finish() succeeded, nothing stands under the name, and what was
// written goes with the object.
class FileWriter {
 public:
  // Writes to `path`.part, which stays behind only if the process is killed: the next run removes
  // it where earlier files are replaced, and names it where they are kept, because another run may
  // be at work. Errors: FILE_UNWRITABLE; FILE_EXISTS for kept files.
  static Result<FileWriter> create(const std::filesystem::path& path, Readers readers,
                                   Earlier earlier);
  FileWriter(FileWriter&& other) noexcept;
  FileWriter& operator=(FileWriter&&) = delete;
  ~FileWriter();

  // Errors: FILE_UNWRITABLE.
  Status append(std::string_view text);
  // Durable on return (file and folder are synced). Errors: FILE_UNWRITABLE, FILE_EXISTS.
  Status finish();

 private:
  FileWriter(std::filesystem::path path, Earlier earlier, int fd)
      : path_(std::move(path)), earlier_(earlier), fd_(fd) {}
  Status flush();
  [[nodiscard]] bool take_name() const;
  [[nodiscard]] std::string temporary() const { return path_.string() + ".part"; }

  std::filesystem::path path_;
  Earlier earlier_;
  int fd_;  // -1: moved from or finished
  std::string waiting_;
};

}  // namespace mrv::api
