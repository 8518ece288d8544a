// Tile paths, one spelling each.
#include "ledger/log/tile.h"

#include <charconv>

namespace mrv::log {
namespace {

constexpr std::string_view kTilePrefix = "tile/";
constexpr std::string_view kEntries = "entries";
constexpr std::string_view kPartialMark = ".p/";

std::string three_digits(std::uint64_t group) {
  std::string text = std::to_string(group);
  return std::string(3 - text.size(), '0') + text;
}

std::string index_path(std::uint64_t index) {
  std::string text = three_digits(index % 1000);
  for (index /= 1000; index > 0; index /= 1000) {
    text.insert(0, "/").insert(0, three_digits(index % 1000)).insert(0, "x");
  }
  return text;
}

template <class Integer>
bool parse_number(std::string_view text, Integer& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size();
}

// Digits of all groups, without checking their form: the comparison with the one spelling does
// that.
bool parse_index(std::string_view text, std::uint64_t& out) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits.push_back(c);
  }
  return parse_number(std::string_view(digits), out);
}

}  // namespace

std::string tile_path(const TilePath& path) {
  std::string text(kTilePrefix);
  text += path.level ? std::to_string(*path.level) : std::string(kEntries);
  text += "/" + index_path(path.index);
  if (path.width) text += std::string(kPartialMark) + std::to_string(*path.width);
  return text;
}

Result<TilePath> parse_tile_path(std::string_view text) {
  const Error invalid{"TILE_PATH_INVALID", "tile/<L>/<N>[.p/<W>] is expected", {}};
  TilePath path;
  std::string_view rest = text;
  if (!rest.starts_with(kTilePrefix)) return invalid;
  rest.remove_prefix(kTilePrefix.size());
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return invalid;
  const auto level = rest.substr(0, slash);
  if (level != kEntries) {
    unsigned number = 0;
    if (!parse_number(level, number) || number > kTileLevelMax) return invalid;
    path.level = number;
  }
  rest.remove_prefix(slash + 1);
  const auto mark = rest.find(kPartialMark);
  if (mark != std::string_view::npos) {
    unsigned width = 0;
    if (!parse_number(rest.substr(mark + kPartialMark.size()), width)) return invalid;
    if (width < 1 || width >= kTileWidth) return invalid;
    path.width = width;
  }
  if (!parse_index(rest.substr(0, mark), path.index)) return invalid;
  if (tile_path(path) != text) return invalid;
  return path;
}

}  // namespace mrv::log
