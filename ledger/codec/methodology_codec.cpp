// The decoders of methodology documents and reported data.
#include "ledger/codec/methodology_codec.h"

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/sha256.h"
#include "ledger/codec/csv.h"
#include "ledger/codec/json_codec.h"

namespace mrv::codec {
namespace {

using nlohmann::json;

constexpr std::string_view kExpressionMalformed = "EXPRESSION_MALFORMED";
constexpr std::string_view kParameterInvalid = "PARAMETER_INVALID";

crypto::JsonLimits document_limits() {
  crypto::JsonLimits limits = crypto::kDocumentLimits;
  limits.body_bytes_max = kBlobBytesMax;
  return limits;
}

template <class T>
Result<T> decode_document(std::string_view text, std::string_view error, std::string_view format) {
  const auto parsed = crypto::parse_strict(text, document_limits());
  if (!parsed.ok()) return Error{error, parsed.error().detail, parsed.error().pointer};
  auto document = decode_json<T>(*parsed, "");
  if (!document.ok()) {
    const Error& inner = document.error();
    return Error{error, std::string(inner.name) + ": " + inner.detail, inner.pointer};
  }
  if (document->format != format) {
    return Error{error, "format is " + std::string(format), "/format"};
  }
  return document;
}

// NOLINTNEXTLINE(misc-no-recursion): depth is bounded by kExpressionDepthMax
Result<Expression> read_expression(const json& value, std::size_t depth, std::size_t& nodes) {
  if (depth > kExpressionDepthMax) return Error{kExpressionMalformed, "nested too deeply", {}};
  if (++nodes > kExpressionNodesMax) return Error{kExpressionMalformed, "too large", {}};
  Expression expression;
  if (value.is_string()) {
    expression.text = value.get<std::string>();
    if (expression.text.empty()) return Error{kExpressionMalformed, "an empty text", {}};
    return expression;
  }
  if (!value.is_array() || value.empty() || !value[0].is_string()) {
    return Error{kExpressionMalformed, "a text, or a list that starts with an operator", {}};
  }
  expression.is_leaf = false;
  expression.text = value[0].get<std::string>();
  for (std::size_t i = 1; i < value.size(); ++i) {
    MRV_TRY(Expression item, read_expression(value[i], depth + 1, nodes));
    expression.items.push_back(std::move(item));
  }
  return expression;
}

Result<InputRecord> read_record(const json& object, const std::string& pointer) {
  if (!object.is_object()) {
    return Error{kParameterInvalid, "a record is an object of texts", pointer};
  }
  InputRecord record;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_string()) {
      return Error{kParameterInvalid, "values are texts, numbers too", pointer_step(pointer, name)};
    }
    record[name] = value.get<std::string>();
  }
  return record;
}

Result<InputRecords> read_records(const json& value, const std::string& pointer) {
  InputRecords records;
  if (value.is_string()) {
    records.records.push_back({{"value", value.get<std::string>()}});
    return records;
  }
  if (value.is_object()) {
    MRV_TRY(InputRecord record, read_record(value, pointer));
    records.records.push_back(std::move(record));
    return records;
  }
  if (!value.is_array()) return Error{kParameterInvalid, "a text, a record or records", pointer};
  for (std::size_t i = 0; i < value.size(); ++i) {
    MRV_TRY(InputRecord record, read_record(value[i], pointer_step(pointer, std::to_string(i))));
    records.records.push_back(std::move(record));
  }
  return records;
}

// "mass", "mass [t]" or "mass [t flow]" for the field's column; nothing where it is another column.
// Errors: a unit or kind that is not the field's.
Result<bool> is_column_of(const model::ParameterField& field, std::string_view cell) {
  const std::string& column = field.column ? *field.column : field.name;
  if (cell == column) return true;
  if (!cell.starts_with(column) || !cell.ends_with(']')) return false;
  cell.remove_prefix(column.size());
  if (!cell.starts_with(" [")) return false;
  const std::string_view stated = cell.substr(2, cell.size() - 3);
  if (is_statement_of(field, stated)) return true;
  return Error{kParameterInvalid,
               "row 0, column " + column + ": it is in " + field.unit.value_or("no unit") +
                   ", not in " + std::string(stated),
               {}};
}

