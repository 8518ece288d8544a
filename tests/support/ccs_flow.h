// The main job over a LedgerWorld: from parties to issued, transferred and retired units, with the
// shipped methodology, table and data.
#pragma once

#include "tests/support/ledger_world.h"

namespace mrv::test {

inline constexpr std::int32_t kDay2023 = 19'358;
inline constexpr std::int32_t kDay2024 = 19'723;

class CcsFlow {
 public:
  // `root`: the repository.
  CcsFlow(LedgerWorld& world, std::string root);
  void run_to_issuance();

  void enter_parties();

  // An act of a party and its second person's approval; the digest of the act.
  Hash approved(const std::string& party, model::ActBody body);
  // The same where its programme asks for one, else the act alone; `index` is where it took effect.
  struct Settled {
    Hash digest{};
    EntryIndex index;
  };
  Settled settled(const std::string& party, model::ActBody body);
  Hash governed(model::ActBody body);
  void register_standards();

  // Of the developer, on a boundary that no project of this flow had before.
  model::SubmitProject project_body();
  void register_project();
  model::SubmitMonitoringReport report_body(Units claimed);

  void submit_report(Units claimed);
  // What schemas/examples/ccs measures of 2023.
  static constexpr Units kTonnes2023 = 146'763;
  [[nodiscard]] Units units_per_tonne() const { return unit == model::AmountUnit::kg ? 1'000 : 1; }
  node::Answer state(const std::string& vvb, Units quantity = kTonnes2023);

  void issue();
  model::TransferId transfer(const std::string& from, const std::string& to, Units quantity);
  model::Transfer transfer_body(const std::string& to, Units quantity);
  model::Retire retire_body(Units quantity);
  model::RetirementId retire(const std::string& holder, Units quantity);
  Hash blob(const std::string& bytes);
  [[nodiscard]] std::string text(const std::string& path) const;
  [[nodiscard]] model::RawJson raw(const std::string& path) const;

  std::string developer = "developer";              // who submits the project and reports on it
  model::AmountUnit unit = model::AmountUnit::t;    // what register_standards() makes units of
  std::optional<model::IntegrityPolicy> integrity;  // what its programme says of lost tonnes
  std::optional<model::LifecyclePolicy> lifecycle;  // and of projects and statements
  std::vector<model::GovernedAct> second_person;    // acts that wait for one, beside the usual
  model::ProgrammeId programme;
  model::ProjectId project;
  model::ReportId report;
  Hash report_digest{};
  EntryIndex report_index;
  model::BatchId batch;
  Hash methodology{};
  Hash table{};

 private:
  node::Answer completed(const std::string& party, node::Answer answer);

  LedgerWorld& world_;
  std::string root_;
  int fields_ = 0;
};

}  // namespace mrv::test
