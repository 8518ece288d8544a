// Every act as a command line.
#include "api/cli/act_form.h"

#include <set>

#include <doctest/doctest.h>

#include "api/cli/act_summaries.h"
#include "ledger/codec/act_codec.h"
#include "ledger/model/act.h"

using namespace mrv;
using nlohmann::json;

namespace {

const cli::ActMember& member(const std::vector<cli::ActForm>& forms, std::string_view command,
                             std::string_view name) {
  for (const auto& form : forms) {
    if (form.command != command) continue;
    for (const auto& found : form.members) {
      if (found.name == name) return found;
    }
  }
  FAIL("no member " << name << " of " << command);
  return forms.front().members.front();
}

json value(const cli::ActMember& of, const std::vector<std::string>& given) {
  const auto made = cli::member_value(of, given);
  REQUIRE_MESSAGE(made.ok(), made.error().detail);
  return *made;
}

}  // namespace

TEST_CASE("every act has a form and a sentence in both languages, in one order") {
  const auto forms = cli::act_forms();
  const auto summaries = cli::act_summaries();
  REQUIRE(forms.size() == std::variant_size_v<model::AnyAct>);
  REQUIRE(summaries.size() == forms.size());
  std::set<std::string_view> sentences;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    CHECK(forms[i].type == summaries[i].type);
    CHECK(sentences.insert(summaries[i].en).second);
    CHECK(sentences.insert(summaries[i].zh).second);
  }
}

TEST_CASE("no option of an act hides one of the program") {
  for (const auto& form : cli::act_forms()) {
    std::set<std::string> options;
    for (const auto& given : form.members) {
      CHECK(options.insert(given.option).second);
      for (const char* taken : {"--key", "--party", "--registry", "--id", "--lang", "--json"}) {
        CHECK(given.option != taken);
      }
    }
  }
}

TEST_CASE("texts become members by their shape") {
  const auto forms = cli::act_forms();
  CHECK(value(member(forms, "cancel", "legs"), {"bat_a=5", "bat_b=1-3"}) ==
        json::array({{{"batch", "bat_a"}, {"quantity", "5"}},
                     {{"batch", "bat_b"}, {"first", "1"}, {"last", "3"}}}));
  CHECK(value(member(forms, "label", "serials"), {"bat_a=1-3"}) ==
        json::array({{{"batch", "bat_a"}, {"first", "1"}, {"last", "3"}}}));
  CHECK(value(member(forms, "invalidate-batch", "ranges"), {"1-3"}) ==
        json::array({{{"first", "1"}, {"last", "3"}}}));
  CHECK(value(member(forms, "set-account-policy", "fourEyes"), {"true"}) == json(true));
  CHECK(value(member(forms, "set-account-policy", "trusted"), {}) == json::array());
  CHECK(value(member(forms, "suspend-project", "reason"), {"a flood"}) == json("a flood"));
  CHECK(value(member(forms, "label", "corsia"), {R"({"phase":"2024-2026"})"}) ==
        json{{"phase", "2024-2026"}});
  CHECK(value(member(forms, "submit-project", "manifest"), {"[]"}) == json::array());
}

TEST_CASE("what does not fit its shape is refused by name") {
  const auto forms = cli::act_forms();
  const auto refusal = [&](std::string_view command, std::string_view name, const char* text) {
    const auto made = cli::member_value(member(forms, command, name), {text});
    return made.ok() ? std::string("accepted") : std::string(made.error().name);
  };
  CHECK(refusal("cancel", "legs", "bat_a") == "LEG_INVALID");
  CHECK(refusal("label", "serials", "bat_a=5") == "LEG_INVALID");
  CHECK(refusal("invalidate-batch", "ranges", "5") == "LEG_INVALID");
  CHECK(refusal("set-account-policy", "fourEyes", "yes") == "FIELD_TYPE_WRONG");
  CHECK(refusal("label", "corsia", "{") == "JSON_SYNTAX");
  CHECK(refusal("label", "corsia", "@/nowhere/label.json") == "FILE_UNREADABLE");
}

TEST_CASE("members are required as the decoder requires them") {
  const auto forms = cli::act_forms();
  CHECK(member(forms, "cancel", "reason").required);
  CHECK_FALSE(member(forms, "cancel", "obligation").required);
  CHECK(member(forms, "amend-party", "affiliates").list);
  CHECK_FALSE(member(forms, "amend-party", "affiliates").required);
}
