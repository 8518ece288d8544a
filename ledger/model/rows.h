// The rows of the registry's state: what the state map commits to and what `state` reads and
// writes.
//
// Tags are stored, do not change; a retired number stays as a comment. Row keys are built in
// ledger/codec/row_key.h. Authority rows (Ledger, Party, Key, Accreditation, Programme) keep their
// whole past as half-open intervals [from, until) of entry indexes: an act at entry i takes effect
// at i + 1. Members that rules version 2 brought are optional, so that rows of version 1 keep their
// bytes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/account_rows.h"
#include "ledger/model/act.h"
#include "ledger/model/finding_rows.h"
#include "ledger/model/holding_rows.h"
#include "ledger/model/integrity_rows.h"
#include "ledger/model/project_rows.h"
#include "ledger/model/row_parts.h"

namespace mrv::model {

// Rows with a tag below this one are committed by the state map; from it on they are indexes:
// derived, written in the same batch, never proved.
inline constexpr std::uint8_t kFirstIndexTag = 0x80;

struct GovernanceSeat {
  KeyBytes key;
  Hash person{};
  Interval in_force;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("key", t.key, None{});
    v.field("person", t.person, None{});
    v.field("inForce", t.in_force, None{});
  }
};

// A log key and the entry that announced it: Genesis (of version 2 or later) or SucceedLogKey.
struct LogKeySuccession {
  EntryIndex entry;
  std::string vkey;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("entry", t.entry, None{});
    v.field("vkey", t.vkey, Text{1, kNameBytesMax});
  }
};

// How many seats stand behind an act, from an entry on.
struct ThresholdFrom {
  EntryIndex from;
  std::int64_t threshold = 1;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("from", t.from, None{});
    v.field("threshold", t.threshold, Range{1, kGovernanceKeysMax});
  }
};

struct LedgerRow {
  static constexpr std::uint8_t kTag = 0x01;
  std::string origin;
  std::string registry_code;
  std::int64_t threshold = 1;
  std::vector<GovernanceSeat> governance;
  std::vector<std::string> foreign_registries;
  Delays delays;
  std::int64_t validity_seconds_max = 0;
  std::int64_t rules_version = kRulesVersionLatest;
  Hash genesis_digest{};
  std::vector<KeyBytes> founders;                    // governance keys that stand behind Genesis
  std::optional<EntryIndex> founded = std::nullopt;  // the entry that completed the founding quorum
  std::optional<TimestampMs> rules_since = std::nullopt;  // when version 1 ended, if it was
  std::optional<std::vector<LogKeySuccession>> log_keys = std::nullopt;
  // Once it has changed: every value `threshold` ever had.
  std::optional<std::vector<ThresholdFrom>> thresholds = std::nullopt;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("origin", t.origin, Text{1, kOriginBytesMax});
    v.field("registryCode", t.registry_code, Code{1, 12});
    v.field("threshold", t.threshold, Range{1, kGovernanceKeysMax});
    v.field("governance", t.governance, Count{1, kGovernanceKeysMax * 8});
    v.field("foreignRegistries", t.foreign_registries, Count{0, kForeignRegistriesMax});
    v.field("delays", t.delays, None{});
    v.field("validitySecondsMax", t.validity_seconds_max, Range{60, kDelaySecondsMax});
    v.field("rulesVersion", t.rules_version, Range{kRulesVersionFirst, kRulesVersionLatest});
    v.field("genesisDigest", t.genesis_digest, None{});
    v.field("founders", t.founders, Count{1, kGovernanceKeysMax});
    v.field("founded", t.founded, None{});
    v.field("rulesSince", t.rules_since, None{});
    v.field("logKeys", t.log_keys, Count{1, kRowVersionsMax});
    v.field("thresholds", t.thresholds, Count{2, kRowVersionsMax});
  }
};

// What a party was, from one entry to the next change.
struct Standing {
  Interval in_force;
  PartyStatus status = PartyStatus::applied;
  std::vector<Role> roles;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("inForce", t.in_force, None{});
    v.field("status", t.status, None{});
    v.field("roles", t.roles, Count{0, EnumNames<Role>::kCount});
  }
};

