// Signed documents: the W3C vector, every departure from the profile, every altered byte.
#include "crypto/data_integrity.h"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "crypto/did_key.h"
#include "crypto/sha256.h"

using nlohmann::json;
namespace crypto = mrv::crypto;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kCreated = "2026-01-02T03:04:05Z";

crypto::SecretKey test_key(std::uint8_t fill) {
  std::array<std::uint8_t, 32> seed{};
  seed.fill(fill);
  REQUIRE(crypto::initialise().ok());
  return crypto::SecretKey::from_seed(seed);
}

json test_document() {
  return {{"@context", {"https://www.w3.org/ns/credentials/v2", "urn:mrv-ledger:context:v1"}},
          {"id", "urn:uuid:01900000-0000-7000-8000-000000000001"},
          {"type", {"VerifiableCredential", "RetireCredits"}},
          {"credentialSubject", {{"quantity", "12.500"}, {"revision", 3}, {"note", "第一"}}}};
}

json signed_document(const crypto::SecretKey& key) {
  const auto result = crypto::sign_document(
      test_document(), key, crypto::verification_method_of(key.public_key()), kCreated);
  REQUIRE(result.ok());
  return *result;
}

std::string verdict(const json& document) {
  const auto result = crypto::verify_document(document);
  return result.ok() ? std::string() : std::string(result.error().name);
}

// Signs a proof of any shape, as a careless or hostile signer would.
json sign_as_is(json document, json proof, const crypto::SecretKey& key) {
  mrv::Bytes data;
  for (const auto& hash : {crypto::sha256(mrv::as_bytes(crypto::canonicalize(proof))),
                           crypto::sha256(mrv::as_bytes(crypto::canonicalize(document)))}) {
    data.insert(data.end(), hash.begin(), hash.end());
  }
  proof["proofValue"] = "z" + mrv::to_base58(crypto::sign(key, data).bytes);
  document["proof"] = std::move(proof);
  return document;
}

json test_proof(const crypto::SecretKey& key) {
  return {{"type", "DataIntegrityProof"},
          {"cryptosuite", "eddsa-jcs-2022"},
          {"created", kCreated},
          {"verificationMethod", crypto::verification_method_of(key.public_key())},
          {"proofPurpose", "assertionMethod"}};
}

}  // namespace

TEST_CASE(
    "the W3C eddsa-jcs-2022 vector: equal canonical forms and hashes, and the same signature") {
  const fs::path folder = fs::path(MRV_SOURCE_DIR) / ".." / "shared" / "vectors" / "eddsa-jcs-2022";
  if (!fs::exists(folder)) {
    MESSAGE("skipped: no vectors in " << folder.string());
    return;
  }
  const auto text = [&](const char* name) {
    std::ifstream stream(folder / name, std::ios::binary);
    REQUIRE(stream.good());
    return std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  };
  const auto parsed = [&](const char* name) {
    const auto value = crypto::parse_strict(text(name), crypto::kDocumentLimits);
    REQUIRE(value.ok());
    return *value;
  };
  REQUIRE(crypto::initialise().ok());
  const json document = parsed("signedJCS.json");
  const json unsigned_document = parsed("unsigned.json");
  const json options = parsed("proofConfigJCS.json");
  CHECK(crypto::canonicalize(unsigned_document) == text("canonDocJCS.txt"));
  CHECK(crypto::canonicalize_without(document, "proof") == text("canonDocJCS.txt"));
  CHECK(crypto::canonicalize(options) == text("proofCanonJCS.txt"));
  CHECK(crypto::canonicalize_without(document.at("proof"), "proofValue") ==
        text("proofCanonJCS.txt"));
  CHECK(mrv::to_hex(crypto::sha256(mrv::as_bytes(text("canonDocJCS.txt")))) ==
        text("docHashJCS.txt"));
  CHECK(mrv::to_hex(crypto::sha256(mrv::as_bytes(text("proofCanonJCS.txt")))) ==
        text("proofHashJCS.txt"));

  const auto statement = crypto::read_proof(document);
  REQUIRE(statement.ok());
  CHECK(mrv::to_hex(statement->hash_data) == text("combinedHashJCS.txt"));
  CHECK(mrv::to_hex(statement->signature.bytes) == text("sigHexJCS.txt"));
  CHECK(document.at("proof").at("proofValue") == text("sigBTC58JCS.txt"));

  const json pair = parsed("keyPair.json");
  const auto signer = crypto::verify_document(document);
  REQUIRE(signer.ok());
  CHECK(crypto::did_of(*signer) == "did:key:" + pair.at("publicKeyMultibase").get<std::string>());

  const auto key = crypto::parse_secret_multikey(pair.at("privateKeyMultibase").get<std::string>());
  REQUIRE(key.ok());
  const auto again = crypto::sign_document(unsigned_document, *key,
                                           options.at("verificationMethod").get<std::string>(),
                                           options.at("created").get<std::string>());
  REQUIRE(again.ok());
  CHECK(*again == document);
}

