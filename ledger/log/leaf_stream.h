// Root and inclusion path of a tree whose leaves pass by once, in order, in O(log n) memory: for
// trees that nobody stores.
//
// Every hash of a path is the root over a run of leaves beside the one it proves; the runs and that
// leaf follow each other without gaps, so one root is under way at a time. Pure.
#pragma once

#include <cassert>
#include <cstdint>
#include <vector>

#include "ledger/log/integrate.h"
#include "ledger/log/proof.h"
#include "ledger/log/tile.h"

namespace mrv::log {

class RootOfStream {
 public:
  void add(const Hash& leaf) {
    waiting_.push_back(leaf);
    if (waiting_.size() == kTileWidth) integrate_waiting();
  }
  [[nodiscard]] std::uint64_t size() const { return size_ + waiting_.size(); }
  // Over the leaves so far.
  [[nodiscard]] Hash root() {
    integrate_waiting();
    return root_of_edge(edge_);
  }

 private:
  // The full tiles go: nobody asks for them.
  void integrate_waiting() {
    integrate<kTileHeight>(edge_, size_, waiting_);
    size_ += waiting_.size();
    waiting_.clear();
  }

  Edge edge_;
  std::uint64_t size_ = 0;  // leaves in the edge
  std::vector<Hash> waiting_;
};

class PathOfStream {
 public:
  // Precondition: index < size.
  PathOfStream(std::uint64_t index, std::uint64_t size) : index_(index), size_(size) {
    assert(index < size);
    std::uint64_t first = 0;
    std::uint64_t end = size;
    while (end - first > 1) {
      const std::uint64_t middle = first + split_point(end - first);
      const bool left = index < middle;
      runs_.push_back(left ? Run{middle, end} : Run{first, middle});
      (left ? end : first) = middle;
    }
    std::reverse(runs_.begin(), runs_.end());
    path_.resize(runs_.size());
  }

  // Precondition: fewer than `size` leaves were added.
  void add(const Hash& leaf) {
    assert(added_ < size_);
    const std::uint64_t at = added_++;
    if (at == index_) return;
    std::size_t run = 0;
    while (at < runs_[run].first || at >= runs_[run].end) ++run;
    root_.add(leaf);
    if (at + 1 < runs_[run].end) return;
    path_[run] = root_.root();
    root_ = RootOfStream();
  }

  // The leaf's sibling first. Precondition: `size` leaves were added.
  [[nodiscard]] const std::vector<Hash>& path() const {
    assert(added_ == size_);
    return path_;
  }

 private:
  // Leaves [first, end) beside the one that is proved.
  struct Run {
    std::uint64_t first = 0;
    std::uint64_t end = 0;
  };

  std::uint64_t index_;
  std::uint64_t size_;
  std::uint64_t added_ = 0;
  std::vector<Run> runs_;  // the shortest first
  std::vector<Hash> path_;
  RootOfStream root_;  // of the run that is under way
};

}  // namespace mrv::log
