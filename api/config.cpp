// Reading settings, strictly: a misspelt name is an error, not a default.
#include "api/config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <map>

#include <toml++/toml.h>

namespace mrv::api {
namespace {

Error invalid(std::string detail) { return {"CONFIG_INVALID", std::move(detail), {}}; }

using Setter = std::function<bool(Config&, const std::string&)>;

bool set_threads(Config& config, const std::string& text) {
  constexpr unsigned kThreadsMax = 256;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), config.threads).ptr;
  return end == text.data() + text.size() && config.threads >= 1 && config.threads <= kThreadsMax;
}

// The names that spdlog writes into a line; it takes any other for "off".
bool set_log_level(Config& config, const std::string& text) {
  constexpr std::array<std::string_view, 7> kLevels = {"trace", "debug",    "info", "warning",
                                                       "error", "critical", "off"};
  config.log_level = text;
  return std::find(kLevels.begin(), kLevels.end(), text) != kLevels.end();
}

const std::map<std::string, Setter, std::less<>>& setters() {
  static const std::map<std::string, Setter, std::less<>> all = {
      {"data", [](Config& c, const std::string& v) { return c.data = v, !v.empty(); }},
      {"signer_memory",
       [](Config& c, const std::string& v) { return c.signer_memory = v, !v.empty(); }},
      {"passphrase_file",
       [](Config& c, const std::string& v) { return c.passphrase_file = v, !v.empty(); }},
      {"successor_key",
       [](Config& c, const std::string& v) { return c.successor_key = v, !v.empty(); }},
      {"listen", [](Config& c, const std::string& v) { return c.listen = v, !v.empty(); }},
      {"threads", set_threads},
      {"log_level", set_log_level},
  };
  return all;
}

}  // namespace

Status set_config(Config& config, std::string_view name, const std::string& value,
                  const std::string& source) {
  const auto setter = setters().find(name);
  if (setter == setters().end()) return invalid("unknown setting " + std::string(name));
  if (!setter->second(config, value)) return invalid("not a value for " + source + ": " + value);
  return {};
}

Status read_config_file(const std::filesystem::path& path, Config& config) {
  toml::table table;
  try {
    table = toml::parse_file(path.string());
  } catch (const toml::parse_error& error) {
    return invalid(path.string() + ": " + std::string(error.description()));
  }
  for (const auto& [name, node] : table) {
    std::string value;
    if (const auto text = node.value<std::string>()) value = *text;
    if (node.is_integer()) value = std::to_string(node.value_or<std::int64_t>(-1));
    MRV_CHECK(set_config(config, name.str(), value, std::string(name.str())));
  }
  return {};
}

Status read_config_environment(Config& config) {
  for (const auto& [name, setter] : setters()) {
    std::string variable = "MRVD_" + name;
    for (char& c : variable) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    const char* value = std::getenv(variable.c_str());
    if (value != nullptr) MRV_CHECK(set_config(config, name, value, variable));
  }
  return {};
}

Result<ListenAddress> parse_listen(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return invalid("listen is HOST:PORT");
  ListenAddress address;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  address.host = std::string(host == "localhost" ? "127.0.0.1" : host);
  const auto port = text.substr(colon + 1);
  const auto end = std::from_chars(port.data(), port.data() + port.size(), address.port).ptr;
  if (port.empty() || end != port.data() + port.size() || host.empty()) {
    return invalid("listen is HOST:PORT");
  }
  return address;
}

}  // namespace mrv::api
