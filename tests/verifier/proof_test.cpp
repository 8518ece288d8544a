// Receipts: every entry of every small tree is proved, and nothing else by the same bytes.
#include "verifier/proof.h"

#include <doctest/doctest.h>

#include "crypto/cosignature.h"
#include "crypto/rfc6962.h"

using namespace mrv;

namespace {

constexpr const char* kProofOrigin = "example.org/log";
constexpr const char* kWitness = "w.example";

crypto::SecretKey proof_secret(std::uint8_t seed) {
  REQUIRE(crypto::initialise().ok());
  return crypto::SecretKey::from_seed(Bytes(32, seed));
}

verifier::Policy policy() {
  const auto log =
      crypto::vkey_of({kProofOrigin, crypto::kNoteTypeEd25519, proof_secret(1).public_key()});
  const auto witness =
      crypto::vkey_of({kWitness, crypto::kNoteTypeCosignature, proof_secret(2).public_key()});
  const auto parsed =
      verifier::parse_policy("log " + log + "\nwitness W " + witness + "\nquorum W\n");
  REQUIRE(parsed.ok());
  return *parsed;
}

std::string entry_text(std::uint64_t index) { return "entry " + std::to_string(index); }

std::vector<Hash> leaves(std::uint64_t size) {
  std::vector<Hash> hashes;
  for (std::uint64_t i = 0; i < size; ++i) {
    hashes.push_back(crypto::leaf_hash(as_bytes(entry_text(i))));
  }
  return hashes;
}

std::string signed_checkpoint(std::uint64_t size, bool cosigned = true) {
  const std::string text =
      log::checkpoint_text({kProofOrigin, TreeSize(size), crypto::root_of(leaves(size))});
  crypto::Note note{text, {*crypto::sign_note(text, kProofOrigin, proof_secret(1))}};
  if (cosigned) note.signatures.push_back(*crypto::cosign(text, 9, kWitness, proof_secret(2)));
  return crypto::write_note(note);
}

log::TlogProof proof_of(std::uint64_t index, std::uint64_t size) {
  log::TlogProof proof;
  proof.index = EntryIndex(index);
  proof.path = crypto::inclusion_path(index, leaves(size));
  proof.checkpoint = signed_checkpoint(size);
  return proof;
}

std::string reason(const std::string& entry, const std::string& proof) {
  const auto verdict = verifier::verify_receipt(policy(), as_bytes(entry), proof);
  return verdict.ok() ? "" : std::string(verdict.error().name);
}

std::string reason(const std::string& entry, const log::TlogProof& proof) {
  return reason(entry, log::tlog_proof_text(proof));
}

}  // namespace

TEST_CASE("every entry of every tree up to nine leaves has a receipt, and for itself alone") {
  for (std::uint64_t size = 1; size <= 9; ++size) {
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = proof_of(index, size);
      const std::string text = log::tlog_proof_text(proof);
      const auto verdict = verifier::verify_receipt(policy(), as_bytes(entry_text(index)), text);
      REQUIRE_MESSAGE(verdict.ok(), index, " of ", size);
      CHECK(verdict->index == EntryIndex(index));
      CHECK(verdict->checkpoint.checkpoint.size == TreeSize(size));
      REQUIRE(verdict->checkpoint.cosigners.size() == 1);
      CHECK(verdict->checkpoint.cosigners[0].time_seconds == 9);
      for (std::uint64_t other = 0; other <= size; ++other) {
        if (other != index) CHECK(reason(entry_text(other), text) == "ROOT_MISMATCH");
      }
      auto moved = proof;
      for (std::uint64_t other = 0; other < size; ++other) {
        moved.index = EntryIndex(other);
        if (other != index) CHECK(!reason(entry_text(index), moved).empty());
      }
      moved.index = EntryIndex(size);
      CHECK(reason(entry_text(index), moved) == "PROOF_INDEX_INVALID");
    }
  }
}

TEST_CASE("a receipt's damage has a name") {
  const auto good = proof_of(2, 7);
  const std::string entry = entry_text(2);
  CHECK(reason(entry, good).empty());
  auto proof = good;
  proof.path.pop_back();
  CHECK(reason(entry, proof) == "PROOF_LENGTH_INVALID");
  proof = good;
  proof.path.push_back(Hash{});
  CHECK(reason(entry, proof) == "PROOF_LENGTH_INVALID");
  proof = good;
  proof.path[1][31] ^= 1U;
  CHECK(reason(entry, proof) == "ROOT_MISMATCH");
  // A checkpoint of the same log, properly signed, of another size.
  proof = good;
  proof.checkpoint = signed_checkpoint(6);
  CHECK(reason(entry, proof) == "ROOT_MISMATCH");
  proof = good;
  proof.checkpoint = signed_checkpoint(7, false);
  CHECK(reason(entry, proof) == "QUORUM_NOT_REACHED");
  proof = good;
  proof.checkpoint += "\n";
  CHECK(reason(entry, proof) == "NOTE_MALFORMED");
  CHECK(reason(entry, std::string()) == "TLOG_PROOF_MALFORMED");
  CHECK(reason(entry, " " + log::tlog_proof_text(good)) == "TLOG_PROOF_MALFORMED");
}

TEST_CASE("what stands in extra changes nothing") {
  auto proof = proof_of(0, 1);
  CHECK(proof.path.empty());
  proof.extra = to_bytes("index 5 of another log");
  CHECK(reason(entry_text(0), proof).empty());
  CHECK(reason(entry_text(1), proof) == "ROOT_MISMATCH");
}

TEST_CASE("every single flipped bit of a receipt is refused") {
  const std::string entry = entry_text(4);
  const std::string text = log::tlog_proof_text(proof_of(4, 5));
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    std::string damaged = text;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    const std::string name = reason(entry, damaged);
    // A witness line whose key became unknown no longer counts; everything else is refused too.
    CHECK_MESSAGE(!name.empty(), "bit ", bit);
  }
}
