// Lines of the trace.
#include "ledger/methodology/trace.h"

#include <algorithm>

#include "ledger/methodology/axes.h"

namespace mrv::methodology {
namespace {

std::vector<std::string> axis_names(const Slice& slice, const Type& type) {
  std::vector<std::string> names;
  names.reserve(type.axes.size());
  for (const AxisId axis : type.axes) {
    names.push_back(slice.program.is_records(axis)
                        ? slice.program.parameters[axis - slice.program.axes.size()].parameter.name
                        : slice.program.axes[axis].name);
  }
  return names;
}

TracedSubstitution traced(const Slice& slice, const Substitution& substitution) {
  const auto& parameter = slice.program.parameters[substitution.parameter];
  const auto& data = slice.data.parameters[substitution.parameter];
  TracedSubstitution traced;
  traced.field = parameter.parameter.name + "." + parameter.fields[substitution.field].field.name;
  for (std::size_t f = 0; f < parameter.fields.size(); ++f) {
    if (data.texts[f].codes.empty()) continue;
    traced.texts.emplace_back(data.text(f, substitution.record));
  }
  traced.value = substitution.value.text();
  return traced;
}

std::vector<std::string> texts_of(const DefinitionValue& value) {
  std::vector<std::string> texts;
  texts.reserve(value.size());
  std::transform(value.begin(), value.end(), std::back_inserter(texts),
                 [](const Rational& number) { return number.text(); });
  return texts;
}

void add_line(std::string& text, const std::string& head, const std::vector<std::string>& values) {
  text += head;
  text += " =";
  for (std::size_t i = 0; i < values.size(); ++i) {
    text += i == 0 ? " " : ", ";
    text += values[i];
  }
  text += '\n';
}

}  // namespace

Result<TracedSlice> traced(const Slice& slice, const std::vector<DefinitionValue>& values) {
  const Program& program = slice.program;
  TracedSlice traced_slice;
  traced_slice.year = slice.year;
  for (AxisId a = 0; a < program.axes.size(); ++a) {
    traced_slice.axes.push_back({program.axes[a].name, slice.data.axes[a]});
  }
  for (const auto& substitution : slice.data.substituted) {
    const auto& years = slice.data.parameters[substitution.parameter].years;
    const bool here = !slice.year || years.empty() || years[substitution.record] == *slice.year;
    if (here) traced_slice.substituted.push_back(traced(slice, substitution));
  }
  for (std::size_t d = 0; d < values.size(); ++d) {
    traced_slice.values.push_back({program.definitions[d].name,
                                   axis_names(slice, program.definitions[d].node.type),
                                   texts_of(values[d])});
  }
  for (const auto& output : program.outputs) {
    if (output.is_reported) continue;
    DefinitionValue all;
    for (const Rational& exact : values[output.definition]) {
      auto one = rounded(exact, output.round, output.step);
      if (!one.ok())
        return Error{"CALCULATION_FAILED", output.name + ": " + one.error().detail, {}};
      all.push_back(*std::move(one));
    }
    const Type& type = program.definitions[output.definition].node.type;
    traced_slice.outputs.push_back({output.name, axis_names(slice, type), texts_of(all)});
  }
  return traced_slice;
}

std::string trace_text(const std::vector<TracedSlice>& trace) {
  std::string text;
  for (const auto& slice : trace) {
    const std::string head = (slice.year ? std::to_string(*slice.year) : "period") + " ";
    for (const auto& axis : slice.axes) {
      add_line(text, head + "axis " + axis.name, {codec::text_list(axis.members)});
    }
    for (const auto& substitution : slice.substituted) {
      add_line(
          text,
          head + "substituted " + substitution.field + " " + codec::text_list(substitution.texts),
          {substitution.value});
    }
    for (const auto& value : slice.values) add_line(text, head + value.name, value.values);
    for (const auto& output : slice.outputs) {
      add_line(text, head + "output " + output.name, output.values);
    }
  }
  return text;
}

}  // namespace mrv::methodology
