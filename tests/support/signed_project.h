// A registered project on a SignedWorld, step by step, with the shipped methodology, table and
// data.
#pragma once

#include <string>

#include "tests/support/files.h"
#include "tests/support/signed_world.h"

namespace mrv::test {

inline constexpr std::int32_t kFirstDay = 19'358;     // 2023-01-01
inline constexpr std::int32_t kNextYearDay = 19'723;  // 2024-01-01
inline constexpr Units kRecomputed = 146'763;         // tonnes of the shipped data

class SignedProject : public SignedWorld {
 public:
  // Parties and accredited verifiers; nothing registered yet.
  explicit SignedProject(const model::Genesis& genesis = genesis_of(2, 2));
  void accredit(const std::string& vvb, const model::AccreditationScope& scope);
  model::AccreditVvb accreditation(const std::string& vvb, const model::AccreditationScope& scope);
  static model::RegisterProgramme programme_body(const std::string& code = "CCS");
  static model::RawJson raw(const std::string& path);
  static model::RawJson table_document();
  static model::RawJson methodology_document();
  void register_standards(const model::RegisterProgramme& body = programme_body());
  // Digest of the proposed act: what it creates is named after it.
  Hash accept_governed(model::ActBody body);
  model::SubmitProject project_body();
  void submit_project();
  model::ValidateProject validation(model::Opinion opinion = model::Opinion::unmodified) const;
  void register_project();
  model::SubmitMonitoringReport report_body(Units claimed = kRecomputed);
  void submit_report(const model::SubmitMonitoringReport& body);
  model::SubmitVerificationStatement statement(Units quantity = kRecomputed) const;
  std::string refused(const std::string& party, model::ActBody act);
  [[nodiscard]] model::ProjectRow project_row() const;
  [[nodiscard]] model::ReportRow report_row() const;

  model::ProgrammeId programme;
  Hash table{};
  Hash methodology{};
  model::ProjectId project;
  Hash project_digest{};
  model::ReportId report;
  Hash report_digest{};
  EntryIndex report_index;
};

}  // namespace mrv::test
