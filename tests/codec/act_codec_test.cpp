// Signed acts and entries: round trips, and every departure refused by name and place.
#include "ledger/codec/act_codec.h"

#include <functional>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/data_integrity.h"
#include "crypto/did_key.h"
#include "ledger/base/time.h"
#include "ledger/codec/entry_codec.h"

using namespace mrv;
using nlohmann::json;

namespace {

crypto::SecretKey secret(std::uint8_t seed) {
  REQUIRE(crypto::initialise().ok());
  return crypto::SecretKey::from_seed(Bytes(32, seed));
}

model::KeyBytes key_bytes(std::uint8_t seed) { return {secret(seed).public_key().bytes}; }

model::Act act_of(model::ActBody body) {
  model::Act act;
  act.id = {1, 2, 3, 4, 5, 6, 0x77, 8, 0x99, 10, 11, 12, 13, 14, 15, 16};
  act.signer = key_bytes(1);
  act.party = model::PartyId{{7}};
  act.registry = "example.org/log";
  act.valid_from = *parse_seconds("2026-11-21T10:00:00Z");
  act.valid_until = *parse_seconds("2026-11-22T10:00:00Z");
  act.body = std::move(body);
  return act;
}

std::string signed_text(const model::Act& act) {
  auto text = codec::sign_act(act, secret(1), act.valid_from);
  REQUIRE(text.ok());
  return *text;
}

// Every alternative of ActBody with its defaults, so that none is forgotten.
template <std::size_t I = 0>
void for_each_body(const std::function<void(model::ActBody)>& visit) {
  if constexpr (I < std::variant_size_v<model::AnyAct>) {
    visit(std::variant_alternative_t<I, model::AnyAct>{});
    for_each_body<I + 1>(visit);
  }
}

model::Transfer sample_transfer() {
  model::Transfer transfer;
  transfer.legs = {{model::BatchId{{1}}, 5, 9, std::nullopt},
                   {model::BatchId{{2}}, std::nullopt, std::nullopt, 77}};
  transfer.to = model::PartyId{{8}};
  transfer.memo = "碳信用 \xF0\x9F\x8C\xB1\nsecond line";
  transfer.expires = *parse_seconds("2026-12-01T00:00:00Z");
  return transfer;
}

// Changes the unsigned document, signs what comes out, and decodes it.
Result<model::VerifiedAct> decode_changed(const std::function<void(json&)>& change) {
  json document = *crypto::parse_strict(codec::unsigned_document(act_of(sample_transfer())),
                                        crypto::kForeignLimits);
  change(document);
  const auto key = secret(1);
  auto secured = crypto::sign_document(
      document, key, crypto::verification_method_of(key.public_key()), "2026-11-21T10:00:00Z");
  REQUIRE(secured.ok());
  return codec::decode_act(crypto::canonicalize(*secured));
}

}  // namespace

TEST_CASE("an act is read back as it was signed, whatever the formatting it came in") {
  const auto act = act_of(sample_transfer());
  const std::string text = signed_text(act);
  const auto decoded = codec::decode_act(json::parse(text).dump(4));
  REQUIRE_MESSAGE(decoded.ok(), decoded.error().detail);
  CHECK(decoded->canonical == text);
  CHECK(codec::unsigned_document(decoded->act) == codec::unsigned_document(act));
  CHECK(decoded->act.party == act.party);
  CHECK(codec::decode_act(text, true).ok());
  CHECK(codec::decode_trusted_act(text)->digest == decoded->digest);
}

TEST_CASE("every act's document names its type and decodes into the same act or a named refusal") {
  int types = 0;
  for_each_body([&](model::ActBody body) {
    ++types;
    // Raw documents have no default of their own.
    if (auto* table = std::get_if<model::RegisterFactorTable>(&body)) table->document = {"{}"};
    if (auto* method = std::get_if<model::RegisterMethodology>(&body)) method->document = {"{}"};
    if (auto* report = std::get_if<model::SubmitMonitoringReport>(&body)) report->inputs = {"{}"};
    const auto type = std::string(model::type_of(body));
    const auto act = act_of(body);
    const json document =
        *crypto::parse_strict(codec::unsigned_document(act), crypto::kForeignLimits);
    CHECK(document.at("type").at(1) == type);
    const auto decoded = codec::decode_act(signed_text(act));
    if (decoded.ok()) {
      CHECK(model::type_of(decoded->act.body) == type);
      CHECK(codec::unsigned_document(decoded->act) == codec::unsigned_document(act));
    } else {
      CHECK_MESSAGE(decoded.error().pointer.starts_with("/credentialSubject"),
                    (type + decoded.error().pointer));
    }
  });
  CHECK(types == std::variant_size_v<model::AnyAct>);
}

