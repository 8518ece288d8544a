// mrv-verify's commands on arguments as typed: exit codes, names, JSON, and the published vectors.
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "crypto/cosignature.h"
#include "crypto/rfc6962.h"
#include "tests/support/files.h"
#include "verifier/commands.h"

using namespace mrv;
using nlohmann::json;
using verifier::Answer;

namespace {

namespace fs = std::filesystem;

// RFC 8032 section 7.1, test 2.
constexpr const char* kKey = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
constexpr const char* kSignature =
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

crypto::SecretKey secret(std::uint8_t seed) {
  REQUIRE(crypto::initialise().ok());
  return crypto::SecretKey::from_seed(Bytes(32, seed));
}

void expect(const Answer& answer, int exit_code, const std::string& name) {
  CHECK_MESSAGE(answer.exit_code == exit_code, answer.text);
  CHECK_MESSAGE(answer.text.starts_with(name + ": "), answer.text);
  const json machine = json::parse(answer.json);
  CHECK(machine.at("holds") == (exit_code == verifier::kExitHolds));
  if (exit_code != verifier::kExitHolds) {
    CHECK(machine.at("reason") == name);
    CHECK(!machine.at("detail").get<std::string>().empty());
    CHECK(machine.at("pointer").is_string());
  }
}
void holds(const Answer& answer) { expect(answer, verifier::kExitHolds, "holds"); }
void refused(const Answer& answer, const std::string& name) {
  expect(answer, verifier::kExitRefused, name);
}
void unusable(const Answer& answer, const std::string& name = "ARGUMENT_UNUSABLE") {
  expect(answer, verifier::kExitUnusable, name);
}

std::vector<Hash> cli_leaves(std::size_t size) {
  std::vector<Hash> hashes;
  for (std::size_t i = 0; i < size; ++i) {
    hashes.push_back(crypto::leaf_hash(as_bytes(std::to_string(i))));
  }
  return hashes;
}

std::string joined(const std::vector<Hash>& proof) {
  std::string text;
  for (const Hash& hash : proof) text += (text.empty() ? "" : ",") + to_base64(hash);
  return text;
}

verifier::InclusionArguments inclusion(std::size_t index, std::size_t size) {
  const auto all = cli_leaves(size);
  return {to_base64(all[index]), std::to_string(index), std::to_string(size),
          to_base64(crypto::root_of(all)), joined(crypto::inclusion_path(index, all))};
}

verifier::ConsistencyArguments consistency(std::size_t size1, std::size_t size2) {
  const auto all = cli_leaves(size2);
  return {std::to_string(size1), std::to_string(size2),
          to_base64(crypto::root_of(std::span(all).first(size1))), to_base64(crypto::root_of(all)),
          joined(crypto::consistency_path(size1, all))};
}

// The published vectors of one kind, as arguments are typed.
template <class Check>
void for_each_vector(const char* kind, std::size_t count_expected, const Check& check) {
  const fs::path folder = fs::path(MRV_SOURCE_DIR) / "../shared/vectors/rfc6962" / kind;
  if (!fs::exists(folder)) {
    MESSAGE("skipped: the RFC 6962 vectors are not beside the project");
    return;
  }
  std::size_t count = 0;
  for (const auto& file : fs::recursive_directory_iterator(folder)) {
    if (file.path().extension() != ".json") continue;
    const json vector = json::parse(test::read_file(file.path().string()));
    ++count;
    // One hash of no bytes is typed like no hash at all.
    if (vector.at("proof") == json{""}) continue;
    const Answer answer = check(vector);
    const bool wanted = !vector.at("wantErr").get<bool>();
    // Every damage of the vectors is well-formed text: it was checked and does not hold.
    CHECK_MESSAGE(answer.exit_code == (wanted ? 0 : 1), answer.text, file.path().string());
  }
  CHECK(count == count_expected);
}

std::string typed(const json& hashes) {
  std::string text;
  if (hashes.is_null()) return text;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    text += (i == 0 ? "" : ",") + hashes[i].get<std::string>();
  }
  return text;
}

}  // namespace

