// Serials of any number of batches, as maximal ranges.
#pragma once

#include <map>
#include <optional>

#include "ledger/model/row_parts.h"

namespace mrv::state {

class SerialSet {
 public:
  // Ranges may overlap and touch what is there. Precondition: first <= last.
  void add(const model::SerialRange& range);

  // Whether any serial of the range is in the set.
  [[nodiscard]] bool touches(const model::SerialRange& range) const;

  // The lowest serial of the range that is not in the set; nothing where all of them are.
  [[nodiscard]] std::optional<Units> first_outside(const model::SerialRange& range) const;

 private:
  using Ranges = std::map<Units, Units>;  // first -> last
  std::map<model::BatchId, Ranges> ranges_;
};

}  // namespace mrv::state
