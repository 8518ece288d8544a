// What every act has in common, whatever it is.
#include "ledger/model/act.h"

#include <array>
#include <utility>

namespace mrv::model {
namespace {

template <std::size_t I>
AnyAct moved(void* act) {
  return AnyAct(std::in_place_index<I>,
                std::move(*static_cast<std::variant_alternative_t<I, AnyAct>*>(act)));
}

template <std::size_t... I>
AnyAct moved(std::size_t place, void* act, std::index_sequence<I...> /*places*/) {
  constexpr std::array<AnyAct (*)(void*), sizeof...(I)> kMoves{&moved<I>...};
  return kMoves.at(place)(act);
}

}  // namespace

ActBody::ActBody() = default;
ActBody::ActBody(const ActBody& other) = default;
ActBody::ActBody(ActBody&& other) noexcept = default;
ActBody& ActBody::operator=(const ActBody& other) = default;
ActBody& ActBody::operator=(ActBody&& other) noexcept = default;
ActBody::~ActBody() = default;

ActBody::ActBody(std::size_t place, void* act)
    : AnyAct(moved(place, act, std::make_index_sequence<std::variant_size_v<AnyAct>>())) {}

std::string_view type_of(const ActBody& body) {
  return std::visit([](const auto& act) { return std::decay_t<decltype(act)>::kType; }, body);
}

}  // namespace mrv::model
