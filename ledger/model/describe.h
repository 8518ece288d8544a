// The one description of every struct that is ever written as JSON: acts and state rows.
//
// A described struct has `template <class V, class T> static void describe(V& v, T& t)` that names
// its members once, in schema order: `v.field("name", t.member, constraint)`. The visitors
// that read that description are in ledger/codec: decoder and encoder (json_codec.h), the schema
// writer, the check of bounds and the collector of digests. So the wire form, its limits and its
// published schema cannot drift apart.
//
// std::optional<T> may be absent; everything else must be present. std::vector<T> needs a Count.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mrv::model {

// Unicode characters are counted in UTF-8 bytes. `lines` allows \n.
struct Text {
  std::size_t bytes_min = 0;
  std::size_t bytes_max = 0;
  bool lines = false;
};
// Only [A-Z0-9]{min,max}: codes that become parts of serial prefixes.
struct Code {
  std::size_t length_min = 1;
  std::size_t length_max = 12;
};
struct Range {
  std::int64_t min = 0;
  std::int64_t max = 0;
};
struct Count {
  std::size_t min = 0;
  std::size_t max = 0;
};
struct None {};
// For a SHA-256 that is the digest of no blob: a salted commitment, the digest of a row in a file.
// Every other hash of an act may name a blob (ledger/codec/named_digests.h).
struct NoBlob {};

// Canonical JSON carried as it stands (methodology documents, factor tables, calculation inputs):
// judged by the decoder that owns its grammar, never by the act codec.
struct RawJson {
  std::string canonical;
  friend bool operator==(const RawJson&, const RawJson&) = default;
};

// A calendar day as days since 1970-01-01, written YYYY-MM-DD.
struct Day {
  std::int32_t days = 0;
  friend auto operator<=>(const Day&, const Day&) = default;
};

// A non-negative or signed exact decimal kept as its canonical text ("0.05"); see base/decimal.h.
struct DecimalText {
  std::string text;
  friend bool operator==(const DecimalText&, const DecimalText&) = default;
};

// Wire enums are declared with MRV_ENUM. The position of a name is its value: append only.
template <class E>
struct EnumNames;

// "a, b_c" -> {"a", "b-c"}: enumerators cannot hold hyphens, wire names do not hold underscores.
// A trailing underscore (a C++ keyword's escape) is dropped by the codec's name table.
template <std::size_t N>
struct EnumNameList {
  std::array<std::array<char, 40>, N> storage{};
  std::array<std::size_t, N> lengths{};
};
template <std::size_t N>
constexpr EnumNameList<N> split_enum_names(std::string_view list) {
  EnumNameList<N> result{};
  std::size_t at = 0;
  std::size_t length = 0;
  for (const char c : list) {
    if (c == ' ') continue;
    if (c == ',') {
      result.lengths[at] = length;
      ++at;
      length = 0;
      continue;
    }
    result.storage[at][length] = c == '_' ? '-' : c;
    ++length;
  }
  result.lengths[at] = length;
  return result;
}

template <class E>
constexpr std::string_view name_of(E value) {
  constexpr auto& list = EnumNames<E>::kList;
  const auto at = static_cast<std::size_t>(value);
  std::string_view name(list.storage.at(at).data(), list.lengths.at(at));
  if (name.ends_with('-')) name.remove_suffix(1);
  return name;
}

}  // namespace mrv::model

// MRV_ENUM(Type, count, a, b, c): an enum class and its wire names. Only inside namespace
// mrv::model.
#define MRV_ENUM(Type, count, ...)                                       \
  enum class Type : std::uint8_t { __VA_ARGS__ };                        \
  template <>                                                            \
  struct EnumNames<Type> {                                               \
    static constexpr std::size_t kCount = count;                         \
    static constexpr auto kList = split_enum_names<count>(#__VA_ARGS__); \
  };
