// Files, passphrases, clock and ids: the programs' contact with the machine.
#include "api/files.h"

#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>

#include "crypto/secret.h"

namespace mrv::api {

Result<std::string> read_file(const std::filesystem::path& path) {
  if (path == "-") {
    return std::string{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{"FILE_UNREADABLE", path.string(), {}};
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) return Error{"FILE_UNREADABLE", path.string(), {}};
  return text;
}

Status write_file(const std::filesystem::path& path, std::string_view text) {
  if (path == "-") {
    std::cout << text << std::flush;
    return {};
  }
  const auto temporary = std::filesystem::path(path.string() + ".part");
  std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(temporary, path, error);
  if (!file || error) return Error{"FILE_UNWRITABLE", path.string(), {}};
  return {};
}

Result<std::string> read_passphrase(const std::optional<std::filesystem::path>& file) {
  if (!file) return std::string();
  MRV_TRY(std::string text, read_file(*file));
  return text.substr(0, text.find('\n'));
}

TimestampMs wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return TimestampMs{std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

TimestampMs whole_seconds(TimestampMs time) {
  return TimestampMs{time.value() / kMsPerSecond * kMsPerSecond};
}

model::ActUuid new_act_id(TimestampMs now) {
  model::ActUuid id{};
  crypto::fill_random(id);
  const auto ms = static_cast<std::uint64_t>(now.value());
  for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0FU) | 0x70U);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3FU) | 0x80U);
  return id;
}

}  // namespace mrv::api
