// Readings and disclosures: one spelling each, every other text refused with its place, and every
// limit on both sides.
#include "ledger/codec/series.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/sha256.h"

using namespace mrv;
using nlohmann::json;

namespace {

constexpr const char* kReadingText =
    R"({"at":"2023-04-01T00:15:00Z","n":"1","salt":"9f86d081884c7d659a2feaa0c55ad015",)"
    R"("unit":"t","value":"12.50"})";

codec::DisclosedReading disclosed() {
  codec::DisclosedReading made;
  made.reading = *codec::decode_reading(kReadingText);
  made.index = 1;
  made.count = 3;
  made.root = Hash{7};
  made.path = {Hash{1}, Hash{2}};
  return made;
}

// "NAME/pointer"; empty: it was read.
std::string refusal(const std::string& text) {
  const auto read = codec::decode_disclosure(text);
  return read.ok() ? "" : std::string(read.error().name) + read.error().pointer;
}

// The disclosure with the member at `pointer` replaced, in its canonical form.
std::string changed(const char* pointer, const json& value) {
  json document = json::parse(codec::encode_disclosure(disclosed()));
  document[json::json_pointer(pointer)] = value;
  return crypto::canonicalize(document);
}

std::string refused(const char* pointer, const json& value) {
  return refusal(changed(pointer, value));
}

std::string text_of(std::size_t length, char c) { return std::string(length, c); }

}  // namespace

TEST_CASE("a series is named by a text of its count and root") {
  const Hash root{1, 2, 3};
  const std::string text = "mrv-ledger/series/v1\n96\n" + to_hex(root) + "\n";
  CHECK(codec::series_digest(96, root) == crypto::sha256(as_bytes(text)));
  CHECK(codec::series_digest(97, root) != codec::series_digest(96, root));
  CHECK(codec::series_digest(96, Hash{1, 2}) != codec::series_digest(96, root));
}

TEST_CASE("a reading has one spelling") {
  const auto reading = codec::decode_reading(kReadingText);
  REQUIRE(reading.ok());
  CHECK(reading->at == TimestampMs{1'680'308'100'000});
  CHECK(reading->n == 1);
  CHECK(reading->salt.bytes.size() == 16);
  CHECK(reading->unit == "t");
  CHECK(reading->value.text == "12.50");
  CHECK(codec::encode_reading(*reading) == kReadingText);
  for (const std::string& text :
       {std::string(), std::string("{}"), " " + std::string(kReadingText),
        std::string(kReadingText) + "\n",
        std::string(
            R"({"n":"1","at":"2023-04-01T00:15:00Z","salt":"9f86d081884c7d659a2feaa0c55ad015",)"
            R"("unit":"t","value":"12.50"})")}) {
    const auto other = codec::decode_reading(text);
    REQUIRE(!other.ok());
    CHECK(other.error().name == "READING_MALFORMED");
  }
}

TEST_CASE("the last line of a kept file has one spelling") {
  const std::string text =
      R"({"count":"96","format":"mrv-series/1","root":")" + std::string(64, 'a') + "\"}";
  const auto summary = codec::decode_summary(text);
  REQUIRE(summary.ok());
  CHECK(summary->count == 96);
  CHECK(codec::encode_summary(*summary) == text);
  const auto name = [&text](const std::string& from, const std::string& to) {
    std::string other = text;
    const auto read = codec::decode_summary(other.replace(other.find(from), from.size(), to));
    return read.ok() ? "" : std::string(read.error().name) + read.error().pointer;
  };
  CHECK(name("series/1", "series/2") == "READING_MALFORMED/format");
  CHECK(name("\"96\"", "\"0\"") == "READING_MALFORMED/count");
  CHECK(name("\"96\"", "\"10000000\"").empty());
  CHECK(name("\"96\"", "\"10000001\"") == "READING_MALFORMED/count");
  CHECK(name("\"96\"", "96") == "READING_MALFORMED/count");
  CHECK(name("aa", "AA") == "READING_MALFORMED/root");
  CHECK(name("{", "{ ") == "READING_MALFORMED");
  CHECK(name("{", "{\"a\":\"b\",") == "READING_MALFORMED/a");
}

