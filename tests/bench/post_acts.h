// Signed documents sent over HTTP by many clients at once.
#pragma once

#include <string>
#include <vector>

#include "ledger/node/node.h"

namespace mrv::bench {

struct Load {
  double rate = 0;  // acts a second
  std::vector<double> latencies_ms;
  std::size_t refused = 0;
};

// Serves the node on the loopback for as long as it takes. Documents are taken in their order by
// whichever client is free.
Load post_acts(node::Node& node, const std::vector<std::string>& documents, std::size_t clients);

}  // namespace mrv::bench
