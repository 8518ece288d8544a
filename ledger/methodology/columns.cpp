// From texts of any source into columns.
#include "ledger/methodology/columns.h"

#include <algorithm>
#include <numeric>

#include "ledger/codec/csv.h"

namespace mrv::methodology {
namespace {

using model::FieldType;

constexpr std::size_t kShownBytesMax = 64;

Status check_range(const CompiledField& field, const Rational& number, const Place& place) {
  if (field.min && number < *field.min) {
    return place.error("PARAMETER_INVALID", field.field.name, "below " + field.field.min->text);
  }
  if (field.max && number > *field.max) {
    return place.error("PARAMETER_INVALID", field.field.name, "above " + field.field.max->text);
  }
  return {};
}

// "12.5", "12.5 tCO2", "12.5 tCO2 stock".
Result<Rational> read_number(const CompiledField& field, std::string_view text,
                             const Place& place) {
  const std::string& name = field.field.name;
  const auto space = text.find(' ');
  if (space != std::string_view::npos &&
      !codec::is_statement_of(field.field, text.substr(space + 1))) {
    return place.error("PARAMETER_INVALID", name,
                       "it is in " + *field.field.unit + " (" +
                           std::string(model::name_of(*field.field.kind)) + "), not in " +
                           std::string(text.substr(space + 1, kShownBytesMax)));
  }
  auto number = Rational::parse(text.substr(0, space));
  if (!number.ok()) {
    const bool comma = text.find(',') != std::string_view::npos;
    return place.error(
        "PARAMETER_INVALID", name,
        (comma ? "decimal commas and thousands separators are not read: " : "not a number: ") +
            std::string(text.substr(0, kShownBytesMax)));
  }
  MRV_CHECK(check_range(field, *number, place));
  return number;
}

// Takes one record after another.
class Reader {
 public:
  Reader(const CompiledParameter& parameter, const codec::InputRecords& given)
      : parameter_(parameter), given_(given), texts_(parameter.fields.size()) {
    data_.numbers.resize(parameter.fields.size());
    data_.texts.resize(parameter.fields.size());
    data_.absent.resize(parameter.fields.size());
  }

  Status take_record(const codec::InputRecord& record) {
    std::size_t present = 0;
    for (std::size_t f = 0; f < parameter_.fields.size(); ++f) {
      const auto found = record.find(parameter_.fields[f].field.name);
      const bool given = found != record.end();
      if (given) ++present;
      MRV_CHECK(take(f, given ? std::optional<std::string_view>(found->second) : std::nullopt));
    }
    ++data_.records;
    if (record.size() == present) return {};
    for (const auto& [name, value] : record) {
      const bool known = std::any_of(parameter_.fields.begin(), parameter_.fields.end(),
                                     [&](const auto& field) { return field.field.name == name; });
      if (known) continue;
      return Place{parameter_, given_, data_.records - 1}.error(
          "PARAMETER_INVALID", name, "the methodology has no such field");
    }
    return {};
  }

  // `columns`: the cell that holds each field.
  Status take_cells(const std::vector<std::string_view>& cells,
                    const std::vector<std::size_t>& columns, std::string_view file) {
    for (std::size_t f = 0; f < columns.size(); ++f) {
      const std::string_view cell = cells[columns[f]];
      if (cell.empty()) {
        MRV_CHECK(take(f, std::nullopt));
      } else {
        MRV_CHECK(take(f, is_number(f) ? cell : kept(cell, file)));
      }
    }
    ++data_.records;
    return {};
  }

  ParameterData finish() {
    for (std::size_t f = 0; f < texts_.size(); ++f) {
      if (!is_number(f)) data_.texts[f] = coded(texts_[f]);
      texts_[f] = {};
    }
    return std::move(data_);
  }

 private:
  [[nodiscard]] bool is_number(std::size_t f) const {
    return parameter_.fields[f].field.type == FieldType::number;
  }

  // A cell whose doubled quotes were resolved does not stand in the file.
  std::string_view kept(std::string_view cell, std::string_view file) {
    const bool in_file =
        cell.data() >= file.data() && cell.data() + cell.size() <= file.data() + file.size();
    return in_file ? cell : std::string_view(data_.owned.emplace_back(cell));
  }

  Status take(std::size_t f, std::optional<std::string_view> text) {
    const CompiledField& field = parameter_.fields[f];
    const Place place{parameter_, given_, data_.records};
    if (!text) {
      if (!field.field.missing) {
        return place.error("PARAMETER_MISSING", field.field.name, "is missing");
      }
      data_.absent[f].push_back(data_.records);
      data_.numbers[f].emplace_back();
      return {};
    }
    if (is_number(f)) {
      MRV_TRY(Rational number, read_number(field, *text, place));
      data_.numbers[f].push_back(std::move(number));
      return {};
    }
    if (text->empty() || text->size() > kNameBytesMax) {
      return place.error("PARAMETER_INVALID", field.field.name, "empty or too long");
    }
    texts_[f].push_back(*text);
    return {};
  }

