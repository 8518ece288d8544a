// The repository's own files, for tests.
#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include <doctest/doctest.h>

namespace mrv::test {

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE_MESSAGE(file.good(), path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::string read_source(const std::string& path) {
  return read_file(std::string(MRV_SOURCE_DIR) + "/" + path);
}

}  // namespace mrv::test