TEST_CASE("a disclosure has one spelling, with at most one line feed behind it") {
  const std::string text = codec::encode_disclosure(disclosed());
  REQUIRE(codec::decode_disclosure(text).ok());
  CHECK(*codec::decode_disclosure(text) == disclosed());
  CHECK(codec::decode_disclosure(text + "\n").ok());
  CHECK(refusal(text + "\n\n") == "READING_MALFORMED");
  CHECK(refusal(" " + text) == "READING_MALFORMED");
  CHECK(refusal(json::parse(text).dump(1)) == "READING_MALFORMED");
  CHECK(refusal(text.substr(0, text.size() - 1)) == "READING_MALFORMED");
  CHECK(refusal(text + "x") == "READING_MALFORMED");
  CHECK(refusal("") == "READING_MALFORMED");
  CHECK(refusal("[]") == "READING_MALFORMED");
  std::string escaped = text;
  escaped.replace(escaped.find("\"t\""), 3, "\"\\u0074\"");
  CHECK(refusal(escaped) == "READING_MALFORMED");
}

TEST_CASE("every member is there, of its form, and no other") {
  for (const char* pointer :
       {"/count", "/format", "/index", "/path", "/reading", "/root", "/reading/at", "/reading/n",
        "/reading/salt", "/reading/unit", "/reading/value"}) {
    json document = json::parse(codec::encode_disclosure(disclosed()));
    CHECK(refused(pointer, 1) == "READING_MALFORMED" + std::string(pointer));
    json& parent = document[json::json_pointer(pointer).parent_pointer()];
    parent.erase(json::json_pointer(pointer).back());
    CHECK(refusal(crypto::canonicalize(document)) == "READING_MALFORMED" + std::string(pointer));
  }
  CHECK(refused("/more", "1") == "READING_MALFORMED/more");
  CHECK(refused("/reading/more", "1") == "READING_MALFORMED/reading/more");
  CHECK(refused("/format", "mrv-reading/2") == "READING_MALFORMED/format");
  CHECK(refused("/index", "0") == "READING_MALFORMED/index");
  CHECK(refused("/count", "1") == "READING_MALFORMED/index");
  CHECK(refused("/count", "2").empty());
  CHECK(refused("/root", std::string(64, 'A')) == "READING_MALFORMED/root");
  CHECK(refused("/path/1", "00") == "READING_MALFORMED/path/1");
}

TEST_CASE("times, salts, units and values that no reading has") {
  for (const char* time :
       {"2023-04-01T00:15:00.000Z", "2023-04-01T00:15:00.1Z", "2023-04-01", "2023-04-01 00:15:00Z",
        "2023-04-01T00:15:00+00:00", "2023-02-29T00:00:00Z", "2023-04-01T00:15:60Z"}) {
    CHECK(refused("/reading/at", time) == "READING_MALFORMED/reading/at");
  }
  CHECK(refused("/reading/at", "2023-04-01T00:15:00.001Z").empty());
  for (const char* value : {"", "-", ".5", "5.", "05", "1e3", "+1", "1,5", "44/12", "-0", "-0.00",
                            " 1", "1 ", "0x1", "NaN"}) {
    CHECK(refused("/reading/value", value) == "READING_MALFORMED/reading/value");
  }
  for (const char* value : {"0", "0.00", "12.50", "-0.01", "25000.40", "9223372036854775808"}) {
    CHECK(refused("/reading/value", value).empty());
  }
  CHECK(refused("/reading/salt", text_of(32, 'A')) == "READING_MALFORMED/reading/salt");
  CHECK(refused("/reading/salt", text_of(33, 'a')) == "READING_MALFORMED/reading/salt");
  for (const char* unit : {"", "a\nb", "a\tb", "\u200b", "\u202e", "\x7F"}) {
    CHECK(refused("/reading/unit", unit).starts_with("READING_MALFORMED"));
    CHECK(!codec::judge_unit(unit).ok());
  }
  CHECK(!codec::judge_unit("\xFF").ok());
  for (const char* unit : {"t", "t CO2", "m³", "吨", "\"", "\\"}) {
    CHECK(refused("/reading/unit", unit).empty());
    CHECK(codec::judge_unit(unit).ok());
  }
}

