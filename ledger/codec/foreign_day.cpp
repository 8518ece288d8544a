// Every format is brought into the strict one first.
#include "ledger/codec/foreign_day.h"

#include <string>

#include "ledger/base/time.h"

namespace mrv::codec {
namespace {

constexpr std::string_view kFirstOfLastCentury = "70";  // below it: 20YY

Error invalid(std::string_view text) {
  return {"DAY_INVALID", "not a day as M/D/YY or M/D/YYYY: " + std::string(text.substr(0, 32)), {}};
}

// "7" as "07"; what has another length is left for the strict reader to refuse.
std::string two_digits(std::string_view part) {
  return (part.size() == 1 ? "0" : "") + std::string(part);
}

std::string four_digits(std::string_view year) {
  if (year.size() != 2) return std::string(year);
  return (year < kFirstOfLastCentury ? "20" : "19") + std::string(year);
}

}  // namespace

Result<model::Day> parse_foreign_day(model::DateFormat format, std::string_view text) {
  std::string iso(text);
  if (format == model::DateFormat::us_short) {
    const auto first = text.find('/');
    const auto second = first == std::string_view::npos ? first : text.find('/', first + 1);
    if (second == std::string_view::npos) return invalid(text);
    iso = four_digits(text.substr(second + 1)) + "-" + two_digits(text.substr(0, first)) + "-" +
          two_digits(text.substr(first + 1, second - first - 1));
  }
  const auto day = parse_day(iso);
  if (day.ok()) return model::Day{*day};
  if (format == model::DateFormat::us_short) return invalid(text);
  return day.error();
}

}  // namespace mrv::codec
