// Parameters: which fields a shape asks for, what a field may declare, where axes get their
// members.
#include <algorithm>

#include "ledger/methodology/axes.h"
#include "ledger/methodology/compile_parts.h"
#include "ledger/methodology/kinds.h"

namespace mrv::methodology {

using model::FieldType;
using model::ParameterShape;
using model::VintageRule;

bool is_name(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

bool is_date(FieldType type) {
  return type == FieldType::year || type == FieldType::quarter || type == FieldType::day;
}

namespace {

// A percentage must not pass for a fraction.
bool is_open_fraction(const CompiledField& field) {
  if (field.field.kind != model::QuantityKind::fraction || !field.unit.is_one()) return false;
  return !field.min || !field.max || field.min->is_negative() || *field.max > Rational(1);
}

Status compile_missing(CompiledField& compiled, const std::string& at) {
  if (!compiled.field.missing) return {};
  const auto& rule = *compiled.field.missing;
  if (rule.value.has_value() != (rule.rule == model::MissingRule::value)) {
    return invalid("exactly the rule value has a value", at + "/missing");
  }
  if (!rule.value) return {};
  MRV_TRY(const Rational value, Rational::parse(rule.value->text));
  if ((compiled.min && value < *compiled.min) || (compiled.max && value > *compiled.max)) {
    return invalid("the value that stands in is out of range", at + "/missing");
  }
  compiled.substitute = value;
  return {};
}

Status compile_number(CompiledField& compiled, const std::string& at) {
  const auto& field = compiled.field;
  auto unit = parse_unit(*field.unit);
  if (!unit.ok()) return invalid(unit.error().detail, at + "/unit");
  compiled.unit = *std::move(unit);
  if (field.min) {
    MRV_TRY(compiled.min, Rational::parse(field.min->text));
  }
  if (field.max) {
    MRV_TRY(compiled.max, Rational::parse(field.max->text));
  }
  if (is_open_fraction(compiled)) {
    return invalid("a fraction has a min of at least 0 and a max of at most 1", at);
  }
  return compile_missing(compiled, at);
}

Result<CompiledField> compile_field(const model::ParameterField& field, const Program& program,
                                    const std::string& at) {
  if (!is_name(field.name)) return invalid("not a name: " + field.name, at);
  CompiledField compiled;
  compiled.field = field;
  if (field.axis) {
    const auto axis = std::find_if(program.axes.begin(), program.axes.end(),
                                   [&](const auto& each) { return each.name == *field.axis; });
    if (axis == program.axes.end()) return invalid("unknown axis " + *field.axis, at + "/axis");
    compiled.axis = static_cast<AxisId>(axis - program.axes.begin());
  }
  const bool number = field.type == FieldType::number;
  if (number != (field.unit.has_value() && field.kind.has_value()) ||
      field.unit.has_value() != field.kind.has_value()) {
    return invalid("exactly numbers have a unit and a kind", at);
  }
  if (number && field.axis) return invalid("members of an axis are texts or dates", at + "/axis");
  if (!number && (field.min || field.max || field.missing)) {
    return invalid("only numbers have a range and a rule for what is missing", at);
  }
  if (number) MRV_CHECK(compile_number(compiled, at));
  return compiled;
}

std::optional<std::size_t> text_field(const CompiledParameter& compiled, const std::string& name) {
  for (std::size_t f = 0; f < compiled.fields.size(); ++f) {
    const auto& field = compiled.fields[f].field;
    if (field.name == name && field.type == FieldType::text) return f;
  }
  return std::nullopt;
}

// Which dated fields a shape asks for.
Status check_dates(const CompiledParameter& compiled, VintageRule rule, const std::string& at) {
  const auto shape = compiled.parameter.shape;
  const auto dates = std::count_if(compiled.fields.begin(), compiled.fields.end(),
                                   [](const auto& f) { return is_date(f.field.type); });
  const bool dated = shape == ParameterShape::annual || shape == ParameterShape::rows;
  if (dates != (dated ? 1 : 0)) {
    return invalid(dated ? "annual values and rows have one dated field"
                         : "a constant and a list have no date",
                   at);
  }
  if (shape == ParameterShape::annual) {
    if (rule != VintageRule::dated) {
      return invalid("annual values are for dated vintages: use rows with an axis", at);
    }
    if (compiled.fields[*compiled.date_field].field.type != FieldType::year) {
      return invalid("annual values are dated by year", at);
    }
  }
  // It would count once in every calendar year.
  const bool counted_again =
      !dated && rule == VintageRule::dated &&
      std::any_of(compiled.fields.begin(), compiled.fields.end(),
                  [](const auto& f) { return f.field.kind && is_extensive(*f.field.kind); });
  if (counted_again) return invalid("a quantity needs a date: make it annual or rows", at);
  return {};
}

// Axes stand in fields of rows and lists; under `dated` the slice is the year, so axes are texts.
Status check_axes(const CompiledParameter& compiled, VintageRule rule, const std::string& at) {
  for (std::size_t f = 0; f < compiled.fields.size(); ++f) {
    const auto& field = compiled.fields[f];
    if (!field.axis) continue;
    const std::string pointer = at + "/fields/" + std::to_string(f) + "/axis";
    if (!codec::takes_dataset(compiled.parameter)) {
      return invalid("only rows and lists have members of axes", pointer);
    }
    if (rule == VintageRule::dated && is_date(field.field.type)) {
      return invalid("under dated vintages axes are texts", pointer);
    }
  }
  return {};
}

Status compile_keys(CompiledParameter& compiled, VintageRule rule, const std::string& at) {
  const auto& names = compiled.parameter.keys;
  if (!names) return {};
  if (!codec::takes_dataset(compiled.parameter))
    return invalid("only rows and lists have keys", at);
  for (const auto& name : *names) {
    const auto field = std::find_if(compiled.fields.begin(), compiled.fields.end(),
                                    [&](const auto& each) { return each.field.name == name; });
    if (field == compiled.fields.end() || !field->axis) {
      return invalid("a key is a field with an axis: " + name, at);
    }
    const bool twice =
        std::any_of(compiled.keys.begin(), compiled.keys.end(),
                    [&](std::size_t key) { return compiled.fields[key].axis == field->axis; });
    if (twice) return invalid("the axis has two keys: " + name, at);
    compiled.keys.push_back(static_cast<std::size_t>(field - compiled.fields.begin()));
  }
  std::sort(compiled.keys.begin(), compiled.keys.end(), [&](std::size_t a, std::size_t b) {
    return *compiled.fields[a].axis < *compiled.fields[b].axis;
  });
  const bool dated_rows =
      rule == VintageRule::dated && compiled.parameter.shape == ParameterShape::rows;
  if (dated_rows && compiled.fields[*compiled.date_field].field.type != FieldType::year) {
    return invalid("under dated vintages keyed rows are dated by year", at);
  }
  return {};
}

Status compile_completeness(CompiledParameter& compiled, const std::string& at) {
  const auto& parameter = compiled.parameter;
  if (parameter.complete_by) {
    compiled.complete_by = text_field(compiled, *parameter.complete_by);
    if (!compiled.complete_by) return invalid("completeBy names no text field", at + "/completeBy");
    const bool fits = parameter.shape == ParameterShape::rows && !parameter.keys &&
                      compiled.fields[*compiled.date_field].field.type != FieldType::day;
    if (!fits) {
      return invalid("completeBy is for rows by year or quarter without keys", at + "/completeBy");
    }
  }
  if (parameter.unique) {
    compiled.unique = text_field(compiled, *parameter.unique);
    if (!compiled.unique || !codec::takes_dataset(parameter)) {
      return invalid("unique names no text field of rows or a list", at + "/unique");
    }
  }
  for (const auto& field : compiled.fields) {
    const bool previous =
        field.field.missing && field.field.missing->rule == model::MissingRule::previous;
    if (previous && !compiled.date_field) {
      return invalid("there is no previous value without a date: " + field.field.name, at);
    }
  }
  return {};
}

}  // namespace

Result<CompiledParameter> compile_parameter(const model::Parameter& parameter,
                                            const Program& program, const std::string& at) {
  const VintageRule rule = program.document.vintages;
  CompiledParameter compiled;
  compiled.parameter = parameter;
  if (parameter.conservative != "high" && parameter.conservative != "low") {
    return invalid("conservative is high or low", at + "/conservative");
  }
  for (std::size_t f = 0; f < parameter.fields.size(); ++f) {
    const auto& field = parameter.fields[f];
    const std::string pointer = at + "/fields/" + std::to_string(f);
    for (const auto& other : compiled.fields) {
      if (other.field.name == field.name) return invalid("the field is named twice", pointer);
    }
    MRV_TRY(CompiledField done, compile_field(field, program, pointer));
    if (is_date(field.type)) compiled.date_field = f;
    compiled.fields.push_back(std::move(done));
  }
  MRV_CHECK(check_dates(compiled, rule, at));
  MRV_CHECK(check_axes(compiled, rule, at));
  MRV_CHECK(compile_keys(compiled, rule, at + "/keys"));
  MRV_CHECK(compile_completeness(compiled, at));
  return compiled;
}

Status compile_axes(Program& program) {
  const auto declared = program.document.axes.value_or(std::vector<model::Axis>());
  std::size_t year_axes = 0;
  for (AxisId a = 0; a < declared.size(); ++a) {
    CompiledAxis& axis = program.axes[a];
    const std::string at = "/axes/" + std::to_string(a);
    bool found = false;
    std::optional<FieldType> type;
    for (std::size_t p = 0; p < program.parameters.size(); ++p) {
      const auto& parameter = program.parameters[p];
      for (std::size_t f = 0; f < parameter.fields.size(); ++f) {
        const auto& field = parameter.fields[f];
        if (field.axis != a) continue;
        if (type && *type != field.field.type) return invalid("its fields have two types", at);
        type = field.field.type;
        if (declared[a].of != parameter.parameter.name + "." + field.field.name) continue;
        found = true;
        axis.parameter = p;
        axis.field = f;
      }
    }
    if (!found) return invalid("no field with this axis: " + declared[a].of, at + "/of");
    axis.type = *type;
    if (axis.type == FieldType::year) ++year_axes;
  }
  if (program.document.vintages == VintageRule::series && year_axes != 1) {
    return invalid("a series has exactly one axis of years", "/axes");
  }
  return {};
}

}  // namespace mrv::methodology
