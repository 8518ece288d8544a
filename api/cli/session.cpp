// Talking to the server and signing for it.
#include "api/cli/session.h"

#include <iostream>

#include "api/files.h"
#include "crypto/canonical_json.h"
#include "crypto/data_integrity.h"
#include "crypto/did_key.h"
#include "crypto/keyfile.h"
#include "crypto/sha256.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/scalar_text.h"

namespace mrv::cli {

using nlohmann::json;

namespace {

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kGone = 410;
constexpr int kServerErrors = 500;

std::string uuid_text(const model::ActUuid& id) {
  const std::string hex = to_hex(id);
  return "urn:uuid:" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// One line; what is no UTF-8 (a file's name may be so) is shown as a replacement character.
std::string line_of(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// The error behind an answer that is not a success; the problem's sentence where there is one.
Error error_of(const std::string& target, const api::HttpResponse& answer) {
  const json problem = json::parse(answer.body, nullptr, false);
  const std::string text = problem.is_object() ? describe_problem(problem)
                                               : "HTTP status " + std::to_string(answer.status);
  return api::error_of_status(answer.status, target + ": " + text);
}

// The id that a refused act may keep when it is corrected.
std::string act_id_of(const std::string& document) {
  constexpr std::string_view kPrefix = "urn:uuid:";
  const json parsed = json::parse(document, nullptr, false);
  const std::string id = parsed.is_object() ? text_of(parsed, "id") : std::string();
  return id.starts_with(kPrefix) ? id.substr(kPrefix.size()) : std::string();
}

}  // namespace

Result<std::string> text_at(const json& value, const std::string& pointer) {
  const json::json_pointer path(pointer);
  if (!value.contains(path)) return Error{"FIELD_MISSING", "there is no " + pointer, pointer};
  const json& found = value.at(path);
  if (!found.is_string()) return Error{"FIELD_TYPE_WRONG", pointer + " is a text", pointer};
  return found.get<std::string>();
}

std::string describe_problem(const json& problem) {
  std::string text = text_of(problem, "outcome") + ": " + text_of(problem, "title");
  const std::string detail = text_of(problem, "detail");
  if (!detail.empty()) text += "\n  " + detail;
  if (problem.contains("errors") && problem["errors"].is_array() && !problem["errors"].empty()) {
    const std::string pointer = text_of(problem["errors"][0], "pointer");
    if (!pointer.empty()) text += "\n  at " + pointer;
  }
  const std::string hint = text_of(problem, "hint");
  if (!hint.empty()) text += "\n  hint: " + hint;
  return text;
}

std::string describe_answer(const json& answer) {
  std::string text = "recorded as entry " + text_of(answer, "index");
  const std::string object = text_of(answer, "object");
  if (!object.empty()) text += ", " + object;
  if (answer.contains("proposal")) {
    text += "\nit waits for approval: mrv approve --digest " + text_of(answer, "digest");
  }
  if (answer.contains("rowsRefused")) {
    text += "\nrows refused: " + std::to_string(answer["rowsRefused"].size());
  }
  return text;
}

int Session::fail(const Error& error) const {
  if (settings_.json) {
    std::cout << line_of({{"outcome", error.name},
                          {"detail", error.detail},
                          {"pointer", error.pointer}})
              << "\n";
  } else {
    std::cerr << error.name << ": " << error.detail
              << (error.pointer.empty() ? "" : "\n  at " + error.pointer) << "\n";
  }
  return api::exit_code_of(error);
}

void Session::print(const std::string& human, const json& machine) const {
  std::cout << (settings_.json ? line_of(machine) : human) << "\n";
}

Result<api::HttpClient*> Session::client() {
  if (!client_) {
    MRV_TRY(auto connected, api::HttpClient::connect(settings_.server));
    client_.emplace(std::move(connected));
  }
  return &*client_;
}

Result<std::string> Session::get_text(const std::string& target) {
  MRV_TRY(auto* const http, client());
  MRV_TRY(auto answer, http->request("GET", target, {{"accept-language", settings_.language}}));
  if (answer.status == kOk) return std::move(answer.body);
  return error_of(target, answer);
}

Result<json> Session::get(const std::string& target) {
  MRV_TRY(const std::string text, get_text(target));
  json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) return Error{"HTTP_FAILED", "the answer is not JSON", {}};
  return parsed;
}

Result<std::optional<std::string>> Session::get_blob(const std::string& hex) {
  MRV_TRY(auto* const http, client());
  const std::string target = "/blob/" + hex;
  MRV_TRY(auto answer, http->request("GET", target, {{"accept-language", settings_.language}}));
  if (answer.status == kOk) return std::optional(std::move(answer.body));
  if (answer.status == kGone) return std::optional<std::string>();
  return error_of(target, answer);
}

Status Session::put_blob(const std::string& bytes) {
  MRV_TRY(auto* const http, client());
  const std::string target = "/blob/" + to_hex(crypto::sha256(as_bytes(bytes)));
  MRV_TRY(const auto answer, http->request("PUT", target, {}, as_bytes(bytes)));
  if (answer.status == kCreated) return {};
  return error_of(target, answer);
}

Result<Session::ActAnswer> Session::post_act(const std::string& document) {
  MRV_TRY(auto* const http, client());
  const std::string target = "/v1/acts";
  MRV_TRY(const auto answer, http->request("POST", target,
                                           {{"content-type", "application/json"},
                                            {"accept-language", settings_.language}},
                                           as_bytes(document)));
  if (answer.status >= kServerErrors) return error_of(target, answer);
  json body = json::parse(answer.body, nullptr, false);
  if (!body.is_object()) return Error{"HTTP_FAILED", "the answer is not a JSON object", {}};
  return ActAnswer{answer.status, std::move(body)};
}

Result<crypto::SecretKey> Session::secret() const {
  if (!settings_.key) return Error{"KEYFILE_UNREADABLE", "--key FILE is needed to sign", {}};
  MRV_TRY(const std::string passphrase, api::read_passphrase(settings_.passphrase_file));
  return crypto::read_keyfile(*settings_.key, passphrase);
}

Result<std::string> Session::registry() {
  if (settings_.registry.empty()) {
    MRV_TRY(const std::string note, get_text("/checkpoint"));
    settings_.registry = note.substr(0, note.find('\n'));
  }
  return settings_.registry;
}

Result<std::string> Session::next_act_id() {
  if (settings_.act_id.empty()) return uuid_text(api::new_act_id(api::wall_clock()));
  if (act_id_used_) {
    return Error{"ID_REUSED", "--id names one act, and this command signs several", {}};
  }
  act_id_used_ = true;
  return "urn:uuid:" + settings_.act_id;
}

Result<std::string> Session::sign(const std::string& type, const json& body) {
  MRV_TRY(const auto key, secret());
  MRV_TRY(const std::string origin, registry());
  MRV_TRY(const std::string id, next_act_id());
  const TimestampMs now = api::whole_seconds(api::wall_clock());
  json issuer = {{"id", crypto::did_of(key.public_key())}};
  if (!settings_.party.empty()) issuer["party"] = "urn:mrv:" + settings_.party;
  const TimestampMs until{now.value() + kDocumentLifeSeconds * kMsPerSecond};
  json document = {{"@context", {codec::kCredentialsContext, codec::kActContext}},
                   {"id", id},
                   {"type", {"VerifiableCredential", type}},
                   {"issuer", issuer},
                   {"registry", origin},
                   {"validFrom", codec::to_text(now)},
                   {"validUntil", codec::to_text(until)},
                   {"credentialSubject", body}};
  MRV_TRY(
      const json signed_document,
      crypto::sign_document(std::move(document), key,
                            crypto::verification_method_of(key.public_key()), codec::to_text(now)));
  std::string text = crypto::canonicalize(signed_document);
  MRV_TRY(const auto judged, codec::decode_act(text));
  return text;
}

int Session::send_document(const std::string& document, json* found) {
  const auto answer = post_act(document);
  if (!answer.ok()) return fail(answer.error());
  const auto& [status, body] = *answer;
  if (found != nullptr) *found = body;
  if (status == kOk || status == kCreated) {
    print(describe_answer(body), body);
    return kExitOk;
  }
  const std::string id = act_id_of(document);
  if (settings_.json) {
    json shown = body;
    if (!id.empty()) shown["id"] = id;
    std::cout << line_of(shown) << "\n";
  } else {
    std::cerr << describe_problem(body) << "\n";
    if (!id.empty()) std::cerr << "  the corrected act may keep its id: --id " << id << "\n";
  }
  // A refusal that names a missing object is still a rule's answer to this act.
  const int code = api::exit_code_of(api::error_of_status(status, {}));
  return code == kExitUsage ? kExitUsage : kExitRefused;
}

int Session::send(const std::string& type, const json& body, json* found) {
  const auto document = sign(type, body);
  if (!document.ok()) return fail(document.error());
  return send_document(*document, found);
}

}  // namespace mrv::cli