TEST_CASE("a signed document verifies and names its key, however it is formatted") {
  const auto key = test_key(1);
  const json document = signed_document(key);
  CHECK(document.at("proof").at("@context") == document.at("@context"));
  for (const auto standing : {crypto::KeyStanding::kUnchecked, crypto::KeyStanding::kRegistered}) {
    const auto signer = crypto::verify_document(document, standing);
    REQUIRE(signer.ok());
    CHECK(*signer == key.public_key());
  }
  const auto reformatted = crypto::parse_strict(document.dump(4), crypto::kDocumentLimits);
  REQUIRE(reformatted.ok());
  CHECK(verdict(*reformatted) == "");
}

TEST_CASE("a document without @context is signed without one") {
  const auto key = test_key(1);
  const auto result = crypto::sign_document(
      {{"a", 1}}, key, crypto::verification_method_of(key.public_key()), kCreated);
  REQUIRE(result.ok());
  CHECK_FALSE(result->at("proof").contains("@context"));
  CHECK(verdict(*result) == "");
}

TEST_CASE("a proof without @context is accepted and hashed without it") {
  const auto key = test_key(1);
  json document = sign_as_is(test_document(), test_proof(key), key);
  CHECK(verdict(document) == "");
  document["proof"]["@context"] = document["@context"];
  CHECK(verdict(document) == "SIGNATURE_INVALID");
}

TEST_CASE("a context appended, removed or reordered after signing is refused") {
  const json document = signed_document(test_key(1));
  json appended = document;
  appended["@context"].push_back("https://attacker.example/v1");
  CHECK(verdict(appended) == "PROOF_CONTEXT_MISMATCH");

  json both = appended;
  both["proof"]["@context"] = both["@context"];
  CHECK(verdict(both) == "SIGNATURE_INVALID");

  json shortened = document;
  shortened["@context"].erase(1);
  CHECK(verdict(shortened) == "PROOF_CONTEXT_MISMATCH");

  json reordered = document;
  std::swap(reordered["@context"][0], reordered["@context"][1]);
  CHECK(verdict(reordered) == "PROOF_CONTEXT_MISMATCH");

  json absent = document;
  absent.erase("@context");
  CHECK(verdict(absent) == "PROOF_CONTEXT_MISMATCH");

  json stripped = document;
  stripped["proof"].erase("@context");
  CHECK(verdict(stripped) == "SIGNATURE_INVALID");
}