// An affiliate, and in which entries it was one.
struct Affiliation {
  PartyId party;
  Interval in_force;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, None{});
    v.field("inForce", t.in_force, None{});
  }
};

struct PartyRow {
  static constexpr std::uint8_t kTag = 0x02;
  PartyId id;
  EntryIndex entry;
  Name name;
  PartyKind kind = PartyKind::organisation;
  std::string country;
  std::optional<std::string> lei;
  std::optional<std::string> uscc;
  std::vector<PartyId> affiliates;
  std::vector<Role> wanted;
  std::vector<Standing> standings;  // the last one is in force
  std::vector<KeyBytes> keys;       // every key ever bound, in order; none of a sub-account
  std::optional<PartyId> owner = std::nullopt;  // of a sub-account
  std::optional<PartyId> merged_into = std::nullopt;
  // Every change of `affiliates` since rules version 5; one not named here is as old as the row.
  std::optional<std::vector<Affiliation>> affiliations = std::nullopt;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("name", t.name, None{});
    v.field("kind", t.kind, None{});
    v.field("country", t.country, Code{2, 2});
    v.field("lei", t.lei, Code{20, 20});
    v.field("uscc", t.uscc, Code{18, 18});
    v.field("affiliates", t.affiliates, Count{0, kAffiliatesMax});
    v.field("wanted", t.wanted, Count{0, EnumNames<Role>::kCount});
    v.field("standings", t.standings, Count{1, 4'096});
    v.field("keys", t.keys, Count{0, kKeysPerPartyMax});
    v.field("owner", t.owner, None{});
    v.field("mergedInto", t.merged_into, None{});
    v.field("affiliations", t.affiliations, Count{1, kRowVersionsMax});
  }
};

// One key, one party, for ever; what it may do changes only by closing the interval.
struct KeyRow {
  static constexpr std::uint8_t kTag = 0x03;
  KeyBytes key;
  PartyId party;
  Hash person{};
  std::vector<KeyPurpose> purposes;
  Interval bound;
  TimestampMs bound_at;
  bool self_added = false;  // added by its own party: moves units only after the ledger's delay
  std::optional<TimestampMs> usable_from;  // bound by governance for a party: signs nothing before
  std::optional<RevocationReason> revoked_for;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("key", t.key, None{});
    v.field("party", t.party, None{});
    v.field("person", t.person, None{});
    v.field("purposes", t.purposes, Count{1, EnumNames<KeyPurpose>::kCount});
    v.field("bound", t.bound, None{});
    v.field("boundAt", t.bound_at, None{});
    v.field("selfAdded", t.self_added, None{});
    v.field("usableFrom", t.usable_from, None{});
    v.field("revokedFor", t.revoked_for, None{});
  }
};

MRV_ENUM(ProposalState, 5, open, approved, rejected, withdrawn, revoked)

// `party`: the other party whose consent it is; absent for the proposer's own and for governance.
struct CountedApproval {
  KeyBytes key;
  Hash person{};
  EntryIndex entry;
  std::optional<PartyId> party = std::nullopt;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("key", t.key, None{});
    v.field("person", t.person, None{});
    v.field("entry", t.entry, None{});
    v.field("party", t.party, None{});
  }
};

// An act that waits for approval. It changed nothing and reserves nothing. `by_governance`:
// approvals come from governance seats; otherwise from `approve` keys of `approver` (the proposer's
// own party).
struct ProposalRow {
  static constexpr std::uint8_t kTag = 0x04;
  ProposalId id;
  EntryIndex entry;
  Hash digest{};
  RawJson document;
  KeyBytes signer;
  std::optional<PartyId> party = std::nullopt;
  bool by_governance = false;
  std::int64_t needed = 0;  // approvals beside the signature and the consents
  std::optional<std::vector<PartyId>> consents =
      std::nullopt;  // other parties that must approve, one key each
  std::vector<CountedApproval> approvals;
  TimestampMs expires;
  ProposalState state = ProposalState::open;
  std::optional<EntryIndex> settled;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("digest", t.digest, None{});
    v.field("document", t.document, None{});
    v.field("signer", t.signer, None{});
    v.field("party", t.party, None{});
    v.field("byGovernance", t.by_governance, None{});
    v.field("needed", t.needed, Range{0, kGovernanceKeysMax});
    v.field("consents", t.consents, Count{1, kApprovalsMax});
    v.field("approvals", t.approvals, Count{0, kGovernanceKeysMax});
    v.field("expires", t.expires, None{});
    v.field("state", t.state, None{});
    v.field("settled", t.settled, None{});
  }
};

