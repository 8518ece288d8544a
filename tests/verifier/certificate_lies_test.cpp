// A log that lies about what was signed, with every proof in order, is found out offline.
#include "ledger/codec/methodology_codec.h"
#include "tests/verifier/lying_log.h"
#include "verifier/certificate_tonnes.h"
#include "verifier/certificate_units.h"

using namespace mrv;
using test::LyingLog;

namespace {

struct Case {
  test::CertificateFixture& f = test::CertificateFixture::shared();
  LyingLog log{f.parts(f.retirement)};

  Bytes retirement_key = codec::retirement_key(f.retirement);
  Bytes report_key = codec::report_key(f.flow.report);
  Bytes project_key = codec::project_key(f.flow.project);
  Bytes batch_key = codec::batch_key(f.flow.batch);

  std::string reason() { return f.reason(log.certificate()); }
  std::string reason_without_data() { return f.reason(log.certificate(), {}); }
  Bytes party_key(const std::string& name) { return codec::party_key(f.world.party(name)); }

  template <class Row, class Change>
  std::string with(const Bytes& key, const Change& change) {
    log.change<Row>(key, change);
    return reason_without_data();
  }

  // Another statement in the place of the first one; the body as it was, but for `change`.
  template <class Change>
  void restate(const std::string& vvb, const Change& change) {
    const auto at = log.find<model::SubmitVerificationStatement>().front();
    auto body = log.body<model::SubmitVerificationStatement>(at);
    change(body);
    const auto id = model::StatementId::of(log.record(at, f.world.document(vvb, vvb, body)));
    model::StatementId old;
    log.change<model::ReportRow>(report_key, [&](auto& report) {
      old = report.statements.front();
      report.statements.front() = id;
    });
    auto row = log.row<model::StatementRow>(codec::statement_key(old));
    row.id = id;
    row.vvb = f.world.party(vvb);
    row.opinion = body.opinion;
    row.verified = body.verified;
    row.buffer_rate = body.buffer_rate;
    log.erase_row(codec::statement_key(old));
    log.put(codec::statement_key(id), row);
  }
};

}  // namespace

TEST_CASE("the tool that lies: without a lie its certificate holds") {
  CHECK(Case().reason().empty());
  Case stated;
  stated.restate("vvb1", [](auto&) {});
  CHECK(stated.reason().empty());
}

