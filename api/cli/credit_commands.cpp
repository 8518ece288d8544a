// Credits from issuance to retirement, and the buyer's certificate.
#include <iostream>

#include "api/cli/act_form.h"
#include "api/cli/commands.h"
#include "api/files.h"
#include "ledger/codec/scalar_text.h"

namespace mrv::cli {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct CreditOptions {
  std::string id;
  std::vector<std::string> legs;
  std::string to;
  std::string expires;
  std::string memo;
  std::string reason;
  std::string name;
  std::string country;
  std::string lei;
  std::string uscc;
  std::string commitment;
  std::string purpose = "voluntary";
  std::string statement;
  std::string claim_from;
  std::string claim_to;
  std::string inventory;
  fs::path out = "certificate.json";
};
using SharedCreditOptions = std::shared_ptr<CreditOptions>;

constexpr std::int64_t kTransferLifeSeconds = 14L * 24 * 3'600;

Result<json> parse_legs(const std::vector<std::string>& texts) {
  json legs = json::array();
  for (const auto& text : texts) {
    MRV_TRY(json leg, parse_leg(text));
    legs.push_back(std::move(leg));
  }
  return legs;
}

int transfer(Session& session, const CreditOptions& options) {
  const auto legs = parse_legs(options.legs);
  if (!legs.ok()) return session.fail(legs.error());
  std::string expires = options.expires;
  if (expires.empty()) {
    const TimestampMs now = api::whole_seconds(api::wall_clock());
    expires = codec::to_text(TimestampMs{now.value() + kTransferLifeSeconds * kMsPerSecond});
  }
  json body = {{"legs", *legs}, {"to", options.to}, {"expires", expires}};
  if (!options.memo.empty()) body["memo"] = options.memo;
  return session.send("Transfer", body);
}

int retire(Session& session, const CreditOptions& options) {
  const auto legs = parse_legs(options.legs);
  if (!legs.ok()) return session.fail(legs.error());
  json body = {{"legs", *legs}, {"purpose", options.purpose}};
  if (!options.name.empty()) {
    json organisation = {{"name", options.name}, {"country", options.country}};
    if (!options.lei.empty()) organisation["lei"] = options.lei;
    if (!options.uscc.empty()) organisation["uscc"] = options.uscc;
    body["beneficiary"] = {{"organisation", organisation}};
  } else if (!options.commitment.empty()) {
    body["beneficiary"] = {{"commitment", options.commitment}};
  }
  if (!options.statement.empty()) body["statement"] = options.statement;
  if (!options.claim_from.empty()) {
    body["claimPeriod"] = {{"from", options.claim_from}, {"to", options.claim_to}};
  }
  if (!options.inventory.empty()) body["inventory"] = options.inventory;
  return session.send("Retire", body);
}

int get_certificate(Session& session, const CreditOptions& options) {
  const auto text = session.get_text("/v1/retirements/" + options.id + "/certificate");
  if (!text.ok()) return session.fail(text.error());
  // The server ends its answers with a line feed; the certificate itself is canonical JSON.
  std::string certificate = *text;
  while (certificate.ends_with('\n')) certificate.pop_back();
  if (auto status = api::write_file(options.out, certificate); !status.ok()) {
    return session.fail(status.error());
  }
  // On standard output the certificate stands alone, so that it can be piped as it is.
  if (options.out == "-") {
    std::cerr << "check it offline: mrv-verify certificate FILE --policy policy.txt\n";
    return kExitOk;
  }
  session.print("written to " + options.out.string() +
                    "\ncheck it offline: mrv-verify certificate " + options.out.string() +
                    " --policy policy.txt",
                {{"file", options.out.string()}});
  return kExitOk;
}

void leave(CLI::App* command, Run& run, const SharedCreditOptions& options,
           std::function<int(Session&, const CreditOptions&)> work) {
  command->callback([&run, options, work = std::move(work)] {
    run = [options, work](Session& session) { return work(session, *options); };
  });
}

// Acts on one transfer.
void add_settlement(CLI::App& credits, Run& run, const char* name, const char* help,
                    const char* type, bool with_reason) {
  const auto o = kept<CreditOptions>();
  auto* command = credits.add_subcommand(name, help);
  command->add_option("TRANSFER", o->id, "trf_…")->required();
  if (with_reason) command->add_option("--reason", o->reason)->required();
  leave(command, run, o, [type, with_reason](Session& session, const CreditOptions& given) {
    json body = {{"transfer", given.id}};
    if (with_reason) body["reason"] = given.reason;
    return session.send(type, body);
  });
}

}  // namespace

void add_credit_commands(CLI::App& app, Run& run) {
  auto* credits = app.add_subcommand("credits", "Issued units");
  credits->require_subcommand(1);
  const auto o = kept<CreditOptions>();
  auto* issue = credits->add_subcommand("issue", "Issue a verified report");
  issue->add_option("REPORT", o->id, "rpt_…")->required();
  leave(issue, run, o, [](Session& session, const CreditOptions& given) {
    return session.send("IssueCredits", {{"report", given.id}});
  });
  auto* move = credits->add_subcommand("transfer", "Offer units to another party");
  move->add_option("--leg", o->legs, "BATCH=QUANTITY or BATCH=FIRST-LAST")->required();
  move->add_option("--to", o->to, "pty_…")->required();
  move->add_option("--expires", o->expires, "YYYY-MM-DDThh:mm:ssZ; in 14 days otherwise");
  move->add_option("--memo", o->memo);
  leave(move, run, o, transfer);
  add_settlement(*credits, run, "accept", "Take what was offered", "AcceptTransfer", false);
  add_settlement(*credits, run, "reject", "Refuse what was offered", "RejectTransfer", true);
  add_settlement(*credits, run, "cancel", "Take back an offer", "CancelTransfer", true);
  add_settlement(*credits, run, "lapse", "End an offer that has expired", "LapseTransfer", false);
  auto* end = credits->add_subcommand("retire", "Retire units for a beneficiary, for ever");
  end->add_option("--leg", o->legs, "BATCH=QUANTITY or BATCH=FIRST-LAST")->required();
  end->add_option("--beneficiary", o->name, "name of an organisation");
  end->add_option("--country", o->country, "its country");
  end->add_option("--lei", o->lei);
  end->add_option("--uscc", o->uscc);
  end->add_option("--commitment", o->commitment, "salted commitment to a natural person");
  end->add_option("--purpose", o->purpose);
  end->add_option("--statement", o->statement);
  auto* from = end->add_option("--claim-from", o->claim_from,
                               "first day of the claim that is offset, YYYY-MM-DD");
  auto* to = end->add_option("--claim-to", o->claim_to, "day after its last, YYYY-MM-DD");
  from->needs(to);
  to->needs(from);
  end->add_option("--inventory", o->inventory, "the greenhouse-gas inventory it belongs to");
  leave(end, run, o, retire);
  auto* certificate = app.add_subcommand("certificate", "Proofs for buyers");
  certificate->require_subcommand(1);
  auto* get = certificate->add_subcommand("get", "Fetch a retirement's certificate");
  get->add_option("RETIREMENT", o->id, "ret_…")->required();
  get->add_option("--out", o->out);
  leave(get, run, o, get_certificate);
}

}  // namespace mrv::cli
