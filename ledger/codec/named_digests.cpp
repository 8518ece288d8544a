// A walk over the members of an act.
#include "ledger/codec/named_digests.h"

#include "ledger/codec/json_codec.h"

namespace mrv::codec {
namespace {

constexpr std::size_t kHexLength = 2 * kHashSize;

class DigestCollector {
 public:
  template <class T, class C>
  void field(std::string_view /*name*/, const T& value, const C& /*constraint*/) {
    if constexpr (!std::is_same_v<C, model::NoBlob>) take(value);
  }
  std::set<Hash> digests() { return std::move(digests_); }

 private:
  template <class T>
  void take(const T& value) {
    if constexpr (IsOptional<T>::value) {
      if (value) take(*value);
    } else if constexpr (IsVector<T>::value) {
      for (const auto& item : value) take(item);
    } else if constexpr (std::is_same_v<T, Hash>) {
      digests_.insert(value);
    } else if constexpr (std::is_same_v<T, model::RawJson>) {
      take_raw(value.canonical);
    } else if constexpr (requires(DigestCollector& v) { T::describe(v, value); }) {
      T::describe(*this, value);
    }
  }

  // Between two quotation marks of canonical JSON, 64 hexadecimal digits are a whole string: what
  // stands between two strings holds a comma, a colon or a bracket.
  void take_raw(std::string_view json) {
    for (auto quote = json.find('"'); quote != std::string_view::npos;
         quote = json.find('"', quote + 1)) {
      const auto end = quote + 1 + kHexLength;
      if (end >= json.size() || json[end] != '"') continue;
      const auto digest = hash_from_hex(json.substr(quote + 1, kHexLength));
      if (digest.ok()) digests_.insert(*digest);
    }
  }

  std::set<Hash> digests_;
};

}  // namespace

std::set<Hash> named_digests(const model::ActBody& body) {
  DigestCollector collector;
  std::visit([&collector](const auto& act) { act.describe(collector, act); }, body);
  return collector.digests();
}

}  // namespace mrv::codec
