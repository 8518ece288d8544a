// Infix with as few parentheses as keep the tree readable.
#include "api/cli/formula.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace mrv::cli {
namespace {

using codec::Expression;

struct Infix {
  std::string_view name;
  std::string_view shown;
  int binding;
};
constexpr int kLoosest = 0;
constexpr std::array<Infix, 12> kInfix = {{{"or", " or ", 1},
                                           {"and", " and ", 2},
                                           {"<", " < ", 3},
                                           {"<=", " ≤ ", 3},
                                           {">", " > ", 3},
                                           {">=", " ≥ ", 3},
                                           {"=", " = ", 3},
                                           {"!=", " ≠ ", 3},
                                           {"+", " + ", 4},
                                           {"-", " − ", 4},
                                           {"*", " × ", 5},
                                           {"/", " / ", 5}}};

// NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
std::string shown(const Expression& expression, int around);

// NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
std::string infix(const Infix& row, const Expression& expression, int around) {
  std::string text;
  for (std::size_t i = 0; i < expression.items.size(); ++i) {
    // a − (b − c) and a / (b × c) keep their parentheses; a + b + c needs none.
    const bool first = i == 0;
    if (!first) text += row.shown;
    text += shown(expression.items[i], row.binding + (first ? 0 : 1));
  }
  return row.binding < around ? "(" + text + ")" : text;
}

// NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
std::string call(const Expression& expression) {
  std::string text = expression.text + "(";
  for (std::size_t i = 0; i < expression.items.size(); ++i) {
    text += (i == 0 ? "" : ", ") + shown(expression.items[i], kLoosest);
  }
  return text + ")";
}

// NOLINTNEXTLINE(misc-no-recursion): depth was bounded when the expression was read
std::string shown(const Expression& expression, int around) {
  if (expression.is_leaf) return expression.text;
  if (expression.text == "quantity" && expression.items.size() == 3) {
    const std::string& unit = expression.items[1].text;
    const std::string text = expression.items[0].text + (unit == "1" ? "" : " " + unit);
    return around == kLoosest || unit == "1" ? text : "(" + text + ")";
  }
  if (expression.text == "text" && expression.items.size() == 1) {
    return "\"" + expression.items[0].text + "\"";
  }
  const auto* const row = std::find_if(kInfix.begin(), kInfix.end(), [&](const Infix& each) {
    return each.name == expression.text;
  });
  return row == kInfix.end() ? call(expression) : infix(*row, expression, around);
}

}  // namespace

std::string formula(const Expression& expression) { return shown(expression, kLoosest); }

}  // namespace mrv::cli
