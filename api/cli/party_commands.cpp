// Parties, keys, accreditation, approvals.
#include "api/cli/commands.h"
#include "api/files.h"
#include "crypto/keyfile.h"
#include "crypto/sha256.h"
#include "ledger/codec/scalar_text.h"
#include "ledger/model/ids.h"

namespace mrv::cli {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct PartyOptions {
  std::string english;
  std::string chinese;
  std::string kind = "organisation";
  std::string country;
  std::string lei;
  std::string uscc;
  std::vector<std::string> affiliates;
  std::vector<std::string> roles;
  std::string person;
  std::string party;
  std::string status;
  std::string reason;
  fs::path file;
  std::vector<std::string> purposes;
  std::string key;
  std::string programme;
  std::string sector;
  std::string methodology;
  std::string from;
  std::string until;
  std::string digest;
};

json name_of(const PartyOptions& options) {
  json name = json::object();
  if (!options.english.empty()) name["en"] = options.english;
  if (!options.chinese.empty()) name["zh"] = options.chinese;
  return name;
}

// A person stands in the ledger as the SHA-256 of something only that person can show: here the
// text given, salted by its owner.
std::string person_of(const PartyOptions& options) {
  return to_hex(crypto::sha256(as_bytes(options.person)));
}

int register_party(Session& session, const PartyOptions& options) {
  const auto secret = session.secret();
  if (!secret.ok()) return session.fail(secret.error());
  json body = {{"key",
                {{"key", codec::to_text(model::KeyBytes{secret->public_key().bytes})},
                 {"person", person_of(options)},
                 {"purposes", options.purposes}}},
               {"name", name_of(options)},
               {"kind", options.kind},
               {"country", options.country},
               {"affiliates", options.affiliates},
               {"roles", options.roles}};
  if (!options.lei.empty()) body["lei"] = options.lei;
  if (!options.uscc.empty()) body["uscc"] = options.uscc;
  return session.send("RegisterParty", body);
}

int admit_party(Session& session, const PartyOptions& options) {
  const auto record = api::read_file(options.file);
  if (!record.ok()) return session.fail(record.error());
  return session.send("AdmitParty", {{"party", options.party},
                                     {"roles", options.roles},
                                     {"kycDigest", to_hex(crypto::sha256(as_bytes(*record)))}});
}

int bind_key(Session& session, const PartyOptions& options) {
  const auto key = crypto::read_keyfile_public(options.file);
  if (!key.ok()) return session.fail(key.error());
  return session.send("BindKey", {{"party", options.party},
                                  {"key",
                                   {{"key", codec::to_text(model::KeyBytes{key->bytes})},
                                    {"person", person_of(options)},
                                    {"purposes", options.purposes}}}});
}

int accredit(Session& session, const PartyOptions& options) {
  json scope = json::object();
  if (!options.programme.empty()) scope["programme"] = options.programme;
  if (!options.sector.empty()) scope["sector"] = options.sector;
  if (!options.methodology.empty()) scope["methodology"] = options.methodology;
  return session.send("AccreditVvb", {{"party", options.party},
                                      {"scopes", json::array({scope})},
                                      {"from", options.from},
                                      {"until", options.until}});
}

int approve(Session& session, const PartyOptions& options) {
  const auto digest = hash_from_hex(options.digest);
  if (!digest.ok()) return session.fail(digest.error());
  return session.send("Approve", {{"proposal", model::ProposalId::of(*digest).text()},
                                  {"digest", options.digest},
                                  {"decision", options.status},
                                  {"reason", options.reason}});
}

using SharedPartyOptions = std::shared_ptr<PartyOptions>;

void leave(CLI::App* command, Run& run, const SharedPartyOptions& options,
           int (*work)(Session&, const PartyOptions&)) {
  command->callback([&run, options, work] {
    run = [options, work](Session& session) { return work(session, *options); };
  });
}

void add_register(CLI::App& party, Run& run) {
  const auto o = kept<PartyOptions>();
  auto* command = party.add_subcommand("register", "Register the party that --key belongs to");
  command->add_option("--name-en", o->english);
  command->add_option("--name-zh", o->chinese);
  command->add_option("--kind", o->kind, "organisation, natural-person or device");
  command->add_option("--country", o->country, "two letters")->required();
  command->add_option("--lei", o->lei);
  command->add_option("--uscc", o->uscc);
  command->add_option("--affiliate", o->affiliates, "parties that control it or that it controls");
  command->add_option("--role", o->roles)->required();
  command->add_option("--person", o->person, "salted text that stands for the key's holder")
      ->required();
  o->purposes = {"initiate"};
  command->add_option("--purpose", o->purposes, "initiate, approve, device, review");
  leave(command, run, o, register_party);
}

void add_admit(CLI::App& party, Run& run) {
  const auto o = kept<PartyOptions>();
  auto* command = party.add_subcommand("admit", "Grant roles to a registered party");
  command->add_option("PARTY", o->party)->required();
  command->add_option("--role", o->roles)->required();
  command->add_option("--kyc-record", o->file, "the record that was examined; its digest is kept")
      ->required();
  leave(command, run, o, admit_party);
}

void add_status(CLI::App& party, Run& run) {
  const auto o = kept<PartyOptions>();
  auto* command = party.add_subcommand("status", "Suspend, freeze, readmit or close a party");
  command->add_option("PARTY", o->party)->required();
  command->add_option("STATUS", o->status, "admitted, suspended, frozen, closed")->required();
  command->add_option("--reason", o->reason)->required();
  leave(command, run, o, [](Session& session, const PartyOptions& given) {
    return session.send(
        "SetPartyStatus",
        {{"party", given.party}, {"status", given.status}, {"reason", given.reason}});
  });
  const auto f = kept<PartyOptions>();
  auto* freeze = party.add_subcommand("freeze", "Freeze the own party at once");
  freeze->add_option("--reason", f->reason)->required();
  leave(freeze, run, f, [](Session& session, const PartyOptions& given) {
    return session.send("FreezeSelf", {{"reason", given.reason}});
  });
}

void add_keys(CLI::App& party, Run& run) {
  const auto o = kept<PartyOptions>();
  auto* bind = party.add_subcommand("bind-key", "Give a party another key");
  bind->add_option("PARTY", o->party)->required();
  bind->add_option("--new-key", o->file, "key file of the new key")->required();
  bind->add_option("--person", o->person, "salted text that stands for its holder")->required();
  bind->add_option("--purpose", o->purposes, "initiate, approve, device, review")->required();
  leave(bind, run, o, bind_key);
  const auto r = kept<PartyOptions>();
  auto* revoke = party.add_subcommand("revoke-key", "End a key");
  revoke->add_option("KEY", r->key, "did:key:z6Mk…")->required();
  revoke->add_option("--reason", r->reason, "superseded, lost, compromised, ceased")->required();
  leave(revoke, run, r, [](Session& session, const PartyOptions& given) {
    return session.send("RevokeKey", {{"key", given.key}, {"reason", given.reason}});
  });
}

void add_accredit(CLI::App& party, Run& run) {
  const auto o = kept<PartyOptions>();
  auto* command = party.add_subcommand("accredit", "Accredit a VVB");
  command->add_option("PARTY", o->party)->required();
  command->add_option("--programme", o->programme);
  command->add_option("--sector", o->sector);
  command->add_option("--methodology", o->methodology, "digest");
  command->add_option("--from", o->from, "YYYY-MM-DDThh:mm:ssZ")->required();
  command->add_option("--until", o->until, "YYYY-MM-DDThh:mm:ssZ")->required();
  leave(command, run, o, accredit);
}

}  // namespace

void add_party_commands(CLI::App& app, Run& run) {
  auto* party = app.add_subcommand("party", "Parties and their keys");
  party->require_subcommand(1);
  add_register(*party, run);
  add_admit(*party, run);
  add_status(*party, run);
  add_keys(*party, run);
  add_accredit(*party, run);
  const auto o = kept<PartyOptions>();
  o->status = "approve";
  auto* command = app.add_subcommand("approve", "Stand behind an act that waits for approval");
  command->add_option("--digest", o->digest, "digest of the act's document")->required();
  command->add_option("--decision", o->status, "approve or reject");
  command->add_option("--reason", o->reason);
  leave(command, run, o, approve);
  const auto w = kept<PartyOptions>();
  auto* withdraw = app.add_subcommand("withdraw", "Withdraw an own act that waits for approval");
  withdraw->add_option("PROPOSAL", w->key, "prp_…")->required();
  withdraw->add_option("--reason", w->reason)->required();
  leave(withdraw, run, w, [](Session& session, const PartyOptions& given) {
    return session.send("WithdrawProposal", {{"proposal", given.key}, {"reason", given.reason}});
  });
}

}  // namespace mrv::cli