Result<InputRecords> csv_dataset(const model::Parameter& parameter, std::string text) {
  const auto invalid = [](std::string detail) {
    return Error{kParameterInvalid, std::move(detail), {}};
  };
  auto reader = CsvReader::open(text);
  if (!reader.ok()) return invalid(reader.error().detail);
  const auto header = reader->next();
  if (!header.ok()) return invalid(header.error().detail);
  CsvDataset dataset{{}, std::vector<std::string>(header->size())};
  for (const auto& field : parameter.fields) {
    bool found = false;
    for (std::size_t c = 0; c < header->size(); ++c) {
      MRV_TRY(const bool is, is_column_of(field, (*header)[c]));
      if (!is) continue;
      if (found) return invalid("row 0: the column " + field.name + " occurs twice");
      found = true;
      dataset.fields[c] = field.name;
    }
    if (!found) return invalid("row 0: there is no column " + field.column.value_or(field.name));
  }
  if (header->size() != parameter.fields.size()) {
    return invalid("row 0: the file has columns that the methodology does not name");
  }
  dataset.text = std::move(text);
  InputRecords records;
  records.csv = std::move(dataset);
  records.from_dataset = true;
  return records;
}

Result<InputRecords> json_dataset(std::string_view text) {
  crypto::JsonLimits limits = document_limits();
  limits.body_bytes_max = kJsonDatasetBytesMax;
  limits.array_items_max = kDatasetRowsMax;
  limits.values_max = kJsonDatasetBytesMax / 8;  // `"a":"1",` is the least that a value takes
  const auto parsed = crypto::parse_strict(text, limits);
  if (!parsed.ok()) return Error{kParameterInvalid, parsed.error().detail, {}};
  auto records = read_records(*parsed, "");
  if (!records.ok()) {
    return Error{kParameterInvalid, records.error().pointer + ": " + records.error().detail, {}};
  }
  records->from_dataset = true;
  return records;
}

}  // namespace

Result<model::Methodology> decode_methodology(std::string_view text) {
  return decode_document<model::Methodology>(text, "METHODOLOGY_MALFORMED",
                                             model::kMethodologyFormat);
}

Result<model::FactorTable> decode_factor_table(std::string_view text) {
  return decode_document<model::FactorTable>(text, "TABLE_MALFORMED", model::kFactorTableFormat);
}

Hash standard_digest(const model::RawJson& document) {
  return crypto::sha256(as_bytes(document.canonical));
}

bool is_statement_of(const model::ParameterField& field, std::string_view stated) {
  if (!field.unit || !field.kind || !stated.starts_with(*field.unit)) return false;
  stated.remove_prefix(field.unit->size());
  return stated.empty() || (stated.starts_with(' ') && stated.substr(1) == name_of(*field.kind));
}

Result<Expression> parse_expression(const model::RawJson& raw) {
  std::size_t nodes = 0;
  return read_expression(raw_to_json(raw), 0, nodes);
}

Result<Inputs> decode_inputs(const model::RawJson& raw) {
  const json value = raw_to_json(raw);
  const std::string pointer = "/credentialSubject/inputs";
  if (!value.is_object()) return Error{kParameterInvalid, "inputs are an object", pointer};
  Inputs inputs;
  for (const auto& [name, given] : value.items()) {
    MRV_TRY(inputs[name], read_records(given, pointer_step(pointer, name)));
  }
  return inputs;
}

bool takes_dataset(const model::Parameter& parameter) {
  return parameter.shape == model::ParameterShape::rows ||
         parameter.shape == model::ParameterShape::list;
}

Result<InputRecords> decode_dataset(const model::Parameter& parameter, std::string text) {
  auto records =
      text.starts_with('[') ? json_dataset(text) : csv_dataset(parameter, std::move(text));
  if (records.ok()) return records;
  const Error& error = records.error();
  return Error{error.name, parameter.name + ", " + error.detail, error.pointer};
}

std::string text_list(const std::vector<std::string>& texts) {
  return crypto::canonicalize(json(texts));
}

std::string result_text(const model::CalculationResult& result) {
  return crypto::canonicalize(encode_json(result));
}

Result<model::CalculationResult> decode_result(std::string_view text) {
  const auto parsed = crypto::parse_strict(text, document_limits());
  if (!parsed.ok()) return Error{"RESULT_MALFORMED", parsed.error().detail, {}};
  auto result = decode_json<model::CalculationResult>(*parsed, "");
  if (!result.ok()) return Error{"RESULT_MALFORMED", result.error().detail, {}};
  return result;
}

}  // namespace mrv::codec
