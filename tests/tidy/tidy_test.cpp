// The rules of the tree, run over every source file; and each rule shown able to fail.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/tidy/rules.h"

namespace mrv::tidy {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

struct SourceFile {
  std::string path;  // from the root, with '/'
  std::string text;
};

const std::vector<SourceFile>& all_sources() {
  static const std::vector<SourceFile> sources = [] {
    std::vector<SourceFile> found;
    const fs::path root = MRV_SOURCE_DIR;
    for (const char* top : {"crypto", "ledger", "api", "verifier", "tests"}) {
      if (!fs::exists(root / top)) continue;  // git keeps no empty folder
      for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
        const std::string path = fs::relative(entry.path(), root).generic_string();
        if (path.find("node_modules") != std::string::npos || !entry.is_regular_file()) continue;
        if (path.ends_with(".h") || path.ends_with(".cpp") || path.ends_with(".inc")) {
          found.push_back({path, read_text(entry.path())});
        }
      }
    }
    std::sort(found.begin(), found.end(),
              [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
    return found;
  }();
  return sources;
}

template <class Rule>
void hold_over_the_tree(Rule rule) {
  for (const SourceFile& source : all_sources()) {
    for (const std::string& found : rule(source)) FAIL_CHECK(found);
  }
}

const std::string kHead = "// A sample file with one idea.\n";

std::size_t includes_found(const char* path, const char* line) {
  return check_includes(path, kHead + line + "\n").size();
}

}  // namespace

TEST_CASE("the walk over the tree finds the sources") { CHECK(all_sources().size() > 10); }

TEST_CASE("every include of the tree goes down the layers") {
  hold_over_the_tree([](const SourceFile& s) { return check_includes(s.path, s.text); });
}

TEST_CASE("no file of the tree uses a banned word") {
  hold_over_the_tree([](const SourceFile& s) { return check_banned_words(s.path, s.text); });
}

TEST_CASE("every file says its idea, keeps to 100 columns and is finished") {
  hold_over_the_tree([](const SourceFile& s) { return check_layout(s.path, s.text); });
}

TEST_CASE("no name of the tree is an avoided word") {
  hold_over_the_tree([](const SourceFile& s) { return check_names(s.path, s.text); });
}

TEST_CASE("every test file of the tree is registered") {
  const std::string cmake = read_text(fs::path(MRV_SOURCE_DIR) / "tests" / "CMakeLists.txt");
  hold_over_the_tree([&](const SourceFile& s) { return check_registered(s.path, cmake); });
}

TEST_CASE("no function of the tree grew beyond 70 lines or its listed length") {
  const auto ratchet =
      read_ratchet(read_text(fs::path(MRV_SOURCE_DIR) / "tests" / "tidy" / "long_functions.txt"));
  hold_over_the_tree(
      [&](const SourceFile& s) { return check_function_lengths(s.path, s.text, ratchet); });
}

TEST_CASE("the include rule refuses each kind of stray include") {
  const std::vector<std::pair<const char*, const char*>> strays = {
      {"crypto/x.cpp", "#include \"ledger/base/types.h\""},
      {"ledger/base/x.h", "#include \"crypto/ed25519.h\""},
      {"ledger/base/decimal.cpp", "#include <boost/multiprecision/cpp_int.hpp>"},
      {"ledger/model/x.h", "#include <nlohmann/json.hpp>"},
      {"ledger/model/x.h", "#include \"ledger/codec/x.h\""},
      {"ledger/state/x.cpp", "#include \"ledger/log/tile.h\""},
      {"ledger/state/x.cpp", "#include \"ledger/store/store.h\""},
      {"ledger/state/x.cpp", "#include <chrono>"},
      {"ledger/state/x.cpp", "#include <unistd.h>"},
      {"ledger/log/x.cpp", "#include \"ledger/model/act.h\""},
      {"ledger/store/keys.h", "#include <rocksdb/db.h>"},
      {"ledger/signer/x.cpp", "#include \"ledger/store/rocksdb_store.h\""},
      {"ledger/node/x.cpp", "#include <boost/asio.hpp>"},
      {"ledger/node/x.cpp", "#include \"api/handlers/x.h\""},
      {"api/handlers/x.cpp", "#include <boost/beast.hpp>"},
      {"api/gcj02.cpp", "#include <geos_c.h>"},
      {"ledger/boundary/x.cpp", "#include <geos_c.h>"},
      {"ledger/boundary/x.h", "#include \"ledger/model/ids.h\""},
      {"api/handlers/x.cpp", "#include \"ledger/store/store.h\""},
      {"verifier/x.cpp", "#include \"ledger/node/reader.h\""},
      {"verifier/x.cpp", "#include \"ledger/store/store.h\""},
      {"verifier/x.cpp", "#include <rocksdb/db.h>"},
      {"crypto/x.cpp", "#include \"tests/support/x.h\""},
      {"crypto/x.cpp", "#include \"bytes.h\""},
  };
  for (const auto& [path, line] : strays) {
    CAPTURE(path);
    CAPTURE(line);
    CHECK(includes_found(path, line) == 1);
  }
}

TEST_CASE("the include rule accepts what the table allows") {
  const std::vector<std::pair<const char*, const char*>> fair = {
      {"crypto/sha256.cpp", "#include <openssl/sha.h>"},
      {"crypto/ed25519.cpp", "#include <sodium.h>"},
      {"crypto/ed25519.cpp", "#include <sodium/crypto_sign.h>"},
      {"ledger/base/rational.h", "#include <boost/multiprecision/cpp_int.hpp>"},
      {"ledger/codec/x.cpp", "#include <nlohmann/json.hpp>"},
      {"ledger/state/x.cpp", "#include \"ledger/methodology/engine.h\""},
      {"ledger/store/rocksdb_store.cpp", "#include <rocksdb/db.h>"},
      {"ledger/signer/x.cpp", "#include \"ledger/store/store.h\""},
      {"ledger/node/x.cpp", "#include \"ledger/signer/signer.h\""},
      {"api/http/x.cpp", "#include <boost/beast/core.hpp>"},
      {"api/geometry.cpp", "#include <geos_c.h>"},
      {"api/mrvd_main.cpp", "#include \"ledger/store/rocksdb_store.h\""},
      {"tests/crypto/x_test.cpp", "#include \"tests/support/x.h\""},
  };
  for (const auto& [path, line] : fair) {
    CAPTURE(path);
    CAPTURE(line);
    CHECK(includes_found(path, line) == 0);
  }
}

TEST_CASE("the word rule finds chance, clocks, floats, unordered maps and prints") {
  const auto count = [](const char* path, const char* code) {
    return check_banned_words(path, kHead + code).size();
  };
  CHECK(count("crypto/x.cpp", "int a = rand();\n") == 1);
  CHECK(count("api/mrvd_main.cpp", "srand(7);\n") == 1);
  CHECK(count("ledger/node/x.cpp", "auto t = std::time(nullptr);\n") == 1);
  CHECK(count("ledger/node/x.cpp", "auto t = ::time(&now);\n") == 1);
  CHECK(count("ledger/state/x.cpp", "double x = 0;\n") == 1);
  CHECK(count("ledger/map/x.h", "float y;\n") == 1);
  CHECK(count("ledger/log/x.h", "std::unordered_map<int, int> m;\n") == 1);
  CHECK(count("verifier/x.cpp", "std::cout << 1;\n") == 1);
}

TEST_CASE("the word rule leaves comments, literals, members and mains alone") {
  const auto count = [](const char* path, const char* code) {
    return check_banned_words(path, kHead + code).size();
  };
  CHECK(count("ledger/state/x.cpp", "// no double counting\n") == 0);
  CHECK(count("ledger/state/x.cpp", "/* float\n double */\n") == 0);
  CHECK(count("ledger/state/x.cpp", "auto s = \"double\";\nauto r = R\"q(a \" float)q\";\n") == 0);
  CHECK(count("ledger/state/x.cpp", "int double_claim = 1'000; int operand(int);\n") == 0);
  CHECK(count("ledger/order/x.cpp", "Batch(Time t) : time(t) {}\n") == 0);
  CHECK(count("crypto/canonical_json.cpp", "double x = 0;\n") == 0);
  CHECK(count("verifier/mrv_verify_main.cpp", "std::cout << 1;\n") == 0);
}

TEST_CASE(
    "the layout rule finds missing heads, wide lines, open ends and headers without a guard") {
  const std::string once = "#pragma once\n";
  CHECK(check_layout("a.h", kHead + once).empty());
  CHECK(check_layout("a.h", kHead).size() == 1);
  CHECK(check_layout("a.cpp", "#include <vector>\n").size() == 1);
  CHECK(check_layout("a.cpp", "").size() == 1);
  CHECK(check_layout("a.cpp", kHead + std::string(100, 'a') + "\n").empty());
  CHECK(check_layout("a.cpp", kHead + std::string(101, 'a') + "\n").size() == 1);
  std::string umlauts;
  for (int i = 0; i < 100; ++i) umlauts += "ü";
  CHECK(check_layout("a.cpp", kHead + umlauts + "\n").empty());
  for (const std::string& marker :
       {std::string("TO") + "DO", std::string("FIX") + "ME", std::string("XX") + "X"}) {
    CHECK(check_layout("a.cpp", kHead + "// " + marker + ": later\n").size() == 1);
    CHECK(check_layout("a.cpp", kHead + "int a" + marker + "b;\n").empty());
  }
}

TEST_CASE("the name rule finds avoided words as parts of names, not inside other words") {
  CHECK(check_names("a.cpp", kHead + "class BatchManager;\n").size() == 1);
  CHECK(check_names("a.cpp", kHead + "int test_helper;\n").size() == 1);
  CHECK(check_names("crypto/string_utils.cpp", kHead).size() == 1);
  CHECK(check_names("a.cpp", kHead + "void mint();\n").size() == 1);
  CHECK(check_names("a.cpp", kHead + "int utilization; // a helper\nint hint;\n").empty());
}

TEST_CASE("the registration rule finds a test file in an unknown folder") {
  const std::string cmake = "mrv_test(crypto mrv_crypto)\nmrv_test(tidy)\n";
  CHECK(check_registered("tests/crypto/a_test.cpp", cmake).empty());
  CHECK(check_registered("tests/tidy/a_test.cpp", cmake).empty());
  CHECK(check_registered("tests/crypt/a_test.cpp", cmake).size() == 1);
  CHECK(check_registered("tests/lost/a_test.cpp", cmake).size() == 1);
  CHECK(check_registered("tests/a_test.cpp", cmake).size() == 1);
  CHECK(check_registered("tests/support/doctest_main.cpp", cmake).empty());
}

TEST_CASE("the length rule measures functions and stops only growth") {
  const auto function = [](std::size_t lines) {
    std::string text = kHead + "namespace a {\nstruct S {\n  int x = 0;\n};\nint work(int b) {\n";
    for (std::size_t i = 2; i < lines; ++i) text += "  if (b) { b += 1; }\n";
    return text + "}\n}  // namespace a\n";
  };
  const std::vector<FunctionLength> measured = function_lengths(function(40));
  REQUIRE(measured.size() == 1);
  CHECK(measured.front().name == "work");
  CHECK(measured.front().lines == 40);
  const std::map<std::string, std::size_t> none;
  CHECK(check_function_lengths("a.cpp", function(70), none).empty());
  CHECK(check_function_lengths("a.cpp", function(71), none).size() == 1);
  const auto listed = read_ratchet("# a comment\na.cpp work 90\n");
  CHECK(check_function_lengths("a.cpp", function(90), listed).empty());
  CHECK(check_function_lengths("a.cpp", function(91), listed).size() == 1);
  CHECK(check_function_lengths("b.cpp", function(90), listed).size() == 1);
}

}  // namespace mrv::tidy
