// What the proved parts say together: from the retirement back to the measurements.
#include "verifier/certificate.h"

#include <algorithm>
#include <array>

#include "ledger/codec/methodology_codec.h"
#include "ledger/methodology/engine.h"
#include "ledger/state/issuance.h"
#include "verifier/certificate_parts.h"

namespace mrv::verifier {
namespace {

Error broken(std::string what) { return {"CERTIFICATE_LINK_BROKEN", std::move(what), {}}; }

std::string number(std::int64_t value) { return std::to_string(value); }

class Judge {
 public:
  Judge(const CertificateParts& parts, const CertificateOptions& options)
      : parts_(parts), options_(options) {}

  Result<std::vector<std::string>> judge() {
    const auto& id = parts_.certificate.retirement.id;
    MRV_TRY(retirement_,
            parts_.row<model::RetirementRow>(codec::retirement_key(id), "the retirement"));
    MRV_CHECK(check_retirement());
    for (const auto& range : retirement_.serials) MRV_CHECK(check_range(range));
    MRV_CHECK(check_summary());
    return std::move(recomputations_);
  }

 private:
  // The act took effect at `effect`: there itself, or by the approvals that its proposal counts.
  Status check_effect(const ProvedAct& act, EntryIndex effect, const char* what) {
    if (act.index == effect) return {};
    MRV_TRY(const auto proposal,
            parts_.row<model::ProposalRow>(
                codec::proposal_key(model::ProposalId::of(act.act.digest)), what));
    const bool settled = proposal.state == model::ProposalState::approved &&
                         proposal.settled == effect && proposal.digest == act.act.digest &&
                         proposal.entry == act.index;
    if (!settled) return broken(std::string(what) + " was not approved at that entry");
    for (const auto& approval : proposal.approvals) {
      const bool shown =
          std::any_of(parts_.acts.begin(), parts_.acts.end(), [&](const ProvedAct& candidate) {
            const auto* body = std::get_if<model::Approve>(&candidate.act.act.body);
            return body != nullptr && candidate.index == approval.entry &&
                   body->digest == act.act.digest && candidate.act.act.signer == approval.key &&
                   candidate.act.act.party == act.act.act.party;
          });
      if (!shown) {
        return Error{"CERTIFICATE_PART_MISSING", std::string("an approval of ") + what, "/entries"};
      }
    }
    if (static_cast<std::int64_t>(proposal.approvals.size()) < proposal.needed) {
      return broken(std::string(what) + " has too few approvals");
    }
    return {};
  }

  Status check_retirement() {
    MRV_TRY(const ProvedAct* const act,
            parts_.act<model::Retire>(retirement_.id.bytes, "the retirement"));
    MRV_CHECK(check_effect(*act, retirement_.entry, "the retirement"));
    const auto& body = std::get<model::Retire>(act->act.act.body);
    const bool same = act->act.act.party == retirement_.holder && body.beneficiary &&
                      same_beneficiary(*body.beneficiary, retirement_.beneficiary) &&
                      body.purpose == retirement_.purpose &&
                      body.statement == retirement_.statement;
    if (!same) return broken("the retirement's row says other things than its entry");
    Units sum = 0;
    for (const auto& range : retirement_.serials) sum += range.last - range.first + 1;
    if (sum != retirement_.quantity) return broken("the retired serials are not the quantity");
    recorded_at_ = act->entry.recorded_at;
    for (const auto& other : parts_.acts) {
      if (other.index == retirement_.entry) recorded_at_ = other.entry.recorded_at;
    }
    return {};
  }

  static bool same_beneficiary(const model::Beneficiary& a, const model::Beneficiary& b) {
    if (a.commitment != b.commitment) return false;
    if (a.organisation.has_value() != b.organisation.has_value()) return false;
    if (!a.organisation) return true;
    return a.organisation->name == b.organisation->name &&
           a.organisation->country == b.organisation->country &&
           a.organisation->lei == b.organisation->lei &&
           a.organisation->uscc == b.organisation->uscc;
  }

