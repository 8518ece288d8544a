// The entries of a golden log: bundles of at most 256 entries in the files entries, entries-1, …
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "ledger/log/checkpoint.h"

namespace mrv::test {

inline std::string bundle_name(std::size_t number) {
  return number == 0 ? "entries" : "entries-" + std::to_string(number);
}

// Nothing if a bundle does not decode.
inline std::vector<Bytes> golden_entries(const std::filesystem::path& folder) {
  std::vector<Bytes> entries;
  for (std::size_t i = 0; std::filesystem::exists(folder / bundle_name(i)); ++i) {
    std::ifstream file(folder / bundle_name(i), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    const auto bundle = log::decode_bundle(as_bytes(bytes));
    if (!bundle.ok()) return {};
    entries.insert(entries.end(), bundle->begin(), bundle->end());
  }
  return entries;
}

}  // namespace mrv::test
