// What every command of `mrv` shares: whom it talks to, as whom it signs, how it prints.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "api/exit_code.h"
#include "api/http/client.h"
#include "crypto/ed25519.h"

namespace mrv::cli {

using api::kExitFailed;
using api::kExitOk;
using api::kExitRefused;
using api::kExitUsage;

// How long a signed document may be submitted.
inline constexpr std::int64_t kDocumentLifeSeconds = 24L * 3'600;

struct Settings {
  std::string server = "http://127.0.0.1:8080";
  std::optional<std::filesystem::path> key;
  std::optional<std::filesystem::path> passphrase_file;
  std::string party;     // pty_…; empty for governance and RegisterParty
  std::string registry;  // the log's origin; asked of the server when empty
  std::string act_id;    // UUIDv7 of the act to sign; a fresh one when empty
  std::string language = "en";
  bool json = false;
};

class Session {
 public:
  explicit Session(Settings settings) : settings_(std::move(settings)) {}

  [[nodiscard]] const Settings& settings() const { return settings_; }

  // Prints the error and answers the exit code that fits it.
  int fail(const Error& error) const;
  // Prints `human`, or `machine` under --json.
  void print(const std::string& human, const nlohmann::json& machine) const;

  // A GET that must succeed. Errors: those of api::error_of_status (with the problem's sentence),
  // the client's.
  Result<nlohmann::json> get(const std::string& target);
  Result<std::string> get_text(const std::string& target);
  Status put_blob(const std::string& bytes);
  // A blob's bytes; nothing where the server says that it is gone by decision (410).
  Result<std::optional<std::string>> get_blob(const std::string& hex);
  // POST /v1/acts, whatever the ledger says of it. Errors: SERVER_UNAVAILABLE, SERVER_FAILED (the
  // document may be sent again), the client's.
  struct ActAnswer {
    int status = 0;
    nlohmann::json body;  // an object
  };
  Result<ActAnswer> post_act(const std::string& document);

  // The signed canonical document of an act with this body. Errors: the key file's, and those of
  // the typed decoder, which judges it before it is sent.
  Result<std::string> sign(const std::string& type, const nlohmann::json& body);
  // Signs, sends, prints; the exit code. `found` gets the answer's JSON.
  int send(const std::string& type, const nlohmann::json& body, nlohmann::json* found = nullptr);
  int send_document(const std::string& document, nlohmann::json* found = nullptr);

  Result<crypto::SecretKey> secret() const;
  Result<std::string> registry();

 private:
  Result<api::HttpClient*> client();
  // --id, once; a fresh id where none is given. Errors: ID_REUSED.
  Result<std::string> next_act_id();

  Settings settings_;
  std::optional<api::HttpClient> client_;
  bool act_id_used_ = false;  // --id names one act
};

// The text at a JSON Pointer. Errors: FIELD_MISSING, FIELD_TYPE_WRONG, naming the pointer.
Result<std::string> text_at(const nlohmann::json& value, const std::string& pointer);

// What was recorded or refused, in plain words.
std::string describe_answer(const nlohmann::json& answer);
std::string describe_problem(const nlohmann::json& problem);

}  // namespace mrv::cli
