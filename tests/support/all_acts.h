// One history in which every kind of act is accepted at least once.
#pragma once

#include "tests/support/ccs_flow.h"

namespace mrv::test {

class AllActs {
 public:
  AllActs(LedgerWorld& world, std::string root);
  void run();

 private:
  Hash accepted(const std::string& party, model::ActBody body);
  model::TransferId offer(Units quantity);

  void move_units();
  void deposit_and_import();

  // acts_units.cpp
  void lock_and_leave();
  void cancel_units();
  void label_and_retire();
  void move_by_order();
  Hash agreed(const std::string& party, const std::string& with, model::ActBody body);
  [[nodiscard]] model::Leg serials(Units first, Units last) const;

  void withdraw_proposal();
  void change_parties();

  LedgerWorld& world_;
  CcsFlow flow_;
};

}  // namespace mrv::test
