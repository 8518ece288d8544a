// Reading a policy, and holding a checkpoint against it.
#include "verifier/policy.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "crypto/cosignature.h"

namespace mrv::verifier {
namespace {

using Words = std::vector<std::string>;

Words words_of(std::string_view line) {
  Words words;
  while (true) {
    while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
    if (line.empty()) return words;
    const auto end = line.find_first_of(" \t");
    words.emplace_back(line.substr(0, end));
    line = end == std::string_view::npos ? std::string_view() : line.substr(end);
  }
}

std::optional<std::uint64_t> decimal(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || std::to_string(value) != text) return std::nullopt;
  return value;
}

// Tab and line feed are the only control characters of the format; bytes above ASCII are opaque.
bool has_stray_control(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

bool lists_key(const std::vector<crypto::NoteKey>& keys, const crypto::PublicKey& key) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const crypto::NoteKey& listed) { return listed.key == key; });
}

class PolicyReader {
 public:
  Result<Policy> read(std::string_view text) {
    if (text.size() > kPolicyBytesMax) return malformed("the file is too large");
    while (!text.empty()) {
      ++line_;
      const auto end = text.find('\n');
      MRV_CHECK(take(text.substr(0, end)));
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    }
    if (policy_.logs.empty()) return malformed("no log is listed");
    if (!quorum_given_) return malformed("the quorum is missing: a name, or none");
    MRV_CHECK(check_comments());
    return std::move(policy_);
  }

 private:
  [[nodiscard]] static Error malformed_at(std::size_t line, const std::string& what) {
    return {kPolicyMalformed, "line " + std::to_string(line) + ": " + what, {}};
  }
  [[nodiscard]] Error malformed(const std::string& what) const { return malformed_at(line_, what); }

  Status take(std::string_view line) {
    if (has_stray_control(line)) return malformed("a control character");
    const Words words = words_of(line);
    if (words.empty()) return {};
    if (words[0].starts_with('#')) return comment(words);
    if (words[0] == "log") return log(words);
    if (words[0] == "witness") return witness(words);
    if (words[0] == "group") return group(words);
    if (words[0] == "quorum") return quorum(words);
    return malformed("unknown word " + words[0]);
  }

  Status comment(const Words& words) {
    if (words.size() < 3 || words[0] != "#" || words[1] != "mrv") return {};
    if (words[2] == "validating") {
      if (words.size() != 4) return malformed("# mrv validating <name>");
      validating_lines_.emplace(words[3], line_);
    }
    if (words[2] == "log-key") return log_key(words);
    return {};
  }

  Status log_key(const Words& words) {
    if (words.size() != 6) return malformed("# mrv log-key <id> <from> <to>");
    const auto bytes = from_hex(words[3]);
    const auto from = decimal(words[4]);
    const auto until = decimal(words[5]);
    if (!bytes.ok() || bytes->size() != crypto::kNoteKeyIdSize) {
      return malformed("a key id has 8 hex digits");
    }
    if (!from || !until || *from >= *until) return malformed("not a range of sizes");
    crypto::NoteKeyId id{};
    std::copy(bytes->begin(), bytes->end(), id.begin());
    const SizeRange range{TreeSize(*from), TreeSize(*until)};
    if (!policy_.log_key_sizes.emplace(id, range).second) {
      return malformed("the key's sizes stand twice");
    }
    log_key_lines_.emplace(id, line_);
    return {};
  }

  // Comments may stand above what they speak of. A misspelt one would lift a limit in silence.
  Status check_comments() {
    for (const auto& [name, line] : validating_lines_) {
      if (!policy_.witnesses.contains(name)) {
        return malformed_at(line, "no witness is called " + name);
      }
      policy_.validating.insert(name);
    }
    for (const auto& [id, line] : log_key_lines_) {
      const bool listed = std::any_of(policy_.logs.begin(), policy_.logs.end(),
                                      [&id = id](const auto& key) { return key.id() == id; });
      if (!listed) return malformed_at(line, "no log has a key with this id");
    }
    return {};
  }

  Status log(const Words& words) {
    if (words.size() < 2 || words.size() > 3) return malformed("log <vkey> [<url>]");
    auto key = crypto::parse_vkey(words[1]);
    if (!key.ok() || key->type != crypto::kNoteTypeEd25519) return malformed("not a log's vkey");
    if (lists_key(policy_.logs, key->key)) return malformed("the log's key stands twice");
    policy_.logs.push_back(*std::move(key));
    return {};
  }

  Status name(const std::string& name) {
    if (name == "none") return malformed("none is no name");
    if (!names_.insert(name).second) return malformed("the name is taken: " + name);
    return {};
  }

  Status witness(const Words& words) {
    if (words.size() < 3 || words.size() > 4) return malformed("witness <name> <vkey> [<url>]");
    MRV_CHECK(name(words[1]));
    auto key = crypto::parse_vkey(words[2]);
    if (!key.ok() || key->type != crypto::kNoteTypeCosignature) {
      return malformed("not a witness's vkey");
    }
    if (lists_key(witness_keys_, key->key)) return malformed("the witness's key stands twice");
    witness_keys_.push_back(*key);
    policy_.witnesses.emplace(words[1], *std::move(key));
    return {};
  }

