// A document with a fault of every stage is answered the first stage's; mended there, the next
// one's, and so on (schemas/spec/precedence.md). Numbers rise with the stages.
#include <doctest/doctest.h>

#include "tests/support/signed_world.h"

using namespace mrv;
using test::SignedWorld;

namespace {

// In the order in which they are looked for; a document has this one and all after it.
enum class Fault { text, form, signature, rules, registry, validity, signer, units, none };

model::Genesis first_rules() {
  auto genesis = SignedWorld::genesis_of(2, 2);
  genesis.rules_version = 1;
  return genesis;
}

struct StagesWorld : SignedWorld {
  StagesWorld() : SignedWorld(first_rules()) {
    party("a", {model::Role::buyer});
    party("b", {model::Role::buyer});
    batch = give_units("a", 10);
  }

  std::string document(Fault first) {
    const auto has = [first](Fault fault) { return first <= fault; };
    model::Transfer transfer;
    transfer.legs = {{batch, 1, has(Fault::units) ? 11 : 10, std::nullopt}};
    transfer.to = id("b");
    transfer.expires = TimestampMs{now.value() + kLifeMs};
    model::ActBody body = transfer;
    if (has(Fault::rules)) body = model::OpenAccount{{"desk", std::nullopt}};
    const std::string signer = has(Fault::signer) ? "stranger" : "a";
    auto signed_act = act(signer, "a", std::move(body));
    if (has(Fault::registry)) signed_act.registry = "ledger.example/other";
    if (has(Fault::validity)) signed_act.valid_until = TimestampMs{now.value() - kMsPerSecond};
    auto text = codec::sign_act(signed_act, key(signer), signed_act.valid_from);
    REQUIRE(text.ok());
    if (has(Fault::signature)) replace(*text, "\"validUntil\":\"20", "\"validUntil\":\"21");
    if (has(Fault::form))
      replace(*text, "\"credentialSubject\":{", "\"credentialSubject\":{\"x\":1,");
    if (has(Fault::text)) *text += "}";
    return *text;
  }

  model::BatchId batch;

 private:
  static void replace(std::string& text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    text.replace(at, what.size(), by);
  }
};

}  // namespace

TEST_CASE("stage after stage, the first fault is the answer") {
  StagesWorld world;
  const std::vector<std::pair<Fault, std::string>> stages = {
      {Fault::text, "JSON_SYNTAX"},
      {Fault::form, "FIELD_UNKNOWN"},
      {Fault::signature, "SIGNATURE_INVALID"},
      {Fault::rules, "NOT_IN_RULES"},
      {Fault::registry, "WRONG_REGISTRY"},
      {Fault::validity, "EXPIRED"},
      {Fault::signer, "KEY_UNKNOWN"},
      {Fault::units, "UNITS_NOT_HELD"},
  };
  int last = 0;
  for (const auto& [fault, name] : stages) {
    const auto answer = world.judge(world.document(fault));
    CHECK(answer.name == name);
    const int number = static_cast<int>(*model::find_outcome(name));
    CHECK(number > last);
    last = number;
  }
  CHECK(world.judge(world.document(Fault::none)).ok());
}