TEST_CASE("inclusion: what holds, what does not, what cannot be read") {
  for (std::size_t size = 1; size <= 9; ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      holds(verifier::check_inclusion(inclusion(index, size)));
    }
  }
  const auto with = [](std::string verifier::InclusionArguments::* member, const char* text) {
    auto arguments = inclusion(2, 7);
    arguments.*member = text;
    return verifier::check_inclusion(arguments);
  };
  using A = verifier::InclusionArguments;
  refused(with(&A::index, "3"), "ROOT_MISMATCH");
  refused(with(&A::index, "7"), "PROOF_INDEX_INVALID");
  refused(with(&A::size, "0"), "PROOF_INDEX_INVALID");
  refused(with(&A::proof, ""), "PROOF_LENGTH_INVALID");
  refused(with(&A::root, "AAAA"), "HASH_LENGTH_INVALID");
  refused(with(&A::root, ""), "HASH_LENGTH_INVALID");
  refused(with(&A::proof, "AAAA"), "HASH_LENGTH_INVALID");
  for (const char* text : {"", "x", "-1", "+1", "01", " 1", "1 ", "1x", "0x1", "1.0",
                           "18446744073709551616", "99999999999999999999999"}) {
    unusable(with(&A::index, text));
    unusable(with(&A::size, text));
  }
  for (const char* text : {"x", "AAA", "AAAA=", "A-_A", "AAB=", "AA AA", "AAAA\n"}) {
    unusable(with(&A::root, text));
    unusable(with(&A::leaf_hash, text));
    unusable(with(&A::proof, text));
  }
  const std::string hash = to_base64(Hash{});
  for (const std::string& text : {std::string(","), hash + ",", "," + hash, hash + ",," + hash}) {
    refused(with(&A::proof, text.c_str()), "HASH_LENGTH_INVALID");
  }
}

TEST_CASE("consistency: what holds, what does not, what cannot be read") {
  for (std::size_t size2 = 1; size2 <= 9; ++size2) {
    for (std::size_t size1 = 1; size1 <= size2; ++size1) {
      holds(verifier::check_consistency(consistency(size1, size2)));
    }
  }
  const auto with = [](std::string verifier::ConsistencyArguments::* member, const char* text) {
    auto arguments = consistency(3, 7);
    arguments.*member = text;
    return verifier::check_consistency(arguments);
  };
  using A = verifier::ConsistencyArguments;
  refused(with(&A::size1, "8"), "PROOF_SIZE_INVALID");
  refused(with(&A::size1, "4"), "PROOF_LENGTH_INVALID");
  refused(with(&A::proof, ""), "PROOF_LENGTH_INVALID");
  refused(with(&A::root2, to_base64(Hash{}).c_str()), "ROOT_MISMATCH");
  refused(with(&A::root1, "AAAA"), "HASH_LENGTH_INVALID");
  for (const char* text : {"", "-1", "07", "7.0", "18446744073709551616"}) {
    unusable(with(&A::size1, text));
    unusable(with(&A::size2, text));
  }
  unusable(with(&A::root1, "?"));
  unusable(with(&A::root2, "?"));
  unusable(with(&A::proof, "?"));
}

TEST_CASE("the published inclusion vectors have their stated verdicts at the command line") {
  for_each_vector("inclusion", 49, [](const json& vector) {
    return verifier::check_inclusion({vector.at("leafHash").get<std::string>(),
                                      std::to_string(vector.at("leafIdx").get<std::uint64_t>()),
                                      std::to_string(vector.at("treeSize").get<std::uint64_t>()),
                                      vector.at("root").get<std::string>(),
                                      typed(vector.at("proof"))});
  });
}

TEST_CASE("the published consistency vectors have their stated verdicts at the command line") {
  for_each_vector("consistency", 43, [](const json& vector) {
    return verifier::check_consistency({std::to_string(vector.at("size1").get<std::uint64_t>()),
                                        std::to_string(vector.at("size2").get<std::uint64_t>()),
                                        vector.at("root1").get<std::string>(),
                                        vector.at("root2").get<std::string>(),
                                        typed(vector.at("proof"))});
  });
}

