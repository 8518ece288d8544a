// Policies line by line, quorums over every set of signers, and the checkpoints they let pass.
#include "verifier/policy.h"

#include <doctest/doctest.h>

#include "crypto/cosignature.h"

using namespace mrv;

namespace {

constexpr const char* kOrigin = "example.org/log";

crypto::SecretKey policy_secret(std::uint8_t seed) {
  REQUIRE(crypto::initialise().ok());
  return crypto::SecretKey::from_seed(Bytes(32, seed));
}

std::string log_vkey(std::uint8_t seed, const std::string& name = kOrigin) {
  return crypto::vkey_of({name, crypto::kNoteTypeEd25519, policy_secret(seed).public_key()});
}

std::string log_id(std::uint8_t seed) {
  return to_hex(
      crypto::NoteKey{kOrigin, crypto::kNoteTypeEd25519, policy_secret(seed).public_key()}.id());
}

std::string witness_name(std::uint8_t seed) { return "w.example/" + std::to_string(seed); }

std::string witness_vkey(std::uint8_t seed) {
  return crypto::vkey_of(
      {witness_name(seed), crypto::kNoteTypeCosignature, policy_secret(seed).public_key()});
}

std::string log_line(std::uint8_t seed) { return "log " + log_vkey(seed) + "\n"; }

std::string witness_line(std::uint8_t seed) {
  return "witness W" + std::to_string(seed) + " " + witness_vkey(seed) + "\n";
}

// Witnesses 11 to 10 + count.
std::string witness_lines(std::uint8_t count) {
  std::string text;
  for (std::uint8_t i = 1; i <= count; ++i) {
    text += witness_line(static_cast<std::uint8_t>(10 + i));
  }
  return text;
}

std::string checkpoint_text(std::uint64_t size = 7) {
  return log::checkpoint_text({kOrigin, TreeSize(size), Hash{}});
}

crypto::Note signed_by(std::uint8_t log_seed, std::uint64_t size = 7) {
  const std::string text = checkpoint_text(size);
  return {text, {*crypto::sign_note(text, kOrigin, policy_secret(log_seed))}};
}

void cosign(crypto::Note& note, std::uint8_t seed, std::uint64_t time) {
  note.signatures.push_back(
      *crypto::cosign(note.text, time, witness_name(seed), policy_secret(seed)));
}

std::string reason(const std::string& policy, const crypto::Note& note) {
  const auto parsed = verifier::parse_policy(policy);
  REQUIRE_MESSAGE(parsed.ok(), parsed.error().detail);
  const auto verified = verifier::verify_checkpoint(*parsed, crypto::write_note(note));
  return verified.ok() ? "" : std::string(verified.error().name);
}

void refused_at(const std::string& text, std::size_t line) {
  const auto parsed = verifier::parse_policy(text);
  REQUIRE_MESSAGE(!parsed.ok(), text);
  CHECK(parsed.error().name == "POLICY_MALFORMED");
  CHECK_MESSAGE(parsed.error().detail.starts_with("line " + std::to_string(line) + ": "),
                parsed.error().detail, " for\n", text);
}

}  // namespace

TEST_CASE("a policy is read with its logs, witnesses, groups, quorum and comments") {
  const std::string text = "# who we trust\n\n \t \n" + log_line(1) + "log\t" + log_vkey(2) +
                           "  https://log.example/ \n" + witness_line(11) + "  witness B " +
                           witness_vkey(12) + " https://w.example/\n#mrv validating nobody\n" +
                           "group any-of any W11 B\ngroup top all any-of\nquorum top\n" +
                           "# mrv validating B\n# mrv log-key " + log_id(2) + " 5 900";
  const auto policy = verifier::parse_policy(text);
  REQUIRE_MESSAGE(policy.ok(), policy.error().detail);
  CHECK(policy->logs.size() == 2);
  CHECK(policy->logs[0].name == kOrigin);
  CHECK(policy->witnesses.size() == 2);
  CHECK(policy->witnesses.at("B").name == "w.example/12");
  REQUIRE(policy->groups.size() == 2);
  CHECK(policy->groups[0].name == "any-of");
  CHECK(policy->groups[0].needed == 1);
  CHECK(policy->groups[1].members == std::vector<std::string>{"any-of"});
  CHECK(policy->quorum == "top");
  CHECK(policy->validating == std::set<std::string>{"B"});
  REQUIRE(policy->log_key_sizes.size() == 1);
  CHECK(policy->log_key_sizes.begin()->second.from == TreeSize(5));
  CHECK(policy->log_key_sizes.begin()->second.until == TreeSize(900));
  CHECK(verifier::parse_policy(log_line(1) + "quorum none\n")->quorum.empty());
}

