// A large ledger made quickly: entries and rows written through the store in batches. The point is
// what opening, reading and proving cost afterwards.
#pragma once

#include <functional>
#include <utility>

#include "tests/support/ledger_world.h"

namespace mrv::bench {

// A row's key and value by its number; the entry is the value.
using MakeRow = std::function<std::pair<Bytes, Bytes>(std::uint64_t number)>;

// Precondition: the world is closed.
void fill(test::LedgerWorld& world, std::uint64_t rows, const MakeRow& make);

}  // namespace mrv::bench
