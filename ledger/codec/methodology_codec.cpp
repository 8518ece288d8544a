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

Result<InputRecords> decode_dataset(const model::Parameter& parameter, ByteView csv) {
  const auto table = parse_csv(as_text(csv), kDatasetRowsMax);
  if (!table.ok()) return Error{kParameterInvalid, table.error().detail, {}};
  std::vector<std::pair<std::string, std::size_t>> columns;
  for (const auto& field : parameter.fields) {
    const auto at = table->column(field.column.value_or(field.name));
    if (!at.ok()) return Error{kParameterInvalid, at.error().detail, {}};
    columns.emplace_back(field.name, *at);
  }
  if (table->header.size() != columns.size()) {
    return Error{kParameterInvalid, "the file has columns that the methodology does not name", {}};
  }
  InputRecords records;
  records.from_dataset = true;
  for (std::size_t row = 0; row < table->rows.size(); ++row) {
    InputRecord record;
    for (const auto& [name, at] : columns) {
      const std::string& cell = table->rows[row].cells[at];
      if (cell.empty()) {
        return Error{kParameterInvalid,
                     "row " + std::to_string(row + 1) + ", column " + table->header[at] + ": empty",
                     {}};
      }
      record[name] = cell;
    }
    records.records.push_back(std::move(record));
  }
  return records;
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
