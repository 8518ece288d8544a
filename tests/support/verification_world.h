// A live report and two accredited verifiers, for tests of findings, statements and reviews.
#pragma once

#include "tests/support/integrity_world.h"

namespace mrv::test {

struct VerificationWorld : IntegrityWorld {
  model::PartyId second_vvb = party(7, {Role::vvb});

  VerificationWorld() {
    for (const auto& body : {vvb, second_vvb}) accredit(body);
  }

  void accredit(const model::PartyId& body) {
    model::AccreditationRow row;
    row.party = body;
    row.accreditations = {{{EntryIndex{0}, std::nullopt},
                           {model::AccreditationScope{}},
                           TimestampMs{0},
                           TimestampMs{2 * kStartMs}}};
    put(codec::accreditation_key(body), row);
  }
  // Another key of a party, of another person than its first.
  model::KeyBytes add_key(const model::PartyId& of, std::uint8_t number,
                          std::vector<model::KeyPurpose> purposes) {
    model::KeyRow row;
    row.key.bytes[0] = 100;
    row.key.bytes[1] = number;
    row.party = of;
    row.person[0] = number;
    row.purposes = std::move(purposes);
    row.bound = {EntryIndex{0}, std::nullopt};
    put(codec::key_key(row.key), row);
    return row.key;
  }

  std::string attest(const model::PartyId& by, model::Opinion opinion = model::Opinion::unmodified,
                     Units quantity = 100) {
    model::SubmitVerificationStatement body;
    body.report = report;
    body.opinion = opinion;
    body.materiality = {"0.05"};
    body.verified = {{2025, quantity}};
    body.conflict_declaration = "none";
    return told(by, body);
  }
  model::StatementId stated(const model::PartyId& by, Units quantity = 100) {
    REQUIRE(attest(by, model::Opinion::unmodified, quantity).empty());
    return model::StatementId::of(digest());
  }
  std::string issue(const model::ReportId& of) { return told(registry, model::IssueCredits{of}); }
  std::string issue() { return issue(report); }

  model::RaiseFinding finding(model::FindingKind kind,
                              std::optional<model::ReportId> on = std::nullopt) const {
    model::RaiseFinding body;
    body.report = on.value_or(report);
    body.kind = kind;
    body.text = "the meter's certificate has lapsed";
    body.deadline = TimestampMs{now.value() + 1'000};
    return body;
  }
  model::FindingId raised(model::FindingKind kind,
                          std::optional<model::ReportId> on = std::nullopt) {
    REQUIRE(told(vvb, finding(kind, on)).empty());
    return model::FindingId::of(digest());
  }
  std::string close(const model::PartyId& by, const model::FindingId& id) {
    return told(by, model::CloseFinding{id, "seen"});
  }
  void set_rules(std::int64_t version) {
    auto ledger = get<model::LedgerRow>(codec::ledger_key());
    ledger.rules_version = version;
    put(codec::ledger_key(), ledger);
  }
  void affiliate(const model::PartyId& party, const model::PartyId& with) {
    auto row = get<model::PartyRow>(codec::party_key(party));
    row.affiliates.push_back(with);
    put(codec::party_key(row.id), row);
  }
  model::ReportRow report_row() const { return get<model::ReportRow>(codec::report_key(report)); }
  void set_report_state(model::ReportState value) {
    auto row = report_row();
    row.state = value;
    put(codec::report_key(report), row);
  }
};

}  // namespace mrv::test