TEST_CASE("every malformed line is refused with its number") {
  const std::string head = log_line(1) + witness_line(11) + witness_line(12);  // lines 1 to 3
  for (const std::string& line : {std::string("logs x"),
                                  std::string("log"),
                                  std::string("log x"),
                                  "log " + witness_vkey(13),
                                  "log " + log_vkey(2) + " url more",
                                  log_line(1),
                                  "log " + log_vkey(1, "other"),
                                  std::string("witness"),
                                  "witness " + witness_vkey(13),
                                  "witness C " + log_vkey(3),
                                  "witness C " + witness_vkey(13) + " url more",
                                  "witness W11 " + witness_vkey(13),
                                  "witness none " + witness_vkey(13),
                                  "witness C " + witness_vkey(11),
                                  std::string("group g all"),
                                  std::string("group g 1"),
                                  std::string("group g W11 W12"),
                                  std::string("group g 0 W11"),
                                  std::string("group g 3 W11 W12"),
                                  std::string("group g 01 W11"),
                                  std::string("group g +1 W11"),
                                  std::string("group g 18446744073709551617 W11"),
                                  std::string("group g all W11 W11"),
                                  std::string("group g all none"),
                                  std::string("group none all W11"),
                                  std::string("group W11 all W12"),
                                  std::string("group g all g"),
                                  std::string("group g all later"),
                                  std::string("quorum"),
                                  std::string("quorum W11 W12"),
                                  std::string("quorum nobody"),
                                  std::string("quorum all"),
                                  std::string("quorum W11\r"),
                                  std::string("# a comment with \x01"),
                                  std::string("# \x7F"),
                                  std::string("Quorum W11"),
                                  std::string("# mrv validating"),
                                  std::string("# mrv validating W11 W12"),
                                  std::string("# mrv validating W13"),
                                  std::string("# mrv validating none"),
                                  std::string("# mrv log-key"),
                                  "# mrv log-key " + log_id(1) + " 1",
                                  "# mrv log-key " + log_id(1) + " 5 5",
                                  "# mrv log-key " + log_id(1) + " 6 5",
                                  "# mrv log-key " + log_id(1) + " 01 5",
                                  "# mrv log-key " + log_id(1) + " 1 -",
                                  "# mrv log-key " + log_id(2) + " 1 5",
                                  "# mrv log-key " + log_id(1) + "00 1 5",
                                  std::string("# mrv log-key XYZ 1 5")}) {
    refused_at(head + line + (line.ends_with('\n') ? "" : "\n") + "quorum none\n", 4);
  }
}

TEST_CASE("what is missing or stands twice is refused") {
  refused_at("", 0);
  refused_at("quorum none\n", 1);
  refused_at(log_line(1), 1);
  refused_at(log_line(1) + "quorum none\nquorum none\n", 3);
  refused_at(log_line(1) + "quorum none\n" + witness_line(11) + "quorum W11\n", 4);
  const std::string id = "# mrv log-key " + log_id(1);
  refused_at(log_line(1) + id + " 1 5\n" + id + " 5 9\nquorum none\n", 3);
}

TEST_CASE("no witness can count twice: one line per key, one group per name") {
  const std::string head = log_line(1) + witness_lines(3);  // lines 1 to 4
  refused_at(head + "group g all W11 W12\ngroup h all g W12\nquorum h\n", 6);
  refused_at(head + "group g any W11\ngroup h any g\ngroup i any g\nquorum i\n", 7);
  // Under another key name the same public key is the same witness.
  const std::string alias = crypto::vkey_of(
      {"alias.example", crypto::kNoteTypeCosignature, policy_secret(11).public_key()});
  refused_at(head + "witness again " + alias + "\nquorum W11\n", 5);
}

TEST_CASE("names are opaque bytes, and the last line may lack its newline") {
  const std::string name = "\xE7\xA2\xB3\xFF+";
  const auto policy = verifier::parse_policy(log_line(1) + "witness " + name + " " +
                                             witness_vkey(11) + "\nquorum " + name);
  REQUIRE(policy.ok());
  CHECK(policy->quorum == name);
}

