// The table of kinds, operation by operation.
#include "ledger/methodology/kinds.h"

namespace mrv::methodology {

using model::QuantityKind;

namespace {

QuantityKind square_of(QuantityKind extensive) {
  switch (extensive) {
    case QuantityKind::stock:
      return QuantityKind::stock_squared;
    case QuantityKind::change:
      return QuantityKind::change_squared;
    default:
      return QuantityKind::flow_squared;
  }
}

QuantityKind base_of(QuantityKind square) {
  switch (square) {
    case QuantityKind::stock_squared:
      return QuantityKind::stock;
    case QuantityKind::change_squared:
      return QuantityKind::change;
    default:
      return QuantityKind::flow;
  }
}

}  // namespace

bool is_extensive(QuantityKind kind) {
  return kind == QuantityKind::stock || kind == QuantityKind::change || kind == QuantityKind::flow;
}

bool is_square(QuantityKind kind) {
  return kind == QuantityKind::stock_squared || kind == QuantityKind::change_squared ||
         kind == QuantityKind::flow_squared;
}

std::optional<Kind> same_kind(Kind a, Kind b) {
  if (!a) return b;
  if (!b || *a == *b) return a;
  return std::nullopt;
}

std::optional<Kind> kind_of_sum(Kind a, Kind b) {
  if (a == QuantityKind::stock && b == QuantityKind::change) return a;
  if (a == QuantityKind::change && b == QuantityKind::stock) return b;
  return same_kind(a, b);
}

// The difference of two stocks is a change: the one place where a change comes from.
std::optional<Kind> kind_of_difference(Kind a, Kind b) {
  if (a == QuantityKind::stock && b == QuantityKind::stock) return QuantityKind::change;
  if (a == QuantityKind::stock && b == QuantityKind::change) return a;
  return same_kind(a, b);
}

std::optional<Kind> kind_of_product(Kind a, Kind b) {
  if (!a) return b;
  if (!b) return a;
  const bool wide_a = is_extensive(*a) || is_square(*a);
  const bool wide_b = is_extensive(*b) || is_square(*b);
  if (wide_a && wide_b) {
    if (is_extensive(*a) && a == b) return square_of(*a);
    return std::nullopt;
  }
  if (wide_a) return a;
  if (wide_b) return b;
  if (a == QuantityKind::fraction) return b;
  if (b == QuantityKind::fraction) return a;
  return QuantityKind::intensity;
}

std::optional<Kind> kind_of_quotient(Kind a, Kind b) {
  if (!b) return a;
  if (is_square(*b)) return a == b ? std::optional<Kind>(QuantityKind::fraction) : std::nullopt;
  if (!a) return QuantityKind::intensity;
  if (is_square(*a)) {
    if (!is_extensive(*b)) return a;
    return base_of(*a) == *b ? std::optional<Kind>(b) : std::nullopt;
  }
  if (is_extensive(*a) && is_extensive(*b)) {
    return a == b ? Kind(QuantityKind::fraction) : Kind(QuantityKind::intensity);
  }
  if (is_extensive(*a)) return a;
  if (b == QuantityKind::fraction) return a;
  return QuantityKind::intensity;
}

std::optional<Kind> kind_of_root(Kind a) {
  if (!a) return a;
  if (is_square(*a)) return base_of(*a);
  if (is_extensive(*a)) return std::nullopt;
  return a;
}

}  // namespace mrv::methodology