TEST_CASE("each departure from the profile has its own name, even under a good signature") {
  const auto key = test_key(1);
  const std::string method = crypto::verification_method_of(key.public_key());
  const std::string other_method = crypto::verification_method_of(test_key(2).public_key());
  struct Row {
    const char* what;
    std::string_view name;
    std::function<void(json&)> change;
  };
  const auto set = [](const char* member, json value) {
    return [=](json& proof) { proof[member] = value; };
  };
  const auto drop = [](const char* member) { return [=](json& proof) { proof.erase(member); }; };
  const std::string did = method.substr(0, method.find('#'));
  const std::string fragment = method.substr(method.find('#') + 1);
  const std::vector<Row> rows = {
      {"no type", "PROOF_TYPE_UNSUPPORTED", drop("type")},
      {"another type", "PROOF_TYPE_UNSUPPORTED", set("type", "Ed25519Signature2020")},
      {"type as a set", "PROOF_TYPE_UNSUPPORTED", set("type", {"DataIntegrityProof"})},
      {"no suite", "PROOF_SUITE_UNSUPPORTED", drop("cryptosuite")},
      {"another suite", "PROOF_SUITE_UNSUPPORTED", set("cryptosuite", "eddsa-rdfc-2022")},
      {"no purpose", "PROOF_PURPOSE_INVALID", drop("proofPurpose")},
      {"another purpose", "PROOF_PURPOSE_INVALID", set("proofPurpose", "authentication")},
      {"no created", "PROOF_CREATED_INVALID", drop("created")},
      {"created as a number", "PROOF_CREATED_INVALID", set("created", 20260102)},
      {"created with offset", "PROOF_CREATED_INVALID", set("created", "2026-01-02T03:04:05+00:00")},
      {"created with fraction", "PROOF_CREATED_INVALID", set("created", "2026-01-02T03:04:05.0Z")},
      {"created in lower case", "PROOF_CREATED_INVALID", set("created", "2026-01-02t03:04:05z")},
      {"created on no day", "PROOF_CREATED_INVALID", set("created", "2026-02-29T03:04:05Z")},
      {"created at no hour", "PROOF_CREATED_INVALID", set("created", "2026-01-02T24:00:00Z")},
      {"created at no minute", "PROOF_CREATED_INVALID", set("created", "2026-01-02T23:60:00Z")},
      {"created at a leap second", "PROOF_CREATED_INVALID", set("created", "2026-01-02T23:59:60Z")},
      {"no method", "PROOF_METHOD_INVALID", drop("verificationMethod")},
      {"method as an object", "PROOF_METHOD_INVALID", set("verificationMethod", {{"id", method}})},
      {"a bare DID", "PROOF_METHOD_INVALID", set("verificationMethod", did)},
      {"another fragment", "PROOF_METHOD_INVALID",
       set("verificationMethod", did + "#" + other_method.substr(other_method.find('#') + 1))},
      {"another DID method", "PROOF_METHOD_INVALID",
       set("verificationMethod", "did:web:example.com#" + fragment)},
      {"two fragments", "PROOF_METHOD_INVALID", set("verificationMethod", method + "#" + fragment)},
      {"another key", "SIGNATURE_INVALID", set("verificationMethod", other_method)},
      {"context of another document", "PROOF_CONTEXT_MISMATCH", set("@context", "urn:x")},
      {"context null", "PROOF_CONTEXT_MISMATCH", set("@context", nullptr)},
      {"an id", "PROOF_MEMBER_UNKNOWN", set("id", "urn:uuid:1")},
      {"a chain", "PROOF_MEMBER_UNKNOWN", set("previousProof", "urn:uuid:1")},
      {"a challenge", "PROOF_MEMBER_UNKNOWN", set("challenge", "1")},
      {"an expiry", "PROOF_MEMBER_UNKNOWN", set("expires", "2026-01-02T03:04:05Z")},
  };
  REQUIRE(verdict(sign_as_is(test_document(), test_proof(key), key)) == "");
  for (const Row& row : rows) {
    CAPTURE(row.what);
    json proof = test_proof(key);
    row.change(proof);
    CHECK(verdict(sign_as_is(test_document(), proof, key)) == row.name);
  }
}

