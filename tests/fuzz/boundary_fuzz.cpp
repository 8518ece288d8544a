// Any bytes are a boundary or are refused with the one name and a place that the text has. What is
// a boundary overlaps itself, is found by its own cells and comes back from its bytes.
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "ledger/boundary/cells.h"
#include "ledger/boundary/overlap.h"
#include "ledger/codec/geojson.h"

namespace {

using namespace mrv;
using nlohmann::json;

constexpr std::int64_t kRadius = 12'345;

void require(bool holds) {
  if (!holds) std::abort();
}

// The value that an error points at, or the one that lacks it, is there.
void check_pointer(std::string_view text, const std::string& pointer) {
  const json value = json::parse(text, nullptr, false);
  if (value.is_discarded() || pointer.empty()) return;
  const json::json_pointer at(pointer);
  require(value.contains(at) || at.parent_pointer().empty() || value.contains(at.parent_pointer()));
}

void check_boundary(const boundary::Boundary& boundary) {
  require(interiors_intersect(boundary, boundary));
  const auto cells = cells_of(boundary);
  require(!cells.empty() && cells.size() <= boundary::kCellsMax);
  const auto query = query_of(cells);
  for (const auto& cell : cells) {
    const auto key = key_of(cell);
    bool found = false;
    for (const auto& range : query.ranges) found = found || (range.first <= key && key < range.end);
    require(found);
  }
  const Bytes bytes = boundary.to_bytes();
  require(bytes.size() <= boundary::kBoundaryRowBytesMax);
  const auto again = boundary::Boundary::from_bytes(bytes);
  require(again.ok() && again->to_bytes() == bytes && cells_of(*again) == cells);
  require(interiors_intersect(boundary, *again));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto boundary = codec::decode_boundary(text, kRadius);
  if (!boundary.ok()) {
    require(boundary.error().name == codec::kBoundaryInvalid && !boundary.error().detail.empty());
    check_pointer(text, boundary.error().pointer);
  } else {
    check_boundary(*boundary);
  }
  const auto row = boundary::Boundary::from_bytes({data, size});
  if (row.ok()) {
    require(row->to_bytes() == Bytes(data, data + size));
    require(!cells_of(*row).empty());
    // Rings that were never judged may give any answer, but they give one.
    require(interiors_intersect(*row, *row) == interiors_intersect(*row, *row));
  }
  return 0;
}
