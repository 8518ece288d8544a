// A certificate that was edited by somebody who knows its structure: parts dropped, doubled,
// exchanged or put together anew, values changed inside their encodings, always well-formed and
// canonical. None of it makes the verifier crash or accept another claim.
// fuzz-links: mrv_verifier
// fuzz-mutations: 40
#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "tests/fuzz/byte_source.h"
#include "tests/fuzz/golden_certificate.h"

namespace {

using namespace mrv;
using nlohmann::json;

constexpr int kEditsMax = 8;

// Down from the top to some value; at least one step, and never into a string.
json& pick(json& whole, fuzz::ByteSource& bytes) {
  json* at = &whole;
  do {
    auto child = at->begin();
    std::advance(child, static_cast<std::ptrdiff_t>(bytes.below(at->size())));
    at = &*child;
  } while (at->is_structured() && !at->empty() && bytes.byte() % 8 != 0);
  return *at;
}

void drop_or_double(json& list, fuzz::ByteSource& bytes) {
  if (!list.is_array() || list.empty()) return;
  const std::size_t at = bytes.below(list.size());
  if (bytes.byte() % 2 == 0) {
    list.erase(at);
  } else {
    const json copy = list[at];
    list.push_back(copy);
  }
}

// One bit inside what base64 stands for; in other texts one character.
void change_text(json& value, fuzz::ByteSource& bytes) {
  if (!value.is_string() || value.get_ref<const std::string&>().empty()) return;
  std::string text = value.get<std::string>();
  auto decoded = from_base64(text);
  if (decoded.ok() && !decoded->empty() && bytes.byte() % 4 != 0) {
    (*decoded)[bytes.below(decoded->size())] ^= static_cast<std::uint8_t>(1U << bytes.below(8));
    text = to_base64(*decoded);
  } else {
    text[bytes.below(text.size())] = static_cast<char>('0' + bytes.below(75));
  }
  value = text;
}

void replace(json& value, fuzz::ByteSource& bytes) {
  const std::array<json, 8> kValues = {nullptr,          "",   "0",           "1",
                                       "99999999999999", "kg", json::array(), json::object()};
  value = kValues[bytes.below(kValues.size())];
}

// Replaces every occurrence inside the decoded text of a part: a document or row that says
// something else, well-formed.
void rewrite_part(json& part, fuzz::ByteSource& bytes) {
  constexpr std::array<std::array<std::string_view, 2>, 5> kWords = {{{"1000", "9000"},
                                                                      {"buyer", "owner"},
                                                                      {"\"retired\"", "\"active\""},
                                                                      {"146763", "146764"},
                                                                      {"\"t\"", "\"kg\""}}};
  for (const char* member : {"entry", "value"}) {
    if (!part.is_object() || !part.contains(member) || !part[member].is_string()) continue;
    const auto decoded = from_base64(part[member].get<std::string>());
    if (!decoded.ok()) continue;
    std::string text(as_text(*decoded));
    const auto& [from, to] = kWords[bytes.below(kWords.size())];
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
    part[member] = to_base64(as_bytes(text));
  }
}

void edit(json& whole, fuzz::ByteSource& bytes) {
  json& list = whole[bytes.byte() % 2 == 0 ? "entries" : "state"];
  const std::uint8_t kind = bytes.byte() % 7;
  if (kind == 0) return drop_or_double(list, bytes);
  if (kind == 1) return change_text(pick(whole, bytes), bytes);
  if (kind == 2) return replace(pick(whole, bytes), bytes);
  if (kind == 3) return change_text(pick(whole["retirement"], bytes), bytes);
  if (kind == 4) {
    // Two values of the document, exchanged: a copy of one in place of the other would need a copy
    // of the whole where one contains the other.
    const json from = pick(whole, bytes);
    pick(whole, bytes) = from;
    return;
  }
  if (!list.is_array() || list.empty()) return;
  json& part = list[bytes.below(list.size())];
  if (kind == 5) return rewrite_part(part, bytes);
  json& other = list[bytes.below(list.size())];
  if (!part.is_object() || !other.is_object() || part.empty()) return;
  auto member = part.begin();
  std::advance(member, static_cast<std::ptrdiff_t>(bytes.below(part.size())));
  if (other.contains(member.key())) std::swap(*member, other[member.key()]);
}

bool has_parts(const json& whole) {
  return whole.is_object() && whole.contains("entries") && whole.contains("state") &&
         whole.contains("retirement") && whole["retirement"].is_structured() &&
         !whole["retirement"].empty();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const json kGolden = json::parse(fuzz::golden_certificate().text);
  fuzz::ByteSource bytes(data, size);
  json whole = kGolden;
  for (int i = 0; i < kEditsMax && !bytes.empty() && has_parts(whole); ++i) edit(whole, bytes);
  fuzz::judge_certificate(crypto::canonicalize(whole));
  return 0;
}