TEST_CASE("signature: the strict rule, lengths, and hexadecimal in lower case") {
  REQUIRE(crypto::initialise().ok());
  holds(verifier::check_signature({kKey, "72", kSignature}));
  refused(verifier::check_signature({kKey, "73", kSignature}), "SIGNATURE_INVALID");
  refused(verifier::check_signature({kKey, "", kSignature}), "SIGNATURE_INVALID");
  refused(verifier::check_signature({kKey, "72", "00"}), "SIGNATURE_INVALID");
  refused(verifier::check_signature({kKey, "72", ""}), "SIGNATURE_INVALID");
  refused(verifier::check_signature({"00", "72", kSignature}), "PUBLIC_KEY_INVALID");
  // The neutral element with the signature that a rule without point checks takes for any message.
  const std::string neutral = "01" + std::string(62, '0');
  refused(verifier::check_signature({neutral, "72", neutral + std::string(64, '0')}),
          "PUBLIC_KEY_INVALID");
  for (const char* text : {"7", "7g", "0x72", "7 2", "AB", " 72"}) {
    unusable(verifier::check_signature({kKey, text, kSignature}));
    unusable(verifier::check_signature({text, "72", kSignature}));
    unusable(verifier::check_signature({kKey, "72", text}));
  }
}

TEST_CASE("Wycheproof's verdicts at the command line: 0 for valid, 1 for every other") {
  REQUIRE(crypto::initialise().ok());
  std::ifstream file(MRV_SOURCE_DIR "/../shared/vectors/ed25519/wycheproof_ed25519_test.json");
  if (!file) {
    MESSAGE("skipped: the Wycheproof vectors are not beside the project");
    return;
  }
  int count = 0;
  const json vectors = json::parse(file);
  for (const auto& group : vectors.at("testGroups")) {
    const auto key = group.at("publicKey").at("pk").get<std::string>();
    for (const auto& vector : group.at("tests")) {
      const Answer answer = verifier::check_signature(
          {key, vector.at("msg").get<std::string>(), vector.at("sig").get<std::string>()});
      CHECK_MESSAGE(answer.exit_code == (vector.at("result") == "valid" ? 0 : 1), vector.dump());
      ++count;
    }
  }
  CHECK(count == 151);
}

TEST_CASE("note: signed by the key, by another, damaged, and a key that is none") {
  const auto key = secret(1);
  const std::string vkey =
      crypto::vkey_of({"example.org/log", crypto::kNoteTypeEd25519, key.public_key()});
  const std::string text = "a text\n\nof two parts\n";
  const std::string note =
      crypto::write_note({text, {*crypto::sign_note(text, "example.org/log", key)}});
  const Answer answer = verifier::check_note(note, vkey);
  holds(answer);
  CHECK(json::parse(answer.json).at("text") == text);
  CHECK(json::parse(answer.json).at("name") == "example.org/log");
  refused(verifier::check_note(note, crypto::vkey_of({"example.org/log", crypto::kNoteTypeEd25519,
                                                      secret(2).public_key()})),
          "NOTE_NOT_SIGNED");
  refused(verifier::check_note("x" + note, vkey), "NOTE_SIGNATURE_INVALID");
  refused(verifier::check_note("", vkey), "NOTE_MALFORMED");
  refused(verifier::check_note(std::string(crypto::kNoteBytesMax + 1, 'x'), vkey),
          "NOTE_TOO_LARGE");
  unusable(verifier::check_note(note, vkey + "x"), "VKEY_INVALID");
  unusable(verifier::check_note(note, ""), "VKEY_INVALID");
  const std::string witness =
      crypto::vkey_of({"w.example", crypto::kNoteTypeCosignature, key.public_key()});
  holds(verifier::check_note(
      crypto::write_note({text, {*crypto::cosign(text, 5, "w.example", key)}}), witness));
}

