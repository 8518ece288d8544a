// RLIMIT_NOFILE and what follows from it.
#include "api/file_limit.h"

#include <algorithm>

#include <sys/resource.h>

#include "api/http/server.h"

namespace mrv::api {

Result<std::size_t> connections_for(std::size_t files_max) {
  const std::size_t left = files_max - std::min(files_max, kFilesReserved);
  const std::size_t connections = std::min(left / kFilesPerConnection, kConnectionsMax);
  if (connections >= kConnectionsMin) return connections;
  return Error{"FILE_LIMIT_TOO_LOW",
               "the process may open " + std::to_string(files_max) + " files; it needs " +
                   std::to_string(kFilesReserved + kFilesPerConnection * kConnectionsMin) +
                   " (ulimit -n, or LimitNOFILE in a systemd unit)",
               {}};
}

std::size_t raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  static_cast<void>(setrlimit(RLIMIT_NOFILE, &limit));
  static_cast<void>(getrlimit(RLIMIT_NOFILE, &limit));
  return limit.rlim_cur;
}

}  // namespace mrv::api
