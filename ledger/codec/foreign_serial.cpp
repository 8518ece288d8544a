// The ACR / CAR / ART serial grammar.
#include "ledger/codec/foreign_serial.h"

#include <algorithm>
#include <cassert>

namespace mrv::codec {
namespace {

constexpr std::string_view kTo = " to ";

Error unparsable(const char* why) { return {"SERIAL_UNPARSABLE", why, {}}; }

// Letters, digits and hyphens, starting with a letter or digit: what these registries print.
bool is_prefix(std::string_view text) {
  return !text.empty() && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-';
         });
}

Result<ForeignSerial> parse_acr_car_art(std::string_view text) {
  const auto to = text.find(kTo);
  const std::string_view head = text.substr(0, to);
  const auto hyphen = head.rfind('-');
  if (hyphen == std::string_view::npos) return unparsable("PREFIX-first to last is expected");
  ForeignSerial serial;
  serial.prefix = head.substr(0, hyphen);
  if (!is_prefix(serial.prefix)) return unparsable("the prefix is malformed");
  MRV_TRY(serial.first, parse_serial_number(head.substr(hyphen + 1)));
  serial.last = serial.first;
  if (to != std::string_view::npos) {
    MRV_TRY(serial.last, parse_serial_number(text.substr(to + kTo.size())));
  }
  return serial;
}

}  // namespace

Result<Serial> parse_serial_number(std::string_view text) {
  if (text.empty() || text.size() > kSerialDigitsMax) return unparsable("a number is missing");
  if (text.size() > 1 && text[0] == '0') return unparsable("a number has leading zeros");
  Serial number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return unparsable("a number has other characters than digits");
    number = number * 10 + static_cast<Serial>(c - '0');
  }
  return number;
}

std::string serial_number_text(Serial number) {
  std::string text;
  do {
    text.push_back(static_cast<char>('0' + static_cast<int>(number % 10)));
    number /= 10;
  } while (number > 0);
  std::reverse(text.begin(), text.end());
  return text;
}

Result<ForeignSerial> parse_foreign_serial(model::SerialGrammar grammar, std::string_view text) {
  switch (grammar) {
    case model::SerialGrammar::acr_car_art:
      return parse_acr_car_art(text);
  }
  assert(false);
  return unparsable("the grammar is not known");
}

}  // namespace mrv::codec