struct Accreditation {
  Interval in_force;
  std::vector<AccreditationScope> scopes;
  TimestampMs from;
  TimestampMs until;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("inForce", t.in_force, None{});
    v.field("scopes", t.scopes, Count{1, kScopesMax});
    v.field("from", t.from, None{});
    v.field("until", t.until, None{});
  }
};

struct AccreditationRow {
  static constexpr std::uint8_t kTag = 0x05;
  PartyId party;
  std::vector<Accreditation> accreditations;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("party", t.party, None{});
    v.field("accreditations", t.accreditations, Count{1, 1'024});
  }
};

// `effective_from`: an amendment, which holds for acts recorded from then on.
struct PolicyVersion {
  Interval in_force;
  ProgrammePolicy policy;
  std::optional<TimestampMs> effective_from = std::nullopt;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("inForce", t.in_force, None{});
    v.field("policy", t.policy, None{});
    v.field("effectiveFrom", t.effective_from, None{});
  }
};

struct ProgrammeRow {
  static constexpr std::uint8_t kTag = 0x06;
  ProgrammeId id;
  EntryIndex entry;
  std::string code;
  Name name;
  AmountUnit unit = AmountUnit::t;
  std::vector<PolicyVersion> policies;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("code", t.code, Code{1, 12});
    v.field("name", t.name, None{});
    v.field("unit", t.unit, None{});
    v.field("policies", t.policies, Count{1, 1'024});
  }
};

// A code given once inside its space (programme codes; project codes of a programme).
struct CodeRow {
  static constexpr std::uint8_t kTag = 0x07;
  std::string space;  // "programme" or the programme's id
  std::string code;
  std::string target;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("space", t.space, Text{1, 64});
    v.field("code", t.code, Code{1, 12});
    v.field("target", t.target, Text{1, 64});
  }
};

// A registered methodology or factor table; the document itself is the entry `entry`.
struct StandardRow {
  static constexpr std::uint8_t kTag = 0x08;
  Hash digest{};
  EntryIndex entry;
  bool is_table = false;
  std::string name;  // methodology id or table series
  std::string version;
  RawJson document;
  std::optional<PartyId> party;  // who registered it
  TimestampMs registered_at;
  std::optional<EntryIndex> activated;
  std::optional<Day> last_period_end;  // retired: the last monitoring period end accepted
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("digest", t.digest, None{});
    v.field("entry", t.entry, None{});
    v.field("isTable", t.is_table, None{});
    v.field("name", t.name, Text{1, 128});
    v.field("version", t.version, Text{1, 64});
    v.field("document", t.document, None{});
    v.field("party", t.party, None{});
    v.field("registeredAt", t.registered_at, None{});
    v.field("activated", t.activated, None{});
    v.field("lastPeriodEnd", t.last_period_end, None{});
  }
};

// How many issued periods in a row a VVB has verified.
struct VerifierRun {
  PartyId vvb;
  std::int64_t periods = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("vvb", t.vvb, None{});
    v.field("periods", t.periods, Range{1, 1'000'000});
  }
};

