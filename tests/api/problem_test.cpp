// Every outcome as a problem document: the same name and place in both languages, never the same
// sentence.
#include "api/handlers/problem.h"

#include <algorithm>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace mrv;
using namespace mrv::api;
using nlohmann::json;

TEST_CASE("each outcome is told by name, sentence, hint and place, in the language asked for") {
  for (const auto& text : model::outcome_table()) {
    const model::Refusal refusal{text.outcome, "/credentialSubject/to", "a detail"};
    const auto english = problem(refusal, Language::kEnglish);
    const auto chinese = problem(refusal, Language::kChinese);
    const auto en = json::parse(english.body);
    const auto zh = json::parse(chinese.body);
    CHECK(english.status == text.http_status);
    CHECK(chinese.status == text.http_status);
    for (const json& body : {en, zh}) {
      CHECK(body["outcome"] == text.name);
      CHECK(body["type"] == "urn:mrv-ledger:outcome:" + std::string(text.name));
      CHECK(body["status"] == text.http_status);
      CHECK(body["detail"] == "a detail");
      REQUIRE(body["errors"].size() == 1);
      CHECK(body["errors"][0]["code"] == text.name);
      CHECK(body["errors"][0]["pointer"] == "/credentialSubject/to");
    }
    CHECK(en["title"] == text.en);
    CHECK(zh["title"] == text.zh);
    CHECK(en["title"] != zh["title"]);
    CHECK(en["hint"] != zh["hint"]);
  }
}

TEST_CASE("refused rows are told one by one") {
  const model::Refusal whole{model::Outcome::IMPORT_ALL_REFUSED, "/credentialSubject/rows", {}};
  const model::Refusal one{model::Outcome::SERIAL_OVERLAP, "/credentialSubject/rows/0/serial",
                           "entry 7, row 3"};
  const auto body = json::parse(problem(whole, Language::kChinese, {{12, one}}).body);
  REQUIRE(body["rows"].size() == 1);
  CHECK(body["rows"][0]["row"] == 12);
  CHECK(body["rows"][0]["code"] == "SERIAL_OVERLAP");
  CHECK(body["rows"][0]["message"] == model::describe_outcome(one.outcome).zh);
  CHECK(body["rows"][0]["detail"] == "entry 7, row 3");
}

TEST_CASE("what is not there is not found, what passes says when to come back") {
  const auto missing = not_found(Language::kEnglish);
  CHECK(missing.status == 404);
  CHECK(json::parse(missing.body)["outcome"] == "NOT_FOUND");
  const auto busy = problem(Error{"ORDERER_QUEUE_FULL", {}, {}}, Language::kEnglish);
  CHECK(busy.status == 503);
  CHECK(std::count_if(busy.headers.begin(), busy.headers.end(),
                      [](const auto& header) { return header.first == "retry-after"; }) == 1);
  const auto broken = problem(Error{"STORE_CORRUPT", "a detail", {}}, Language::kEnglish);
  CHECK(broken.status == 500);
  CHECK(json::parse(broken.body)["outcome"] == "STORE_CORRUPT");
}

TEST_CASE("the language is the first of the two that the client names") {
  CHECK(language_of("") == Language::kEnglish);
  CHECK(language_of("zh") == Language::kChinese);
  CHECK(language_of("zh-CN,zh;q=0.9,en;q=0.8") == Language::kChinese);
  CHECK(language_of("en,zh;q=0.5") == Language::kEnglish);
  CHECK(language_of("fr") == Language::kEnglish);
}