TEST_CASE("the file's size is limited on both sides") {
  const std::string text = log_line(1) + "quorum none\n#";
  CHECK(verifier::parse_policy(text + std::string(verifier::kPolicyBytesMax - text.size(), 'x'))
            .ok());
  refused_at(text + std::string(verifier::kPolicyBytesMax - text.size() + 1, 'x'), 0);
}

TEST_CASE("a quorum holds for exactly the sets of signers that its rule says") {
  struct Rule {
    const char* lines;
    bool (*holds)(unsigned signers);
  };
  const auto count = [](unsigned bits) { return __builtin_popcount(bits); };
  static const auto kCount = count;
  const std::vector<Rule> rules = {
      {"quorum none\n", [](unsigned) { return true; }},
      {"quorum W12\n", [](unsigned s) { return (s & 2U) != 0; }},
      {"group g all W11 W12 W13 W14 W15\nquorum g\n", [](unsigned s) { return s == 31U; }},
      {"group g any W11 W12 W13 W14 W15\nquorum g\n", [](unsigned s) { return s != 0; }},
      {"group g 3 W11 W12 W13 W14 W15\nquorum g\n", [](unsigned s) { return kCount(s) >= 3; }},
      {"group x 2 W11 W12 W13\ngroup y any W14 W15\ngroup g all x y\nquorum g\n",
       [](unsigned s) { return kCount(s & 7U) >= 2 && (s & 24U) != 0; }},
      {"group x all W11 W12\ngroup g 2 x W13 W14\nquorum g\n",
       [](unsigned s) {
         return ((s & 3U) == 3U ? 1 : 0) + ((s & 4U) != 0 ? 1 : 0) + ((s & 8U) != 0 ? 1 : 0) >= 2;
       }},
      {"group x any W11\ngroup y any x\nquorum W15\n", [](unsigned s) { return (s & 16U) != 0; }},
  };
  for (const Rule& rule : rules) {
    for (unsigned signers = 0; signers < 32; ++signers) {
      auto note = signed_by(1);
      for (std::uint8_t i = 0; i < 5; ++i) {
        if ((signers >> i & 1U) != 0) cosign(note, static_cast<std::uint8_t>(11 + i), 100);
      }
      const std::string got = reason(log_line(1) + witness_lines(5) + rule.lines, note);
      CHECK_MESSAGE(got == (rule.holds(signers) ? "" : "QUORUM_NOT_REACHED"), rule.lines, signers);
    }
  }
}