TEST_CASE("lies about retired quantity and serials") {
  const auto grow = [](Case& c, Units by) {
    Bytes run;
    c.log.change<model::RetirementRow>(c.retirement_key, [&](auto& row) {
      run = codec::serial_key(row.serials.back().batch, row.serials.back().first);
      row.serials.back().last += by;
      row.quantity += by;
    });
    c.log.change<model::SerialRow>(run, [&](auto& row) { row.last += by; });
    c.log.summary().quantity += by;
    c.log.summary().serials.back().last += by;
  };
  for (const Units by : {1, 3'000, -1}) {
    Case c;
    grow(c, by);
    CHECK(c.reason() == "CERTIFICATE_LINK_BROKEN");
  }
  // The right number, but some of them twice: the holder's last range has 950 serials.
  Case twice;
  twice.log.change<model::RetirementRow>(twice.retirement_key, [](auto& row) {
    row.serials.back().last -= 475;
    row.serials.push_back(row.serials.back());
  });
  twice.log.summary().serials.back().last -= 475;
  twice.log.summary().serials.push_back(twice.log.summary().serials.back());
  CHECK(twice.reason() == "CERTIFICATE_LINK_BROKEN");
  Case quantity;
  CHECK(quantity.with<model::RetirementRow>(quantity.retirement_key, [](auto& row) {
    row.quantity += 1;
  }) == "CERTIFICATE_LINK_BROKEN");
  Case beneficiary;
  beneficiary.log.summary().beneficiary.organisation->name = "Somebody";
  CHECK(beneficiary.with<model::RetirementRow>(beneficiary.retirement_key, [](auto& row) {
    row.beneficiary.organisation->name = "Somebody";
  }) == "CERTIFICATE_LINK_BROKEN");
  Case claimed;
  CHECK(claimed.with<model::RetirementRow>(claimed.retirement_key, [](auto& row) {
    row.inventory = "an inventory nobody named";
  }) == "CERTIFICATE_LINK_BROKEN");
}

TEST_CASE("legs of explicit serials are the serials") {
  auto& f = test::CertificateFixture::shared();
  const model::BatchId a = f.flow.batch;
  const model::BatchId b;
  const auto legs = [&](std::vector<model::Leg> given, std::vector<model::SerialRange> serials) {
    const auto units = verifier::check_legs(given, serials, "it");
    return units.ok() ? *units : -1;
  };
  const model::Leg range{a, 5, 9, std::nullopt};
  const model::Leg amount{a, std::nullopt, std::nullopt, 10};
  CHECK(legs({range}, {{a, 5, 9}}) == 5);
  CHECK(legs({range}, {{a, 5, 8}}) == -1);
  CHECK(legs({range}, {{a, 5, 7}, {a, 8, 9}}) == -1);
  CHECK(legs({range}, {{b, 5, 9}}) == -1);
  CHECK(legs({range}, {{a, 5, 9}, {a, 10, 10}}) == -1);
  CHECK(legs({range}, {}) == -1);
  CHECK(legs({amount}, {{a, 1, 10}}) == 10);
  CHECK(legs({amount}, {{a, 1, 4}, {a, 20, 25}}) == 10);
  CHECK(legs({amount}, {{a, 1, 4}, {a, 20, 24}}) == -1);
  CHECK(legs({amount}, {{a, 1, 4}, {a, 20, 26}}) == -1);
  CHECK(legs({amount}, {{a, 1, 4}, {b, 20, 25}}) == -1);
  CHECK(legs({amount}, {{a, 1, 5}, {a, 5, 9}}) == -1);
  CHECK(legs({amount}, {{a, 10, 1}, {a, 20, 39}}) == -1);
  CHECK(legs({range, amount}, {{a, 5, 9}, {a, 10, 19}}) == 15);
  CHECK(legs({amount, range}, {{a, 5, 9}, {a, 10, 19}}) == -1);
  CHECK(legs({{a, 5, std::nullopt, std::nullopt}}, {{a, 5, 5}}) == -1);
  CHECK(legs({{a, 5, 9, 5}}, {{a, 5, 9}}) == -1);
  // Sums of which each part fits.
  std::vector<model::Leg> many;
  std::vector<model::SerialRange> all;
  for (std::uint8_t i = 0; i < 200; ++i) {
    model::BatchId batch;
    batch.bytes[0] = i;
    for (std::uint8_t j = 0; j < 6; ++j) {
      batch.bytes[1] = j;
      many.push_back({batch, 1, kUnitsMax, std::nullopt});
      all.push_back({batch, 1, kUnitsMax});
    }
  }
  CHECK(legs(many, all) == -1);
}

TEST_CASE("lies about transfers") {
  const auto transfer_key = [](Case& c) {
    const auto at = c.log.find<model::AcceptTransfer>().front();
    return codec::transfer_key(c.log.body<model::AcceptTransfer>(at).transfer);
  };
  Case serials;
  CHECK(serials.with<model::TransferRow>(transfer_key(serials), [](auto& row) {
    row.serials[0].last += 1;
  }) == "CERTIFICATE_LINK_BROKEN");
  Case recipient;
  CHECK(recipient.with<model::TransferRow>(transfer_key(recipient), [&](auto& row) {
    row.to = recipient.f.world.party("registry");
  }) == "CERTIFICATE_LINK_BROKEN");
  Case expiry;
  CHECK(expiry.with<model::TransferRow>(transfer_key(expiry), [](auto& row) {
    row.expires = TimestampMs{row.expires.value() + 1'000};
  }) == "CERTIFICATE_LINK_BROKEN");
  Case settled;
  CHECK(settled.with<model::TransferRow>(transfer_key(settled), [&](auto& row) {
    row.settled = settled.log.find<model::AcceptTransfer>().back();
  }) == "CERTIFICATE_PART_MISSING");
}

TEST_CASE("lies about tonnes") {
  Case ceiling;
  CHECK(ceiling.with<model::ReportRow>(ceiling.report_key, [](auto& row) {
    row.vintages[0].ceiling += 1;
  }) == "CERTIFICATE_TONNES_DIFFER");
  Case claimed;
  CHECK(claimed.with<model::ReportRow>(claimed.report_key, [](auto& row) {
    row.vintages[0].claimed -= 1;
  }) == "CERTIFICATE_LINK_BROKEN");
  Case exact;
  CHECK(exact.with<model::ReportRow>(exact.report_key, [](auto& row) {
    row.vintages[0].exact = "1000000";
  }) == "CERTIFICATE_TONNES_DIFFER");
  Case issued;
  CHECK(issued.with<model::BatchRow>(issued.batch_key, [](auto& row) { row.quantity += 1; }) ==
        "CERTIFICATE_TONNES_DIFFER");
  Case buffer;
  CHECK(buffer.with<model::BatchRow>(buffer.batch_key, [](auto& row) { row.buffer -= 1; }) ==
        "CERTIFICATE_TONNES_DIFFER");
}

TEST_CASE("the result that the log adds to a report is compared, and recomputed with the data") {
  const auto lie = [](Case& c, auto change) {
    const auto at = c.log.find<model::SubmitMonitoringReport>().front();
    c.log.change_entry(at, [&](codec::ActEntry& entry) {
      auto result = *codec::decode_result(*entry.result);
      for (auto& output : result.years[0].outputs) {
        if (output.name == "credited") change(output);
      }
      entry.result = codec::result_text(result);
    });
  };
  Case output;
  lie(output, [](auto& credited) { credited.exact = "1000000"; });
  CHECK(output.reason_without_data() == "CERTIFICATE_TONNES_DIFFER");
  // Row and result lie alike: only who has the data can know.
  Case alike;
  lie(alike, [](auto& credited) { credited.exact = "1000000"; });
  alike.log.change<model::ReportRow>(alike.report_key,
                                     [](auto& row) { row.vintages[0].exact = "1000000"; });
  CHECK(alike.reason_without_data().empty());
  CHECK(alike.reason() == "CERTIFICATE_TONNES_DIFFER");
  Case rounded;
  lie(rounded, [](auto& credited) { credited.rounded = "1000000"; });
  CHECK(rounded.reason_without_data().empty());
  CHECK(rounded.reason() == "CERTIFICATE_TONNES_DIFFER");
  Case none;
  none.log.change_entry(none.log.find<model::SubmitMonitoringReport>().front(),
                        [](codec::ActEntry& entry) { entry.result.reset(); });
  CHECK(none.reason_without_data() == "CERTIFICATE_TONNES_DIFFER");
}

TEST_CASE(
    "a carried fraction adds less than one, and only where an earlier period can have left it") {
  verifier::Origin origin;
  constexpr std::int32_t kNewYear = test::kDay2024;
  const auto most = [&](std::int32_t crediting_from, std::int32_t from, const char* exact) {
    origin.project.crediting_period.from = {crediting_from};
    origin.report.period = {{from}, {kNewYear + 366}};
    model::RecomputedVintage vintage;
    vintage.year = 2024;
    vintage.exact = exact;
    const auto units = verifier::most_units(origin, vintage);
    return units.ok() ? *units : -1;
  };
  // The first period, and one that begins with the year.
  CHECK(most(kNewYear + 10, kNewYear + 10, "21/2") == 10);
  CHECK(most(kNewYear - 10, kNewYear, "21/2") == 10);
  CHECK(most(kNewYear - 10, kNewYear - 5, "21/2") == 10);
  // One that begins inside the year, after another.
  CHECK(most(kNewYear - 10, kNewYear + 1, "21/2") == 11);
  CHECK(most(kNewYear - 10, kNewYear + 1, "10") == 10);
  CHECK(most(kNewYear - 10, kNewYear + 1, "-1/2") == 0);
  CHECK(most(kNewYear - 10, kNewYear + 1, "-7") == 0);
  CHECK(most(kNewYear - 10, kNewYear, "-7") == 0);
  CHECK(most(kNewYear, kNewYear, "9000000000000000000000") == -1);
  CHECK(most(kNewYear, kNewYear, "2/4") == -1);
}

TEST_CASE("lies about who verified") {
  Case scope;
  const Bytes accreditation = codec::accreditation_key(scope.f.world.party("vvb2"));
  for (const model::AccreditationScope& other :
       {model::AccreditationScope{std::nullopt, "forestry", std::nullopt},
        model::AccreditationScope{model::ProgrammeId{}, std::nullopt, std::nullopt},
        model::AccreditationScope{std::nullopt, std::nullopt, Hash{}}}) {
    CHECK(scope.with<model::AccreditationRow>(accreditation, [&](auto& row) {
      row.accreditations[0].scopes = {other};
    }) == "CERTIFICATE_LINK_BROKEN");
  }
  CHECK(scope.with<model::AccreditationRow>(accreditation, [](auto& row) {
    row.accreditations[0].scopes = {{std::nullopt, std::nullopt, std::nullopt}};
  }) == "");
  Case affiliate;
  CHECK(affiliate.with<model::PartyRow>(affiliate.party_key("vvb1"), [&](auto& row) {
    row.affiliates = {affiliate.f.world.party("developer")};
  }) == "CERTIFICATE_LINK_BROKEN");
  Case affiliated;
  CHECK(affiliated.with<model::PartyRow>(affiliated.party_key("developer"), [&](auto& row) {
    row.affiliates = {affiliated.f.world.party("vvb2")};
  }) == "CERTIFICATE_LINK_BROKEN");
  Case registry;
  CHECK(registry.with<model::PartyRow>(registry.party_key("vvb1"), [](auto& row) {
    row.standings.back().roles.push_back(model::Role::registry);
  }) == "CERTIFICATE_LINK_BROKEN");
  Case own;
  own.log.change<model::PartyRow>(own.party_key("developer"), [](auto& row) {
    for (auto& standing : row.standings) standing.roles.push_back(model::Role::vvb);
  });
  auto granted = own.log.row<model::AccreditationRow>(accreditation);
  granted.party = own.f.world.party("developer");
  own.log.put(codec::accreditation_key(granted.party), granted);
  own.restate("developer", [](auto&) {});
  CHECK(own.reason_without_data() == "CERTIFICATE_LINK_BROKEN");
  Case same;
  same.restate("vvb2", [](auto&) {});
  CHECK(same.reason_without_data() == "CERTIFICATE_LINK_BROKEN");  // one body, counted once
}

TEST_CASE("a statement is on exactly the report's vintages") {
  using model::VintageQuantity;
  const auto restated = [](std::vector<VintageQuantity> verified) {
    Case c;
    c.restate("vvb1", [&](auto& body) { body.verified = verified; });
    return c.reason_without_data();
  };
  CHECK(restated({{2023, 146'763}}).empty());
  CHECK(restated({{2022, 146'763}}) == "CERTIFICATE_TONNES_DIFFER");
  CHECK(restated({{2023, 146'763}, {2024, 1}}) == "CERTIFICATE_TONNES_DIFFER");
  CHECK(restated({{2023, 146'764}}) == "CERTIFICATE_TONNES_DIFFER");
  CHECK(restated({{2023, 146'762}}) == "CERTIFICATE_TONNES_DIFFER");
  Case adverse;
  adverse.restate("vvb1", [](auto& body) { body.opinion = model::Opinion::adverse; });
  CHECK(adverse.reason_without_data() == "CERTIFICATE_LINK_BROKEN");
  Case other;
  other.restate("vvb1", [](auto& body) { body.digest = Hash{}; });
  CHECK(other.reason_without_data() == "CERTIFICATE_LINK_BROKEN");
  // A higher rate that a statement asks for binds the buffer.
  Case rate;
  rate.restate("vvb1", [](auto& body) { body.buffer_rate = model::DecimalText{"0.5"}; });
  CHECK(rate.reason_without_data() == "CERTIFICATE_TONNES_DIFFER");
}

TEST_CASE("lies about project, programme and standards") {
  Case methodology;
  CHECK(methodology.with<model::ProjectRow>(methodology.project_key, [](auto& row) {
    row.methodology = Hash{};
  }) == "CERTIFICATE_LINK_BROKEN");
  Case sector;
  CHECK(sector.with<model::ProjectRow>(sector.project_key, [](auto& row) {
    row.sector = "forestry";
  }) == "CERTIFICATE_LINK_BROKEN");
  Case code;
  CHECK(code.with<model::ProjectRow>(code.project_key, [](auto& row) { row.code = "F2"; }) ==
        "CERTIFICATE_LINK_BROKEN");
  Case validator;
  CHECK(validator.with<model::ProjectRow>(validator.project_key, [&](auto& row) {
    row.validator = validator.f.world.party("vvb2");
  }) == "CERTIFICATE_LINK_BROKEN");
  Case policy;
  CHECK(policy.with<model::ProgrammeRow>(codec::programme_key(policy.f.flow.programme),
                                         [](auto& row) {
                                           row.policies[0].policy.statements_min = 1;
                                         }) == "CERTIFICATE_LINK_BROKEN");
  Case prefix;
  prefix.log.summary().serials[0].prefix = "TEST-CCS-CN-F1-2023-2";
  CHECK(prefix.with<model::BatchRow>(prefix.batch_key, [](auto& row) {
    row.prefix = "TEST-CCS-CN-F1-2023-2";
  }) == "CERTIFICATE_LINK_BROKEN");
  for (const bool table : {false, true}) {
    Case late;
    const auto& flow = late.f.flow;
    CHECK(late.with<model::StandardRow>(codec::standard_key(table ? flow.table : flow.methodology),
                                        [&](auto& row) {
                                          row.activated = EntryIndex{flow.report_index.value() + 1};
                                        }) == "CERTIFICATE_LINK_BROKEN");
  }
  Case own;
  CHECK(own.with<model::StandardRow>(codec::standard_key(own.f.flow.table), [&](auto& row) {
    row.party = own.f.world.party("developer");
  }) == "CERTIFICATE_LINK_BROKEN");
  Case ledger;
  CHECK(ledger.with<model::LedgerRow>(codec::ledger_key(), [](auto& row) {
    row.origin = "ledger.example/other";
  }) == "CERTIFICATE_LINK_BROKEN");
}

TEST_CASE("lies about approvals") {
  struct Approved : Case {
    EntryIndex issuance = log.find<model::IssueCredits>().front();
    EntryIndex approval = [this] {
      const auto all = log.find<model::Approve>();
      return *std::upper_bound(all.begin(), all.end(), issuance);
    }();
    model::Approve body = log.body<model::Approve>(approval);
    Bytes proposal = codec::proposal_key(body.proposal);
  };
  Approved skipped;
  skipped.log.erase_row(skipped.proposal);
  skipped.log.erase_entry(skipped.approval);
  CHECK(skipped.with<model::BatchRow>(skipped.batch_key, [&](auto& row) {
    row.entry = skipped.issuance;
  }) == "CERTIFICATE_LINK_BROKEN");
  Approved none;
  none.log.erase_entry(none.approval);
  CHECK(none.with<model::ProposalRow>(none.proposal, [](auto& row) { row.approvals.clear(); }) ==
        "CERTIFICATE_PART_MISSING");
  const auto approved_by = [](Approved& c, const char* signer, auto change) {
    change(c.body);
    c.log.record(c.approval, c.f.world.document(signer, "registry", c.body));
    return c.reason_without_data();
  };
  Approved again;
  CHECK(approved_by(again, "registry-2", [](auto&) {}).empty());
  Approved rejected;
  CHECK(approved_by(rejected, "registry-2", [](auto& body) {
          body.decision = model::Decision::reject;
        }) == "CERTIFICATE_LINK_BROKEN");
  Approved other;
  CHECK(approved_by(other, "registry-2", [](auto& body) { body.digest = Hash{}; }) ==
        "CERTIFICATE_LINK_BROKEN");
  Approved self;
  CHECK(approved_by(self, "registry", [](auto&) {}) == "CERTIFICATE_KEY_NOT_AUTHORISED");
  Approved person;
  person.log.change<model::KeyRow>(
      codec::key_key(test::LedgerWorld::public_key("registry-2")),
      [](auto& row) { row.person = test::LedgerWorld::person("registry"); });
  CHECK(person.with<model::ProposalRow>(person.proposal, [](auto& row) {
    row.approvals[0].person = test::LedgerWorld::person("registry");
  }) == "CERTIFICATE_LINK_BROKEN");
  Approved unbound;
  CHECK(unbound.with<model::KeyRow>(codec::key_key(test::LedgerWorld::public_key("registry-2")),
                                    [&](auto& row) { row.bound.until = unbound.approval; }) ==
        "CERTIFICATE_KEY_NOT_AUTHORISED");
  // Signed while the key was bound, in effect when it was not any more.
  Approved revoked;
  CHECK(revoked.with<model::KeyRow>(codec::key_key(test::LedgerWorld::public_key("registry")),
                                    [&](auto& row) { row.bound.until = revoked.approval; }) ==
        "CERTIFICATE_KEY_NOT_AUTHORISED");
}

TEST_CASE("lies about times, and rows under another's key") {
  Case expired;
  expired.log.change_entry(expired.log.find<model::Retire>().back(), [&](codec::ActEntry& entry) {
    entry.recorded_at = TimestampMs{entry.recorded_at.value() + 24 * 3'600 * kMsPerSecond};
    expired.log.summary().recorded_at = entry.recorded_at;
  });
  CHECK(expired.reason_without_data() == "CERTIFICATE_ENTRY_INVALID");
  Case back;
  back.log.change_entry(back.log.find<model::SubmitProject>().front(), [](codec::ActEntry& entry) {
    entry.recorded_at = TimestampMs{entry.recorded_at.value() + 1};
  });
  CHECK(back.reason_without_data() == "CERTIFICATE_ENTRY_INVALID");
  Case other;
  CHECK(other.with<model::RetirementRow>(other.retirement_key, [](auto& row) {
    row.id = model::RetirementId{};
  }) == "CERTIFICATE_ROW_NOT_PROVED");
}

TEST_CASE("what proves nothing is refused") {
  Case row;
  auto other = row.log.row<model::RetirementRow>(row.retirement_key);
  other.id = model::RetirementId{};
  row.log.put(codec::retirement_key(other.id), other);
  CHECK(row.reason_without_data() == "CERTIFICATE_PART_SPARE");
  Case entry;
  const auto reader = entry.f.world.node().reader();
  const auto known = entry.log.find<model::Retire>().front();
  for (std::uint64_t i = known.value() + 1; i < reader->published().size.value(); ++i) {
    const Bytes bytes = **reader->entry(EntryIndex{i});
    const auto decoded = *codec::decode_entry(bytes);
    const auto* act = std::get_if<codec::ActEntry>(&decoded);
    if (act == nullptr || act->document.find("\"Retire\"") == std::string::npos) continue;
    entry.log.put_entry(EntryIndex{i}, bytes);
  }
  CHECK(entry.log.find<model::Retire>().size() == 2);
  CHECK(entry.reason_without_data() == "CERTIFICATE_PART_SPARE");
}
