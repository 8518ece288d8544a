// Rows about units that are cancelled, locked, exported, converted or labelled (rules version 2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/holdings.h"
#include "ledger/model/labels.h"
#include "ledger/model/row_parts.h"

namespace mrv::model {

MRV_ENUM(LockState, 5, in_force, released, delivered, exported, ended)

struct CancellationRow {
  static constexpr std::uint8_t kTag = 0x23;
  CancellationId id;
  EntryIndex entry;
  PartyId holder;
  CancellationKind kind = CancellationKind::voluntary;
  std::vector<SerialRange> serials;
  Units quantity = 0;
  std::optional<ObligationId> obligation;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("holder", t.holder, None{});
    v.field("kind", t.kind, None{});
    v.field("serials", t.serials, Count{1, kSerialRangesMax});
    v.field("quantity", t.quantity, Range{1, kUnitsMax});
    v.field("obligation", t.obligation, None{});
  }
};

struct LockRow {
  static constexpr std::uint8_t kTag = 0x24;
  LockId id;
  EntryIndex entry;
  PartyId holder;
  PartyId custodian;
  std::optional<PartyId> pledgee;
  std::vector<SerialRange> serials;
  std::optional<TimestampMs> until;
  LockState state = LockState::in_force;
  std::optional<EntryIndex> ended;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("holder", t.holder, None{});
    v.field("custodian", t.custodian, None{});
    v.field("pledgee", t.pledgee, None{});
    v.field("serials", t.serials, Count{1, kSerialRangesMax});
    v.field("until", t.until, None{});
    v.field("state", t.state, None{});
    v.field("ended", t.ended, None{});
  }
};

struct ExportRow {
  static constexpr std::uint8_t kTag = 0x25;
  ExportId id;
  EntryIndex entry;
  PartyId holder;
  LockId lock;
  std::vector<SerialRange> serials;
  std::string registry;
  std::string receipt;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("holder", t.holder, None{});
    v.field("lock", t.lock, None{});
    v.field("serials", t.serials, Count{1, kSerialRangesMax});
    v.field("registry", t.registry, Code{1, 12});
    v.field("receipt", t.receipt, Text{1, 128});
  }
};

struct ConversionRow {
  static constexpr std::uint8_t kTag = 0x26;
  ConversionId id;
  EntryIndex entry;
  PartyId holder;
  std::vector<SerialRange> serials;
  std::string scheme;
  std::string reference;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("holder", t.holder, None{});
    v.field("serials", t.serials, Count{1, kSerialRangesMax});
    v.field("scheme", t.scheme, Text{1, 64});
    v.field("reference", t.reference, Text{1, 128});
  }
};

// A receipt of another registry, or a reference of a compliance scheme, is used once.
struct ReceiptRow {
  static constexpr std::uint8_t kTag = 0x27;
  std::string space;  // "export <registry>" or "convert <scheme>"
  std::string receipt;
  EntryIndex entry;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("space", t.space, Text{1, 128});
    v.field("receipt", t.receipt, Text{1, 128});
    v.field("entry", t.entry, None{});
  }
};

// A label as it was given, for as long as it holds.
struct LabelRow {
  static constexpr std::uint8_t kTag = 0x28;
  LabelId id;
  Interval in_force;
  PartyId party;  // that gave it
  Label label;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("inForce", t.in_force, None{});
    v.field("party", t.party, None{});
    v.field("label", t.label, None{});
  }
};

struct AnnotationRow {
  static constexpr std::uint8_t kTag = 0x29;
  AnnotationId id;
  EntryIndex entry;
  RetirementId retirement;
  PartyId party;
  std::string note;
  std::optional<Beneficiary> beneficiary;
  std::optional<Hash> digest;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("retirement", t.retirement, None{});
    v.field("party", t.party, None{});
    v.field("note", t.note, Text{1, kNoteBytesMax, true});
    v.field("beneficiary", t.beneficiary, None{});
    v.field("digest", t.digest, None{});
  }
};

}  // namespace mrv::model
