// Serial texts of other registries as their public files and pages print them, and what is wrong
// with a text.
#include "ledger/codec/foreign_serial.h"

#include <filesystem>

#include <doctest/doctest.h>

#include "ledger/codec/csv.h"
#include "tests/support/files.h"

using namespace mrv;
using model::SerialGrammar;

namespace {

std::string parsed(SerialGrammar grammar, std::string_view text) {
  const auto serial = codec::parse_foreign_serial(grammar, text);
  if (!serial.ok()) {
    REQUIRE(serial.error().name == "SERIAL_UNPARSABLE");
    return "";
  }
  return serial->prefix + " [" + codec::serial_number_text(serial->first) + ", " +
         codec::serial_number_text(serial->last) + "]";
}

// Every text that differs from a good one in one character by what no grammar prints there.
std::vector<std::string> damaged(const std::string& text) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    for (const char wrong : {'#', '\n', '.'}) {
      texts.push_back(text.substr(0, i) + wrong + text.substr(i));
    }
  }
  return texts;
}

// The column of a sample file, row by row.
std::vector<std::vector<std::string>> cells(const std::string& file,
                                            const std::vector<std::string>& columns) {
  const std::string path = MRV_SOURCE_DIR "/../shared/data/samples/" + file;
  if (!std::filesystem::exists(path)) {
    MESSAGE("skipped: " << file << " is not beside the project");
    return {};
  }
  const std::string text = test::read_file(path);
  const auto table = codec::parse_csv(text);
  REQUIRE(table.ok());
  std::vector<std::vector<std::string>> rows(table->rows.size());
  for (const auto& name : columns) {
    const auto at = table->column(name);
    REQUIRE(at.ok());
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i].push_back(table->rows[i].cells[*at]);
  }
  return rows;
}

}  // namespace

TEST_CASE("every registry's serials are read as it prints them") {
  struct Example {
    SerialGrammar grammar;
    std::string text;
    std::string parsed;
  };
  using enum SerialGrammar;
  const std::vector<Example> examples = {
      {acr_car_art, "FCPF-CI-130-2023-20-1 to 46404", "FCPF-CI-130-2023-20 [1, 46404]"},
      {acr_car_art, "CAR-1-US-1008-27-845-WA-2014-1806-7",
       "CAR-1-US-1008-27-845-WA-2014-1806 [7, 7]"},
      {verra_vcu, "19385-941467007-941467431-VCS-VCU-1507-VER-ET-14-1340-01012020-31122020-1",
       "19385-VCS-VCU-1507-VER-ET-14-1340-01012020-31122020-1 [941467007, 941467431]"},
      {verra_vcu, "240-7863589-7889021-VCU-003-APX-IN-1-101-01042006-18032007-0",
       "240-VCU-003-APX-IN-1-101-01042006-18032007-0 [7863589, 7889021]"},
      {verra_vcu, "15312-681393912-681394011-VCS-VCU-208-VER-CA-3-929-01012018-31122018-O",
       "15312-VCS-VCU-208-VER-CA-3-929-01012018-31122018-O [681393912, 681394011]"},
      {gold_standard, "GS1-1-KE-GS11603-16-2025-30256-110-5463",
       "GS1-1-KE-GS11603-16-2025-30256 [110, 5463]"},
      {gold_standard, "GS1-1-NP-504-21-2009-172-1-13606", "GS1-1-NP-504-21-2009-172 [1, 13606]"},
      {cercarbono, "CDC_1_1_1_321_14_1_2009 4426 4971", "CDC_1_1_1_321_14_1_2009 [4426, 4971]"},
      {cercarbono, "CDC_1_1_1_321_14_1 0 999", "CDC_1_1_1_321_14_1 [0, 999]"},
      {puro, "PURO_PR_CORC100+_US_517437_2025_59a44376-3b87-4814-bce1-d05adeac04ad_1-460",
       "PURO_PR_CORC100+_US_517437_2025_59a44376-3b87-4814-bce1-d05adeac04ad [1, 460]"},
      {puro,
       "PURO_PR_CORC_NO_310958_2021_1d0a0330-ea06-4d66-ba94-18de94f9933f_"
       "643002406555908610000000086555-643002406555908610000000086654",
       "PURO_PR_CORC_NO_310958_2021_1d0a0330-ea06-4d66-ba94-18de94f9933f "
       "[643002406555908610000000086555, 643002406555908610000000086654]"},
      {isometric, "ISO-1-VAULT-USA-01P4-2026-41646450-41652061",
       "ISO-1-VAULT-USA-01P4-2026 [41646450, 41652060]"},
      {isometric, "ISO-1-VAULT-USA-01P4-2026-41652061-41652310",
       "ISO-1-VAULT-USA-01P4-2026 [41652061, 41652309]"},
      {cdm_cer, "BR-5-85316059-1-1-0-8 - BR-5-85448545-1-1-0-8", "BR-5 [85316059, 85448545]"},
      {cdm_cer, "BR-5-85316059-1-1-0-8", "BR-5 [85316059, 85316059]"},
  };
  for (const auto& example : examples) {
    CHECK(parsed(example.grammar, example.text) == example.parsed);
    for (const auto& text : damaged(example.text)) {
      CAPTURE(text);
      CHECK(parsed(example.grammar, text).empty());
    }
    // No grammar takes another's text for its own.
    for (std::size_t i = 0; i < model::EnumNames<SerialGrammar>::kCount; ++i) {
      const auto other = static_cast<SerialGrammar>(i);
      if (other == example.grammar || other == acr_car_art) continue;
      CHECK(parsed(other, example.text).empty());
    }
  }
}

