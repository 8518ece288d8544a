// Outcome table to problem documents.
#include "api/handlers/problem.h"

#include <nlohmann/json.hpp>

namespace mrv::api {
namespace {

using nlohmann::json;

constexpr std::string_view kTypePrefix = "urn:mrv-ledger:outcome:";
constexpr int kServiceUnavailable = 503;

json describe(const model::Refusal& refusal, Language language) {
  const auto& text = model::describe_outcome(refusal.outcome);
  const bool chinese = language == Language::kChinese;
  json item = {{"code", text.name},
               {"message", chinese ? text.zh : text.en},
               {"hint", chinese ? text.hint_zh : text.hint_en}};
  if (!refusal.pointer.empty()) item["pointer"] = refusal.pointer;
  if (!refusal.detail.empty()) item["detail"] = refusal.detail;
  return item;
}

HttpResponse respond(int status, const json& body, Language language) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"content-type", "application/problem+json; charset=utf-8"},
                      {"content-language", language == Language::kChinese ? "zh" : "en"},
                      {"cache-control", "no-store"}};
  if (status == kServiceUnavailable) {
    response.headers.emplace_back("retry-after", std::to_string(kRetryAfterSeconds));
  }
  response.body = body.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  return response;
}

}  // namespace

HttpResponse problem(const model::Refusal& refusal, Language language,
                     const std::vector<state::RowRefusal>& rows) {
  const auto& text = model::describe_outcome(refusal.outcome);
  const json first = describe(refusal, language);
  json body = {{"type", std::string(kTypePrefix) + std::string(text.name)},
               {"title", first["message"]},
               {"status", text.http_status},
               {"outcome", text.name},
               {"hint", first["hint"]},
               {"errors", json::array({first})}};
  if (first.contains("detail")) body["detail"] = first["detail"];
  for (const auto& row : rows) {
    json item = describe(row.refusal, language);
    item["row"] = row.row;
    body["rows"].push_back(std::move(item));
  }
  return respond(text.http_status, body, language);
}

HttpResponse problem(const Error& error, Language language) {
  if (const auto outcome = model::find_outcome(error.name)) {
    return problem(model::Refusal{*outcome, error.pointer, error.detail}, language);
  }
  const bool passes = error.name == "STALE";
  const int status = passes ? kServiceUnavailable : 500;
  return respond(status,
                 {{"type", std::string(kTypePrefix) + std::string(error.name)},
                  {"title", error.name},
                  {"status", status},
                  {"outcome", error.name},
                  {"detail", error.detail}},
                 language);
}

HttpResponse not_found(Language language) {
  return problem(model::Refusal{model::Outcome::NOT_FOUND, {}, {}}, language);
}

}  // namespace mrv::api