TEST_CASE("a verified checkpoint names its cosigners, their times and who re-executes") {
  auto note = signed_by(1);
  cosign(note, 12, 1'700'000'000);
  cosign(note, 11, 1'800'000'000);
  cosign(note, 12, 1'700'000'001);
  cosign(note, 19, 5);  // not listed
  const std::string head = log_line(1) + witness_lines(3) + "quorum W12\n";
  const auto verified =
      verifier::verify_checkpoint(*verifier::parse_policy(head), crypto::write_note(note));
  REQUIRE(verified.ok());
  CHECK(verified->checkpoint.size == TreeSize(7));
  CHECK(verified->cosigners == std::vector<verifier::Cosigner>{{"W11", 1'800'000'000, false},
                                                               {"W12", 1'700'000'001, false}});
  CHECK(!verified->re_executed);
  const auto re_executed = [&](const std::string& comment) {
    const auto policy = verifier::parse_policy(comment + head);
    return verifier::verify_checkpoint(*policy, crypto::write_note(note))->re_executed;
  };
  CHECK(re_executed("# mrv validating W12\n"));
  CHECK(!re_executed("# mrv validating W13\n"));  // it did not cosign
}

TEST_CASE("a checkpoint that no listed log key signed is refused, each way by name") {
  const std::string policy = log_line(1) + witness_lines(1) + "quorum none\n";
  CHECK(reason(policy, signed_by(1)).empty());
  CHECK(reason("log " + log_vkey(1, "example.org/other") + "\nquorum none\n", signed_by(1)) ==
        "CHECKPOINT_LOG_UNKNOWN");
  // Another key of the same name; no signature at all but a witness's; a listed log of another
  // name; damage.
  CHECK(reason(policy, signed_by(2)) == "CHECKPOINT_SIGNATURE_INVALID");
  auto bare = signed_by(1);
  bare.signatures.clear();
  cosign(bare, 11, 5);
  CHECK(reason(policy, bare) == "CHECKPOINT_SIGNATURE_INVALID");
  auto other = signed_by(1);
  other.signatures = {*crypto::sign_note(other.text, "example.org/other", policy_secret(2))};
  CHECK(reason(policy + "log " + log_vkey(2, "example.org/other") + "\n", other) ==
        "CHECKPOINT_SIGNATURE_INVALID");
  for (std::size_t byte = 0; byte < 64; ++byte) {
    auto damaged = signed_by(1);
    damaged.signatures[0].payload[byte] ^= 1U;
    CHECK(reason(policy, damaged) == "CHECKPOINT_SIGNATURE_INVALID");
  }
  auto larger = signed_by(1);
  larger.text = checkpoint_text(8);
  CHECK(reason(policy, larger) == "CHECKPOINT_SIGNATURE_INVALID");
  const auto parsed = verifier::parse_policy(policy);
  CHECK(verifier::verify_checkpoint(*parsed, "").error().name == "NOTE_MALFORMED");
  const crypto::Note letter{"a letter\n",
                            {*crypto::sign_note("a letter\n", kOrigin, policy_secret(1))}};
  CHECK(reason(policy, letter) == "CHECKPOINT_MALFORMED");
}

TEST_CASE(
    "a listed witness's line that does not hold refuses the note, an unlisted one's does not") {
  const std::string policy = log_line(1) + witness_lines(2) + "quorum W11\n";
  auto note = signed_by(1);
  cosign(note, 11, 5);
  cosign(note, 12, 6);
  CHECK(reason(policy, note).empty());
  for (const std::size_t byte : {0UL, 7UL, 8UL, 71UL}) {
    auto damaged = note;
    damaged.signatures[2].payload[byte] ^= 1U;
    CHECK(reason(policy, damaged) == "CHECKPOINT_COSIGNATURE_INVALID");
    CHECK(reason(log_line(1) + witness_lines(1) + "quorum W11\n", damaged).empty());
  }
  // A cosignature made over another checkpoint.
  auto moved = signed_by(1);
  moved.signatures.push_back(
      *crypto::cosign(checkpoint_text(8), 5, witness_name(11), policy_secret(11)));
  CHECK(reason(policy, moved) == "CHECKPOINT_COSIGNATURE_INVALID");
  // A witness's plain signature is no cosignature.
  auto plain = signed_by(1);
  plain.signatures.push_back(*crypto::sign_note(plain.text, witness_name(11), policy_secret(11)));
  CHECK(reason(policy, plain) == "QUORUM_NOT_REACHED");
}

TEST_CASE("a log key with limits signs the sizes inside them only") {
  const std::string two = log_line(1) + log_line(2) + "quorum none\n# mrv log-key " + log_id(1) +
                          " 5 9\n# mrv log-key " + log_id(2) + " 9 20\n";
  for (std::uint64_t size = 1; size < 25; ++size) {
    const bool first = size >= 5 && size < 9;
    const bool second = size >= 9 && size < 20;
    CHECK(reason(two, signed_by(1, size)) == (first ? "" : "CHECKPOINT_KEY_OUT_OF_RANGE"));
    CHECK(reason(two, signed_by(2, size)) == (second ? "" : "CHECKPOINT_KEY_OUT_OF_RANGE"));
    auto both = signed_by(1, size);
    both.signatures.push_back(*crypto::sign_note(both.text, kOrigin, policy_secret(2)));
    CHECK(reason(two, both) == (first || second ? "" : "CHECKPOINT_KEY_OUT_OF_RANGE"));
    CHECK(reason(log_line(1) + "quorum none\n", signed_by(1, size)).empty());
  }
}

TEST_CASE("as many logs, witnesses and groups as the format recommends are accepted") {
  std::string text;
  for (std::uint8_t i = 1; i <= 32; ++i) {
    text += log_line(i) + witness_line(static_cast<std::uint8_t>(100 + i));
  }
  std::string below = "W101";
  for (int i = 1; i <= 32; ++i) {
    const std::string name = "g" + std::to_string(i);
    text += "group " + name + " all " + below + "\n";
    below = name;
  }
  auto note = signed_by(32);
  cosign(note, 101, 5);
  CHECK(reason(text + "quorum g32\n", note).empty());
  CHECK(reason(text + "quorum g32\n", signed_by(32)) == "QUORUM_NOT_REACHED");
}