  // Exactly these serials are retired by exactly this retirement.
  Status check_range(const model::SerialRange& range) {
    bool retired = false;
    for (const auto& [key, value] : parts_.rows) {
      if (key.empty() || key[0] != model::SerialRow::kTag) continue;
      const auto run = codec::decode_row<model::SerialRow>(value);
      if (!run.ok()) return Error{"CERTIFICATE_ROW_NOT_PROVED", run.error().detail, "/state"};
      retired =
          retired || (run->batch == range.batch && run->first <= range.first &&
                      range.last <= run->last && run->state == model::UnitState::retired &&
                      run->holder == retirement_.holder && run->reference == retirement_.id.text());
    }
    if (!retired) return Error{"CERTIFICATE_PART_MISSING", "the row of retired serials", "/state"};
    MRV_TRY(const auto batch,
            parts_.row<model::BatchRow>(codec::batch_key(range.batch), "a batch"));
    if (range.first < 1 || range.last > batch.quantity - batch.buffer) {
      return broken("the serials lie outside what was issued to the developer");
    }
    MRV_CHECK(check_holders(range, batch));
    if (std::find(batches_.begin(), batches_.end(), batch.id) != batches_.end()) return {};
    batches_.push_back(batch.id);
    return check_batch(batch);
  }

  struct Segment {
    Units first = 0;
    Units last = 0;
    model::PartyId holder;
  };

  // One transfer over the segments: it takes only what its sender held.
  static Status move(const model::SerialRange& moved, const model::TransferRow& transfer,
                     std::vector<Segment>& segments) {
    std::vector<Segment> next;
    for (const Segment& segment : segments) {
      const Units first = std::max(segment.first, moved.first);
      const Units last = std::min(segment.last, moved.last);
      if (first > last) {
        next.push_back(segment);
        continue;
      }
      if (segment.holder != transfer.from) {
        return broken("transfer " + transfer.id.text() + " moves what its sender did not hold");
      }
      if (segment.first < first) next.push_back({segment.first, first - 1, segment.holder});
      next.push_back({first, last, transfer.to});
      if (last < segment.last) next.push_back({last + 1, segment.last, segment.holder});
    }
    segments = std::move(next);
    return {};
  }

  // From the developer to the one who retired, transfer by transfer.
  Status check_holders(const model::SerialRange& range, const model::BatchRow& batch) {
    std::map<EntryIndex, model::TransferRow> settled;
    for (const auto& [key, value] : parts_.rows) {
      if (key.empty() || key[0] != model::TransferRow::kTag) continue;
      auto transfer = codec::decode_row<model::TransferRow>(value);
      if (!transfer.ok()) {
        return Error{"CERTIFICATE_ROW_NOT_PROVED", transfer.error().detail, "/state"};
      }
      if (transfer->state != model::TransferState::settled || !transfer->settled) continue;
      MRV_CHECK(check_transfer(*transfer));
      const EntryIndex at = *transfer->settled;
      settled.emplace(at, *std::move(transfer));
    }
    std::vector<Segment> segments = {{range.first, range.last, batch.developer}};
    for (const auto& [entry, transfer] : settled) {
      if (entry >= retirement_.entry) continue;
      for (const auto& moved : transfer.serials) {
        if (moved.batch == range.batch) MRV_CHECK(move(moved, transfer, segments));
      }
    }
    const bool held = std::all_of(segments.begin(), segments.end(), [&](const Segment& segment) {
      return segment.holder == retirement_.holder;
    });
    return held ? Status()
                : Status(Error{"CERTIFICATE_PART_MISSING",
                               "a transfer between developer and holder", "/state"});
  }

  Status check_transfer(const model::TransferRow& transfer) {
    MRV_TRY(const ProvedAct* const act,
            parts_.act<model::Transfer>(transfer.id.bytes, "a transfer"));
    MRV_CHECK(check_effect(*act, transfer.entry, "a transfer"));
    const auto& body = std::get<model::Transfer>(act->act.act.body);
    if (act->act.act.party != transfer.from || body.to != transfer.to) {
      return broken("a transfer's row says other things than its entry");
    }
    const bool accepted =
        std::any_of(parts_.acts.begin(), parts_.acts.end(), [&](const ProvedAct& candidate) {
          const auto* acceptance = std::get_if<model::AcceptTransfer>(&candidate.act.act.body);
          return acceptance != nullptr && acceptance->transfer == transfer.id &&
                 candidate.index == transfer.settled && candidate.act.act.party == transfer.to;
        });
    return accepted ? Status()
                    : Status(Error{"CERTIFICATE_PART_MISSING", "the acceptance of a transfer",
                                   "/entries"});
  }