struct ProjectRow {
  static constexpr std::uint8_t kTag = 0x09;
  ProjectId id;
  EntryIndex entry;
  Hash digest{};
  PartyId developer;
  ProgrammeId programme;
  Hash methodology{};
  std::string activity_type;
  std::string sector;
  Name name;
  std::string country;
  Hash boundary_digest{};
  Period crediting_period;
  Units capacity_per_year = 0;
  std::vector<std::string> document_kinds;
  std::vector<ForeignListing> listings;  // as declared
  ProjectState state = ProjectState::submitted;
  std::optional<PartyId> validator;
  std::optional<EntryIndex> validated;
  std::optional<std::string> code;
  std::optional<EntryIndex> registered;
  std::vector<ReportId> live_reports;  // accepted; not issued, superseded or withdrawn
  std::optional<Day> issued_until;     // end of the last issued report
  std::int64_t issuances = 0;
  std::string deficit = "0";                    // exact rational p/q (domain.md 5)
  std::vector<VerifierRun> verifier_runs;       // of the last issued report, for rotation
  std::optional<Hash> document = std::nullopt;  // the amendment to be examined in place of `digest`
  std::optional<std::vector<ProjectId>> shares_boundary_with = std::nullopt;
  std::optional<Listing> listing = std::nullopt;
  std::optional<std::vector<MethodologyFrom>> methodologies =
      std::nullopt;                                     // after changes: ascending, complete
  std::optional<AmendmentId> amendment = std::nullopt;  // waiting or validated
  std::optional<PartyId> offered_to = std::nullopt;
  std::optional<EntryIndex> offered = std::nullopt;  // the entry of that offer
  std::optional<std::vector<FormerDeveloper>> former_developers = std::nullopt;
  std::optional<std::vector<AmendmentEffect>> amendments = std::nullopt;  // that took effect
  std::optional<std::int64_t> renewals = std::nullopt;
  std::optional<Units> reversed = std::nullopt;  // units lost by reversals
  std::optional<std::vector<StateChange>> changes = std::nullopt;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("digest", t.digest, None{});
    v.field("developer", t.developer, None{});
    v.field("programme", t.programme, None{});
    v.field("methodology", t.methodology, None{});
    v.field("activityType", t.activity_type, Text{1, 128});
    v.field("sector", t.sector, Text{1, kNameBytesMax});
    v.field("name", t.name, None{});
    v.field("country", t.country, Code{2, 2});
    v.field("boundaryDigest", t.boundary_digest, None{});
    v.field("creditingPeriod", t.crediting_period, None{});
    v.field("capacityPerYear", t.capacity_per_year, Range{1, kUnitsMax});
    v.field("documentKinds", t.document_kinds, Count{0, kManifestMax});
    v.field("listings", t.listings, Count{0, 32});
    v.field("state", t.state, None{});
    v.field("validator", t.validator, None{});
    v.field("validated", t.validated, None{});
    v.field("code", t.code, Code{1, 12});
    v.field("registered", t.registered, None{});
    v.field("liveReports", t.live_reports, Count{0, kLiveReportsMax});
    v.field("issuedUntil", t.issued_until, None{});
    v.field("issuances", t.issuances, Range{0, kIssuancesMax});
    v.field("deficit", t.deficit, Text{1, kExactTextBytesMax});
    v.field("verifierRuns", t.verifier_runs, Count{0, kStatementsMax});
    v.field("document", t.document, None{});
    v.field("sharesBoundaryWith", t.shares_boundary_with, Count{0, kSharedBoundariesMax});
    v.field("listing", t.listing, None{});
    v.field("methodologies", t.methodologies, Count{1, kRowVersionsMax});
    v.field("amendment", t.amendment, None{});
    v.field("offeredTo", t.offered_to, None{});
    v.field("offered", t.offered, None{});
    v.field("formerDevelopers", t.former_developers, Count{1, kRowVersionsMax});
    v.field("amendments", t.amendments, Count{1, kRowVersionsMax});
    v.field("renewals", t.renewals, Range{0, 100});
    v.field("reversed", t.reversed, Range{0, kUnitsMax});
    v.field("changes", t.changes, Count{0, kRowVersionsMax});
  }
};

MRV_ENUM(ReportState, 4, live, superseded, withdrawn, issued)

