// Boundaries against GEOS, an independent library: `boundary-agreement --cases N [--seed S]` judges
// N random pairs on both sides, validity of each polygon and ground in common; a disagreement is a
// failure. `--print N` writes N judged pairs as JSON lines instead, for overlap_oracle.py.
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include <geos_c.h>
#include <nlohmann/json.hpp>

#include "ledger/boundary/cells.h"
#include "ledger/boundary/overlap.h"
#include "tests/boundary/random_polygons.h"

namespace {

using namespace mrv;
using boundary::Boundary;
using boundary::Finding;
using boundary::Flaw;
using boundary::RawPolygon;
using boundary::test::PolygonSource;
using boundary::test::RawPolygons;
using nlohmann::json;

class Geos {
 public:
  using Geometry = std::shared_ptr<GEOSGeometry>;

  Geos() : handle_(GEOS_init_r()) {}
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;
  ~Geos() { GEOS_finish_r(handle_); }

  // Null where GEOS cannot take a ring at all.
  Geometry polygon(const RawPolygon& raw) {
    std::vector<GEOSGeometry*> rings;
    for (const auto& ring : raw) {
      auto* sequence = GEOSCoordSeq_create_r(handle_, static_cast<unsigned>(ring.size()), 2);
      for (unsigned i = 0; i < ring.size(); ++i) {
        GEOSCoordSeq_setXY_r(handle_, sequence, i, static_cast<double>(ring[i].longitude),
                             static_cast<double>(ring[i].latitude));
      }
      auto* made = GEOSGeom_createLinearRing_r(handle_, sequence);
      if (made == nullptr) {
        for (auto* each : rings) GEOSGeom_destroy_r(handle_, each);
        return nullptr;
      }
      rings.push_back(made);
    }
    if (rings.empty()) return nullptr;
    auto* made = GEOSGeom_createPolygon_r(handle_, rings[0], rings.data() + 1,
                                          static_cast<unsigned>(rings.size() - 1));
    return {made, [handle = handle_](GEOSGeometry* g) { GEOSGeom_destroy_r(handle, g); }};
  }
  bool is_valid(const Geometry& polygon) {
    return polygon != nullptr && GEOSisValid_r(handle_, polygon.get()) == 1;
  }
  bool interiors_intersect(const Geometry& a, const Geometry& b) {
    return GEOSRelatePattern_r(handle_, a.get(), b.get(), "T********") == 1;
  }

 private:
  GEOSContextHandle_t handle_;
};

json to_json(const RawPolygons& polygons) {
  json list = json::array();
  for (const auto& polygon : polygons) {
    json rings = json::array();
    for (const auto& ring : polygon) {
      json positions = json::array();
      for (const auto& at : ring) positions.push_back({at.longitude, at.latitude});
      rings.push_back(std::move(positions));
    }
    list.push_back(std::move(rings));
  }
  return list;
}

struct Judged {
  RawPolygons raw;  // those that are valid, each by itself
  std::vector<Boundary> single;
  std::vector<Geos::Geometry> geos;
};

class Comparison {
 public:
  void run(const PolygonSource::Case& each) {
    const Judged a = judge(each.a);
    const Judged b = judge(each.b);
    for (std::size_t i = 0; i < a.raw.size(); ++i) {
      for (std::size_t j = 0; j < b.raw.size(); ++j) compare(a, i, b, j);
    }
    compare_together(a);
    compare_together(b);
  }

  [[nodiscard]] bool report() const {
    std::cout << "polygons " << polygons_ << ", valid " << valid_ << "; pairs " << pairs_
              << ", overlapping " << overlapping_ << ", boxes overlap but polygons do not "
              << close_ << "; together " << together_ << ", apart " << apart_ << "; disagreements "
              << disagreements_ << "\n";
    // Either answer must come up often, or the comparison says nothing.
    const bool tells = valid_ * 4 > polygons_ && valid_ * 4 < polygons_ * 3 &&
                       overlapping_ * 4 > pairs_ && close_ * 10 > pairs_ && apart_ * 10 > together_;
    if (!tells) std::cout << "the cases are lopsided\n";
    return disagreements_ == 0 && tells;
  }

