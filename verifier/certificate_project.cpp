// Playing a project's changes once more, in the order of the entries where they took effect.
#include "verifier/certificate_project.h"

#include <algorithm>
#include <functional>
#include <map>

#include "ledger/state/project_amendments.h"
#include "ledger/state/project_changes.h"
#include "verifier/certificate_authority.h"
#include "verifier/certificate_vvb.h"

namespace mrv::verifier {
namespace {

using model::GovernedAct;
using model::ProjectState;

constexpr const char* kAmendment = "an amendment";

class ProjectReplay {
 public:
  ProjectReplay(CertificateParts& parts, const model::ProjectRow& row,
                const model::ProgrammeRow& programme)
      : parts_(parts), row_(row), programme_(programme), project_(row) {}

  Result<ProjectHistory> run() {
    MRV_CHECK(submit());
    MRV_CHECK(find_changes());
    for (const auto& [entry, change] : changes_) MRV_CHECK(change());
    // Suspensions and withdrawals are of no entry here; the lists are what was played.
    project_.state = row_.state;
    project_.amendments = row_.amendments;
    project_.former_developers = row_.former_developers;
    project_.changes = row_.changes;
    MRV_CHECK(check_same(row_, project_, "the project"));
    return std::move(history_);
  }

 private:
  Status at(EntryIndex entry, std::function<Status()> change) {
    if (entry <= row_.entry) return broken("a change of the project is older than it is");
    const bool is_new = changes_.emplace(entry, std::move(change)).second;
    return is_new ? Status() : Status(broken("two changes of the project at one entry"));
  }

  // Everything that the row says to have changed it.
  Status find_changes() {
    if (row_.validated) MRV_CHECK(at(*row_.validated, [this] { return validate(); }));
    if (row_.registered) MRV_CHECK(at(*row_.registered, [this] { return enter(); }));
    for (const auto& effect : row_.amendments.value_or(std::vector<model::AmendmentEffect>{})) {
      MRV_CHECK(at(effect.entry, [this, effect] { return amend(effect); }));
    }
    const auto sellers = row_.former_developers.value_or(std::vector<model::FormerDeveloper>{});
    for (std::size_t i = 0; i < sellers.size(); ++i) {
      MRV_CHECK(at(sellers[i].until, [this, i] { return hand_over(i); }));
    }
    for (const auto& change : row_.changes.value_or(std::vector<model::StateChange>{})) {
      if (change.state != ProjectState::completed) continue;
      MRV_CHECK(at(change.entry, [this, change] { return complete(change); }));
    }
    return {};
  }

  void keep(EntryIndex asked, EntryIndex entry) { history_.add({asked, entry, project_}); }

  // With as many approvals as the programme asked of such an act where it took effect.
  Status check_approved(const ProvedAct& act, EntryIndex effect, GovernedAct governed,
                        const std::string& what, std::int64_t usual = 0) {
    MRV_TRY(const auto needed,
            programme_approvals(parts_, programme_, governed, effect, what, usual));
    return check_effect(parts_, act, effect, needed, what);
  }

  // The act on this project that took effect at the entry.
  template <class Body>
  Result<const ProvedAct*> act_at(EntryIndex effect, GovernedAct governed, const std::string& what,
                                  std::int64_t usual = 0) {
    MRV_TRY(const ProvedAct* const act,
            parts_.find<Body>(what, [&](const auto& proved, const Body& body) {
              return body.project == row_.id && takes_effect_at(parts_, proved, effect);
            }));
    MRV_CHECK(check_approved(*act, effect, governed, what, usual));
    return act;
  }

  Status submit() {
    const std::string what = "the project";
    MRV_TRY(const ProvedAct* const act, parts_.act<model::SubmitProject>(row_.id.bytes, what));
    MRV_CHECK(check_approved(*act, row_.entry, GovernedAct::submit_project, what));
    begin(*act, std::get<model::SubmitProject>(act->act.act.body));
    keep(row_.entry, row_.entry);
    return programme_.entry < row_.entry ? Status()
                                         : Status(broken("the project has no programme"));
  }

  void begin(const ProvedAct& act, const model::SubmitProject& body) {
    project_.digest = act.act.digest;
    project_.developer = act.act.act.party.value_or(model::PartyId{});
    project_.programme = body.programme;
    project_.methodology = body.methodology;
    project_.activity_type = body.activity_type;
    project_.sector = body.sector;
    project_.name = body.name;
    project_.country = body.country;
    project_.boundary_digest = body.boundary_digest;
    project_.crediting_period = body.crediting_period;
    project_.capacity_per_year = body.capacity_per_year;
    project_.document_kinds = state::kinds_of(body.manifest);
    project_.listings = body.listings;
    project_.shares_boundary_with = body.shares_boundary_with;
    project_.state = ProjectState::submitted;
    project_.code.reset();
    project_.document.reset();
    project_.methodologies.reset();
    project_.renewals.reset();
    forget_lists();
  }

