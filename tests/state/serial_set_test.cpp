// SerialSet against a plain array, over all short ranges.
#include "ledger/state/serial_set.h"

#include <array>

#include <doctest/doctest.h>

using namespace mrv;
using model::BatchId;
using model::SerialRange;

namespace {

constexpr Units kSetSerials = 7;

struct Model {
  std::array<bool, kSetSerials + 2> in{};
  void add(Units first, Units last) {
    for (Units i = first; i <= last; ++i) in[static_cast<std::size_t>(i)] = true;
  }
  [[nodiscard]] std::optional<Units> first_outside(Units first, Units last) const {
    for (Units i = first; i <= last; ++i) {
      if (!in[static_cast<std::size_t>(i)]) return i;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool touches(Units first, Units last) const {
    bool some = false;
    for (Units i = first; i <= last; ++i) some = some || in[static_cast<std::size_t>(i)];
    return some;
  }
};

template <class Visit>
void each_range(const Visit& visit) {
  for (Units first = 1; first <= kSetSerials; ++first) {
    for (Units last = first; last <= kSetSerials; ++last) visit(first, last);
  }
}

}  // namespace

TEST_CASE("a set of serials answers as an array does, after any three ranges") {
  const BatchId batch{{1}};
  bool same = true;
  each_range([&](Units a, Units b) {
    each_range([&](Units c, Units d) {
      each_range([&](Units e, Units f) {
        state::SerialSet set;
        Model model;
        for (const auto& [first, last] : {std::pair(a, b), std::pair(c, d), std::pair(e, f)}) {
          set.add({batch, first, last});
          model.add(first, last);
        }
        each_range([&](Units first, Units last) {
          const SerialRange asked{batch, first, last};
          same = same && set.first_outside(asked) == model.first_outside(first, last) &&
                 set.touches(asked) == model.touches(first, last);
        });
      });
    });
  });
  CHECK(same);
}

TEST_CASE("batches are apart") {
  state::SerialSet set;
  set.add({BatchId{{1}}, 1, 5});
  CHECK(!set.touches({BatchId{{2}}, 1, 5}));
  CHECK(set.first_outside({BatchId{{2}}, 3, 5}) == 3);
  CHECK(!set.first_outside({BatchId{{1}}, 1, 5}));
  CHECK(set.first_outside({BatchId{{1}}, 1, 6}) == 6);
  set.add({BatchId{{1}}, 6, kUnitsMax});
  CHECK(!set.first_outside({BatchId{{1}}, 1, kUnitsMax}));
}
