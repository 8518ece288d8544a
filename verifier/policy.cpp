// Reading a policy, and holding a checkpoint against it.
#include "verifier/policy.h"

#include <algorithm>
#include <charconv>

#include "crypto/cosignature.h"

namespace mrv::verifier {
namespace {

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  while (true) {
    while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
    if (line.empty()) return words;
    const auto end = line.find_first_of(" \t");
    words.emplace_back(line.substr(0, end));
    line = end == std::string_view::npos ? std::string_view() : line.substr(end);
  }
}

class PolicyReader {
 public:
  Result<Policy> read(std::string_view text) {
    if (text.size() > kPolicyBytesMax) return malformed("the file is too large");
    while (!text.empty()) {
      ++line_;
      const auto end = text.find('\n');
      MRV_CHECK(take(words_of(text.substr(0, end))));
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    if (policy_.logs.empty()) return malformed("no log is listed");
    if (!quorum_given_) return malformed("the quorum is missing: a name, or none");
    return std::move(policy_);
  }

 private:
  [[nodiscard]] Error malformed(const std::string& what) const {
    return {"POLICY_MALFORMED", "line " + std::to_string(line_) + ": " + what, {}};
  }

  Status take(const std::vector<std::string>& words) {
    if (words.empty()) return {};
    if (words[0].starts_with('#')) return comment(words);
    if (words[0] == "log") return log(words);
    if (words[0] == "witness") return witness(words);
    if (words[0] == "group") return group(words);
    if (words[0] == "quorum") return quorum(words);
    return malformed("unknown word " + words[0]);
  }

  Status comment(const std::vector<std::string>& words) {
    const bool validating =
        words.size() == 4 && words[0] == "#" && words[1] == "mrv" && words[2] == "validating";
    if (validating) policy_.validating.insert(words[3]);
    return {};
  }

  Status log(const std::vector<std::string>& words) {
    if (words.size() < 2 || words.size() > 3) return malformed("log <vkey> [<url>]");
    auto key = crypto::parse_vkey(words[1]);
    if (!key.ok() || key->type != crypto::kNoteTypeEd25519) return malformed("not a log's vkey");
    policy_.logs.push_back(*std::move(key));
    return {};
  }

  Status name(const std::string& name) {
    if (name == "none") return malformed("none is no name");
    if (!names_.insert(name).second) return malformed("the name is taken: " + name);
    return {};
  }

  Status witness(const std::vector<std::string>& words) {
    if (words.size() < 3 || words.size() > 4) return malformed("witness <name> <vkey> [<url>]");
    MRV_CHECK(name(words[1]));
    auto key = crypto::parse_vkey(words[2]);
    if (!key.ok() || key->type != crypto::kNoteTypeCosignature) {
      return malformed("not a witness's vkey");
    }
    policy_.witnesses.emplace(words[1], *std::move(key));
    return {};
  }

  Status group(const std::vector<std::string>& words) {
    if (words.size() < 4) return malformed("group <name> all|any|<k> <member>…");
    Group group;
    group.members.assign(words.begin() + 3, words.end());
    for (const auto& member : group.members) {
      if (!names_.contains(member)) return malformed("unknown member " + member);
    }
    const std::set<std::string> distinct(group.members.begin(), group.members.end());
    if (distinct.size() != group.members.size()) return malformed("a member stands twice");
    MRV_CHECK(name(words[1]));
    const std::string& count = words[2];
    if (count == "all") {
      group.needed = group.members.size();
    } else if (count == "any") {
      group.needed = 1;
    } else {
      const auto end = std::from_chars(count.data(), count.data() + count.size(), group.needed).ptr;
      const bool fits = end == count.data() + count.size() && !count.starts_with('0') &&
                        group.needed >= 1 && group.needed <= group.members.size();
      if (!fits) return malformed("not a number of members: " + count);
    }
    policy_.groups.emplace(words[1], std::move(group));
    return {};
  }

  Status quorum(const std::vector<std::string>& words) {
    if (words.size() != 2) return malformed("quorum <name>|none");
    if (quorum_given_) return malformed("the quorum stands twice");
    quorum_given_ = true;
    if (words[1] == "none") return {};
    if (!names_.contains(words[1])) return malformed("unknown name " + words[1]);
    policy_.quorum = words[1];
    return {};
  }

  Policy policy_;
  std::set<std::string> names_;
  std::size_t line_ = 0;
  bool quorum_given_ = false;
};

// Members stand above their groups, so this ends.
// NOLINTNEXTLINE(misc-no-recursion): groups name only what stands above them
bool holds(const Policy& policy, const std::string& name, const std::set<std::string>& signers) {
  if (policy.witnesses.contains(name)) return signers.contains(name);
  const Group& group = policy.groups.at(name);
  const auto count =
      std::count_if(group.members.begin(), group.members.end(),
                    // NOLINTNEXTLINE(misc-no-recursion)
                    [&](const auto& member) { return holds(policy, member, signers); });
  return static_cast<std::size_t>(count) >= group.needed;
}

// Witnesses whose cosignature holds. One that is listed and does not hold counts for nothing; the
// log's own signature is judged separately.
std::set<std::string> cosigners(const Policy& policy, const crypto::Note& note) {
  std::set<std::string> names;
  for (const auto& [name, key] : policy.witnesses) {
    for (const auto& signature : note.signatures) {
      if (signature.name != key.name || signature.id != key.id()) continue;
      if (crypto::verify_cosignature(note.text, key, signature).ok()) names.insert(name);
    }
  }
  return names;
}

}  // namespace

Result<Policy> parse_policy(std::string_view text) { return PolicyReader().read(text); }

Result<VerifiedCheckpoint> verify_checkpoint(const Policy& policy, std::string_view bytes) {
  MRV_TRY(const auto note, crypto::parse_note(bytes));
  VerifiedCheckpoint verified;
  MRV_TRY(verified.checkpoint, log::parse_checkpoint(note.text));
  std::vector<crypto::NoteKey> keys;
  for (const auto& key : policy.logs) {
    if (key.name == verified.checkpoint.origin) keys.push_back(key);
  }
  if (keys.empty()) {
    return Error{
        "CHECKPOINT_LOG_UNKNOWN", "the policy lists no log " + verified.checkpoint.origin, {}};
  }
  const auto signers = crypto::verified_signers(note, keys);
  if (!signers.ok() || signers->empty()) {
    return Error{"CHECKPOINT_SIGNATURE_INVALID", "no listed key of the log signed this", {}};
  }
  const auto names = cosigners(policy, note);
  if (!policy.quorum.empty() && !holds(policy, policy.quorum, names)) {
    return Error{
        "QUORUM_NOT_REACHED", std::to_string(names.size()) + " listed witnesses cosigned", {}};
  }
  for (const auto& name : names) {
    verified.witnesses.push_back(name);
    if (policy.validating.contains(name)) verified.re_executed = true;
  }
  return verified;
}

}  // namespace mrv::verifier
