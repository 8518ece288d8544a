// Result<T>: a value or a named error. Three failures have three channels: Result (bad bytes or the
// environment), model::Outcome (a registry rule said no), assertion (our own bug).
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace mrv {

// `name` is a constant of static storage in UPPER_SNAKE_CASE: stable, documented, what tests and
// users match on. `detail` is an English sentence for people; `pointer` is the JSON Pointer (RFC
// 6901) of the offending value where there is one.
struct Error {
  std::string_view name;
  std::string detail;
  std::string pointer;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Precondition of the four accessors: ok().
  [[nodiscard]] const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T& value() & {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  // Precondition: !ok().
  [[nodiscard]] const Error& error() const& {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] Error&& error() && {
    assert(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const& {
    assert(!ok());
    return *error_;
  }
  [[nodiscard]] Error&& error() && {
    assert(!ok());
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace mrv

#define MRV_CONCAT_INNER(a, b) a##b
#define MRV_CONCAT(a, b) MRV_CONCAT_INNER(a, b)

// MRV_TRY(declaration, expression): early return of the error, otherwise binds the value.
#define MRV_TRY(declaration, expression) \
  MRV_TRY_INNER(MRV_CONCAT(mrv_result_, __LINE__), declaration, expression)
#define MRV_TRY_INNER(temporary, declaration, expression)   \
  auto temporary = (expression);                            \
  if (!temporary.ok()) return std::move(temporary).error(); \
  declaration = *std::move(temporary)

// MRV_CHECK(expression): early return of the error of a Status.
#define MRV_CHECK(expression)                                                                   \
  do {                                                                                          \
    if (auto mrv_status = (expression); !mrv_status.ok()) return std::move(mrv_status).error(); \
  } while (false)
