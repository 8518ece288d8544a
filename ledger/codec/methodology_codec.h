// Methodology documents, factor tables and the data that projects report, as JSON or CSV, into the
// structs and texts that the engine judges. Structure is judged here; units, types and numbers are
// the engine's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/model/methodology.h"

namespace mrv::codec {

// Errors: METHODOLOGY_MALFORMED with the JSON Pointer of what is wrong.
Result<model::Methodology> decode_methodology(std::string_view json);
// Errors: TABLE_MALFORMED.
Result<model::FactorTable> decode_factor_table(std::string_view json);

// SHA-256 of the canonical bytes: the identity of a methodology or a table.
Hash standard_digest(const model::RawJson& document);

// An expression as a tree. A leaf has no items; its `text` is a number or a name. A node's `text`
// is its operator. "quantity" and "text" nodes keep their operands as leaves.
struct Expression {
  std::string text;
  bool is_leaf = true;
  std::vector<Expression> items;
};
// Errors: EXPRESSION_MALFORMED (also beyond kExpressionDepthMax and kExpressionNodesMax).
Result<Expression> parse_expression(const model::RawJson& json);

// What a project reported for one parameter: records of field texts, in the order given. A constant
// is one record; annual values are records with a "year".
using InputRecord = std::map<std::string, std::string, std::less<>>;
// A CSV file whose header was judged; its records are read when they are needed, one at a time.
struct CsvDataset {
  std::string text;
  std::vector<std::string> fields;  // the field that each column holds
};
struct InputRecords {
  std::vector<InputRecord> records;
  std::optional<CsvDataset> csv;  // instead of `records`
  bool from_dataset = false;
};
using Inputs = std::map<std::string, InputRecords, std::less<>>;

// The `inputs` member of a report: {"parameter": value | record | [record…]}. Errors:
// PARAMETER_INVALID with the pointer below `inputs`.
Result<Inputs> decode_inputs(const model::RawJson& json);

// Whether `stated` is the field's unit, or its unit and kind: "tCO2", "tCO2 stock".
bool is_statement_of(const model::ParameterField& field, std::string_view stated);

// Whether a dataset may hold the parameter: rows and lists.
bool takes_dataset(const model::Parameter& parameter);

// A dataset of such a parameter: JSON where it starts with '[', else CSV, of which the header is
// judged against the declared columns (each may state its field's unit, "mass [t]", or unit and
// kind). Errors: PARAMETER_INVALID; the detail names row and column.
Result<InputRecords> decode_dataset(const model::Parameter& parameter, std::string text);

// RFC 8785 of a list of texts.
std::string text_list(const std::vector<std::string>& texts);

// The canonical JSON of an entry's `result`, and back. Errors: RESULT_MALFORMED.
std::string result_text(const model::CalculationResult& result);
Result<model::CalculationResult> decode_result(std::string_view json);

}  // namespace mrv::codec
