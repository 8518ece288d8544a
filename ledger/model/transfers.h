// Transfers and retirements (domain.md 6, 7).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/reports.h"

namespace mrv::model {

MRV_ENUM(RetirementPurpose, 7, voluntary, compliance, corsia, article6, event, product,
         residual_emissions)

// Either `first` and `last` (inclusive) or `quantity` (lowest active serials first), never both.
struct Leg {
  BatchId batch;
  std::optional<Units> first;
  std::optional<Units> last;
  std::optional<Units> quantity;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("batch", t.batch, None{});
    v.field("first", t.first, Range{1, kUnitsMax});
    v.field("last", t.last, Range{1, kUnitsMax});
    v.field("quantity", t.quantity, Range{0, kUnitsMax});
  }
};

struct Transfer {
  static constexpr std::string_view kType = "Transfer";
  std::vector<Leg> legs;
  PartyId to;
  std::optional<std::string> memo;
  TimestampMs expires;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("legs", t.legs, Count{1, kLegsMax});
    v.field("to", t.to, None{});
    v.field("memo", t.memo, Text{1, kNoteBytesMax, true});
    v.field("expires", t.expires, None{});
  }
};

struct AcceptTransfer {
  static constexpr std::string_view kType = "AcceptTransfer";
  TransferId transfer;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("transfer", t.transfer, None{});
  }
};

struct RejectTransfer {
  static constexpr std::string_view kType = "RejectTransfer";
  TransferId transfer;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("transfer", t.transfer, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

struct CancelTransfer {
  static constexpr std::string_view kType = "CancelTransfer";
  TransferId transfer;
  std::string reason;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("transfer", t.transfer, None{});
    v.field("reason", t.reason, Text{1, kNoteBytesMax, true});
  }
};

struct LapseTransfer {
  static constexpr std::string_view kType = "LapseTransfer";
  TransferId transfer;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("transfer", t.transfer, None{});
  }
};

struct Organisation {
  std::string name;
  std::string country;
  std::optional<std::string> lei;
  std::optional<std::string> uscc;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("name", t.name, Text{1, kNameBytesMax});
    v.field("country", t.country, Code{2, 2});
    v.field("lei", t.lei, Code{20, 20});
    v.field("uscc", t.uscc, Code{18, 18});
  }
};

// Exactly one of the two; a natural person always by commitment.
struct Beneficiary {
  std::optional<Organisation> organisation;
  std::optional<Hash> commitment;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("organisation", t.organisation, None{});
    v.field("commitment", t.commitment, NoBlob{});
  }
};

struct Retire {
  static constexpr std::string_view kType = "Retire";
  std::vector<Leg> legs;
  std::optional<Beneficiary> beneficiary;  // absent is judged: BENEFICIARY_MISSING
  RetirementPurpose purpose = RetirementPurpose::voluntary;
  std::optional<Period> claim_period;
  std::optional<std::string> statement;
  std::optional<std::string> inventory;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("legs", t.legs, Count{1, kLegsMax});
    v.field("beneficiary", t.beneficiary, None{});
    v.field("purpose", t.purpose, None{});
    v.field("claimPeriod", t.claim_period, None{});
    v.field("statement", t.statement, Text{1, kNoteBytesMax, true});
    v.field("inventory", t.inventory, Text{1, 128});
  }
};

}  // namespace mrv::model
