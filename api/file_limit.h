// How many connections the process's file descriptors leave room for.
#pragma once

#include <cstddef>

#include "crypto/result.h"

namespace mrv::api {

// Kept for the store, blobs being written and judged, logs and the signer's memory.
inline constexpr std::size_t kFilesReserved = 1'024;
// One socket, and one file that is sent or received over it.
inline constexpr std::size_t kFilesPerConnection = 2;
inline constexpr std::size_t kConnectionsMin = 16;

// For a limit of open files: at most kConnectionsMax. Errors: FILE_LIMIT_TOO_LOW below
// kConnectionsMin: a server that runs out of files could not read the data it must judge.
Result<std::size_t> connections_for(std::size_t files_max);

// Raises the process's limit as far as it may go, and answers what it is then.
std::size_t raise_file_limit();

}  // namespace mrv::api