TEST_CASE("lengths have a limit on both sides") {
  const auto salt = [](std::size_t bytes) {
    return refused("/reading/salt", text_of(2 * bytes, 'a'));
  };
  CHECK(salt(codec::kSaltBytesMin - 1) == "READING_MALFORMED/reading/salt");
  CHECK(salt(codec::kSaltBytesMin).empty());
  CHECK(salt(codec::kSaltBytesMax).empty());
  CHECK(salt(codec::kSaltBytesMax + 1).starts_with("READING_MALFORMED"));
  CHECK(refused("/reading/unit", text_of(codec::kUnitBytesMax, 'u')).empty());
  CHECK(refused("/reading/unit", text_of(codec::kUnitBytesMax + 1, 'u')) ==
        "READING_MALFORMED/reading/unit");
  CHECK(codec::judge_unit(text_of(codec::kUnitBytesMax, 'u')).ok());
  CHECK(!codec::judge_unit(text_of(codec::kUnitBytesMax + 1, 'u')).ok());
  codec::MeasuredValue value;
  CHECK(codec::from_text(text_of(codec::kValueBytesMax, '9'), value).ok());
  CHECK(refused("/reading/value", text_of(codec::kValueBytesMax, '9')).empty());
  CHECK(!codec::from_text(text_of(codec::kValueBytesMax + 1, '9'), value).ok());
}

TEST_CASE("counts and indexes have a limit on both sides") {
  const std::string last = std::to_string(kSeriesReadingsMax - 1);
  const std::string beyond = std::to_string(kSeriesReadingsMax + 1);
  auto largest = disclosed();
  largest.count = kSeriesReadingsMax;
  largest.index = largest.reading.n = kSeriesReadingsMax - 1;
  CHECK(refusal(codec::encode_disclosure(largest)).empty());
  CHECK(refused("/count", beyond) == "READING_MALFORMED/count");
  CHECK(refused("/count", "0") == "READING_MALFORMED/count");
  CHECK(refused("/index", std::to_string(kSeriesReadingsMax)) == "READING_MALFORMED/index");
  CHECK(refused("/index", "-1") == "READING_MALFORMED/index");
  CHECK(refused("/index", "01") == "READING_MALFORMED/index");
  CHECK(refused("/reading/n", std::to_string(kSeriesReadingsMax)) == "READING_MALFORMED/reading/n");
  largest.path.assign(crypto::kProofHashesMax, Hash{1});
  CHECK(refusal(codec::encode_disclosure(largest)).empty());
  largest.path.emplace_back();
  CHECK(refusal(codec::encode_disclosure(largest)).starts_with("READING_MALFORMED"));
}

TEST_CASE("the largest disclosure fits, a larger text is refused unread") {
  auto largest = disclosed();
  largest.count = kSeriesReadingsMax;
  largest.index = largest.reading.n = kSeriesReadingsMax - 1;
  largest.path.assign(crypto::kProofHashesMax, Hash{1});
  largest.reading.unit = text_of(codec::kUnitBytesMax, '"');
  largest.reading.value.text = text_of(codec::kValueBytesMax, '9');
  largest.reading.salt.bytes.assign(codec::kSaltBytesMax, 1);
  const std::string text = codec::encode_disclosure(largest);
  CHECK(refusal(text).empty());
  CHECK(text.size() < codec::kDisclosureBytesMax);
  CHECK(refusal(text_of(codec::kDisclosureBytesMax, ' ')) == "READING_MALFORMED");
  CHECK(refusal(text_of(codec::kDisclosureBytesMax, ' ') + "\n") == "READING_MALFORMED");
  CHECK(refusal(text_of(codec::kDisclosureBytesMax + 1, ' ')) == "READING_TOO_LARGE");
}