TEST_CASE("departures are refused by name and place") {
  struct Case {
    std::function<void(json&)> change;
    std::string name;
    std::string pointer;
  };
  const std::vector<Case> cases = {
      {[](json& d) { d["extra"] = 1; }, "FIELD_UNKNOWN", "/extra"},
      {[](json& d) { d["issuer"]["name"] = "x"; }, "FIELD_UNKNOWN", "/issuer/name"},
      {[](json& d) { d["credentialSubject"]["x/y~z"] = "1"; }, "FIELD_UNKNOWN",
       "/credentialSubject/x~1y~0z"},
      {[](json& d) { d["credentialSubject"]["legs"][1]["note"] = "1"; }, "FIELD_UNKNOWN",
       "/credentialSubject/legs/1/note"},
      {[](json& d) { d.erase("registry"); }, "FIELD_MISSING", "/registry"},
      {[](json& d) { d["credentialSubject"].erase("to"); }, "FIELD_MISSING",
       "/credentialSubject/to"},
      {[](json& d) { d["credentialSubject"]["legs"][0]["first"] = 5; }, "FIELD_TYPE_WRONG",
       "/credentialSubject/legs/0/first"},
      {[](json& d) { d["credentialSubject"]["legs"] = "all"; }, "FIELD_TYPE_WRONG",
       "/credentialSubject/legs"},
      {[](json& d) { d["credentialSubject"]["legs"][0]["first"] = "05"; }, "INTEGER_INVALID",
       "/credentialSubject/legs/0/first"},
      {[](json& d) { d["credentialSubject"]["legs"][0]["first"] = "0"; }, "INTEGER_OUT_OF_RANGE",
       "/credentialSubject/legs/0/first"},
      {[](json& d) { d["credentialSubject"]["legs"][0]["first"] = "9000000000000001"; },
       "INTEGER_OUT_OF_RANGE", "/credentialSubject/legs/0/first"},
      {[](json& d) { d["credentialSubject"]["legs"] = json::array(); }, "LIST_TOO_SHORT",
       "/credentialSubject/legs"},
      {[](json& d) {
         const json leg = d["credentialSubject"]["legs"][0];
         d["credentialSubject"]["legs"] = json(std::vector<json>(kLegsMax + 1, leg));
       },
       "LIST_TOO_LONG", "/credentialSubject/legs"},
      {[](json& d) { d["credentialSubject"]["to"] = "prj_00000000000000000000000000"; },
       "ID_INVALID", "/credentialSubject/to"},
      {[](json& d) { d["credentialSubject"]["memo"] = std::string(kNoteBytesMax + 1, 'x'); },
       "TEXT_TOO_LONG", "/credentialSubject/memo"},
      {[](json& d) { d["credentialSubject"]["expires"] = "2026-02-29T00:00:00Z"; }, "TIME_INVALID",
       "/credentialSubject/expires"},
      {[](json& d) { d["validUntil"] = "2026-11-22T10:00:00.5Z"; }, "TIME_INVALID", "/validUntil"},
      {[](json& d) { d["validUntil"] = "2026-11-22T10:00:00+00:00"; }, "TIME_INVALID",
       "/validUntil"},
      {[](json& d) { d["type"][1] = "Mint"; }, "DOCUMENT_TYPE_UNKNOWN", "/type/1"},
      {[](json& d) { d["type"] = "Transfer"; }, "DOCUMENT_TYPE_UNKNOWN", "/type"},
      {[](json& d) { d["@context"].push_back("urn:more"); }, "DOCUMENT_CONTEXT_INVALID",
       "/@context"},
      {[](json& d) { d["id"] = "urn:uuid:01020304-0506-4708-9908-0a0b0c0d0e0f"; }, "UUID_INVALID",
       "/id"},
      {[](json& d) { d["issuer"]["party"] = "pty_00000000000000000000000000"; }, "ID_INVALID",
       "/issuer/party"},
      {[](json& d) { d["issuer"]["id"] = "did:web:example.org"; }, "KEY_INVALID", "/issuer/id"},
      {[](json& d) { d["issuer"].erase("id"); }, "FIELD_MISSING", "/issuer/id"},
      {[](json& d) { d["issuer"]["id"] = 1; }, "FIELD_TYPE_WRONG", "/issuer/id"},
      {[](json& d) { d["issuer"]["id"] = crypto::did_of(secret(2).public_key()); },
       "PROOF_KEY_MISMATCH", "/issuer/id"},
  };
  for (const auto& test : cases) {
    const auto decoded = decode_changed(test.change);
    REQUIRE_MESSAGE(!decoded.ok(), (test.name + test.pointer));
    CHECK(decoded.error().name == test.name);
    CHECK(decoded.error().pointer == test.pointer);
  }
  CHECK(decode_changed([](json&) {}).ok());
  CHECK(decode_changed([](json& d) {
          d["credentialSubject"]["memo"] = std::string(kNoteBytesMax, 'x');
        }).ok());
  CHECK(decode_changed([](json& d) {
          const json leg = d["credentialSubject"]["legs"][0];
          d["credentialSubject"]["legs"] = json(std::vector<json>(kLegsMax, leg));
        }).ok());
}

