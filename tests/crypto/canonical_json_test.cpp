// Canonical JSON against the vectors of RFC 8785 and its own fixed point.
#include "crypto/canonical_json.h"

#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <sstream>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "crypto/bytes.h"
#include "crypto/sha256.h"

using mrv::crypto::canonicalize;
using mrv::crypto::is_canonical;
using mrv::crypto::kDocumentLimits;
using mrv::crypto::kForeignLimits;
using mrv::crypto::parse_strict;
using nlohmann::json;
namespace crypto = mrv::crypto;
namespace fs = std::filesystem;

namespace {

const fs::path kVectors = fs::path(MRV_SOURCE_DIR) / ".." / "shared" / "vectors";

bool vectors_present(const char* folder) {
  if (fs::exists(kVectors / folder)) return true;
  MESSAGE("skipped: no vectors in " << (kVectors / folder).string());
  return false;
}

std::string read_file(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  REQUIRE(stream.good());
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string canonical_of(std::string_view text) {
  const auto value = parse_strict(text, kForeignLimits);
  REQUIRE_MESSAGE(value.ok(), text);
  return canonicalize(*value);
}

std::string canonical_double(double value) { return canonicalize(json(value)); }

}  // namespace

TEST_CASE("the files of RFC 8785's author come out byte for byte") {
  if (!vectors_present("jcs")) return;
  int files = 0;
  for (const auto& entry : fs::directory_iterator(kVectors / "jcs" / "input")) {
    const std::string stem = entry.path().stem().string();
    CAPTURE(stem);
    const std::string canonical = canonical_of(read_file(entry.path()));
    CHECK(canonical == read_file(kVectors / "jcs" / "output" / (stem + ".json")));

    std::istringstream hex(read_file(kVectors / "jcs" / "outhex" / (stem + ".txt")));
    std::string bytes;
    for (std::string byte; hex >> byte;) {
      bytes += static_cast<char>(std::stoi(byte, nullptr, 16));
    }
    CHECK(canonical == bytes);
    CHECK(is_canonical(canonical));
    ++files;
  }
  CHECK(files == 6);
}

TEST_CASE("a million doubles have their ECMAScript form") {
  if (!vectors_present("jcs")) return;
  const json description = json::parse(read_file(kVectors / "jcs" / "es6-numbers.json"));
  const int lines_total = 1'000'000;
  std::string pending;
  crypto::Sha256 hash;
  int lines = 0;
  const auto emit = [&](std::uint64_t bits) {
    char hex[17];
    std::snprintf(hex, sizeof hex, "%llx", static_cast<unsigned long long>(bits));
    pending.append(hex).append(1, ',');
    pending += canonical_double(std::bit_cast<double>(bits));
    pending += '\n';
    if (pending.size() > 60'000) {
      hash.update(mrv::as_bytes(pending));
      pending.clear();
    }
    ++lines;
  };
  for (const auto& bits : description.at("static")) {
    emit(std::stoull(bits.get<std::string>(), nullptr, 16));
  }
  for (std::uint64_t i = 0; i < 2'000; ++i) emit(0x0010000000000000U + i);
  mrv::Hash chain{};
  while (lines < lines_total) {
    chain = crypto::sha256(chain);
    for (std::size_t word = 0; word < 4 && lines < lines_total; ++word) {
      std::uint64_t bits = 0;
      for (std::size_t i = 8; i-- > 0;) bits = bits << 8 | chain[word * 8 + i];
      const double value = std::bit_cast<double>(bits);
      if (value != 0 && std::isfinite(value)) emit(bits);
    }
  }
  hash.update(mrv::as_bytes(pending));
  CHECK(mrv::to_hex(hash.finish()) ==
        "49415fee2c56c77864931bd3624faad425c3c577d6d74e89a83bc725506dad16");
}

TEST_CASE("numbers follow ECMAScript at every change of form") {
  CHECK(canonical_of("0") == "0");
  CHECK(canonical_of("-0") == "0");
  CHECK(canonical_of("-0.0") == "0");
  CHECK(canonical_of("1.0") == "1");
  CHECK(canonical_of("1e2") == "100");
  CHECK(canonical_of("100000000000000000000") == "100000000000000000000");
  CHECK(canonical_of("1000000000000000000000") == "1e+21");
  CHECK(canonical_of("123456789012345678901234567890") == "1.2345678901234568e+29");
  CHECK(canonical_of("0.000001") == "0.000001");
  CHECK(canonical_of("0.0000001") == "1e-7");
  CHECK(canonical_of("-1.5e-10") == "-1.5e-10");
  CHECK(canonical_of("5e-324") == "5e-324");
  CHECK(canonical_of("1e-400") == "0");
  CHECK(canonical_of("1.7976931348623157e308") == "1.7976931348623157e+308");
  CHECK(canonical_of("333333333.33333329") == "333333333.3333333");
}

TEST_CASE("integers beyond 2^53 are written as the double that every reader sees") {
  CHECK(canonical_of("9007199254740992") == "9007199254740992");
  CHECK(canonical_of("9007199254740993") == "9007199254740992");
  CHECK(canonical_of("-9007199254740993") == "-9007199254740992");
  CHECK(canonical_of("9223372036854775807") == "9223372036854776000");
  CHECK(canonical_of("-9223372036854775808") == "-9223372036854776000");
  CHECK(canonical_of("18446744073709551615") == "18446744073709552000");
}

TEST_CASE("strings escape what RFC 8785 names and nothing else") {
  CHECK(canonical_of(R"("\u0000\u0007\b\t\n\u000b\f\r\u001f")") ==
        R"("\u0000\u0007\b\t\n\u000b\f\r\u001f")");
  CHECK(canonical_of(R"("\"\\\/")") == R"("\"\\/")");
  CHECK(canonical_of(R"("\u007f\u2028\ud83d\ude00")") == "\"\x7F\xE2\x80\xA8\xF0\x9F\x98\x80\"");
  CHECK(canonical_of("\"e\xCC\x81\"") == "\"e\xCC\x81\"");  // no Unicode normalisation
}

TEST_CASE("names are ordered by UTF-16 code units, not by bytes") {
  // U+FB33 < U+1F600 in UTF-8, but in UTF-16 the surrogate D83D comes first.
  CHECK(canonical_of(R"({"\ufb33":1,"\ud83d\ude00":2})") ==
        "{\"\xF0\x9F\x98\x80\":2,\"\xEF\xAC\xB3\":1}");
  CHECK(canonical_of(R"({"\ud7ff":1,"\ud83d\ude00":2})") ==
        "{\"\xED\x9F\xBF\":1,\"\xF0\x9F\x98\x80\":2}");
  CHECK(canonical_of(R"({"\ue000":1,"\udbff\udfff":2,"a":3,"":4,"aa":5})") ==
        "{\"\":4,\"a\":3,\"aa\":5,\"\xF4\x8F\xBF\xBF\":2,\"\xEE\x80\x80\":1}");
}

TEST_CASE("the order of any two names is that of their UTF-16 forms") {
  const std::vector<std::uint32_t> scalars = {0x0041, 0x00E9, 0x07FF, 0x0800,  0xD7FF,  0xE000,
                                              0xEFFF, 0xF000, 0xFFFD, 0x10000, 0x1F600, 0x10FFFF};
  const auto utf16 = [](std::uint32_t scalar) {
    if (scalar < 0x10000) return std::u16string(1, static_cast<char16_t>(scalar));
    const std::uint32_t rest = scalar - 0x10000;
    return std::u16string{static_cast<char16_t>(0xD800 + (rest >> 10)),
                          static_cast<char16_t>(0xDC00 + (rest & 0x3FF))};
  };
  const auto escaped = [](const std::u16string& units) {
    std::string out;
    for (const char16_t unit : units) {
      char buffer[7];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(unit));
      out += buffer;
    }
    return out;
  };
  for (const std::uint32_t a : scalars) {
    for (const std::uint32_t b : scalars) {
      if (a == b) continue;
      const std::string text = "{\"" + escaped(utf16(a)) + "\":1,\"" + escaped(utf16(b)) + "\":2}";
      const std::string canonical = canonical_of(text);
      CHECK((canonical.find('1') < canonical.find('2')) == (utf16(a) < utf16(b)));
    }
  }
}

TEST_CASE("white space and member order do not reach the canonical text") {
  CHECK(canonical_of(" { \"b\" : [ 1 , { } , [ ] ] ,\r\n\t\"a\" : null } ") ==
        R"({"a":null,"b":[1,{},[]]})");
  CHECK_FALSE(is_canonical("{ }"));
  CHECK_FALSE(is_canonical(R"({"b":1,"a":2})"));
  CHECK_FALSE(is_canonical(R"("\u0041")"));
  CHECK_FALSE(is_canonical("1.0"));
  CHECK_FALSE(is_canonical("{}\n"));
  CHECK_FALSE(is_canonical("nonsense"));
  CHECK(is_canonical(R"({"a":2,"b":1})"));
}

TEST_CASE("leaving a member out equals canonicalising without it") {
  const json value = json::parse(R"({"a":1,"proof":{"x":[]},"z":"end"})");
  for (const char* name : {"a", "proof", "z", "absent"}) {
    json rest = value;
    rest.erase(name);
    CHECK(crypto::canonicalize_without(value, name) == canonicalize(rest));
  }
  CHECK(crypto::canonicalize_without(json{{"only", 1}}, "only") == "{}");
}

namespace {

json random_value(std::mt19937_64& random, int depth) {
  const auto text = [&] {
    static const std::vector<std::string> kPieces = {
        "a",    "\"",       "\\",           "\n",           "\x01",
        "\x7F", "\xC3\xA9", "\xEE\x80\x80", "\xEF\xBF\xBD", "\xF0\x9F\x98\x80"};
    std::string out;
    for (std::uint64_t n = random() % 5; n > 0; --n) out += kPieces[random() % kPieces.size()];
    return out;
  };
  switch (random() % (depth > 0 ? 8 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return random() % 2 == 0;
    case 2:
      return static_cast<std::int64_t>(random());
    case 3:
      return random();
    case 4: {
      const double value = std::bit_cast<double>(random());
      return std::isfinite(value) ? json(value) : json(0.5);
    }
    case 5:
      return text();
    case 6: {
      json array = json::array();
      for (std::uint64_t n = random() % 5; n > 0; --n) {
        array.push_back(random_value(random, depth - 1));
      }
      return array;
    }
    default: {
      json object = json::object();
      for (std::uint64_t n = random() % 5; n > 0; --n) {
        object[text()] = random_value(random, depth - 1);
      }
      return object;
    }
  }
}

}  // namespace

TEST_CASE("canonicalising twice equals canonicalising once, for any value and formatting") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 5'000; ++i) {
    const json value = random_value(random, 4);
    const std::string once = canonicalize(value);
    REQUIRE(canonical_of(once) == once);
    REQUIRE(canonical_of(value.dump(i % 4)) == once);
    REQUIRE(is_canonical(once));
  }
}

TEST_CASE("values without a JSON form are refused, not written") {
  const auto name_of = [](const json& value) {
    return crypto::try_canonicalize(value).error().name;
  };
  CHECK(name_of(json::array({std::nan("")})) == "JSON_NOT_REPRESENTABLE");
  CHECK(name_of(json{{"x", std::numeric_limits<double>::infinity()}}) == "JSON_NOT_REPRESENTABLE");
  CHECK(name_of(json::binary({1, 2})) == "JSON_NOT_REPRESENTABLE");
  CHECK(name_of(json("\xFF")) == "JSON_UTF8_INVALID");
  CHECK(name_of(json{{"\xED\xA0\x80", 1}}) == "JSON_UTF8_INVALID");
  CHECK(*crypto::try_canonicalize(json{{"x", 1.5}}) == R"({"x":1.5})");

  const auto nested = [](std::size_t depth) {
    json value = json::array();
    for (std::size_t i = 1; i < depth; ++i) value = json::array({std::move(value)});
    return value;
  };
  CHECK(crypto::try_canonicalize(nested(crypto::kCanonicalDepthMax)).ok());
  CHECK(name_of(nested(crypto::kCanonicalDepthMax + 1)) == "JSON_TOO_DEEP");
}
