// The strict reader: public corpus, hostile texts by name, each limit on both sides.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/utf8.h"

using mrv::crypto::JsonLimits;
using mrv::crypto::kCertificateLimits;
using mrv::crypto::kDocumentLimits;
using mrv::crypto::kForeignLimits;
using mrv::crypto::parse_strict;
namespace fs = std::filesystem;

namespace {

// The error's name, or "" where the text is accepted.
std::string verdict(std::string_view text, const JsonLimits& limits = kDocumentLimits) {
  const auto value = parse_strict(text, limits);
  return value.ok() ? std::string() : std::string(value.error().name);
}

std::string pointer_of(std::string_view text, const JsonLimits& limits = kDocumentLimits) {
  const auto value = parse_strict(text, limits);
  REQUIRE_FALSE(value.ok());
  return value.error().pointer;
}

std::string repeat(std::string_view piece, std::size_t count) {
  std::string out;
  out.reserve(piece.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += piece;
  return out;
}

std::string nested(std::size_t depth) { return repeat("[", depth) + repeat("]", depth); }

std::string array_of(std::size_t items) {
  return items == 0 ? "[]" : "[0" + repeat(",0", items - 1) + "]";
}

std::string string_of(std::size_t bytes) { return '"' + std::string(bytes, 'x') + '"'; }

}  // namespace

TEST_CASE("the public parsing corpus: what must parse parses, what must not is refused") {
  const fs::path folder =
      fs::path(MRV_SOURCE_DIR) / ".." / "shared" / "vectors" / "json" / "parsing";
  if (!fs::exists(folder)) {
    MESSAGE("skipped: no vectors in " << folder.string());
    return;
  }
  int accepted = 0;
  int refused = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    std::ifstream stream(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>()};
    if (name.starts_with("y_object_duplicated_key")) {
      // The grammar allows a repeated name; this reader exists to refuse it.
      CHECK(verdict(text, kForeignLimits) == "JSON_DUPLICATE_NAME");
      ++accepted;
    } else if (name.starts_with("y_")) {
      CHECK(verdict(text, kForeignLimits) == "");
      ++accepted;
    } else {
      CHECK(verdict(text, kForeignLimits) != "");
      CHECK(verdict(text, kDocumentLimits) != "");
      ++refused;
    }
  }
  CHECK(accepted == 95);
  CHECK(refused == 188);
}

