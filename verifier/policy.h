// The trust policy of whoever verifies (C2SP tlog-policy): which log keys and which witnesses, and
// how many of them.
//
//   log <vkey> [<url>]            witness <name> <vkey> [<url>]
//   group <name> all|any|<k> <member>…          quorum <name>|none
//   # comment; "# mrv validating <name>" says that a witness re-executes the state
//
// Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/signed_note.h"
#include "ledger/log/checkpoint.h"

namespace mrv::verifier {

inline constexpr std::size_t kPolicyBytesMax = 64UL * 1024;

struct Group {
  std::size_t needed = 0;
  std::vector<std::string> members;  // witnesses or groups that stand above
};

struct Policy {
  std::vector<crypto::NoteKey> logs;
  std::map<std::string, crypto::NoteKey> witnesses;
  std::map<std::string, Group> groups;
  std::string quorum;  // a witness or group; empty: none
  std::set<std::string> validating;
};

// Errors: POLICY_MALFORMED with the line.
Result<Policy> parse_policy(std::string_view text);

struct VerifiedCheckpoint {
  log::Checkpoint checkpoint;
  std::vector<std::string> witnesses;  // whose cosignatures hold, by the policy's names
  bool re_executed = false;            // one of them validates the state
};

// A listed log key of the checkpoint's origin signed it and the quorum cosigned it. Errors:
// NOTE_MALFORMED, CHECKPOINT_MALFORMED, CHECKPOINT_LOG_UNKNOWN, CHECKPOINT_SIGNATURE_INVALID,
// QUORUM_NOT_REACHED.
Result<VerifiedCheckpoint> verify_checkpoint(const Policy& policy, std::string_view note);

}  // namespace mrv::verifier
