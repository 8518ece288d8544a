// Genesis: what the ledger is founded on (domain.md 1).
#pragma once

#include <string>
#include <vector>

#include "ledger/model/parties.h"

namespace mrv::model {

// The rules this software knows: every one from the first to the latest.
inline constexpr std::int64_t kRulesVersionFirst = 1;
inline constexpr std::int64_t kRulesVersionLatest = 5;

// Delays in seconds of recordedAt; zero is allowed and shown to everyone.
struct Delays {
  std::int64_t new_key_seconds = 0;           // before a self-added key may move units
  std::int64_t recovery_seconds = 0;          // before a governance key change takes effect
  std::int64_t new_counterparty_seconds = 0;  // before delivery to an unlisted counterparty
  std::int64_t activation_seconds = 0;        // review window of a methodology
  std::int64_t proposal_seconds = 0;          // life of a proposal
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("newKeySeconds", t.new_key_seconds, Range{0, kDelaySecondsMax});
    v.field("recoverySeconds", t.recovery_seconds, Range{0, kDelaySecondsMax});
    v.field("newCounterpartySeconds", t.new_counterparty_seconds, Range{0, kDelaySecondsMax});
    v.field("activationSeconds", t.activation_seconds, Range{0, kDelaySecondsMax});
    v.field("proposalSeconds", t.proposal_seconds, Range{1, kDelaySecondsMax});
  }
};

struct GovernanceKey {
  KeyBytes key;
  Hash person{};
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("key", t.key, None{});
    v.field("person", t.person, NoBlob{});
  }
};

struct Genesis {
  static constexpr std::string_view kType = "Genesis";
  std::string origin;
  std::string log_vkey;
  KeyBytes slip_key;
  std::vector<GovernanceKey> governance;
  std::int64_t threshold = 1;  // m of n, the signer included
  std::string registry_code;
  std::vector<std::string> foreign_registries;
  Delays delays;
  std::int64_t validity_seconds_max = kValiditySpanDefaultMs / kMsPerSecond;
  std::int64_t rules_version = kRulesVersionLatest;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("origin", t.origin, Text{1, kOriginBytesMax});
    v.field("logVkey", t.log_vkey, Text{1, kNameBytesMax});
    v.field("slipKey", t.slip_key, None{});
    v.field("governance", t.governance, Count{1, kGovernanceKeysMax});
    v.field("threshold", t.threshold, Range{1, kGovernanceKeysMax});
    v.field("registryCode", t.registry_code, Code{1, 12});
    v.field("foreignRegistries", t.foreign_registries, Count{0, kForeignRegistriesMax});
    v.field("delays", t.delays, None{});
    v.field("validitySecondsMax", t.validity_seconds_max, Range{60, kDelaySecondsMax});
    v.field("rulesVersion", t.rules_version, Range{kRulesVersionFirst, kRulesVersionLatest});
  }
};

// The rules in force from the next entry on.
struct ActivateRules {
  static constexpr std::string_view kType = "ActivateRules";
  static constexpr std::int64_t kSince = 2;
  std::int64_t version = kRulesVersionLatest;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("version", t.version, Range{kRulesVersionFirst, kRulesVersionLatest});
  }
};

// Seats that come and go, and how many of those in force must stand behind an act.
struct ChangeGovernance {
  static constexpr std::string_view kType = "ChangeGovernance";
  static constexpr std::int64_t kSince = 2;
  std::vector<GovernanceKey> add;
  std::vector<KeyBytes> remove;
  std::int64_t threshold = 1;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("add", t.add, Count{0, kGovernanceKeysMax});
    v.field("remove", t.remove, Count{0, kGovernanceKeysMax});
    v.field("threshold", t.threshold, Range{1, kGovernanceKeysMax});
  }
};

// The key that signs checkpoints after the one that covers this act.
struct SucceedLogKey {
  static constexpr std::string_view kType = "SucceedLogKey";
  static constexpr std::int64_t kSince = 2;
  std::string vkey;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("vkey", t.vkey, Text{1, kNameBytesMax});
  }
};

// A blob is gone by decision; its digest and everything derived from it stand.
struct RemoveBlob {
  static constexpr std::string_view kType = "RemoveBlob";
  static constexpr std::int64_t kSince = 2;
  Hash digest{};
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("digest", t.digest, NoBlob{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

}  // namespace mrv::model
