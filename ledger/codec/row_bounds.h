// A visitor of model/describe.h: does a struct in memory keep to its own description? What
// decoding would refuse must not be written: a row that cannot be read back stops the ledger.
#pragma once

#include <string>

#include "ledger/codec/json_codec.h"

namespace mrv::codec {

class BoundsCheck {
 public:
  template <class T, class C>
  void field(std::string_view name, const T& value, const C& constraint) {
    if (!status_.ok()) return;
    if constexpr (IsOptional<T>::value) {
      if (value) judge(name, *value, constraint);
    } else {
      judge(name, value, constraint);
    }
  }
  // Errors: those of the decoder, with the member's name as detail.
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  template <class T, class C>
  void judge(std::string_view name, const T& value, const C& constraint) {
    if constexpr (IsVector<T>::value) {
      judge_list(name, value, constraint);
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (const auto status = judge_text(value, constraint); !status.ok()) {
        fail(status.error().name, name);
      }
    } else if constexpr (std::is_integral_v<T> && std::is_same_v<C, model::Range>) {
      if (value < constraint.min || value > constraint.max) fail("INTEGER_OUT_OF_RANGE", name);
    } else if constexpr (requires(BoundsCheck& v) { T::describe(v, value); }) {
      T::describe(*this, value);
    }
  }

  template <class T, class C>
  void judge_list(std::string_view name, const std::vector<T>& list, const C& count) {
    if (list.size() < count.min) return fail("LIST_TOO_SHORT", name);
    if (list.size() > count.max) return fail("LIST_TOO_LONG", name);
    for (const T& item : list) {
      if constexpr (std::is_same_v<T, std::string>) {
        judge(name, item, kItemText);
      } else {
        judge(name, item, model::None{});
      }
      if (!status_.ok()) return;
    }
  }

  void fail(std::string_view error, std::string_view name) {
    status_ = Error{error, std::string(name), {}};
  }

  Status status_;
};

}  // namespace mrv::codec