// One calendar year of a recomputed report.
struct RecomputedVintage {
  std::int64_t year = 0;
  std::string exact;                       // p/q in the programme's unit
  std::optional<std::string> buffer_base;  // p/q where the methodology declares one
  Units ceiling = 0;                       // at the report's own position
  Units claimed = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("year", t.year, Range{1990, 2200});
    v.field("exact", t.exact, Text{1, kExactTextBytesMax});
    v.field("bufferBase", t.buffer_base, Text{1, kExactTextBytesMax});
    v.field("ceiling", t.ceiling, Range{0, kUnitsMax});
    v.field("claimed", t.claimed, Range{0, kUnitsMax});
  }
};

struct ReportRow {
  static constexpr std::uint8_t kTag = 0x0A;
  ReportId id;
  EntryIndex entry;
  Hash digest{};
  ProjectId project;
  Period period;
  Hash methodology{};
  std::vector<Hash> tables;
  Hash inputs_digest{};  // SHA-256 of the canonical inline inputs
  std::vector<DatasetReference> datasets;
  std::string engine_version;
  Hash trace_digest{};
  std::vector<RecomputedVintage> vintages;
  std::vector<Hash> exclusive_evidence;
  std::vector<Hash> shared_evidence;  // named under a kind that is not exclusive
  ReportState state = ReportState::live;
  std::optional<ReportId> superseded_by;
  std::vector<StatementId> statements;  // standing: one per VVB, its latest
  std::optional<std::vector<FindingId>> findings = std::nullopt;
  std::optional<Hash>
      issued_by;  // digest of the IssueCredits document, from which batch ids derive
  // Of a series (version 4): the years before the period, and then `vintages` hold whole years.
  std::optional<std::vector<YearFigure>> history = std::nullopt;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("digest", t.digest, None{});
    v.field("project", t.project, None{});
    v.field("period", t.period, None{});
    v.field("methodology", t.methodology, None{});
    v.field("tables", t.tables, Count{0, kTablesMax});
    v.field("inputsDigest", t.inputs_digest, None{});
    v.field("datasets", t.datasets, Count{0, kDatasetsMax});
    v.field("engineVersion", t.engine_version, Text{1, 64});
    v.field("traceDigest", t.trace_digest, None{});
    v.field("vintages", t.vintages, Count{1, kVintagesMax});
    v.field("exclusiveEvidence", t.exclusive_evidence, Count{0, kEvidenceMax});
    v.field("sharedEvidence", t.shared_evidence, Count{0, kEvidenceMax});
    v.field("state", t.state, None{});
    v.field("supersededBy", t.superseded_by, None{});
    v.field("statements", t.statements, Count{0, kStatementsMax});
    v.field("findings", t.findings, Count{0, kFindingsMax});
    v.field("issuedBy", t.issued_by, None{});
    v.field("history", t.history, Count{0, kSeriesYearsMax});
  }
};

struct StatementRow {
  static constexpr std::uint8_t kTag = 0x0B;
  StatementId id;
  EntryIndex entry;
  ReportId report;
  PartyId vvb;
  Opinion opinion = Opinion::unmodified;
  Assurance assurance = Assurance::reasonable;
  std::vector<VintageQuantity> verified;
  std::optional<DecimalText> buffer_rate;
  std::optional<StatementId> replaced_by;
  std::optional<KeyBytes> signer = std::nullopt;
  std::optional<StatementReview> review = std::nullopt;
  std::optional<EntryIndex> withdrawn = std::nullopt;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("report", t.report, None{});
    v.field("vvb", t.vvb, None{});
    v.field("opinion", t.opinion, None{});
    v.field("assurance", t.assurance, None{});
    v.field("verified", t.verified, Count{1, kVintagesMax});
    v.field("bufferRate", t.buffer_rate, None{});
    v.field("replacedBy", t.replaced_by, None{});
    v.field("signer", t.signer, None{});
    v.field("review", t.review, None{});
    v.field("withdrawn", t.withdrawn, None{});
  }
};

