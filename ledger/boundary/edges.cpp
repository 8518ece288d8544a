// A sweep along one axis pairs edges whose boxes touch; exact predicates judge each pair.
#include "ledger/boundary/edges.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace mrv::boundary {
namespace {

using Order = std::vector<std::size_t>;
using Axis = std::int32_t Position::*;

// The sweep goes along the longer side of what it covers, where edges overlap least.
Axis longer_side(const Box& box) {
  const auto width = std::int64_t{box.high.longitude} - box.low.longitude;
  const auto height = std::int64_t{box.high.latitude} - box.low.latitude;
  return width < height ? &Position::latitude : &Position::longitude;
}

// The edges that come near `area`, by the lower end of their boxes.
Order in_sweep_order(const Edges& edges, const Box& area, Axis axis) {
  Order order;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (boxes_touch(edges[i].box, area)) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&edges, axis](std::size_t i, std::size_t j) {
    return std::pair(edges[i].box.low.*axis, i) < std::pair(edges[j].box.low.*axis, j);
  });
  return order;
}

// Visits the edges from `first` of the order on that begin before `edge` ends and whose boxes touch
// its own; false when `visit` ended it.
template <class Visit>
bool scan_ahead(const Edges& edges, const Order& order, std::size_t first, Axis axis,
                const Edge& edge, Visit visit) {
  for (std::size_t k = first; k < order.size(); ++k) {
    const Box& box = edges[order[k]].box;
    if (box.low.*axis > edge.box.high.*axis) return true;
    if (boxes_touch(box, edge.box) && !visit(order[k])) return false;
  }
  return true;
}

// Every pair of an edge of `a` and one of `b` whose boxes touch, once: each pair is found from the
// edge that begins first.
template <class Visit>
void each_close_pair(const Edges& a, const Edges& b, const Box& common, Visit visit) {
  const Axis axis = longer_side(common);
  const Order a_order = in_sweep_order(a, common, axis);
  const Order b_order = in_sweep_order(b, common, axis);
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a_order.size() && j < b_order.size()) {
    const Edge& e = a[a_order[i]];
    const Edge& f = b[b_order[j]];
    if (e.box.low.*axis <= f.box.low.*axis) {
      const std::size_t at = a_order[i++];
      if (!scan_ahead(b, b_order, j, axis, e, [&](std::size_t k) { return visit(at, k); })) return;
    } else {
      const std::size_t at = b_order[j++];
      if (!scan_ahead(a, a_order, i, axis, f, [&](std::size_t k) { return visit(k, at); })) return;
    }
  }
}

// Along an edge its points are in lexicographic order, or in the reverse.
bool comes_first(const Edge& edge, const Position& p, const Position& q) {
  return edge.from < edge.to ? p < q : q < p;
}

void add_touches(std::size_t edge, const Edge& e, const Contact& contact,
                 std::vector<Touch>& touches) {
  const auto* begin = contact.touches.begin();
  const auto* end = begin + contact.touch_count;
  const Position first = *std::min_element(
      begin, end, [&e](const auto& p, const auto& q) { return comes_first(e, p, q); });
  for (const auto* at = begin; at != end; ++at) {
    touches.push_back({edge, *at, contact.common && *at == first});
  }
}

void sort_along(const Edges& edges, std::vector<Touch>& touches) {
  std::sort(touches.begin(), touches.end(), [&edges](const Touch& s, const Touch& t) {
    if (s.edge != t.edge) return s.edge < t.edge;
    if (s.at != t.at) return comes_first(edges[s.edge], s.at, t.at);
    return s.starts_common && !t.starts_common;
  });
  // Of the same place the one that starts a common stretch stands first and stays.
  const auto same = [](const Touch& s, const Touch& t) { return s.edge == t.edge && s.at == t.at; };
  touches.erase(std::unique(touches.begin(), touches.end(), same), touches.end());
}

Box box_of_edges(const Edges& edges) {
  assert(!edges.empty());
  Box box = edges.front().box;
  for (const Edge& edge : edges) box = join(box, edge.box);
  return box;
}

// Precondition: the boxes touch.
Box common_box(const Box& a, const Box& b) {
  return {
      {std::max(a.low.longitude, b.low.longitude), std::max(a.low.latitude, b.low.latitude)},
      {std::min(a.high.longitude, b.high.longitude), std::min(a.high.latitude, b.high.latitude)}};
}

}  // namespace

void add_edges(const Ring& ring, std::uint32_t number, Edges& edges) {
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const Position& from = ring[i];
    const Position& to = ring[(i + 1) % ring.size()];
    edges.push_back(
        {from, to, number, static_cast<std::uint32_t>(i), join({from, from}, {to, to})});
  }
}