  const CompiledParameter& parameter_;
  const codec::InputRecords& given_;
  ParameterData data_;
  std::vector<std::vector<std::string_view>> texts_;
};

Error too_many(const CompiledParameter& parameter, const codec::InputRecords& given) {
  return Error{
      "PARAMETER_INVALID",
      parameter.parameter.name + " has more than " + std::to_string(kDatasetRowsMax) + " records",
      given.from_dataset ? "/credentialSubject/datasets"
                         : "/credentialSubject/inputs/" + parameter.parameter.name};
}

Error too_many_cells(const CompiledParameter& parameter) {
  return Error{
      "PARAMETER_INVALID",
      parameter.parameter.name + " has more than " + std::to_string(kDatasetCellsMax) + " cells",
      "/credentialSubject/datasets"};
}

Status read_csv(const CompiledParameter& parameter, const codec::InputRecords& given,
                Reader& reader) {
  const auto& csv = *given.csv;
  std::vector<std::size_t> columns;
  for (const auto& field : parameter.fields) {
    const auto found = std::find(csv.fields.begin(), csv.fields.end(), field.field.name);
    columns.push_back(static_cast<std::size_t>(found - csv.fields.begin()));
  }
  const auto malformed = [&](const Error& error) {
    return Error{"PARAMETER_INVALID", parameter.parameter.name + ", " + error.detail,
                 "/credentialSubject/datasets"};
  };
  auto file = codec::CsvReader::open(csv.text);
  if (!file.ok()) return malformed(file.error());
  if (const auto header = file->next(); !header.ok()) return malformed(header.error());
  for (std::size_t row = 0; !file->at_end(); ++row) {
    if (row == kDatasetRowsMax) return too_many(parameter, given);
    if ((row + 1) * columns.size() > kDatasetCellsMax) return too_many_cells(parameter);
    const auto cells = file->next();
    if (!cells.ok()) return malformed(cells.error());
    if (cells->size() != csv.fields.size()) {
      return Place{parameter, given, row}.error("PARAMETER_INVALID", "row",
                                                std::to_string(cells->size()) +
                                                    " cells where the header has " +
                                                    std::to_string(csv.fields.size()));
    }
    MRV_CHECK(reader.take_cells(*cells, columns, csv.text));
  }
  return {};
}

// The first bytes as a number that sorts like them: most comparisons need no more.
std::uint64_t prefix_of(std::string_view text) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < sizeof prefix; ++i) {
    const auto byte = i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    prefix = (prefix << 8U) | byte;
  }
  return prefix;
}

template <class T>
void permute(std::vector<T>& column, const std::vector<std::size_t>& positions) {
  if (column.empty()) return;
  std::vector<T> sorted;
  sorted.reserve(column.size());
  for (const std::size_t position : positions) sorted.push_back(std::move(column[position]));
  column = std::move(sorted);
}

}  // namespace

Error Place::error(std::string_view name, const std::string& field,
                   const std::string& detail) const {
  const std::string& own = parameter.parameter.name;
  const bool whole = record == kWholeParameter;
  if (given.from_dataset) {
    std::string place = own;
    if (!whole) place += ", row " + std::to_string(record + 1);
    return {name, place + ", column " + column_of(field) + ": " + detail,
            "/credentialSubject/datasets"};
  }
  std::string pointer = "/credentialSubject/inputs/" + own;
  if (!whole) {
    if (codec::takes_dataset(parameter.parameter)) pointer += "/" + std::to_string(record);
    pointer += "/" + field;
  }
  return {name, own + "." + field + ": " + detail, pointer};
}

// What the file calls a field.
std::string Place::column_of(const std::string& field) const {
  for (const auto& each : parameter.fields) {
    if (each.field.name == field && given.csv) return each.field.column.value_or(field);
  }
  return field;
}

Result<ParameterData> read_columns(const CompiledParameter& parameter,
                                   const codec::InputRecords& given) {
  Reader reader(parameter, given);
  if (given.csv) {
    MRV_CHECK(read_csv(parameter, given, reader));
    return reader.finish();
  }
  if (given.records.size() > kDatasetRowsMax) return too_many(parameter, given);
  for (const auto& record : given.records) MRV_CHECK(reader.take_record(record));
  return reader.finish();
}

TextColumn coded(const std::vector<std::string_view>& texts) {
  struct Entry {
    std::uint64_t prefix;
    std::uint32_t record;
  };
  std::vector<Entry> order(texts.size());
  for (std::uint32_t r = 0; r < texts.size(); ++r) order[r] = {prefix_of(texts[r]), r};
  std::sort(order.begin(), order.end(), [&](const Entry& a, const Entry& b) {
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return texts[a.record] < texts[b.record];
  });
  TextColumn column;
  column.codes.resize(texts.size());
  for (const Entry& entry : order) {
    const std::string_view text = texts[entry.record];
    if (column.values.empty() || column.values.back() != text) column.values.push_back(text);
    column.codes[entry.record] = static_cast<std::uint32_t>(column.values.size() - 1);
  }
  return column;
}

void reorder(ParameterData& data, const std::vector<std::size_t>& positions) {
  std::vector<std::size_t> became(positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) became[positions[i]] = i;
  for (auto& column : data.numbers) permute(column, positions);
  for (auto& column : data.texts) permute(column.codes, positions);
  permute(data.years, positions);
  for (auto& records : data.absent) {
    for (auto& record : records) record = became[record];
    std::sort(records.begin(), records.end());
  }
}

}  // namespace mrv::methodology