  Status group(const Words& words) {
    if (words.size() < 4) return malformed("group <name> all|any|<k> <member>…");
    Group group{words[1], 0, {}};
    group.members.assign(words.begin() + 3, words.end());
    for (const auto& member : group.members) {
      if (!names_.contains(member)) return malformed("unknown member " + member);
      if (!members_.insert(member).second) return malformed("already a member: " + member);
    }
    MRV_CHECK(name(words[1]));
    const std::size_t size = group.members.size();
    const auto needed = words[2] == "all"   ? std::optional<std::uint64_t>(size)
                        : words[2] == "any" ? std::optional<std::uint64_t>(1)
                                            : decimal(words[2]);
    if (!needed || *needed < 1 || *needed > size) {
      return malformed("not a number of members: " + words[2]);
    }
    group.needed = *needed;
    policy_.groups.push_back(std::move(group));
    return {};
  }

  Status quorum(const Words& words) {
    if (words.size() != 2) return malformed("quorum <name>|none");
    if (quorum_given_) return malformed("the quorum stands twice");
    quorum_given_ = true;
    if (words[1] == "none") return {};
    if (!names_.contains(words[1])) return malformed("unknown name " + words[1]);
    policy_.quorum = words[1];
    return {};
  }

  Policy policy_;
  std::vector<crypto::NoteKey> witness_keys_;
  std::set<std::string> names_;
  std::set<std::string> members_;  // of any group
  std::map<std::string, std::size_t> validating_lines_;
  std::map<crypto::NoteKeyId, std::size_t> log_key_lines_;
  std::size_t line_ = 0;
  bool quorum_given_ = false;
};

// Members stand above their groups, so one pass in that order decides every name.
bool quorum_reached(const Policy& policy, const std::vector<Cosigner>& cosigners) {
  if (policy.quorum.empty()) return true;
  std::set<std::string> reached;
  for (const auto& cosigner : cosigners) reached.insert(cosigner.name);
  for (const Group& group : policy.groups) {
    const auto count = std::count_if(group.members.begin(), group.members.end(),
                                     [&](const auto& member) { return reached.contains(member); });
    if (static_cast<std::size_t>(count) >= group.needed) reached.insert(group.name);
  }
  return reached.contains(policy.quorum);
}

Status check_log_signature(const Policy& policy, const crypto::Note& note,
                           const log::Checkpoint& checkpoint) {
  std::vector<crypto::NoteKey> keys;
  for (const auto& key : policy.logs) {
    if (key.name == checkpoint.origin) keys.push_back(key);
  }
  if (keys.empty()) {
    return Error{"CHECKPOINT_LOG_UNKNOWN", "the policy lists no log " + checkpoint.origin, {}};
  }
  const auto signers = crypto::verified_signers(note, keys);
  if (!signers.ok()) {
    return Error{"CHECKPOINT_SIGNATURE_INVALID", "no listed key of the log signed this", {}};
  }
  const bool in_range = std::any_of(signers->begin(), signers->end(), [&](const auto& key) {
    const auto range = policy.log_key_sizes.find(key.id());
    return range == policy.log_key_sizes.end() ||
           (range->second.from <= checkpoint.size && checkpoint.size < range->second.until);
  });
  if (in_range) return {};
  return Error{"CHECKPOINT_KEY_OUT_OF_RANGE", "the log's key does not serve this size", {}};
}

Result<std::vector<Cosigner>> cosigners_of(const Policy& policy, const crypto::Note& note) {
  std::vector<Cosigner> cosigners;
  for (const auto& [name, key] : policy.witnesses) {
    std::optional<std::uint64_t> latest;
    for (const auto& line : note.signatures) {
      if (line.name != key.name || line.id != key.id()) continue;
      const auto time = crypto::verify_cosignature(note.text, key, line);
      if (!time.ok()) {
        return Error{
            "CHECKPOINT_COSIGNATURE_INVALID", "the line of witness " + name + " does not hold", {}};
      }
      latest = std::max(latest.value_or(0), *time);
    }
    if (latest) cosigners.push_back({name, *latest, policy.validating.contains(name)});
  }
  return cosigners;
}

}  // namespace

Result<Policy> parse_policy(std::string_view text) { return PolicyReader().read(text); }

Result<VerifiedCheckpoint> verify_checkpoint(const Policy& policy, std::string_view bytes) {
  MRV_TRY(const auto note, crypto::parse_note(bytes));
  VerifiedCheckpoint verified;
  MRV_TRY(verified.checkpoint, log::parse_checkpoint(note.text));
  MRV_CHECK(check_log_signature(policy, note, verified.checkpoint));
  MRV_TRY(verified.cosigners, cosigners_of(policy, note));
  if (!quorum_reached(policy, verified.cosigners)) {
    return Error{"QUORUM_NOT_REACHED",
                 std::to_string(verified.cosigners.size()) + " listed witnesses cosigned",
                 {}};
  }
  verified.re_executed = std::any_of(verified.cosigners.begin(), verified.cosigners.end(),
                                     [](const Cosigner& cosigner) { return cosigner.validating; });
  return verified;
}

}  // namespace mrv::verifier
