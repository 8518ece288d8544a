// Units cancelled, locked, exported, converted, moved by order; notes on retirements (domain.md 6,
// 7, 12).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/transfers.h"

namespace mrv::model {

// `reversal` and `invalidation` are written by RecordReversal and InvalidateBatch alone.
MRV_ENUM(CancellationKind, 6, voluntary, compensation, mitigation, reversal, invalidation,
         administrative)
MRV_ENUM(UnlockTo, 2, holder, pledgee)

struct Cancel {
  static constexpr std::string_view kType = "Cancel";
  static constexpr std::int64_t kSince = 2;
  CancellationKind kind = CancellationKind::voluntary;
  std::vector<Leg> legs;
  std::string reason;
  std::optional<ObligationId> obligation;  // exactly with `compensation`
  std::optional<PartyId> holder;           // exactly with `administrative`
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("kind", t.kind, None{});
    v.field("legs", t.legs, Count{1, kLegsMax});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
    v.field("obligation", t.obligation, None{});
    v.field("holder", t.holder, None{});
  }
};

struct Lock {
  static constexpr std::string_view kType = "Lock";
  static constexpr std::int64_t kSince = 2;
  std::vector<Leg> legs;
  PartyId custodian;
  std::string reason;
  std::optional<TimestampMs> until;  // from then on the holder may unlock, too
  std::optional<PartyId> pledgee;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("legs", t.legs, Count{1, kLegsMax});
    v.field("custodian", t.custodian, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
    v.field("until", t.until, None{});
    v.field("pledgee", t.pledgee, None{});
  }
};

struct Unlock {
  static constexpr std::string_view kType = "Unlock";
  static constexpr std::int64_t kSince = 2;
  LockId lock;
  UnlockTo to = UnlockTo::holder;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("lock", t.lock, None{});
    v.field("to", t.to, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

// The lock's units go on in another registry.
struct Export {
  static constexpr std::string_view kType = "Export";
  static constexpr std::int64_t kSince = 2;
  LockId lock;
  std::string registry;
  std::string receipt;  // the other registry's id for them, used once
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("lock", t.lock, None{});
    v.field("registry", t.registry, Code{1, 12});
    v.field("receipt", t.receipt, Text{1, 128});
  }
};

// The units leave for a compliance scheme; nothing is created here.
struct Convert {
  static constexpr std::string_view kType = "Convert";
  static constexpr std::int64_t kSince = 2;
  PartyId holder;
  std::vector<Leg> legs;
  std::string scheme;
  std::string reference;  // the scheme's id for them, used once
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("holder", t.holder, None{});
    v.field("legs", t.legs, Count{1, kLegsMax});
    v.field("scheme", t.scheme, Text{1, 64});
    v.field("reference", t.reference, Text{1, 128});
  }
};

// Appended to a retirement, which never changes.
struct AnnotateRetirement {
  static constexpr std::string_view kType = "AnnotateRetirement";
  static constexpr std::int64_t kSince = 2;
  RetirementId retirement;
  std::string note;
  std::optional<Beneficiary> beneficiary;  // as it should have been written
  std::optional<Hash> digest;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("retirement", t.retirement, None{});
    v.field("note", t.note, Text{1, kNoteBytesMax, true});
    v.field("beneficiary", t.beneficiary, None{});
    v.field("digest", t.digest, None{});
  }
};

// By order of a court or an authority.
struct OrderTransfer {
  static constexpr std::string_view kType = "OrderTransfer";
  static constexpr std::int64_t kSince = 2;
  PartyId from;
  PartyId to;
  std::vector<Leg> legs;
  Hash order_digest{};
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("from", t.from, None{});
    v.field("to", t.to, None{});
    v.field("legs", t.legs, Count{1, kLegsMax});
    v.field("orderDigest", t.order_digest, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

struct ReverseTransfer {
  static constexpr std::string_view kType = "ReverseTransfer";
  static constexpr std::int64_t kSince = 2;
  TransferId transfer;
  Hash order_digest{};
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("transfer", t.transfer, None{});
    v.field("orderDigest", t.order_digest, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

}  // namespace mrv::model