  // Long ones in every step of a long life would fill the memory.
  void forget_lists() {
    project_.amendments.reset();
    project_.former_developers.reset();
    project_.changes.reset();
  }

  // A positive opinion on exactly this document, by a body that might judge `project`.
  Status check_opinion(EntryIndex effect, const Hash& document,
                       const std::optional<model::PartyId>& validator,
                       const model::ProjectRow& project, const std::string& what) {
    MRV_TRY(const ProvedAct* const act,
            act_at<model::ValidateProject>(effect, GovernedAct::validate_project, what));
    const auto& body = std::get<model::ValidateProject>(act->act.act.body);
    const bool positive = model::is_positive(body.opinion);
    const bool right = positive && body.digest == document && validator.has_value() &&
                       act->act.act.party == validator;
    if (!right) return broken(what + " is of something else");
    return check_vvb(parts_, project, *validator, *parts_.at(effect));
  }

  Status validate() {
    MRV_CHECK(check_opinion(*row_.validated, project_.document.value_or(project_.digest),
                            row_.validator, project_, "the validation of the project"));
    project_.state = ProjectState::validated;
    history_.add_validator(*row_.validator, *row_.validated);
    keep(*row_.validated, *row_.validated);
    return {};
  }

  Status enter() {
    MRV_TRY(const ProvedAct* const act,
            act_at<model::RegisterProject>(*row_.registered, GovernedAct::register_project,
                                           "the registration of the project", kRegistryApprovals));
    if (project_.state != ProjectState::validated) {
      return broken("the project was registered as nobody had validated it");
    }
    project_.state = ProjectState::registered;
    project_.code = std::get<model::RegisterProject>(act->act.act.body).code;
    keep(*row_.registered, *row_.registered);
    return {};
  }

  Result<const ProvedAct*> amending_act(const model::AmendmentId& id) {
    auto act = parts_.act<model::AmendProject>(id.bytes, kAmendment);
    return act.ok() ? act : parts_.act<model::RenewCreditingPeriod>(id.bytes, kAmendment);
  }

  // What the act changes of the project as its entry finds it.
  Result<model::AmendmentRow> changes_by(const ProvedAct& act, EntryIndex effect) {
    const auto& body = act.act.act.body;
    if (const auto* const renewal = std::get_if<model::RenewCreditingPeriod>(&body)) {
      return changes_by(act, *renewal, GovernedAct::renew_crediting_period, effect);
    }
    return changes_by(act, std::get<model::AmendProject>(body), GovernedAct::amend_project, effect);
  }

  template <class Body>
  Result<model::AmendmentRow> changes_by(const ProvedAct& act, const Body& body,
                                         GovernedAct governed, EntryIndex effect) {
    MRV_TRY(const auto then, history_.before(effect));
    if (body.project != row_.id) return broken("an amendment is of another project");
    if (act.act.act.party != then.developer) {
      return broken("an amendment is not by the project's developer");
    }
    MRV_CHECK(check_approved(act, effect, governed, kAmendment));
    return state::changes_of(then, body);
  }

  Status amend(const model::AmendmentEffect& effect) {
    if (project_.state == ProjectState::completed) {
      return broken("an amendment is of a completed project");
    }
    MRV_TRY(const ProvedAct* const act, amending_act(effect.id));
    const Bytes key = codec::amendment_key(effect.id);
    if (parts_.rows().contains(key)) return accept(effect, *act, key);
    MRV_TRY(const auto changes, changes_by(*act, effect.entry));
    if (state::needs_validation(changes) || changes.crediting_to) {
      // Before registration what was examined is examined anew.
      const bool may = project_.state != ProjectState::registered && !changes.crediting_to;
      if (!may) return broken("an amendment took effect without validation");
      project_.state = ProjectState::submitted;
    }
    apply(*act, changes, effect.entry, effect.entry);
    return {};
  }

  void apply(const ProvedAct& act, const model::AmendmentRow& changes, EntryIndex asked,
             EntryIndex entry) {
    state::apply_amendment(project_, changes);
    project_.document = act.act.digest;
    keep(asked, entry);
  }