 private:
  Judged judge(const RawPolygons& polygons) {
    Judged judged;
    for (const auto& raw : polygons) {
      auto ours = Boundary::of_polygons({&raw, 1});
      auto theirs = geos_.polygon(raw);
      const bool valid = std::holds_alternative<Boundary>(ours);
      ++polygons_;
      if (valid != geos_.is_valid(theirs)) {
        disagree("validity", {{"polygon", to_json({raw})}, {"ours", valid}});
      }
      if (!valid) continue;
      ++valid_;
      judged.raw.push_back(raw);
      judged.single.push_back(std::get<Boundary>(std::move(ours)));
      judged.geos.push_back(std::move(theirs));
    }
    return judged;
  }

  void compare(const Judged& a, std::size_t i, const Judged& b, std::size_t j) {
    const bool ours = interiors_intersect(a.single[i], b.single[j]);
    ++pairs_;
    overlapping_ += ours ? 1 : 0;
    close_ += !ours && interiors_meet(a.single[i].box(), b.single[j].box()) ? 1 : 0;
    const json pair = {{"a", to_json({a.raw[i]})}, {"b", to_json({b.raw[j]})}, {"ours", ours}};
    if (ours != geos_.interiors_intersect(a.geos[i], b.geos[j])) disagree("overlap", pair);
    if (ours != interiors_intersect(b.single[j], a.single[i])) disagree("symmetry", pair);
  }

  // Several polygons are one boundary where no two of them have ground in common.
  void compare_together(const Judged& judged) {
    if (judged.raw.size() < 2) return;
    const auto ours = Boundary::of_polygons(judged.raw);
    bool theirs = true;
    for (std::size_t i = 0; i < judged.geos.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        theirs = theirs && !geos_.interiors_intersect(judged.geos[i], judged.geos[j]);
      }
    }
    ++together_;
    apart_ += theirs ? 1 : 0;
    if (std::holds_alternative<Boundary>(ours) != theirs) {
      disagree("together", {{"polygons", to_json(judged.raw)}, {"ours", !theirs}});
    }
  }

  void disagree(const char* what, const json& where) {
    ++disagreements_;
    std::cout << "DISAGREEMENT " << what << " " << where.dump() << "\n";
  }

  Geos geos_;
  std::size_t polygons_ = 0;
  std::size_t valid_ = 0;
  std::size_t pairs_ = 0;
  std::size_t overlapping_ = 0;
  std::size_t close_ = 0;
  std::size_t together_ = 0;
  std::size_t apart_ = 0;
  std::size_t disagreements_ = 0;
};

void print_pairs(PolygonSource& source, std::size_t count) {
  while (count > 0) {
    const auto each = source.next();
    const auto a = Boundary::of_polygons(each.a);
    const auto b = Boundary::of_polygons(each.b);
    if (std::holds_alternative<Finding>(a) || std::holds_alternative<Finding>(b)) continue;
    const bool overlap = interiors_intersect(std::get<Boundary>(a), std::get<Boundary>(b));
    std::cout << json{{"a", to_json(each.a)}, {"b", to_json(each.b)}, {"overlap", overlap}}.dump()
              << "\n";
    --count;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t cases = 0;
  std::size_t prints = 0;
  std::uint64_t seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string option = argv[i];
    const auto value = std::strtoull(argv[i + 1], nullptr, 10);
    if (option == "--cases") cases = value;
    if (option == "--print") prints = value;
    if (option == "--seed") seed = value;
  }
  if (cases == 0 && prints == 0) {
    std::cerr << "usage: boundary-agreement --cases N [--seed S] | --print N [--seed S]\n";
    return 2;
  }
  PolygonSource source(seed);
  print_pairs(source, prints);
  if (cases == 0) return 0;
  Comparison comparison;
  for (std::size_t i = 0; i < cases; ++i) comparison.run(source.next());
  return comparison.report() ? 0 : 1;
}
