// Rehearsal of proposed acts.
#include "ledger/state/context.h"

namespace mrv::state {

Check Context::rehearse(const std::function<Check(Context&)>& rules) {
  Context inner(overlay_, OrderedAct{index_, recorded_at_, *act_}, blobs_, memo_);
  Check check = rules(inner);
  if (inner.damage_ && !damage_) damage_ = inner.damage_;
  if (inner.missing_blob_ && !missing_blob_) missing_blob_ = inner.missing_blob_;
  return check;
}

}  // namespace mrv::state
