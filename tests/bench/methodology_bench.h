// Benchmarks of the methodology engine, part of mrv-bench.
#pragma once

#include <cstddef>
#include <string>

namespace mrv::bench {

// Reports of CCS net storage, trips of 碳普惠 travel, a tidal wetland of 20 strata and 40 years:
// documents and tables are those of the repository at `root`. Prints rates; answers an exit code.
int bench_methodology(const std::string& root, std::size_t evaluations, std::size_t trips);

}  // namespace mrv::bench