  // An amendment of a registered project that was validated and accepted.
  Status accept(const model::AmendmentEffect& effect, const ProvedAct& act, const Bytes& key) {
    MRV_TRY(const auto row, parts_.row<model::AmendmentRow>(key, kAmendment));
    const bool in_order = project_.state == ProjectState::registered && row.validated &&
                          row.entry < *row.validated && *row.validated < effect.entry;
    if (!in_order) return broken("an amendment took effect without validation");
    MRV_TRY(const auto changes, changes_by(act, row.entry));
    auto expected = changes;
    expected.id = effect.id;
    expected.entry = row.entry;
    expected.digest = act.act.digest;
    expected.state = model::AmendmentState::accepted;
    expected.validator = row.validator;
    expected.validated = row.validated;
    expected.settled = effect.entry;
    MRV_CHECK(check_same(row, expected, kAmendment));
    MRV_TRY(auto after, history_.before(*row.validated));
    state::apply_amendment(after, changes);
    MRV_CHECK(check_opinion(*row.validated, row.digest, row.validator, after,
                            "the validation of an amendment"));
    MRV_CHECK(check_acceptance(effect));
    history_.add_validator(*row.validator, effect.entry);
    apply(act, changes, row.entry, effect.entry);
    return {};
  }

  Status check_acceptance(const model::AmendmentEffect& effect) {
    const std::string what = "the acceptance of an amendment";
    MRV_TRY(const ProvedAct* const act,
            parts_.find<model::AcceptAmendment>(what, [&](const auto& proved, const auto& body) {
              return body.amendment == effect.id && takes_effect_at(parts_, proved, effect.entry);
            }));
    return check_approved(*act, effect.entry, GovernedAct::accept_amendment, what,
                          kRegistryApprovals);
  }

  // Offered by the developer of that time since it had the project, and taken by the one to whom.
  Status hand_over(std::size_t nth) {
    const auto& sellers = *row_.former_developers;
    const auto& seller = sellers[nth];
    const auto& buyer = nth + 1 < sellers.size() ? sellers[nth + 1].party : row_.developer;
    MRV_TRY(const ProvedAct* const offer,
            act_at<model::TransferProject>(seller.offered, GovernedAct::transfer_project,
                                           "the offer of the project"));
    MRV_TRY(const ProvedAct* const taken,
            act_at<model::AcceptProject>(seller.until, GovernedAct::accept_project,
                                         "the acceptance of the project"));
    const EntryIndex since = nth == 0 ? row_.entry : sellers[nth - 1].until;
    const bool right = project_.developer == seller.party && since < seller.offered &&
                       seller.offered < seller.until && offer->act.act.party == seller.party &&
                       std::get<model::TransferProject>(offer->act.act.body).to == buyer &&
                       taken->act.act.party == buyer;
    if (!right) return broken("the project was not handed over as it says");
    project_.developer = buyer;
    keep(seller.until, seller.until);
    return {};
  }

  Status complete(const model::StateChange& change) {
    MRV_TRY(const ProvedAct* const act,
            act_at<model::CompleteProject>(change.entry, GovernedAct::complete_project,
                                           "the completion of the project"));
    const auto& body = std::get<model::CompleteProject>(act->act.act.body);
    const bool right =
        project_.state == ProjectState::registered && act->act.act.party == project_.developer &&
        change.actor == project_.developer && change.reason == body.reason &&
        project_.crediting_period.from < body.until && body.until <= project_.crediting_period.to;
    if (!right) return broken("the project was not completed as it says");
    project_.crediting_period.to = body.until;
    project_.state = ProjectState::completed;
    keep(change.entry, change.entry);
    return {};
  }

  CertificateParts& parts_;
  const model::ProjectRow& row_;
  const model::ProgrammeRow& programme_;
  model::ProjectRow project_;  // as it is so far
  std::map<EntryIndex, std::function<Status()>> changes_;
  ProjectHistory history_;
};

}  // namespace

Result<model::ProjectRow> ProjectHistory::before(EntryIndex entry) const {
  const auto after = std::lower_bound(
      steps_.begin(), steps_.end(), entry,
      [](const ProjectStep& step, EntryIndex wanted) { return step.entry < wanted; });
  if (after == steps_.begin()) return broken("an act on the project is older than it is");
  return std::prev(after)->project;
}

Result<EntryIndex> ProjectHistory::asked_for(const Hash& methodology) const {
  for (const auto& step : steps_) {
    if (step.project.methodology == methodology) return step.asked;
  }
  return broken("the methodology was never the project's");
}

bool ProjectHistory::validated_by(const model::PartyId& body, EntryIndex entry) const {
  return std::any_of(validators_.begin(), validators_.end(), [&](const auto& validator) {
    return validator.first == body && validator.second < entry;
  });
}

Result<ProjectHistory> prove_project(CertificateParts& parts, const model::ProjectRow& row,
                                     const model::ProgrammeRow& programme) {
  return ProjectReplay(parts, row, programme).run();
}

}  // namespace mrv::verifier
