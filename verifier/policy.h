// The trust policy of whoever verifies (C2SP tlog-policy): which log keys and which witnesses, and
// how many of them.
//
//   log <vkey> [<url>]            witness <name> <vkey> [<url>]
//   group <name> all|any|<k> <member>…          quorum <name>|none
//   # comment
//
// Groups and the quorum name only what stands above them; a name is a member of one group at most
// and a public key stands in one line of its kind only, so that no witness counts twice. Two
// comments are understood (formats.md 2, 4):
//   # mrv validating <name>            this witness re-executes the state
//   # mrv log-key <id> <from> <to>     the log keys with this id (8 hex digits) sign only
//                                      checkpoints of sizes in [from, to)
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

inline constexpr std::string_view kPolicyMalformed = "POLICY_MALFORMED";

struct Group {
  std::string name;
  std::size_t needed = 0;
  std::vector<std::string> members;  // witnesses or groups that stand above
};

// Half open: from <= size < until.
struct SizeRange {
  TreeSize from;
  TreeSize until;
};

struct Policy {
  std::vector<crypto::NoteKey> logs;
  std::map<std::string, crypto::NoteKey> witnesses;
  std::vector<Group> groups;  // members first
  std::string quorum;         // a witness or group; empty: none
  std::set<std::string> validating;
  std::map<crypto::NoteKeyId, SizeRange> log_key_sizes;  // keys not named here: any size
};

// A policy lists at least one log and exactly one quorum. Errors: POLICY_MALFORMED with the line.
Result<Policy> parse_policy(std::string_view text);

struct Cosigner {
  std::string name;                // as the policy names it
  std::uint64_t time_seconds = 0;  // the latest it states
  bool validating = false;
  friend bool operator==(const Cosigner&, const Cosigner&) = default;
};

struct VerifiedCheckpoint {
  log::Checkpoint checkpoint;
  std::vector<Cosigner> cosigners;  // listed witnesses, by name
  bool re_executed = false;         // one of them validates the state
};

// A listed log key of the checkpoint's origin signed it and the quorum cosigned it. Lines by keys
// that are not listed are ignored; a line by a listed key that does not hold refuses the note.
// Errors: NOTE_MALFORMED, NOTE_TOO_LARGE, CHECKPOINT_MALFORMED, CHECKPOINT_LOG_UNKNOWN (no key of
// the origin is listed), CHECKPOINT_SIGNATURE_INVALID (none of them signed, or not these bytes),
// CHECKPOINT_KEY_OUT_OF_RANGE, CHECKPOINT_COSIGNATURE_INVALID, QUORUM_NOT_REACHED.
Result<VerifiedCheckpoint> verify_checkpoint(const Policy& policy, std::string_view note);

}  // namespace mrv::verifier