TEST_CASE("a proof value that is not one signature in base58 is refused") {
  const auto key = test_key(1);
  const json document = signed_document(key);
  const std::string value = document.at("proof").at("proofValue").get<std::string>();
  const mrv::Bytes bytes = *mrv::from_base58(value.substr(1));
  const auto with = [&](json proof_value) {
    json changed = document;
    changed["proof"]["proofValue"] = std::move(proof_value);
    return verdict(changed);
  };
  mrv::Bytes longer = bytes;
  longer.push_back(0);
  const mrv::Bytes shorter(bytes.begin(), bytes.end() - 1);
  mrv::Bytes padded(bytes);
  padded.insert(padded.begin(), 0);
  CHECK(with(value) == "");
  CHECK(with("z" + mrv::to_base58(longer)) == "PROOF_VALUE_INVALID");
  CHECK(with("z" + mrv::to_base58(shorter)) == "PROOF_VALUE_INVALID");
  CHECK(with("z" + mrv::to_base58(padded)) == "PROOF_VALUE_INVALID");
  CHECK(with("u" + value.substr(1)) == "PROOF_VALUE_INVALID");
  CHECK(with(value.substr(1)) == "PROOF_VALUE_INVALID");
  CHECK(with(value + " ") == "PROOF_VALUE_INVALID");
  CHECK(with("z0" + value.substr(2)) == "PROOF_VALUE_INVALID");
  CHECK(with("z") == "PROOF_VALUE_INVALID");
  CHECK(with("") == "PROOF_VALUE_INVALID");
  CHECK(with(nullptr) == "PROOF_VALUE_INVALID");
  CHECK(with(json::array({value})) == "PROOF_VALUE_INVALID");
  CHECK(with("z" + std::string(8'000, '2')) == "PROOF_VALUE_INVALID");
  CHECK(with("z" + mrv::to_base58(mrv::Bytes(64, 0))) == "SIGNATURE_INVALID");

  json absent = document;
  absent["proof"].erase("proofValue");
  CHECK(verdict(absent) == "PROOF_VALUE_INVALID");
}

TEST_CASE("what is not one document with one proof is refused") {
  const json document = signed_document(test_key(1));
  json proofless = document;
  proofless.erase("proof");
  CHECK(verdict(proofless) == "PROOF_MISSING");
  json set = document;
  set["proof"] = json::array({document["proof"]});
  CHECK(verdict(set) == "PROOF_NOT_SINGLE");
  json null = document;
  null["proof"] = nullptr;
  CHECK(verdict(null) == "PROOF_NOT_SINGLE");
  CHECK(verdict(json::array({document})) == "PROOF_DOCUMENT_INVALID");
  CHECK(verdict(nullptr) == "PROOF_DOCUMENT_INVALID");
  json infinite = document;
  infinite["x"] = std::numeric_limits<double>::infinity();
  CHECK(verdict(infinite) == "PROOF_DOCUMENT_INVALID");
}

TEST_CASE("no change of one byte of document, proof or signature goes unnoticed") {
  const json document = signed_document(test_key(1));
  const std::string text = crypto::canonicalize(document);
  const mrv::Bytes original = mrv::to_bytes(text);
  std::size_t parsed = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const int change : {0x01, 0x20, 0x80}) {
      std::string changed = text;
      changed[at] = static_cast<char>(static_cast<std::uint8_t>(changed[at]) ^ change);
      const auto value = crypto::parse_strict(changed, crypto::kDocumentLimits);
      if (!value.ok()) continue;
      ++parsed;
      if (verdict(*value) == "") FAIL_CHECK("byte " << at << " changed by " << change);
      if (crypto::verify_document(*value, crypto::KeyStanding::kRegistered).ok()) {
        FAIL_CHECK("registered: byte " << at << " changed by " << change);
      }
    }
  }
  CHECK(parsed > text.size() / 2);
}

TEST_CASE("no change of one bit of the signature goes unnoticed") {
  const json document = signed_document(test_key(1));
  const auto statement = crypto::read_proof(document);
  REQUIRE(statement.ok());
  REQUIRE(crypto::verify_statement(*statement, crypto::KeyStanding::kUnchecked).ok());
  for (std::size_t bit = 0; bit < 512; ++bit) {
    crypto::ProofStatement changed = *statement;
    changed.signature.bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    if (crypto::verify_statement(changed, crypto::KeyStanding::kUnchecked).ok()) {
      FAIL_CHECK("bit " << bit);
    }
    changed = *statement;
    changed.hash_data[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    if (crypto::verify_statement(changed, crypto::KeyStanding::kRegistered).ok()) {
      FAIL_CHECK("hash bit " << bit);
    }
  }
}

TEST_CASE("signing refuses what could not be verified") {
  const auto key = test_key(1);
  const std::string method = crypto::verification_method_of(key.public_key());
  const auto name_of = [&](json document, std::string_view with, std::string_view created) {
    const auto result = crypto::sign_document(std::move(document), key, with, created);
    return result.ok() ? std::string() : std::string(result.error().name);
  };
  CHECK(name_of(test_document(), method, kCreated) == "");
  CHECK(name_of(signed_document(key), method, kCreated) == "PROOF_PRESENT");
  CHECK(name_of(test_document(), method, "2026-01-02") == "PROOF_CREATED_INVALID");
  CHECK(name_of(test_document(), "did:key:zNot", kCreated) == "PROOF_METHOD_INVALID");
  CHECK(name_of(test_document(), crypto::verification_method_of(test_key(2).public_key()),
                kCreated) == "PROOF_KEY_MISMATCH");
  CHECK(name_of("text", method, kCreated) == "PROOF_DOCUMENT_INVALID");
}
