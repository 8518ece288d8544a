// What several kinds of rows are made of.
#pragma once

#include <optional>

#include "ledger/model/transfers.h"

namespace mrv::model {

// [from, until) of entry indexes; `until` absent = still in force.
struct Interval {
  EntryIndex from;
  std::optional<EntryIndex> until;
  [[nodiscard]] bool covers(EntryIndex at) const { return from <= at && (!until || at < *until); }
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("from", t.from, None{});
    v.field("until", t.until, None{});
  }
};

// Serials of one batch, first and last inclusive.
struct SerialRange {
  BatchId batch;
  Units first = 0;
  Units last = 0;
  friend bool operator==(const SerialRange&, const SerialRange&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("batch", t.batch, None{});
    v.field("first", t.first, Range{1, kUnitsMax});
    v.field("last", t.last, Range{1, kUnitsMax});
  }
};

}  // namespace mrv::model