  Status check_batch(const model::BatchRow& batch) {
    const ProvedAct* issuance = nullptr;
    for (const auto& act : parts_.acts) {
      const auto* body = std::get_if<model::IssueCredits>(&act.act.act.body);
      const bool makes = body != nullptr && body->report == batch.report &&
                         state::batch_id_of(act.act.digest, batch.vintage) == batch.id;
      if (makes) issuance = &act;
    }
    if (issuance == nullptr) {
      return Error{"CERTIFICATE_PART_MISSING", "the entry of the issuance", "/entries"};
    }
    MRV_CHECK(check_effect(*issuance, batch.entry, "the issuance"));
    MRV_TRY(const auto report,
            parts_.row<model::ReportRow>(codec::report_key(batch.report), "the report"));
    MRV_TRY(const auto project,
            parts_.row<model::ProjectRow>(codec::project_key(batch.project), "the project"));
    if (report.project != project.id || project.developer != batch.developer ||
        project.programme != batch.programme) {
      return broken("batch, report and project do not belong together");
    }
    MRV_CHECK(check_project(project));
    MRV_CHECK(check_report(report, project, batch));
    return check_statements(report, project, batch);
  }

  Status check_project(const model::ProjectRow& project) {
    MRV_TRY(const ProvedAct* const act,
            parts_.act<model::SubmitProject>(project.id.bytes, "the project"));
    if (act->act.digest != project.digest || act->act.act.party != project.developer ||
        act->index != project.entry) {
      return broken("the project's row says other things than its entry");
    }
    for (const auto& candidate : parts_.acts) {
      const auto* body = std::get_if<model::RegisterProject>(&candidate.act.act.body);
      if (body == nullptr || body->project != project.id || !project.registered) continue;
      return check_effect(candidate, *project.registered, "the registration");
    }
    return Error{"CERTIFICATE_PART_MISSING", "the registration of the project", "/entries"};
  }

  // The claim was made by the developer, on the project's methodology, for enough.
  Status check_report(const model::ReportRow& report, const model::ProjectRow& project,
                      const model::BatchRow& batch) {
    MRV_TRY(const ProvedAct* const act,
            parts_.act<model::SubmitMonitoringReport>(report.id.bytes, "the report"));
    const auto& body = std::get<model::SubmitMonitoringReport>(act->act.act.body);
    const bool same = act->act.digest == report.digest && act->index == report.entry &&
                      act->act.act.party == project.developer && body.project == project.id &&
                      body.period == report.period && body.methodology == report.methodology &&
                      body.tables == report.tables && report.state == model::ReportState::issued;
    if (!same) return broken("the report's row says other things than its entry");
    const auto vintage =
        std::find_if(report.vintages.begin(), report.vintages.end(),
                     [&](const model::RecomputedVintage& v) { return v.year == batch.vintage; });
    if (vintage == report.vintages.end() || batch.quantity > vintage->claimed) {
      return Error{"CERTIFICATE_TONNES_DIFFER", "more was issued than the report claims", {}};
    }
    const bool claimed = std::any_of(
        body.claimed.begin(), body.claimed.end(), [&](const model::VintageQuantity& claim) {
          return claim.year == batch.vintage && claim.quantity == vintage->claimed;
        });
    if (!claimed) return broken("the report's row claims another quantity than its entry");
    return check_tonnes(report, body, *act);
  }

  // The entry's own result, and the calculation itself where its data are at hand.
  Status check_tonnes(const model::ReportRow& report, const model::SubmitMonitoringReport& body,
                      const ProvedAct& act) {
    if (!body.datasets.empty()) {
      const auto result = codec::decode_result(act.entry.result.value_or(""));
      if (!result.ok() || result->trace_digest != report.trace_digest ||
          result->methodology != report.methodology) {
        return Error{"CERTIFICATE_TONNES_DIFFER", "the entry's result is not the report's", {}};
      }
    }
    std::string missing;
    MRV_TRY(const auto calculation, recompute(report, body, missing));
    if (!calculation) {
      if (options_.require_recomputation) {
        return Error{"CERTIFICATE_NOT_RECOMPUTED", missing, {}};
      }
      recomputations_.push_back(report.id.text() + " not recomputed: " + missing);
      return {};
    }
    if (calculation->trace_digest != report.trace_digest) {
      return Error{"CERTIFICATE_TONNES_DIFFER", "recomputing gives another trace", {}};
    }
    for (std::size_t i = 0; i < calculation->years.size(); ++i) {
      const auto& year = calculation->years[i];
      MRV_TRY(const Rational exact, year.credited.times(scale_));
      const bool same = i < report.vintages.size() && report.vintages[i].year == year.year &&
                        report.vintages[i].exact == exact.text();
      if (!same) {
        return Error{"CERTIFICATE_TONNES_DIFFER", "recomputed: " + exact.text(), {}};
      }
    }
    recomputations_.push_back(report.id.text() + " recomputed");
    return {};
  }

