// Settings of mrvd: TOML file < MRVD_* environment < flags.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "crypto/result.h"

namespace mrv::api {

struct Config {
  std::filesystem::path data;
  std::optional<std::filesystem::path> signer_memory;    // default: data/signer/last-signed
  std::optional<std::filesystem::path> passphrase_file;  // of the log's keys
  // The key file that succeeds data/keys/log.key once the log announces it; may be given long
  // before.
  std::optional<std::filesystem::path> successor_key;
  std::string listen = "127.0.0.1:8080";
  unsigned threads = 2;
  std::string log_level = "info";  // trace, debug, info, warning, error, critical, off

  [[nodiscard]] std::filesystem::path memory() const {
    return signer_memory.value_or(data / "signer" / "last-signed");
  }
};

// Values of the file, then of the environment, over `config`. Unknown names are errors:
// CONFIG_INVALID.
Status read_config_file(const std::filesystem::path& path, Config& config);
Status read_config_environment(Config& config);
// One setting by its name in the file; `source` is what an error calls it.
Status set_config(Config& config, std::string_view name, const std::string& value,
                  const std::string& source);

struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};
// "127.0.0.1:8080", "[::1]:8080". Errors: CONFIG_INVALID.
Result<ListenAddress> parse_listen(std::string_view text);

}  // namespace mrv::api
