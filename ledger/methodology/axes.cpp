// Small ordered sets.
#include "ledger/methodology/axes.h"

#include <algorithm>

namespace mrv::methodology {

bool has_axis(const std::vector<AxisId>& axes, AxisId axis) {
  return std::find(axes.begin(), axes.end(), axis) != axes.end();
}

std::vector<AxisId> with_axis(std::vector<AxisId> axes, AxisId axis) {
  const auto at = std::lower_bound(axes.begin(), axes.end(), axis);
  if (at == axes.end() || *at != axis) axes.insert(at, axis);
  return axes;
}

std::vector<AxisId> without_axes(const std::vector<AxisId>& axes,
                                 const std::vector<AxisId>& taken) {
  std::vector<AxisId> left;
  std::copy_if(axes.begin(), axes.end(), std::back_inserter(left),
               [&](AxisId axis) { return !has_axis(taken, axis); });
  return left;
}

std::vector<AxisId> axes_of(const Program& program, const CompiledParameter& parameter,
                            std::size_t position) {
  if (parameter.has_records()) return {program.records_of(position)};
  std::vector<AxisId> axes;
  axes.reserve(parameter.keys.size());
  for (const std::size_t key : parameter.keys) axes.push_back(*parameter.fields[key].axis);
  return axes;
}

Status check_together(const Program& program, const std::vector<AxisId>& axes) {
  if (axes.size() < 2 || !program.is_records(axes.back())) return {};
  return Error{"METHODOLOGY_INVALID",
               "records go together with no other axis: reduce them with group_by, or take the "
               "other value to them with at",
               {}};
}

Result<std::vector<AxisId>> common_axes(const Program& program, const std::vector<Node>& items) {
  std::vector<AxisId> axes;
  for (const Node& item : items) {
    for (const AxisId axis : item.type.axes) axes = with_axis(std::move(axes), axis);
  }
  MRV_CHECK(check_together(program, axes));
  return axes;
}

}  // namespace mrv::methodology