  template <class Body>
  Result<const Body*> standard(const Hash& digest, const char* what) const {
    for (const auto& act : parts_.acts) {
      const auto* body = std::get_if<Body>(&act.act.act.body);
      if (body != nullptr && codec::standard_digest(body->document) == digest) return body;
    }
    return Error{"CERTIFICATE_PART_MISSING", std::string("the entry of ") + what, "/entries"};
  }

  Status check_activated(const Hash& digest) const {
    MRV_TRY(const auto row,
            parts_.row<model::StandardRow>(codec::standard_key(digest), "a standard"));
    return row.activated ? Status() : Status(broken("a standard was not active"));
  }

  Result<std::optional<methodology::Calculation>> recompute(
      const model::ReportRow& report, const model::SubmitMonitoringReport& body,
      std::string& missing) {
    MRV_TRY(const auto* const standard_act,
            standard<model::RegisterMethodology>(report.methodology, "the methodology"));
    MRV_CHECK(check_activated(report.methodology));
    MRV_TRY(const auto document, codec::decode_methodology(standard_act->document.canonical));
    MRV_TRY(const auto program, methodology::compile(document));
    scale_ = program.tonnes_per_unit;
    MRV_TRY(scale_, scale_.times(units_per_tonne()));
    std::vector<model::FactorTable> tables;
    for (const Hash& digest : report.tables) {
      MRV_TRY(const auto* const table_act,
              standard<model::RegisterFactorTable>(digest, "a factor table"));
      MRV_CHECK(check_activated(digest));
      MRV_TRY(auto table, codec::decode_factor_table(table_act->document.canonical));
      tables.push_back(std::move(table));
    }
    MRV_TRY(auto inputs, codec::decode_inputs(body.inputs));
    for (const auto& dataset : body.datasets) {
      const auto bytes = options_.datasets ? options_.datasets(dataset.digest) : std::nullopt;
      if (!bytes) {
        missing = "dataset " + dataset.name + " (" + to_hex(dataset.digest) + ") is not at hand";
        return std::optional<methodology::Calculation>();
      }
      for (const auto& parameter : program.parameters) {
        if (parameter.parameter.name != dataset.name) continue;
        MRV_TRY(inputs[dataset.name], codec::decode_dataset(parameter.parameter, *bytes));
      }
    }
    auto calculation = methodology::calculate(program, report.period, inputs, tables);
    if (!calculation.ok()) {
      return Error{
          "CERTIFICATE_TONNES_DIFFER", "recomputing fails: " + calculation.error().detail, {}};
    }
    return std::optional(*std::move(calculation));
  }