TEST_CASE("a text that says a range in another way is not read") {
  using enum SerialGrammar;
  const auto refused = [](SerialGrammar grammar, const char* text) {
    CAPTURE(text);
    CHECK(parsed(grammar, text).empty());
  };
  for (std::size_t i = 0; i < model::EnumNames<SerialGrammar>::kCount; ++i) {
    refused(static_cast<SerialGrammar>(i), "");
  }
  refused(acr_car_art, "-1 to 2");
  refused(acr_car_art, "P-1 to");
  refused(acr_car_art, "P-01 to 2");
  refused(verra_vcu, "1-2-3-VCS-VCU-4-VER-CN-1-5-01012020-31122020");
  refused(verra_vcu, "1-2-3-VCU-4-VER-CN-1-5-01012020-31122020-0-1");
  refused(verra_vcu, "1-2-3-VCS-VCT-4-VER-CN-1-5-01012020-31122020-0");
  refused(verra_vcu, "1-02-3-VCU-003-APX-IN-1-101-01042006-18032007-0");
  refused(verra_vcu, "1--3-VCU-003-APX-IN-1-101-01042006-18032007-0");
  refused(gold_standard, "GS1-1-KE-GS11603-16-2025-30256-110");
  refused(gold_standard, "GS2-1-KE-GS11603-16-2025-30256-110-5463");
  refused(gold_standard, "GS1-1-KE-GS11603-16-2025-30256-110-5463-1");
  refused(cercarbono, "CDC_1_1_1_321_14_1_2009");
  refused(cercarbono, "CDC_1_1_1_321_14_1_2009 4426");
  refused(cercarbono, "CDC_1_1_1_321_14_1_2009  4426 4971");
  refused(puro, "PURO_PR_CORC_NO_310958_2021_1d0a0330_7");
  refused(puro, "PURO_PR_CORC_NO_310958_2021_1d0a0330_7-8-9");
  refused(puro, "643002406555908610000000140219-643002406555908610000000140220");
  refused(isometric, "ISO-1-VAULT-USA-01P4-2026-7-7");
  refused(isometric, "ISO-1-VAULT-USA-01P4-2026-0-0");
  refused(isometric, "ISO-1-VAULT-USA-01P4-2026-8-7");
  refused(cdm_cer, "BR-5-1-1-1-0-8 - BR-5-2-1-1-0-9");
  refused(cdm_cer, "BR-5-1-1-1-0-8 - CN-5-2-1-1-0-8");
  refused(cdm_cer, "BR-6-1-1-1-0-8");
  refused(cdm_cer, "BR-5-1-1-1-0-8 - BR-5-2-1-1-0-8 - BR-5-3-1-1-0-8");
}

TEST_CASE("a number has at most so many digits") {
  const std::string most(codec::kSerialDigitsMax, '9');
  CHECK(parsed(SerialGrammar::acr_car_art, "P-" + most) == "P [" + most + ", " + most + "]");
  CHECK(parsed(SerialGrammar::acr_car_art, "P-1" + most).empty());
}

TEST_CASE("the serials of the registries' sample files are as many as their quantities") {
  struct File {
    SerialGrammar grammar;
    const char* name;
    std::vector<std::string> serial;
    const char* quantity;
  };
  using enum SerialGrammar;
  for (const auto& file : std::vector<File>{
           {acr_car_art, "art_retirements.csv", {"Credit Serial Numbers"}, "Quantity of Credits"},
           {verra_vcu, "verra_transactions.csv", {"Serial Number"}, "Quantity Issued"},
           {gold_standard, "gold-standard_issuances.csv", {"Serial Number"}, "Quantity"},
           {gold_standard, "gold-standard_retirements.csv", {"Serial Number"}, "Quantity"},
           {cercarbono, "cercarbono_retirements.csv", {"serial", "from", "to"}, "quantity"}}) {
    auto columns = file.serial;
    columns.emplace_back(file.quantity);
    for (auto row : cells(file.name, columns)) {
      std::string quantity = row.back();
      std::erase(quantity, ',');
      row.pop_back();
      std::string text;
      for (const auto& cell : row) text += (text.empty() ? "" : " ") + cell;
      CAPTURE(text);
      const auto serial = codec::parse_foreign_serial(file.grammar, text);
      REQUIRE(serial.ok());
      CHECK(codec::serial_number_text(serial->last - serial->first + 1) == quantity);
    }
  }
}