// Fractions carried to the next report of one project and vintage (domain.md 5).
struct CarryRow {
  static constexpr std::uint8_t kTag = 0x0C;
  ProjectId project;
  std::int64_t year = 0;
  std::string carry = "0";                            // of the credited quantity, p/q
  std::string base_carry = "0";                       // of buffer_base, p/q
  std::optional<std::string> settled = std::nullopt;  // what issuances counted so far (version 4)
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("year", t.year, Range{1990, 2200});
    v.field("carry", t.carry, Text{1, kExactTextBytesMax});
    v.field("baseCarry", t.base_carry, Text{1, kExactTextBytesMax});
    v.field("settled", t.settled, Text{1, kExactTextBytesMax});
  }
};

struct BatchRow {
  static constexpr std::uint8_t kTag = 0x0D;
  BatchId id;
  EntryIndex entry;
  ReportId report;
  ProjectId project;
  ProgrammeId programme;
  PartyId developer;
  std::int64_t vintage = 0;
  std::string prefix;
  Units quantity = 0;
  Units buffer = 0;  // the last `buffer` serials
  std::optional<TimestampMs> issued_at = std::nullopt;
  std::optional<Units> released = std::nullopt;     // from the buffer to the developer
  std::optional<Units> declared = std::nullopt;     // as over-issued
  std::optional<Units> invalidated = std::nullopt;  // whatever had become of them
  std::optional<std::vector<InvalidationId>> invalidations = std::nullopt;
  std::optional<std::vector<StatementId>> withdrawn_statements = std::nullopt;  // after issuance
  std::optional<std::vector<ObligationId>> obligations = std::nullopt;  // that ever named it
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("report", t.report, None{});
    v.field("project", t.project, None{});
    v.field("programme", t.programme, None{});
    v.field("developer", t.developer, None{});
    v.field("vintage", t.vintage, Range{1990, 2200});
    v.field("prefix", t.prefix, Text{1, kNameBytesMax});
    v.field("quantity", t.quantity, Range{1, kUnitsMax});
    v.field("buffer", t.buffer, Range{0, kUnitsMax});
    v.field("issuedAt", t.issued_at, None{});
    v.field("released", t.released, Range{0, kUnitsMax});
    v.field("declared", t.declared, Range{0, kUnitsMax});
    v.field("invalidated", t.invalidated, Range{0, kUnitsMax});
    v.field("invalidations", t.invalidations, Count{1, kInvalidationsMax});
    v.field("withdrawnStatements", t.withdrawn_statements, Count{1, kStatementsMax});
    v.field("obligations", t.obligations, Count{1, kObligationsPerBatchMax});
  }
};

MRV_ENUM(UnitState, 8, active, pending, locked, buffer, retired, cancelled, exported, converted)

// A maximal run of own serials in one state, of one holder, for one reason. `reference` names the
// transfer of pending units, the lock of locked ones, the retirement of retired ones, and what
// cancelled, exported or converted the others, so runs never merge across them.
struct SerialRow {
  static constexpr std::uint8_t kTag = 0x0E;
  BatchId batch;
  Units first = 0;
  Units last = 0;
  UnitState state = UnitState::active;
  std::optional<PartyId> holder;  // absent: in the buffer pool, or cancelled out of it
  std::optional<std::string> reference;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("batch", t.batch, None{});
    v.field("first", t.first, Range{1, kUnitsMax});
    v.field("last", t.last, Range{1, kUnitsMax});
    v.field("state", t.state, None{});
    v.field("holder", t.holder, None{});
    v.field("reference", t.reference, Text{1, 64});
  }
};

// Totals of one holder in one batch; absent = nothing ever held.
struct HoldingRow {
  static constexpr std::uint8_t kTag = 0x0F;
  PartyId holder;
  BatchId batch;
  Units active = 0;
  Units pending = 0;
  Units locked = 0;
  Units retired = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("holder", t.holder, None{});
    v.field("batch", t.batch, None{});
    v.field("active", t.active, Range{0, kUnitsMax});
    v.field("pending", t.pending, Range{0, kUnitsMax});
    v.field("locked", t.locked, Range{0, kUnitsMax});
    v.field("retired", t.retired, Range{0, kUnitsMax});
  }
};

