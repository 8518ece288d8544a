// Rows about accounts and blobs (rules version 2).
#pragma once

#include <optional>
#include <vector>

#include "ledger/model/row_parts.h"

namespace mrv::model {

struct TrustedParty {
  PartyId party;
  TimestampMs from;  // in force from this instant on
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, None{});
    v.field("from", t.from, None{});
  }
};

// What the owner wants, and from when on the loosened part of it holds.
struct AccountPolicyVersion {
  Interval in_force;
  bool four_eyes = false;
  std::optional<TimestampMs> four_eyes_until;  // switched off: on until then
  bool auto_accept = false;
  std::optional<TimestampMs> auto_accept_from;
  std::vector<TrustedParty> trusted;  // ascending by party
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("inForce", t.in_force, None{});
    v.field("fourEyes", t.four_eyes, None{});
    v.field("fourEyesUntil", t.four_eyes_until, None{});
    v.field("autoAccept", t.auto_accept, None{});
    v.field("autoAcceptFrom", t.auto_accept_from, None{});
    v.field("trusted", t.trusted, Count{0, kTrustedMax});
  }
};

struct AccountPolicyRow {
  static constexpr std::uint8_t kTag = 0x1A;
  PartyId party;
  std::vector<AccountPolicyVersion> versions;  // the last one is in force
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, None{});
    v.field("versions", t.versions, Count{1, kRowVersionsMax});
  }
};

struct RemovedBlobRow {
  static constexpr std::uint8_t kTag = 0x1B;
  Hash digest{};
  EntryIndex entry;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("digest", t.digest, None{});
    v.field("entry", t.entry, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

}  // namespace mrv::model