TEST_CASE("hostile texts are refused by name") {
  struct Row {
    std::string_view text;
    std::string_view name;
  };
  using namespace std::string_view_literals;
  const std::vector<Row> rows = {
      {"", "JSON_SYNTAX"},
      {" ", "JSON_SYNTAX"},
      {"{}{}", "JSON_SYNTAX"},
      {"{} x", "JSON_SYNTAX"},
      {"{}\0"sv, "JSON_SYNTAX"},
      {"{}\0{}"sv, "JSON_SYNTAX"},
      {"\0"sv, "JSON_SYNTAX"},
      {"\"a\0b\""sv, "JSON_SYNTAX"},
      {"[1,]", "JSON_SYNTAX"},
      {"[01]", "JSON_SYNTAX"},
      {"[+1]", "JSON_SYNTAX"},
      {"[0x1]", "JSON_SYNTAX"},
      {"[NaN]", "JSON_SYNTAX"},
      {"[Infinity]", "JSON_SYNTAX"},
      {"{'a':1}", "JSON_SYNTAX"},
      {"{a:1}", "JSON_SYNTAX"},
      {"[1]//c", "JSON_SYNTAX"},
      {"/**/[1]", "JSON_SYNTAX"},
      {"\"\t\"", "JSON_SYNTAX"},
      {"\"\\x41\"", "JSON_SYNTAX"},
      {"[", "JSON_SYNTAX"},
      {"{\"a\":", "JSON_SYNTAX"},
      {"\"\\u12\"", "JSON_SYNTAX"},
      {"\"", "JSON_SYNTAX"},
      {"\xEF\xBB\xBF{}", "JSON_BOM"},
      {"\xEF\xBB", "JSON_UTF8_INVALID"},
      {"\xFF\xFE{\0}\0"sv, "JSON_UTF8_INVALID"},
      {"\"\xC0\xAF\"", "JSON_UTF8_INVALID"},          // overlong, 2 bytes
      {"\"\xE0\x80\xAF\"", "JSON_UTF8_INVALID"},      // overlong, 3 bytes
      {"\"\xF0\x80\x80\xAF\"", "JSON_UTF8_INVALID"},  // overlong, 4 bytes
      {"\"\xED\xA0\x80\"", "JSON_UTF8_INVALID"},      // a surrogate
      {"\"\xF4\x90\x80\x80\"", "JSON_UTF8_INVALID"},  // U+110000
      {"\"\xF5\x80\x80\x80\"", "JSON_UTF8_INVALID"},
      {"\"\x80\"", "JSON_UTF8_INVALID"},
      {"\"\xE2\x82\"", "JSON_UTF8_INVALID"},
      {"\"\xE2\x82", "JSON_UTF8_INVALID"},
      {"\"\\ud800\"", "JSON_LONE_SURROGATE"},
      {"\"\\udc00\"", "JSON_LONE_SURROGATE"},
      {"\"\\ud800\\ud800\"", "JSON_LONE_SURROGATE"},
      {"\"\\ud800\\u0041\"", "JSON_LONE_SURROGATE"},
      {"\"\\ud800x\"", "JSON_LONE_SURROGATE"},
      {"\"\\udc00\\ud800\"", "JSON_LONE_SURROGATE"},
      {"{\"\\udbff\":1}", "JSON_LONE_SURROGATE"},
      {"\"\\\\\\ud83d\\ude00\\udfff\"", "JSON_LONE_SURROGATE"},
      {R"({"a":1,"a":1})", "JSON_DUPLICATE_NAME"},
      {R"({"a":1,"\u0061":2})", "JSON_DUPLICATE_NAME"},
      {R"({"a":[{"b":1,"c":2,"b":3}]})", "JSON_DUPLICATE_NAME"},
      {R"({"":1,"":2})", "JSON_DUPLICATE_NAME"},
      {R"({"/":1,"\/":2})", "JSON_DUPLICATE_NAME"},
      {"1e400", "JSON_NUMBER_OUT_OF_RANGE"},
      {"-1e400", "JSON_NUMBER_OUT_OF_RANGE"},
      {"1.0", "JSON_NUMBER_NOT_INTEGER"},
      {"1e0", "JSON_NUMBER_NOT_INTEGER"},
      {"-0.0", "JSON_NUMBER_NOT_INTEGER"},
      {"1E2", "JSON_NUMBER_NOT_INTEGER"},
      {"9007199254740992", "JSON_NUMBER_OUT_OF_RANGE"},
      {"-9007199254740992", "JSON_NUMBER_OUT_OF_RANGE"},
      {"18446744073709551616", "JSON_NUMBER_OUT_OF_RANGE"},
      {"-99999999999999999999", "JSON_NUMBER_OUT_OF_RANGE"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(verdict(row.text) == row.name);
  }
}

TEST_CASE("ordinary texts are accepted under the document limits") {
  const std::vector<std::string_view> texts = {
      "{}",
      "[]",
      "null",
      "\"\"",
      " \t\r\n{} \t\r\n",
      "0",
      "-0",
      "9007199254740991",
      "-9007199254740991",
      "\"\\ud83d\\ude00\"",
      "\"\xF0\x9F\x98\x80 \xE7\xAC\xAC\"",
      "\"line\\nline\"",
      R"({"a":{"b":1},"c":{"b":1}})",
      R"({"a":1,"A":2})",
      "{\"\xC3\xA9\":1,\"e\xCC\x81\":2}",  // different before normalisation, so different names
  };
  for (const std::string_view text : texts) {
    CAPTURE(text);
    CHECK(verdict(text) == "");
  }
}

TEST_CASE("the foreign limits accept what only the ledger's own acts may not hold") {
  for (const std::string_view text :
       {"1.5", "1e300", "-0.0", "9007199254740993", "18446744073709551616", "\"\\u202e\"",
        "\"\\u0000\"", "{\"\\n\":1}"}) {
    CAPTURE(text);
    CHECK(verdict(text, kForeignLimits) == "");
    CHECK(verdict(text, kDocumentLimits) != "");
  }
  CHECK(verdict("1e400", kForeignLimits) == "JSON_NUMBER_OUT_OF_RANGE");
}

TEST_CASE("every control and invisible character is refused, its neighbours are not") {
  const auto refused = [](unsigned scalar) {
    return scalar < 0x20 || (scalar >= 0x7F && scalar <= 0x9F) || scalar == 0x061C ||
           (scalar >= 0x200B && scalar <= 0x200F) || (scalar >= 0x202A && scalar <= 0x202E) ||
           (scalar >= 0x2060 && scalar <= 0x206F) || scalar == 0xFEFF;
  };
  for (unsigned scalar = 0; scalar < 0x10000; ++scalar) {
    if (scalar >= 0xD800 && scalar <= 0xDFFF) continue;
    char escape[7];
    std::snprintf(escape, sizeof escape, "\\u%04x", scalar);
    const std::string value = std::string("\"a") + escape + "b\"";
    const std::string name = "{" + value + ":1}";
    const std::string expected = refused(scalar) ? "JSON_CONTROL_CHARACTER" : "";
    const bool line_feed = scalar == '\n';
    if (verdict(value) != (line_feed ? "" : expected)) FAIL_CHECK("value " << escape);
    if (verdict(name) != expected) FAIL_CHECK("name " << escape);
  }
  CHECK(verdict("\"\\ud83c\\udf3e\"") == "");
}

TEST_CASE("each limit holds on both sides") {
  SUBCASE("depth of arrays and objects together") {
    CHECK(verdict(nested(32)) == "");
    CHECK(verdict(nested(33)) == "JSON_TOO_DEEP");
    const auto mixed = [](std::size_t pairs) {
      return repeat("{\"a\":[", pairs) + "0" + repeat("]}", pairs);
    };
    CHECK(verdict(mixed(16)) == "");
    CHECK(verdict(mixed(17)) == "JSON_TOO_DEEP");
    CHECK(verdict(nested(512), kForeignLimits) == "");
    CHECK(verdict(nested(513), kForeignLimits) == "JSON_TOO_DEEP");
  }
  SUBCASE("siblings do not add to the depth") {
    CHECK(verdict("[" + repeat(nested(31) + ",", 100) + "0]") == "");
  }
  SUBCASE("string bytes, in values and names") {
    CHECK(verdict(string_of(8'192)) == "");
    CHECK(verdict(string_of(8'193)) == "JSON_STRING_TOO_LONG");
    CHECK(verdict("{" + string_of(8'192) + ":1}") == "");
    CHECK(verdict("{" + string_of(8'193) + ":1}") == "JSON_STRING_TOO_LONG");
    CHECK(verdict(string_of(131'072), kCertificateLimits) == "");
    CHECK(verdict(string_of(131'073), kCertificateLimits) == "JSON_STRING_TOO_LONG");
  }
  SUBCASE("the limit counts unescaped bytes") {
    CHECK(verdict('"' + repeat("\\u0041", 8'192) + '"') == "");
    CHECK(verdict('"' + repeat("\\u0041", 8'193) + '"') == "JSON_STRING_TOO_LONG");
    CHECK(verdict('"' + repeat("\xC3\xA9", 4'096) + '"') == "");
    CHECK(verdict('"' + repeat("\xC3\xA9", 4'096) + "x\"") == "JSON_STRING_TOO_LONG");
  }
  SUBCASE("array items") {
    CHECK(verdict(array_of(2'000)) == "");
    CHECK(verdict(array_of(2'001)) == "JSON_ARRAY_TOO_LONG");
    CHECK(verdict(array_of(4'096), kCertificateLimits) == "");
    CHECK(verdict(array_of(4'097), kCertificateLimits) == "JSON_ARRAY_TOO_LONG");
  }
  SUBCASE("bytes of the body, white space included") {
    CHECK(verdict("{}" + std::string(262'142, ' ')) == "");
    CHECK(verdict("{}" + std::string(262'143, ' ')) == "JSON_TOO_LARGE");
    CHECK(verdict("{}" + std::string((16U << 20) - 2, ' '), kCertificateLimits) == "");
    CHECK(verdict("{}" + std::string((16U << 20) - 1, ' '), kCertificateLimits) ==
          "JSON_TOO_LARGE");
  }
  SUBCASE("values of the whole text") {
    JsonLimits limits = kDocumentLimits;
    limits.values_max = 10;
    CHECK(verdict(array_of(9), limits) == "");
    CHECK(verdict(array_of(10), limits) == "JSON_TOO_MANY_VALUES");
    CHECK(verdict(R"([{"a":0,"b":0},[0,0],[0,0]])", limits) == "");
    CHECK(verdict(R"([{"a":0,"b":0},[0,0],[0,0],[]])", limits) == "JSON_TOO_MANY_VALUES");
    const std::string row = array_of(1'999);  // 2,000 values
    CHECK(verdict("[" + repeat(row + ",", 31) + array_of(2'000) + "]") == "");
    CHECK(verdict("[" + repeat(row + ",", 32) + array_of(1'999) + "]") == "JSON_TOO_MANY_VALUES");
  }
  SUBCASE("integers") {
    CHECK(verdict("9007199254740991") == "");
    CHECK(verdict("9007199254740992") == "JSON_NUMBER_OUT_OF_RANGE");
    CHECK(verdict("-9007199254740991") == "");
    CHECK(verdict("-9007199254740992") == "JSON_NUMBER_OUT_OF_RANGE");
  }
}

TEST_CASE("a million levels, names or digits end in a refusal, not in a crash") {
  JsonLimits open = kForeignLimits;
  for (const std::string_view piece : {"[", "{\"a\":", "[{\"a\":"}) {
    CHECK(verdict(repeat(piece, 1'000'000), open) == "JSON_TOO_DEEP");
    CHECK(verdict(repeat(piece, 1'000'000)) == "JSON_TOO_LARGE");
  }
  CHECK(verdict(std::string(1'000'000, '9'), open) == "JSON_NUMBER_OUT_OF_RANGE");
  CHECK(verdict(std::string(200'000, '9')) == "JSON_NUMBER_OUT_OF_RANGE");
  CHECK(verdict("0." + std::string(200'000, '9'), open) == "");
  CHECK(verdict(std::string(10'000'000, 'x')) == "JSON_TOO_LARGE");
  CHECK(verdict(string_of(200'000)) == "JSON_STRING_TOO_LONG");
  CHECK(verdict("\"" + repeat("\\ud800", 20'000)) == "JSON_LONE_SURROGATE");

  std::string names = "{\"n0\":0";
  for (int i = 1; i < 200'000; ++i) names += ",\"n" + std::to_string(i) + "\":0";
  CHECK(verdict(names + "}", open) == "");
  CHECK(verdict(names + ",\"n7\":0}", open) == "JSON_DUPLICATE_NAME");
}

TEST_CASE("an error points at the value concerned") {
  CHECK(pointer_of("1.5") == "");
  CHECK(pointer_of(R"({"a":{"b":[0,1,1.5]}})") == "/a/b/2");
  CHECK(pointer_of(R"({"a":[[],[],[9007199254740992]]})") == "/a/2/0");
  CHECK(pointer_of(R"({"a":{"x":1,"y":{},"x":2}})") == "/a/x");
  CHECK(pointer_of(R"({"a/b":{"c~d":1.5}})") == "/a~1b/c~0d");
  CHECK(pointer_of(R"([{"a":"\u202e"}])") == "/0/a");
  CHECK(pointer_of(R"([{"a":0},{"\u202e":0}])") == "/1");
  CHECK(pointer_of(repeat("{\"a\":", 33)) == repeat("/a", 32));
  CHECK(pointer_of("[" + repeat("[],", 3) + repeat("[", 32)) == "/3" + repeat("/0", 31));

  const std::string long_name(500, 'n');
  CHECK(pointer_of("{\"" + long_name + "\":{\"" + long_name + "\":{\"" + long_name + "\":1.5}}}") ==
        "/" + long_name + "/" + long_name);
}

TEST_CASE("an error says at which byte reading stopped") {
  const auto detail = [](std::string_view text) {
    const auto value = parse_strict(text, kDocumentLimits);
    REQUIRE_FALSE(value.ok());
    return value.error().detail;
  };
  CHECK(detail("{}\xFF").ends_with("at byte 2"));
  CHECK(detail("[0,\"ab\\ud800\"]").ends_with("at byte 6"));
  CHECK(detail("[1,2 x]").ends_with("at byte 6"));
}

TEST_CASE("values come through as written") {
  const auto value = parse_strict(
      R"({"s":"\u00e9\n","i":-5,"u":9007199254740991,"t":true,"f":false,"n":null,"a":[{},[]]})",
      kDocumentLimits);
  REQUIRE(value.ok());
  CHECK(value->at("s") == "\xC3\xA9\n");
  CHECK(value->at("i") == -5);
  CHECK(value->at("u") == 9007199254740991);
  CHECK(value->at("t") == true);
  CHECK(value->at("f") == false);
  CHECK(value->at("n").is_null());
  CHECK(value->at("a") ==
        nlohmann::json::array({nlohmann::json::object(), nlohmann::json::array()}));
}

TEST_CASE("UTF-8: every scalar is accepted, every other two- and three-byte form refused") {
  const auto encode = [](std::uint32_t scalar) {
    std::string out;
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (scalar < 0x80) {
      put(scalar);
    } else if (scalar < 0x800) {
      put(0xC0 | scalar >> 6);
      put(0x80 | (scalar & 0x3F));
    } else if (scalar < 0x10000) {
      put(0xE0 | scalar >> 12);
      put(0x80 | (scalar >> 6 & 0x3F));
      put(0x80 | (scalar & 0x3F));
    } else {
      put(0xF0 | scalar >> 18);
      put(0x80 | (scalar >> 12 & 0x3F));
      put(0x80 | (scalar >> 6 & 0x3F));
      put(0x80 | (scalar & 0x3F));
    }
    return out;
  };
  std::size_t wrong = 0;
  for (std::uint32_t scalar = 0; scalar <= 0x10FFFF; ++scalar) {
    const std::string text = encode(scalar);
    const bool surrogate = scalar >= 0xD800 && scalar <= 0xDFFF;
    wrong += (mrv::crypto::utf8_error_offset(text) == text.size()) == surrogate ? 1U : 0U;
  }
  CHECK(wrong == 0);

  std::size_t accepted = 0;
  for (unsigned a = 0xC0; a <= 0xFF; ++a) {
    for (unsigned b = 0x80; b <= 0xFF; ++b) {
      const std::string text{static_cast<char>(a), static_cast<char>(b)};
      accepted += mrv::crypto::utf8_error_offset(text) == 2 ? 1U : 0U;
    }
  }
  CHECK(accepted == 0x800 - 0x80);
}

TEST_CASE("numbers kept as text are exact, and everything else is as before") {
  JsonLimits limits = kForeignLimits;
  limits.numbers_as_text = true;
  const auto value =
      parse_strict(R"([0, -0, 12, -12, 18446744073709551615, 123456789012345678901234,
      0.10, -1.50e+03, 1E5, 1e-400, "0.10", true, null, {"a": 1.25}])",
                   limits);
  REQUIRE(value.ok());
  const std::vector<std::string> texts = {
      "0",    "0",         "12",  "-12",   "18446744073709551615", "123456789012345678901234",
      "0.10", "-1.50e+03", "1E5", "1e-400"};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    CHECK(mrv::crypto::number_text((*value)[i]) == texts[i]);
  }
  for (std::size_t i = texts.size(); i < value->size(); ++i) {
    CHECK_FALSE(mrv::crypto::number_text((*value)[i]));
  }
  CHECK(mrv::crypto::number_text((*value)[13]["a"]) == "1.25");
  CHECK((*value)[10] == "0.10");
  CHECK(verdict("[1e400]", limits) == "JSON_NUMBER_OUT_OF_RANGE");
  CHECK(verdict("[01]", limits) == "JSON_SYNTAX");
  limits.values_max = 3;
  CHECK(verdict("[1,2]", limits) == "");
  CHECK(verdict("[1,2,3]", limits) == "JSON_TOO_MANY_VALUES");
  CHECK_FALSE(mrv::crypto::check_canonicalizable(*value).ok());
}
