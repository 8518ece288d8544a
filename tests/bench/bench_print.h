// How figures are taken and printed: one line each, rates and ratios of one run.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace mrv::bench {

using Clock = std::chrono::steady_clock;

inline double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

inline void line(const std::string& name, double value, const char* unit) {
  std::printf("%-56s %14.1f %s\n", name.c_str(), value, unit);
}

inline void ratio_line(const std::string& name, double ratio) {
  std::printf("%-56s %14.3f\n", name.c_str(), ratio);
}

inline double percentile(std::vector<double> values, double p) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const auto at = static_cast<std::size_t>(p * static_cast<double>(values.size() - 1));
  return values[at];
}

}  // namespace mrv::bench
