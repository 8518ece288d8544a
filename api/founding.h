// Founding a ledger: `mrvd init`. And where a ledger's folder keeps what.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "api/config.h"
#include "ledger/node/node.h"

namespace mrv::api {

struct Founding {
  std::string origin;
  std::vector<std::filesystem::path> governance_keys;  // none: one is made in the data folder
  std::int64_t threshold = 0;                          // 0: a majority
  std::string registry_code = "MRV";
  std::vector<std::string> foreign_registries = {"ACR"};
  bool zero_delays = false;
};

node::NodeOptions node_options(const Config& config);
std::filesystem::path log_key_path(const Config& config);

// The log's key, and the one that is to succeed it, where the configuration names one; both open
// with one passphrase. Errors: FILE_UNREADABLE, KEYFILE_*.
Result<std::vector<crypto::SecretKey>> read_log_keys(const Config& config,
                                                     const std::string& passphrase);

// What the founder has to know: keys, policy, the digest of Genesis. The first governance key
// signs, so the passphrase must open it; the others stay closed to this machine.
//
// Everything that can be known to be wrong is refused before anything is written, and what fails
// later takes along what was written, so that the same command can be given again. Errors:
// ORIGIN_INVALID, FILE_UNREADABLE, KEYFILE_*, STORE_EXISTS, SIGNER_MEMORY_EXISTS, the decoder's and
// the rules' for Genesis.
Result<std::string> found_ledger(const Config& config, const Founding& founding);

// LEDGER_NOT_FOUNDED: a log without Genesis is not served; whoever came first could found it.
Status require_founded(const node::Node& node);

}  // namespace mrv::api
