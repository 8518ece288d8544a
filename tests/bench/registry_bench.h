// What a registry's own questions cost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace mrv::bench {

struct RegistryLoad {
  std::size_t blocks = 100'000;
  std::uint64_t serials = 1'000'000;
  std::size_t acts = 20'000;
  std::size_t clients = 64;
  std::string root = ".";
};

int bench_registry(const RegistryLoad& load);

}  // namespace mrv::bench