Contact contact_of(const Edge& e, const Edge& f) {
  Contact contact;
  const int f_from = side_of(e.from, e.to, f.from);
  const int f_to = side_of(e.from, e.to, f.to);
  if (f_from * f_to > 0) return contact;
  const int e_from = side_of(f.from, f.to, e.from);
  const int e_to = side_of(f.from, f.to, e.to);
  contact.crosses = f_from * f_to < 0 && e_from * e_to < 0;
  const auto touch = [&contact](int side, const Edge& edge, Position at) {
    if (side == 0 && between(edge.from, edge.to, at)) {
      contact.touches[contact.touch_count++] = at;
    }
  };
  touch(f_from, e, f.from);
  touch(f_to, e, f.to);
  touch(e_from, f, e.from);
  touch(e_to, f, e.to);
  const auto* begin = contact.touches.begin();
  const auto* end = begin + contact.touch_count;
  contact.common = f_from == 0 && f_to == 0 &&
                   std::any_of(begin, end, [begin](const Position& at) { return at != *begin; });
  contact.same_direction = (e.from < e.to) == (f.from < f.to);
  return contact;
}

void each_contact(const Edges& edges, const VisitContact& visit) {
  if (edges.empty()) return;
  const Box box = box_of_edges(edges);
  const Axis axis = longer_side(box);
  const Order order = in_sweep_order(edges, box, axis);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Edge& e = edges[order[i]];
    const bool go_on = scan_ahead(edges, order, i + 1, axis, e, [&](std::size_t k) {
      const Contact contact = contact_of(e, edges[k]);
      return (!contact.crosses && contact.touch_count == 0) || visit(e, edges[k], contact);
    });
    if (!go_on) return;
  }
}

Meeting meet(const Edges& a, const Edges& b) {
  Meeting meeting;
  const Box a_box = box_of_edges(a);
  const Box b_box = box_of_edges(b);
  if (!boxes_touch(a_box, b_box)) return meeting;
  each_close_pair(a, b, common_box(a_box, b_box), [&](std::size_t i, std::size_t j) {
    const Contact contact = contact_of(a[i], b[j]);
    if (contact.touch_count > 0) {
      add_touches(i, a[i], contact, meeting.on_a);
      add_touches(j, b[j], contact, meeting.on_b);
    }
    meeting.crosses = contact.crosses;
    meeting.common_same = contact.common && contact.same_direction;
    meeting.common_opposite =
        meeting.common_opposite || (contact.common && !contact.same_direction);
    return !meeting.crosses && !meeting.common_same;
  });
  sort_along(a, meeting.on_a);
  sort_along(b, meeting.on_b);
  return meeting;
}

Location locate(DoubledPosition point, const Edges& rings) {
  bool inside = false;
  for (const Edge& edge : rings) {
    if (point.latitude < 2 * std::int64_t{edge.box.low.latitude} ||
        point.latitude > 2 * std::int64_t{edge.box.high.latitude} ||
        point.longitude > 2 * std::int64_t{edge.box.high.longitude}) {
      continue;
    }
    const bool east = point.longitude < 2 * std::int64_t{edge.box.low.longitude};
    const int side = east ? 0 : side_of(edge.from, edge.to, point);
    if (!east && side == 0) return Location::on_edge;
    // A half-open edge takes its lower end: a corner on the ray counts once.
    const bool rises = 2 * std::int64_t{edge.from.latitude} <= point.latitude &&
                       point.latitude < 2 * std::int64_t{edge.to.latitude};
    const bool falls = 2 * std::int64_t{edge.to.latitude} <= point.latitude &&
                       point.latitude < 2 * std::int64_t{edge.from.latitude};
    // The edge lies east of the point where the point is left of an edge that rises.
    if ((rises && (east || side > 0)) || (falls && (east || side < 0))) inside = !inside;
  }
  return inside ? Location::inside : Location::outside;
}

bool any_stretch(const Edges& walked, const std::vector<Touch>& touches, const Edges& rings,
                 Location wanted) {
  auto touch = touches.begin();
  bool known = false;  // that this stretch is not wanted, because the one before it was not
  for (std::size_t i = 0; i < walked.size(); ++i) {
    if (walked[i].index == 0) known = false;
    Position at = walked[i].from;
    const auto stretch_to = [&](const Position& next) {
      const bool found = !known && at != next && locate(midpoint(at, next), rings) == wanted;
      known = known || at != next;
      at = next;
      return found;
    };
    for (; touch != touches.end() && touch->edge == i; ++touch) {
      if (stretch_to(touch->at)) return true;
      known = touch->starts_common;
    }
    if (stretch_to(walked[i].to)) return true;
  }
  return false;
}

}  // namespace mrv::boundary
