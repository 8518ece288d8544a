// Documents that hold, fed with hostile inputs: a vector's own inputs, edited as the bytes say.
// What comes out comes out again from records in another order; all else is refused by name.
// fuzz-links: mrv_core
// fuzz-mutations: 300
#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/methodology/engine.h"

namespace {

using namespace mrv;
using nlohmann::json;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Subject {
  methodology::Program program;
  model::Period period;
  json inputs;
  std::vector<model::FactorTable> tables;
};

Subject load(const std::string& name) {
  std::ifstream file(std::string(MRV_SOURCE_DIR) + "/tests/methodology/oracle/" + name,
                     std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto document = codec::decode_methodology(text);
  require(document.ok());
  auto program = methodology::compile(*document);
  require(program.ok());
  const auto& vector = document->vectors.at(0);
  Subject subject{*std::move(program), vector.period, json::parse(vector.inputs.canonical), {}};
  for (const auto& raw : vector.tables) {
    subject.tables.push_back(*codec::decode_factor_table(raw.canonical));
  }
  return subject;
}

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> kAll = [] {
    std::vector<Subject> all;
    for (const char* name : {"every_operator_dated.json", "every_operator_by_days.json",
                             "every_operator_series.json"}) {
      all.push_back(load(name));
    }
    return all;
  }();
  return kAll;
}

// The bytes as a list of choices.
class Choices {
 public:
  Choices(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  [[nodiscard]] bool done() const { return at_ >= size_; }
  std::size_t below(std::size_t bound) {
    const std::size_t byte = done() ? 0 : data_[at_++];
    return bound == 0 ? 0 : byte % bound;
  }
  std::string text() {
    const std::size_t length = std::min(below(24), size_ - std::min(at_, size_));
    std::string taken(reinterpret_cast<const char*>(data_) + at_, length);
    at_ += length;
    return taken;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

std::string hostile(Choices& choices) {
  static const std::array<std::string, 10> kTexts = {"0",
                                                     "-1",
                                                     "1/3",
                                                     "",
                                                     "1e9",
                                                     std::string(4'096, '9'),
                                                     "1/" + std::string(4'000, '7'),
                                                     "0." + std::string(3'000, '3'),
                                                     "2024",
                                                     "2024-Q1"};
  const std::size_t which = choices.below(kTexts.size() + 1);
  return which == kTexts.size() ? choices.text() : kTexts[which];
}

// One edit: a value replaced, a record doubled, dropped, or taken apart.
void edit(json& inputs, Choices& choices) {
  auto parameter = inputs.begin();
  std::advance(parameter, static_cast<std::ptrdiff_t>(choices.below(inputs.size())));
  if (!parameter->is_array() || parameter->empty()) {
    *parameter = hostile(choices);
    return;
  }
  const std::size_t record = choices.below(parameter->size());
  switch (choices.below(4)) {
    case 0:
      parameter->push_back((*parameter)[record]);
      return;
    case 1:
      parameter->erase(record);
      return;
    case 2:
      (*parameter)[record][choices.text()] = hostile(choices);
      return;
    default:
      break;
  }
  auto& fields = (*parameter)[record];
  if (!fields.is_object() || fields.empty()) return;
  auto field = fields.begin();
  std::advance(field, static_cast<std::ptrdiff_t>(choices.below(fields.size())));
  *field = hostile(choices);
}

Result<methodology::Calculation> run(const Subject& subject, const json& inputs) {
  MRV_TRY(const auto decoded, codec::decode_inputs({crypto::canonicalize(inputs)}));
  return methodology::calculate(subject.program, subject.period, decoded, subject.tables);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  const Subject& subject = subjects()[choices.below(subjects().size())];
  json inputs = subject.inputs;
  while (!choices.done()) edit(inputs, choices);
  // A report's inputs were read as strict JSON before they get here.
  if (!crypto::parse_strict(inputs.dump(-1, ' ', false, json::error_handler_t::replace),
                            crypto::kDocumentLimits)
           .ok()) {
    return 0;
  }
  const std::string text = inputs.dump(-1, ' ', false, json::error_handler_t::replace);
  inputs = json::parse(text);
  const auto result = run(subject, inputs);
  if (!result.ok()) {
    static const std::array<std::string_view, 4> kNames = {"PARAMETER_MISSING", "PARAMETER_INVALID",
                                                           "CHECK_FAILED", "CALCULATION_FAILED"};
    require(std::find(kNames.begin(), kNames.end(), result.error().name) != kNames.end());
    return 0;
  }
  for (auto& parameter : inputs) {
    if (parameter.is_array()) std::reverse(parameter.begin(), parameter.end());
  }
  const auto again = run(subject, inputs);
  require(again.ok() && again->trace_digest == result->trace_digest);
  return 0;
}
