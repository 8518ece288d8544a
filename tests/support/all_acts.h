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

  // acts_integrity.cpp
  static model::IntegrityPolicy integrity_policy();
  void report_with_evidence(Units claimed);
  void raise_and_close();
  void review_statements();
  void lose_and_make_good();
  Hash as_registry(model::ActBody body);
  void bind_key(const std::string& party, const std::string& name, model::KeyPurpose purpose);

  // acts_governance.cpp
  void activate_rules();
  void change_accounts();
  void change_standards();
  void change_governance();

  // acts_projects.cpp
  void live_through_projects();
  void comment_in_public();
  void validate(const Hash& document);
  void amend_and_renew();
  void suspend_and_resume();
  void hand_over();

  void withdraw_proposal();
  void change_parties();
  void keep_records();

  LedgerWorld& world_;
  CcsFlow flow_;
  model::ProjectId second_project_;
};

}  // namespace mrv::test
