// The outcome table: complete, ordered, in two languages; and ids, one spelling each.
#include "ledger/model/outcome.h"

#include <random>
#include <set>

#include <doctest/doctest.h>

#include "crypto/canonical_json.h"
#include "crypto/data_integrity.h"
#include "ledger/model/ids.h"

using namespace mrv;

TEST_CASE("numbers rise, names are unique, and every text is there in both languages") {
  std::set<std::string_view> names;
  int last = 0;
  for (const auto& text : model::outcome_table()) {
    CHECK(static_cast<int>(text.outcome) > last);
    last = static_cast<int>(text.outcome);
    CHECK(names.insert(text.name).second);
    for (const auto sentence : {text.en, text.zh, text.hint_en, text.hint_zh}) {
      CHECK(sentence.size() > 3);
    }
    CHECK(text.en != text.zh);
    const std::set<int> statuses = {400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 503};
    CHECK(statuses.contains(text.http_status));
    CHECK(&model::describe_outcome(text.outcome) == &text);
    CHECK(model::find_outcome(text.name) == text.outcome);
  }
  CHECK(!model::find_outcome("NO_SUCH_OUTCOME"));
}

TEST_CASE("whatever the document readers refuse has an outcome of its name") {
  for (const auto name : {crypto::kJsonSyntax,
                          crypto::kJsonBom,
                          crypto::kJsonUtf8Invalid,
                          crypto::kJsonLoneSurrogate,
                          crypto::kJsonDuplicateName,
                          crypto::kJsonControlCharacter,
                          crypto::kJsonTooLarge,
                          crypto::kJsonTooDeep,
                          crypto::kJsonStringTooLong,
                          crypto::kJsonArrayTooLong,
                          crypto::kJsonTooManyValues,
                          crypto::kJsonNumberNotInteger,
                          crypto::kJsonNumberOutOfRange,
                          crypto::kProofDocumentInvalid,
                          crypto::kProofMissing,
                          crypto::kProofNotSingle,
                          crypto::kProofMemberUnknown,
                          crypto::kProofTypeUnsupported,
                          crypto::kProofSuiteUnsupported,
                          crypto::kProofPurposeInvalid,
                          crypto::kProofCreatedInvalid,
                          crypto::kProofContextMismatch,
                          crypto::kProofMethodInvalid,
                          crypto::kProofValueInvalid,
                          crypto::kProofSignatureInvalid}) {
    CHECK_MESSAGE(model::find_outcome(name).has_value(), std::string(name));
  }
}

TEST_CASE("ids are read back and every other spelling is refused") {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    model::PartyId id;
    for (auto& byte : id.bytes) byte = static_cast<std::uint8_t>(round == 0 ? 0xFF : random());
    const std::string text = id.text();
    CHECK(text.size() == model::kIdPrefixLength + model::kIdTextLength);
    CHECK(*model::PartyId::parse(text) == id);
    CHECK(!model::ProjectId::parse(text).ok());
    CHECK(!model::PartyId::parse(text + "0").ok());
    CHECK(!model::PartyId::parse(text.substr(0, text.size() - 1)).ok());
  }
  const std::string zeros = model::PartyId{}.text();
  for (const char bad : {'i', 'l', 'o', 'u', 'A', '-', '1'}) {
    std::string text = zeros;
    text.back() = bad;  // '1' sets a spare bit
    CHECK_MESSAGE(!model::PartyId::parse(text).ok(), text);
  }
}
