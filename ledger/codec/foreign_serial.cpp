// One small parser for each registry's way of printing a range of serials.
#include "ledger/codec/foreign_serial.h"

#include <algorithm>
#include <cassert>
#include <vector>

namespace mrv::codec {
namespace {

using Fields = std::vector<std::string_view>;

Error unparsable(const char* why) { return {"SERIAL_UNPARSABLE", why, {}}; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

template <class Allowed>
bool consists_of(std::string_view text, const Allowed& allowed) {
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

bool is_code(std::string_view text) {
  return consists_of(text, [](char c) { return is_digit(c) || is_upper(c); });
}

Fields split(std::string_view text, std::string_view by) {
  Fields fields;
  for (;;) {
    const auto at = text.find(by);
    fields.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return fields;
    text.remove_prefix(at + by.size());
  }
}

// The fields [from, to) with hyphens between.
std::string joined(const Fields& fields, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) {
    if (i > from) text.push_back('-');
    text += fields[i];
  }
  return text;
}

Result<ForeignSerial> range(std::string prefix, std::string_view first, std::string_view last) {
  ForeignSerial serial;
  serial.prefix = std::move(prefix);
  MRV_TRY(serial.first, parse_serial_number(first));
  MRV_TRY(serial.last, parse_serial_number(last));
  return serial;
}

// Letters, digits and hyphens, with a letter or digit at both ends: what these registries print.
bool is_prefix(std::string_view text) {
  return !text.empty() && text.front() != '-' && text.back() != '-' &&
         consists_of(text, [](char c) { return is_digit(c) || is_upper(c) || c == '-'; });
}

Result<ForeignSerial> parse_acr_car_art(std::string_view text) {
  constexpr std::string_view kTo = " to ";
  const auto to = text.find(kTo);
  const std::string_view head = text.substr(0, to);
  const auto hyphen = head.rfind('-');
  if (hyphen == std::string_view::npos) return unparsable("PREFIX-first to last is expected");
  const auto prefix = head.substr(0, hyphen);
  if (!is_prefix(prefix)) return unparsable("the prefix is malformed");
  const auto first = head.substr(hyphen + 1);
  return range(std::string(prefix), first,
               to == std::string_view::npos ? first : text.substr(to + kTo.size()));
}

// Blocks of one batch share its number; whether batches share a numbering is not documented, so
// every other field is of the prefix.
Result<ForeignSerial> parse_verra(std::string_view text) {
  const auto fields = split(text, "-");
  const bool is_newer = fields.size() == 13 && fields[3] == "VCS" && fields[4] == "VCU";
  const bool is_older = fields.size() == 12 && fields[3] == "VCU";
  const bool is_whole =
      (is_newer || is_older) && std::all_of(fields.begin(), fields.end(), is_code);
  if (!is_whole)
    return unparsable("batch-first-last-VCS-VCU-… or batch-first-last-VCU-… is expected");
  const auto batch = std::string(fields[0]) + "-" + joined(fields, 3, fields.size());
  return range(batch, fields[1], fields[2]);
}

Result<ForeignSerial> parse_gold_standard(std::string_view text) {
  const auto fields = split(text, "-");
  const bool is_whole = fields.size() == 9 && fields[0] == "GS1" &&
                        std::all_of(fields.begin(), fields.end(), is_code);
  if (!is_whole) return unparsable("GS1-…-first-last is expected");
  return range(joined(fields, 0, 7), fields[7], fields[8]);
}

Result<ForeignSerial> parse_cercarbono(std::string_view text) {
  const auto cells = split(text, " ");
  const bool is_whole = cells.size() == 3 && consists_of(cells[0], [](char c) {
                          return is_digit(c) || is_upper(c) || c == '_';
                        });
  if (!is_whole) return unparsable("the cells serial, from and to are expected");
  return range(std::string(cells[0]), cells[1], cells[2]);
}

// The kind of credit may hold a low line itself, so the range is what follows the last one.
Result<ForeignSerial> parse_puro(std::string_view text) {
  const auto low_line = text.rfind('_');
  const auto prefix = text.substr(0, low_line);
  const bool is_whole =
      low_line != std::string_view::npos && prefix.starts_with("PURO_") &&
      consists_of(prefix, [](char c) {
        return is_digit(c) || is_upper(c) || is_lower(c) || c == '_' || c == '+' || c == '-';
      });
  const auto ends = is_whole ? split(text.substr(low_line + 1), "-") : Fields{};
  if (ends.size() != 2) return unparsable("PURO_…_first-last is expected");
  return range(std::string(prefix), ends[0], ends[1]);
}

// Neighbours share a number: the end is the first kilogram that is no longer meant.
Result<ForeignSerial> parse_isometric(std::string_view text) {
  const auto fields = split(text, "-");
  const bool is_whole = fields.size() == 8 && fields[0] == "ISO" &&
                        std::all_of(fields.begin(), fields.end(), is_code);
  if (!is_whole) return unparsable("ISO-…-start-end is expected");
  MRV_TRY(auto serial, range(joined(fields, 0, 6), fields[6], fields[7]));
  if (serial.last <= serial.first) return unparsable("the end is exclusive: it is above the start");
  serial.last -= 1;
  return serial;
}

// Units of a Party are numbered across its projects, so the Party and the type are the prefix.
bool is_cer(const Fields& fields) {
  return fields.size() == 7 && fields[0].size() == 2 && consists_of(fields[0], is_upper) &&
         fields[1] == "5" &&
         std::all_of(fields.begin() + 2, fields.end(),
                     [](std::string_view field) { return consists_of(field, is_digit); });
}

Result<ForeignSerial> parse_cdm_cer(std::string_view text) {
  const auto ends = split(text, " - ");
  const auto first = split(ends.front(), "-");
  const auto last = split(ends.back(), "-");
  if (ends.size() > 2 || !is_cer(first) || !is_cer(last)) {
    return unparsable("CC-5-number-cp-cp-lulucf-project is expected, one or two of them");
  }
  const bool of_one_block = joined(first, 0, 2) == joined(last, 0, 2) &&
                            joined(first, 3, first.size()) == joined(last, 3, last.size());
  if (!of_one_block) return unparsable("the two ends differ in more than their number");
  return range(joined(first, 0, 2), first[2], last[2]);
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
    case model::SerialGrammar::verra_vcu:
      return parse_verra(text);
    case model::SerialGrammar::gold_standard:
      return parse_gold_standard(text);
    case model::SerialGrammar::cercarbono:
      return parse_cercarbono(text);
    case model::SerialGrammar::puro:
      return parse_puro(text);
    case model::SerialGrammar::isometric:
      return parse_isometric(text);
    case model::SerialGrammar::cdm_cer:
      return parse_cdm_cer(text);
  }
  assert(false);
  return unparsable("the grammar is not known");
}

}  // namespace mrv::codec