TEST_CASE("a document changed after signing is refused") {
  std::string text = signed_text(act_of(sample_transfer()));
  const auto at = text.find("\"77\"");
  REQUIRE(at != std::string::npos);
  text[at + 1] = '8';
  const auto decoded = codec::decode_act(text);
  REQUIRE(!decoded.ok());
  CHECK(decoded.error().name == "SIGNATURE_INVALID");
}

TEST_CASE("entries are read back, and only their one spelling is read") {
  const std::string document = signed_text(act_of(sample_transfer()));
  const codec::ActEntry act{*parse_milliseconds("2026-11-21T10:00:00.123Z"), document,
                            std::nullopt};
  codec::ActEntry with_result = act;
  with_result.result = R"({"credits":"1"})";
  codec::SealEntry seal{act.recorded_at, TreeSize{12}, Hash{}, 34};
  for (const codec::Entry& entry :
       {codec::Entry(act), codec::Entry(with_result), codec::Entry(seal)}) {
    const auto bytes = codec::encode_entry(entry);
    REQUIRE(bytes.ok());
    const auto decoded = codec::decode_entry(*bytes);
    REQUIRE(decoded.ok());
    CHECK(*decoded == entry);
    const std::string text(as_text(*bytes));
    CHECK(crypto::is_canonical(text));
    for (const std::string& bad : {text + " ", " " + text, text.substr(1),
                                   text.substr(0, text.size() - 1), "{\"a\":1," + text.substr(1)}) {
      CHECK(codec::decode_entry(as_bytes(bad)).error().name == "ENTRY_MALFORMED");
    }
  }
  codec::ActEntry large = act;
  large.result = "\"" + std::string(kEntryBytesMax, 'x') + "\"";
  CHECK(codec::encode_entry(large).error().name == "ENTRY_TOO_LARGE");
}

TEST_CASE("every day of three centuries is read back, and impossible days are refused") {
  for (std::int32_t day = 0; day < 110'000; ++day) {
    const auto parsed = parse_day(day_text(day));
    REQUIRE(parsed.ok());
    CHECK(*parsed == day);
  }
  CHECK(*parse_day("2000-02-29") == 11'016);
  CHECK(*parse_day("1970-01-01") == 0);
  for (const char* text : {"2026-02-29", "2100-02-29", "2026-13-01", "2026-00-01", "2026-01-00",
                           "2026-04-31", "1969-12-31", "26-01-01", "2026/01/01", "2026-1-01"}) {
    CHECK_MESSAGE(!parse_day(text).ok(), text);
  }
  for (const char* text : {"2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
                           "2026-01-01 00:00:00Z", "2026-01-01T00:00:00z", "2026-01-01T00:00:00"}) {
    CHECK_MESSAGE(!parse_seconds(text).ok(), text);
  }
}
