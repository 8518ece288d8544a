// Parties, their keys and the acts about them (domain.md 1).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "ledger/base/limits.h"
#include "ledger/base/types.h"
#include "ledger/model/describe.h"
#include "ledger/model/ids.h"

namespace mrv::model {

// A key as registered: 32 bytes of Ed25519, written as did:key.
struct KeyBytes {
  Hash bytes{};
  friend auto operator<=>(const KeyBytes&, const KeyBytes&) = default;
};

// A programme code, or the code of this registry.
struct CodeText {
  std::string text;
  friend auto operator<=>(const CodeText&, const CodeText&) = default;
};

MRV_ENUM(KeyPurpose, 4, initiate, approve, device, review)
// `account`: a sub-account of another party; it has no keys of its own.
MRV_ENUM(PartyKind, 4, organisation, natural_person, device, account)
MRV_ENUM(Role, 10, registry, developer, vvb, accreditor, buyer, authority, standard, platform,
         custodian, auditor)
MRV_ENUM(PartyStatus, 5, applied, admitted, suspended, frozen, closed)
MRV_ENUM(RevocationReason, 4, superseded, lost, compromised, ceased)
MRV_ENUM(Decision, 2, approve, reject)

// At least one of the two languages is present (judged by the act that carries it).
struct Name {
  std::optional<std::string> en;
  std::optional<std::string> zh;
  friend bool operator==(const Name&, const Name&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("en", t.en, Text{1, kNameBytesMax});
    v.field("zh", t.zh, Text{1, kNameBytesMax});
  }
};

// A key and the natural person who holds it, as a salted commitment: two keys of one person may not
// approve each other's acts, and no name ever enters the log.
struct KeyDeclaration {
  KeyBytes key;
  Hash person{};
  std::vector<KeyPurpose> purposes;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("key", t.key, None{});
    v.field("person", t.person, NoBlob{});
    v.field("purposes", t.purposes, Count{1, EnumNames<KeyPurpose>::kCount});
  }
};

struct RegisterParty {
  static constexpr std::string_view kType = "RegisterParty";
  KeyDeclaration key;
  Name name;
  PartyKind kind = PartyKind::organisation;
  std::string country;
  std::optional<std::string> lei;
  std::optional<std::string> uscc;
  std::vector<PartyId> affiliates;
  std::vector<Role> roles;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("key", t.key, None{});
    v.field("name", t.name, None{});
    v.field("kind", t.kind, None{});
    v.field("country", t.country, Code{2, 2});
    v.field("lei", t.lei, Code{20, 20});
    v.field("uscc", t.uscc, Code{18, 18});
    v.field("affiliates", t.affiliates, Count{0, kAffiliatesMax});
    v.field("roles", t.roles, Count{1, EnumNames<Role>::kCount});
  }
};

struct AdmitParty {
  static constexpr std::string_view kType = "AdmitParty";
  PartyId party;
  std::vector<Role> roles;
  Hash kyc_digest{};
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, None{});
    v.field("roles", t.roles, Count{1, EnumNames<Role>::kCount});
    v.field("kycDigest", t.kyc_digest, None{});
  }
};

struct SetPartyStatus {
  static constexpr std::string_view kType = "SetPartyStatus";
  PartyId party;
  PartyStatus status = PartyStatus::admitted;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, None{});
    v.field("status", t.status, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

struct BindKey {
  static constexpr std::string_view kType = "BindKey";
  PartyId party;
  KeyDeclaration key;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, None{});
    v.field("key", t.key, None{});
  }
};

struct RevokeKey {
  static constexpr std::string_view kType = "RevokeKey";
  KeyBytes key;
  RevocationReason reason = RevocationReason::superseded;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("key", t.key, None{});
    v.field("reason", t.reason, None{});
  }
};

struct FreezeSelf {
  static constexpr std::string_view kType = "FreezeSelf";
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

// The whole policy of one account. What tightens holds at once, what loosens after the delay.
struct SetAccountPolicy {
  static constexpr std::string_view kType = "SetAccountPolicy";
  static constexpr std::int64_t kSince = 2;
  bool four_eyes = false;
  bool auto_accept = false;
  std::vector<PartyId> trusted;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("fourEyes", t.four_eyes, None{});
    v.field("autoAccept", t.auto_accept, None{});
    v.field("trusted", t.trusted, Count{0, kTrustedMax});
  }
};

// A sub-account of the signing party: holdings and policy of its own, its owner's keys.
struct OpenAccount {
  static constexpr std::string_view kType = "OpenAccount";
  static constexpr std::int64_t kSince = 2;
  Name name;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, None{});
  }
};

// Absent members stay as they are. `merged_into` is a record: units and projects move by their
// acts.
struct AmendParty {
  static constexpr std::string_view kType = "AmendParty";
  static constexpr std::int64_t kSince = 2;
  PartyId party;
  std::optional<Name> name;
  std::optional<std::string> country;
  std::optional<std::string> lei;
  std::optional<std::string> uscc;
  std::optional<std::vector<PartyId>> affiliates;
  std::optional<PartyId> merged_into;
  std::optional<Hash> kyc_digest;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, None{});
    v.field("name", t.name, None{});
    v.field("country", t.country, Code{2, 2});
    v.field("lei", t.lei, Code{20, 20});
    v.field("uscc", t.uscc, Code{18, 18});
    v.field("affiliates", t.affiliates, Count{0, kAffiliatesMax});
    v.field("mergedInto", t.merged_into, None{});
    v.field("kycDigest", t.kyc_digest, None{});
  }
};

// An absent member of a scope means any.
struct AccreditationScope {
  std::optional<ProgrammeId> programme;
  std::optional<std::string> sector;
  std::optional<Hash> methodology;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("programme", t.programme, None{});
    v.field("sector", t.sector, Text{1, kNameBytesMax});
    v.field("methodology", t.methodology, None{});
  }
};

struct AccreditVvb {
  static constexpr std::string_view kType = "AccreditVvb";
  PartyId party;
  std::vector<AccreditationScope> scopes;
  TimestampMs from;
  TimestampMs until;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, None{});
    v.field("scopes", t.scopes, Count{1, kScopesMax});
    v.field("from", t.from, None{});
    v.field("until", t.until, None{});
  }
};

struct Approve {
  static constexpr std::string_view kType = "Approve";
  ProposalId proposal;
  Hash digest{};  // of the proposed act's canonical secured document
  Decision decision = Decision::approve;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("proposal", t.proposal, None{});
    v.field("digest", t.digest, None{});
    v.field("decision", t.decision, None{});
    v.field("reason", t.reason, Text{0, kNoteBytesMax, true});
  }
};

struct WithdrawProposal {
  static constexpr std::string_view kType = "WithdrawProposal";
  ProposalId proposal;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("proposal", t.proposal, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

}  // namespace mrv::model
