// What a transition reads and writes.
//
// A StateView answers point reads and bounded ordered scans over committed rows and judged indexes.
// A Delta is the set of row writes of one act; an Overlay reads through a Delta to the view
// beneath, so the acts of a batch see one another in order. Pure: no I/O of its own; a view that
// reads a database reports a read failure by its own means and never as a missing row.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "crypto/bytes.h"

namespace mrv::state {

class StateView {
 public:
  StateView() = default;
  StateView(const StateView&) = delete;
  StateView& operator=(const StateView&) = delete;
  virtual ~StateView() = default;

  [[nodiscard]] virtual std::optional<Bytes> get(ByteView key) const = 0;

  // Rows with first <= key < end in key order (bytewise), until `visit` answers false.
  using Visit = std::function<bool(ByteView key, ByteView value)>;
  virtual void scan(ByteView first, ByteView end, const Visit& visit) const = 0;

  // The greatest key with first <= key < end, if any.
  [[nodiscard]] virtual std::optional<std::pair<Bytes, Bytes>> last_before(ByteView first,
                                                                           ByteView end) const = 0;
};

// Key -> new value, or nothing for a deletion.
using Delta = std::map<Bytes, std::optional<Bytes>>;

class Overlay final : public StateView {
 public:
  // `beneath` must outlive the overlay.
  explicit Overlay(const StateView& beneath) : beneath_(beneath) {}

  [[nodiscard]] std::optional<Bytes> get(ByteView key) const override;
  void scan(ByteView first, ByteView end, const Visit& visit) const override;
  [[nodiscard]] std::optional<std::pair<Bytes, Bytes>> last_before(ByteView first,
                                                                   ByteView end) const override;

  void put(Bytes key, Bytes value) { delta_[std::move(key)] = std::move(value); }
  void erase(Bytes key) { delta_[std::move(key)] = std::nullopt; }
  // Later writes win.
  void merge(const Delta& delta);
  [[nodiscard]] const Delta& delta() const { return delta_; }
  [[nodiscard]] Delta take() { return std::move(delta_); }

 private:
  const StateView& beneath_;
  Delta delta_;
};

// The whole state in one ordered map: for replay, tests and the reference runs.
class MemoryState final : public StateView {
 public:
  [[nodiscard]] std::optional<Bytes> get(ByteView key) const override;
  void scan(ByteView first, ByteView end, const Visit& visit) const override;
  [[nodiscard]] std::optional<std::pair<Bytes, Bytes>> last_before(ByteView first,
                                                                   ByteView end) const override;
  void apply(const Delta& delta);
  [[nodiscard]] const std::map<Bytes, Bytes>& rows() const { return rows_; }

 private:
  std::map<Bytes, Bytes> rows_;
};

}  // namespace mrv::state