TEST_CASE("receipt: the verdict in words and as JSON, names of opaque bytes included") {
  const std::string witness_name = "W\xFF";
  const std::string policy =
      "log " +
      crypto::vkey_of({"example.org/log", crypto::kNoteTypeEd25519, secret(1).public_key()}) +
      "\nwitness " + witness_name + " " +
      crypto::vkey_of({"w.example", crypto::kNoteTypeCosignature, secret(2).public_key()}) +
      "\n# mrv validating " + witness_name + "\nquorum " + witness_name + "\n";
  const auto all = cli_leaves(3);
  const std::string text =
      log::checkpoint_text({"example.org/log", TreeSize(3), crypto::root_of(all)});
  log::TlogProof proof{
      {},
      EntryIndex(1),
      crypto::inclusion_path(1, all),
      crypto::write_note({text,
                          {*crypto::sign_note(text, "example.org/log", secret(1)),
                           *crypto::cosign(text, 1'700'000'000, "w.example", secret(2))}})};
  const Answer answer = verifier::check_receipt(policy, "1", log::tlog_proof_text(proof));
  holds(answer);
  CHECK(answer.text ==
        "holds: entry 1 is in the log\ncheckpoint: example.org/log, size 3, "
        "cosigned by W\xFF at 2023-11-14T22:13:20Z\nstate: re-executed by W\xFF");
  const json machine = json::parse(answer.json);
  CHECK(machine.at("index") == "1");
  CHECK(machine.at("treeSize") == "3");
  CHECK(machine.at("origin") == "example.org/log");
  CHECK(machine.at("root") == to_base64(crypto::root_of(all)));
  CHECK(machine.at("witnesses").at(0).at("time") == "1700000000");
  CHECK(machine.at("witnesses").at(0).at("validating") == true);
  refused(verifier::check_receipt(policy, "2", log::tlog_proof_text(proof)), "ROOT_MISMATCH");
  refused(verifier::check_receipt(policy, "1", "1"), "TLOG_PROOF_MALFORMED");
  unusable(verifier::check_receipt("", "1", log::tlog_proof_text(proof)), "POLICY_MALFORMED");
  // Times that no calendar holds are still answered.
  proof.checkpoint =
      crypto::write_note({text,
                          {*crypto::sign_note(text, "example.org/log", secret(1)),
                           *crypto::cosign(text, ~std::uint64_t{0}, "w.example", secret(2))}});
  const Answer late = verifier::check_receipt(policy, "1", log::tlog_proof_text(proof));
  holds(late);
  CHECK(late.text.find("at 18446744073709551615 s") != std::string::npos);
}

TEST_CASE("a mirror without its files cannot be checked; one of another log does not hold") {
  const std::string policy =
      "log " +
      crypto::vkey_of({"example.org/log", crypto::kNoteTypeEd25519, secret(1).public_key()}) +
      "\nquorum none\n";
  const std::string text =
      log::checkpoint_text({"example.org/log", TreeSize(1), crypto::leaf_hash(as_bytes("x"))});
  std::map<std::string, std::string> files;
  verifier::Mirror mirror;
  mirror.read = [&files](const std::string& name) -> Result<std::string> {
    const auto found = files.find(name);
    if (found == files.end()) return Error{verifier::kArgumentUnusable, name + ": absent", {}};
    return found->second;
  };
  mirror.blob = [](const Hash&) { return std::nullopt; };
  unusable(verifier::check_replay(policy, mirror));
  files["checkpoint"] = text;
  refused(verifier::check_replay(policy, mirror), "NOTE_MALFORMED");
  files["checkpoint"] =
      crypto::write_note({text, {*crypto::sign_note(text, "example.org/log", secret(1))}});
  unusable(verifier::check_replay(policy, mirror));
  files["entries/0"] = std::string("\0\1", 2);
  refused(verifier::check_replay(policy, mirror), "BUNDLE_MALFORMED");
  files["entries/0"] = std::string("\0\1x", 3);
  refused(verifier::check_replay(policy, mirror), "REPLAY_ENTRY_INVALID");
  files["entries/0"] = "";
  refused(verifier::check_replay(policy, mirror), "ROOT_MISMATCH");
}