// `reversed`: settled, and undone by governance; `ended`: its units were taken while it was
// pending.
MRV_ENUM(TransferState, 8, pending, settled, rejected, cancelled, lapsed, revoked, reversed, ended)
// Changes of holder that are not the holder's own Transfer: by order, the undoing of a transfer, a
// pledge delivered, buffer units released, units given to the buffer pool.
MRV_ENUM(MovementKind, 5, ordered, reversed, delivered, released, repaid)

struct TransferRow {
  static constexpr std::uint8_t kTag = 0x10;
  TransferId id;
  EntryIndex entry;
  PartyId from;  // of units released from the buffer pool: the registry that released them
  PartyId to;    // of units given to the pool: who gave them
  KeyBytes signer;
  std::vector<SerialRange> serials;
  TimestampMs proposed_at;
  TimestampMs expires;
  TransferState state = TransferState::pending;
  std::optional<EntryIndex> settled;
  std::optional<MovementKind> kind = std::nullopt;  // absent: a Transfer
  std::optional<std::string> cause = std::nullopt;  // the transfer undone, the lock delivered
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("from", t.from, None{});
    v.field("to", t.to, None{});
    v.field("signer", t.signer, None{});
    v.field("serials", t.serials, Count{1, 4'096});
    v.field("proposedAt", t.proposed_at, None{});
    v.field("expires", t.expires, None{});
    v.field("state", t.state, None{});
    v.field("settled", t.settled, None{});
    v.field("kind", t.kind, None{});
    v.field("cause", t.cause, Text{1, 64});
  }
};

struct RetirementRow {
  static constexpr std::uint8_t kTag = 0x11;
  RetirementId id;
  EntryIndex entry;
  PartyId holder;
  std::vector<SerialRange> serials;
  Units quantity = 0;
  Beneficiary beneficiary;
  RetirementPurpose purpose = RetirementPurpose::voluntary;
  std::optional<Period> claim_period;
  std::optional<std::string> statement;
  std::optional<std::string> inventory;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("holder", t.holder, None{});
    v.field("serials", t.serials, Count{1, 4'096});
    v.field("quantity", t.quantity, Range{1, kUnitsMax});
    v.field("beneficiary", t.beneficiary, None{});
    v.field("purpose", t.purpose, None{});
    v.field("claimPeriod", t.claim_period, None{});
    v.field("statement", t.statement, Text{1, kNoteBytesMax, true});
    v.field("inventory", t.inventory, Text{1, 128});
  }
};

struct PoolRow {
  static constexpr std::uint8_t kTag = 0x12;
  ProgrammeId programme;
  Units units = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("programme", t.programme, None{});
    v.field("units", t.units, Range{0, kUnitsMax});
  }
};

struct DepositRow {
  static constexpr std::uint8_t kTag = 0x13;
  DepositId id;
  EntryIndex entry;
  PartyId party;
  std::vector<DepositDigest> digests;
  std::string category;
  std::string title;
  std::optional<std::string> related;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("party", t.party, None{});
    v.field("digests", t.digests, Count{1, kEvidenceMax});
    v.field("category", t.category, Text{1, 64});
    v.field("title", t.title, Text{1, kNameBytesMax});
    v.field("related", t.related, Text{1, 128});
  }
};

// An evidence digest and the live or issued reports that name it: one of them under an exclusive
// kind, or any number under others.
struct EvidenceRow {
  static constexpr std::uint8_t kTag = 0x14;
  Hash digest{};
  std::optional<ReportId> report;  // that names it under an exclusive kind
  std::int64_t shared = 0;         // reports that name it under another kind
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("digest", t.digest, None{});
    v.field("report", t.report, None{});
    v.field("shared", t.shared, Range{0, kUnitsMax});
  }
};

struct RowRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("first", t.first, Range{1, 10'000'000});
    v.field("last", t.last, Range{1, 10'000'000});
  }
};

