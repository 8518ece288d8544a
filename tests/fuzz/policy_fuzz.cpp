// A policy that is read says the same when it is written out again, and holds what its header
// promises: known names, no member twice, thresholds within their groups.
// fuzz-links: mrv_verifier
#include <cstdlib>

#include "verifier/policy.h"

namespace {

using mrv::verifier::Policy;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string write_policy(const Policy& policy) {
  using mrv::crypto::vkey_of;
  std::string text;
  for (const auto& key : policy.logs) text += "log " + vkey_of(key) + "\n";
  for (const auto& [name, key] : policy.witnesses) {
    text += "witness " + name + " " + vkey_of(key) + "\n";
  }
  for (const auto& group : policy.groups) {
    text += "group " + group.name + " " + std::to_string(group.needed);
    for (const auto& member : group.members) text += " " + member;
    text += "\n";
  }
  text += "quorum " + (policy.quorum.empty() ? "none" : policy.quorum) + "\n";
  for (const auto& name : policy.validating) text += "# mrv validating " + name + "\n";
  for (const auto& [id, range] : policy.log_key_sizes) {
    text += "# mrv log-key " + mrv::to_hex(id) + " " + std::to_string(range.from.value()) + " " +
            std::to_string(range.until.value()) + "\n";
  }
  return text;
}

void check_names(const Policy& policy) {
  std::set<std::string> known;
  std::set<std::string> members;
  for (const auto& [name, key] : policy.witnesses) known.insert(name);
  for (const auto& group : policy.groups) {
    require(group.needed >= 1 && group.needed <= group.members.size());
    for (const auto& member : group.members) {
      require(known.contains(member) && members.insert(member).second);
    }
    require(known.insert(group.name).second);
  }
  require(!known.contains("none"));
  require(policy.quorum.empty() || known.contains(policy.quorum));
  for (const auto& name : policy.validating) require(policy.witnesses.contains(name));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mrv;
  static const bool kReady = crypto::initialise().ok();
  require(kReady);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto policy = verifier::parse_policy(text);
  if (!policy.ok()) {
    require(policy.error().name == "POLICY_MALFORMED");
    require(policy.error().detail.starts_with("line "));
    return 0;
  }
  require(!policy->logs.empty());
  check_names(*policy);
  const std::string written = write_policy(*policy);
  if (written.size() > verifier::kPolicyBytesMax) return 0;
  const auto again = verifier::parse_policy(written);
  require(again.ok() && write_policy(*again) == written);
  return 0;
}
