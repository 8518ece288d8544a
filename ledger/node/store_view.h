// The registry's state as the transition reads it, out of the store.
//
// A read that fails is remembered and reads as absent: the caller looks at failure() before it
// believes any verdict.
#pragma once

#include "ledger/state/view.h"
#include "ledger/store/store.h"

namespace mrv::node {

class StoreView final : public state::StateView {
 public:
  // `reader` must outlive the view. Not thread-safe.
  explicit StoreView(const store::StoreReader& reader) : reader_(reader) {}

  [[nodiscard]] std::optional<Bytes> get(ByteView key) const override;
  void scan(ByteView first, ByteView end, const Visit& visit) const override;
  [[nodiscard]] std::optional<std::pair<Bytes, Bytes>> last_before(ByteView first,
                                                                   ByteView end) const override;

  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  template <class T>
  T believe(Result<T> result) const;

  const store::StoreReader& reader_;
  mutable std::optional<Error> failure_;
};

// Rows below model::kFirstIndexTag are committed and proved; from it on they are indexes.
bool is_index_key(ByteView key);

}  // namespace mrv::node