  [[nodiscard]] Rational units_per_tonne() const {
    constexpr std::array<std::int64_t, 3> kUnits = {1, 1'000, 1'000'000};
    return Rational(kUnits.at(static_cast<std::size_t>(parts_.certificate.retirement.unit)));
  }

  // Every standing statement, by accredited bodies, none below what was issued, enough of them.
  Status check_statements(const model::ReportRow& report, const model::ProjectRow& project,
                          const model::BatchRow& batch) {
    MRV_TRY(const auto programme, parts_.row<model::ProgrammeRow>(
                                      codec::programme_key(project.programme), "the programme"));
    if (programme.unit != parts_.certificate.retirement.unit) {
      return Error{"CERTIFICATE_SUMMARY_DIFFERS", "the unit is the programme's", "/retirement"};
    }
    const auto policy = std::find_if(
        programme.policies.begin(), programme.policies.end(),
        [&](const model::PolicyVersion& version) { return version.in_force.covers(batch.entry); });
    if (policy == programme.policies.end()) return broken("no policy was in force");
    std::vector<model::PartyRow> bodies;
    for (const auto& id : report.statements) {
      MRV_CHECK(check_statement(id, report, batch, policy->policy, bodies));
    }
    if (static_cast<std::int64_t>(bodies.size()) < policy->policy.statements_min) {
      return broken("too few independent statements: " + number(std::ssize(bodies)));
    }
    return {};
  }

  Status check_statement(const model::StatementId& id, const model::ReportRow& report,
                         const model::BatchRow& batch, const model::ProgrammePolicy& policy,
                         std::vector<model::PartyRow>& bodies) {
    MRV_TRY(const auto row,
            parts_.row<model::StatementRow>(codec::statement_key(id), "a statement"));
    MRV_TRY(const ProvedAct* const act,
            parts_.act<model::SubmitVerificationStatement>(id.bytes, "a statement"));
    const auto& body = std::get<model::SubmitVerificationStatement>(act->act.act.body);
    const bool same = act->act.act.party == row.vvb && body.report == report.id &&
                      body.digest == report.digest && body.opinion == row.opinion &&
                      body.verified == row.verified && act->index == row.entry;
    if (!same) return broken("a statement's row says other things than its entry");
    const auto& accepted = policy.accepted_opinions;
    if (std::find(accepted.begin(), accepted.end(), row.opinion) == accepted.end()) {
      return broken("a statement's opinion does not allow issuance");
    }
    for (const auto& verified : row.verified) {
      if (verified.year == batch.vintage && verified.quantity < batch.quantity) {
        return Error{"CERTIFICATE_TONNES_DIFFER", "more was issued than was verified", {}};
      }
    }
    MRV_TRY(const auto accreditation, parts_.row<model::AccreditationRow>(
                                          codec::accreditation_key(row.vvb), "an accreditation"));
    const bool accredited =
        std::any_of(accreditation.accreditations.begin(), accreditation.accreditations.end(),
                    [&](const model::Accreditation& a) {
                      return a.in_force.covers(act->index) && a.from <= act->entry.recorded_at &&
                             act->entry.recorded_at < a.until;
                    });
    if (!accredited) return broken("a verification body was not accredited then");
    MRV_TRY(auto party, parts_.row<model::PartyRow>(codec::party_key(row.vvb), "a party"));
    const bool independent = std::none_of(bodies.begin(), bodies.end(), [&](const auto& other) {
      const auto names = [](const model::PartyRow& a, const model::PartyRow& b) {
        return std::find(a.affiliates.begin(), a.affiliates.end(), b.id) != a.affiliates.end();
      };
      return other.id == party.id || names(other, party) || names(party, other);
    });
    if (independent) bodies.push_back(std::move(party));
    return {};
  }

  // The summary says nothing that the rows do not.
  Status check_summary() {
    const auto& summary = parts_.certificate.retirement;
    MRV_TRY(const auto holder,
            parts_.row<model::PartyRow>(codec::party_key(retirement_.holder), "the holder"));
    std::vector<codec::CertificateSerials> serials;
    for (const auto& range : retirement_.serials) {
      MRV_TRY(const auto batch,
              parts_.row<model::BatchRow>(codec::batch_key(range.batch), "a batch"));
      serials.push_back({batch.prefix, range.first, range.last});
    }
    const bool same = summary.holder == retirement_.holder && summary.holder_name == holder.name &&
                      summary.quantity == retirement_.quantity && summary.serials == serials &&
                      same_beneficiary(summary.beneficiary, retirement_.beneficiary) &&
                      summary.purpose == retirement_.purpose &&
                      summary.statement == retirement_.statement &&
                      summary.recorded_at == recorded_at_;
    if (same) return {};
    return Error{"CERTIFICATE_SUMMARY_DIFFERS", "the summary says more than the ledger",
                 "/retirement"};
  }

  const CertificateParts& parts_;
  const CertificateOptions& options_;
  model::RetirementRow retirement_;
  TimestampMs recorded_at_;
  Rational scale_;
  std::vector<model::BatchId> batches_;
  std::vector<std::string> recomputations_;
};

}  // namespace

Result<CertificateVerdict> verify_certificate(const Policy& policy, std::string_view text,
                                              const CertificateOptions& options) {
  MRV_TRY(const auto parts, prove_parts(policy, text));
  MRV_TRY(auto recomputations, Judge(parts, options).judge());
  return CertificateVerdict{parts.certificate.retirement, parts.checkpoint, parts.acts.size(),
                            parts.rows.size(), std::move(recomputations)};
}

}  // namespace mrv::verifier