struct ImportStateRow {
  static constexpr std::uint8_t kTag = 0x15;
  ImportId id;
  EntryIndex entry;
  std::string registry;
  SerialGrammar grammar = SerialGrammar::acr_car_art;
  Hash file_digest{};
  std::int64_t row_count = 0;
  DateFormat date_format = DateFormat::iso;
  std::vector<RowRange> rows_taken;  // maximal runs of accepted row numbers
  std::int64_t accepted = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, None{});
    v.field("entry", t.entry, None{});
    v.field("registry", t.registry, Code{1, 12});
    v.field("grammar", t.grammar, None{});
    v.field("fileDigest", t.file_digest, None{});
    v.field("rowCount", t.row_count, Range{1, 10'000'000});
    v.field("dateFormat", t.date_format, None{});
    v.field("rowsTaken", t.rows_taken, Count{0, 1'000'000});
    v.field("accepted", t.accepted, Range{0, 10'000'000});
  }
};

// A serial range of a foreign registry as its file states it; never merged, never a holding.
// `terminal` tells the two layers apart: issued rows, and retired or cancelled rows.
struct ForeignSerialRow {
  static constexpr std::uint8_t kTag = 0x16;
  std::string registry;
  std::string prefix;
  std::string first;  // decimal, up to 128 bits
  std::string last;
  bool terminal = true;
  ForeignEvent event = ForeignEvent::retired;
  ImportId import;
  EntryIndex entry;
  std::int64_t row = 0;
  std::string project;
  std::string vintage;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("registry", t.registry, Code{1, 12});
    v.field("prefix", t.prefix, Text{1, kNameBytesMax});
    v.field("first", t.first, Text{1, 39});
    v.field("last", t.last, Text{1, 39});
    v.field("terminal", t.terminal, None{});
    v.field("event", t.event, None{});
    v.field("import", t.import, None{});
    v.field("entry", t.entry, None{});
    v.field("row", t.row, Range{1, 10'000'000});
    v.field("project", t.project, Text{1, 64});
    v.field("vintage", t.vintage, Text{1, 16});
  }
};

struct ForeignTotal {
  Day date;
  Units quantity = 0;
  EntryIndex entry;
  std::int64_t row = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("date", t.date, None{});
    v.field("quantity", t.quantity, Range{1, kUnitsMax});
    v.field("entry", t.entry, None{});
    v.field("row", t.row, Range{1, 10'000'000});
  }
};

// What is known of one foreign (project, vintage): its issued totals and its terminal units.
struct ForeignTotalsRow {
  static constexpr std::uint8_t kTag = 0x17;
  std::string registry;
  std::string project;
  std::string vintage;
  std::vector<ForeignTotal> totals;
  Units terminal = 0;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("registry", t.registry, Code{1, 12});
    v.field("project", t.project, Text{1, 64});
    v.field("vintage", t.vintage, Text{1, 16});
    v.field("totals", t.totals, Count{0, kForeignTotalsMax});
    v.field("terminal", t.terminal, Range{0, kUnitsMax});
  }
};

// A foreign file is opened once.
struct ImportFileRow {
  static constexpr std::uint8_t kTag = 0x18;
  Hash file_digest{};
  ImportId import;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("fileDigest", t.file_digest, None{});
    v.field("import", t.import, None{});
  }
};

// `known` (rules version 3): the boundary is known as geometry and compared as such.
struct BoundaryClaim {
  ProjectId project;
  Period crediting_period;
  std::optional<bool> known = std::nullopt;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("project", t.project, None{});
    v.field("creditingPeriod", t.crediting_period, None{});
    v.field("known", t.known, None{});
  }
};

// A boundary and the live projects that declared it, in the order in which they came.
struct BoundaryRow {
  static constexpr std::uint8_t kTag = 0x19;
  Hash digest{};
  std::vector<BoundaryClaim> claims;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("digest", t.digest, None{});
    v.field("claims", t.claims, Count{1, kBoundaryClaimsMax});
  }
};

}  // namespace mrv::model
