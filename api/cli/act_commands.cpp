// `mrv act`: every act by its members, whatever it is. The other commands are the short ways.
#include <map>

#include "api/cli/act_form.h"
#include "api/cli/act_summaries.h"
#include "api/cli/commands.h"

namespace mrv::cli {

using nlohmann::json;

namespace {

struct ActOptions {
  ActForm form;
  std::map<std::string, std::vector<std::string>> given;  // by member
  std::string body;
};
using SharedActOptions = std::shared_ptr<ActOptions>;

// Members that were given, and the lists that may be empty.
Result<json> body_of(const ActOptions& options) {
  json body = json::object();
  for (const auto& member : options.form.members) {
    const auto& given = options.given.at(member.name);
    if (given.empty() && (!member.list || !member.required)) continue;
    MRV_TRY(body[member.name], member_value(member, given));
  }
  return body;
}

int send(Session& session, const ActOptions& options) {
  const std::string type(options.form.type);
  if (!options.body.empty()) {
    const auto body = read_json(options.body);
    return body.ok() ? session.send(type, *body) : session.fail(body.error());
  }
  const auto body = body_of(options);
  return body.ok() ? session.send(type, *body) : session.fail(body.error());
}

void add_act(CLI::App& acts, Run& run, ActForm form, const ActSummary& summary) {
  auto* command = acts.add_subcommand(form.command, std::string(summary.en));
  const auto options = kept<ActOptions>();
  options->form = std::move(form);
  command->add_option("--body", options->body, "a JSON file with all members, in their place");
  for (const auto& member : options->form.members) {
    const std::string help =
        member.hint + (member.list ? ", repeatable" : "") + (member.required ? "" : ", optional");
    auto* option = command->add_option(member.option, options->given[member.name], help);
    option->expected(1)->multi_option_policy(member.list ? CLI::MultiOptionPolicy::TakeAll
                                                         : CLI::MultiOptionPolicy::Throw);
  }
  command->callback(
      [&run, options] { run = [options](Session& session) { return send(session, *options); }; });
}

int list_acts(Session& session) {
  std::string human;
  json machine = json::array();
  const bool chinese = session.settings().language == "zh";
  const auto summaries = act_summaries();
  const auto forms = act_forms();
  for (std::size_t i = 0; i < forms.size(); ++i) {
    constexpr std::size_t kColumn = 32;
    std::string line = forms[i].command;
    line.resize(std::max(line.size() + 1, kColumn), ' ');
    human += line + std::string(chinese ? summaries[i].zh : summaries[i].en) + "\n";
    machine.push_back({{"act", forms[i].type},
                       {"command", forms[i].command},
                       {"en", summaries[i].en},
                       {"zh", summaries[i].zh}});
  }
  human.pop_back();
  session.print(human, machine);
  return kExitOk;
}

}  // namespace

void add_act_commands(CLI::App& app, Run& run) {
  auto* acts = app.add_subcommand("act", "Any act by its members; `mrv act list` names them all");
  acts->require_subcommand(1);
  acts->add_subcommand("list", "Every act and what it is for")->callback([&run] {
    run = list_acts;
  });
  const auto summaries = act_summaries();
  auto forms = act_forms();
  for (std::size_t i = 0; i < forms.size(); ++i) {
    add_act(*acts, run, std::move(forms[i]), summaries[i]);
  }
}

}  // namespace mrv::cli
