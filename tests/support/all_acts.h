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

  void withdraw_proposal();
  void change_parties();

  LedgerWorld& world_;
  CcsFlow flow_;
};

}  // namespace mrv::test
