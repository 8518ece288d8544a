// What every command of `mrv` shares: whom it talks to, as whom it signs, how it prints.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "api/http/client.h"
#include "crypto/ed25519.h"

namespace mrv::cli {

// Exit codes, the same for every command.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;  // something checked does not hold
inline constexpr int kExitUsage = 2;
inline constexpr int kExitNotFound = 3;
inline constexpr int kExitRefused = 4;
inline constexpr int kExitNetwork = 5;

// How long a signed document may be submitted.
inline constexpr std::int64_t kDocumentLifeSeconds = 24L * 3'600;

struct Settings {
  std::string server = "http://127.0.0.1:8080";
  std::optional<std::filesystem::path> key;
  std::optional<std::filesystem::path> passphrase_file;
  std::string party;     // pty_…; empty for governance and RegisterParty
  std::string registry;  // the log's origin; asked of the server when empty
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

  // A GET that must succeed. Errors: NOT_FOUND, REFUSED (the problem's sentence), the client's.
  Result<nlohmann::json> get(const std::string& target);
  Result<std::string> get_text(const std::string& target);
  Status put_blob(const std::string& bytes);
  // POST /v1/acts, whatever the answer.
  Result<api::HttpResponse> post_act(const std::string& document);

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

  Settings settings_;
  std::optional<api::HttpClient> client_;
};

// What was recorded or refused, in plain words.
std::string describe_answer(const nlohmann::json& answer);
std::string describe_problem(const nlohmann::json& problem);

}  // namespace mrv::cli
