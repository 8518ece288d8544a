// mrv-verify status: what became of a retirement, in English and Chinese.
#include "ledger/codec/scalar_text.h"
#include "verifier/held.h"
#include "verifier/status.h"

namespace mrv::verifier {
namespace {

using nlohmann::json;

Result<StatusVerdict> judge(const StatusArguments& arguments) {
  if (arguments.certificate && arguments.retirement) {
    return Error{kArgumentUnusable, "a --certificate names its --retirement itself", {}};
  }
  MRV_TRY(const Policy policy, parse_policy(arguments.policy));
  if (arguments.certificate) {
    return verify_status_of_certificate(policy, arguments.status, *arguments.certificate);
  }
  StatusQuestion question;
  if (arguments.retirement) {
    const auto id = model::RetirementId::parse(*arguments.retirement);
    if (!id.ok()) return unusable("not the id of a retirement", *arguments.retirement);
    question.retirement = *id;
  }
  return verify_status(policy, arguments.status, question);
}

template <class Id>
std::string line(const char* title, const std::vector<Id>& ids) {
  if (ids.empty()) return {};
  std::string text = std::string("\n  ") + title;
  for (const auto& id : ids) text += " " + id.text();
  return text;
}

// Which retirement, by when, and all that was said against it.
std::string facts(const codec::StatusSummary& status, bool chinese) {
  return status.retirement.text() + (chinese ? "，截至 " : " as of ") +
         codec::to_text(status.as_of) +
         line(chinese ? "作废：" : "invalidations:", status.invalidations) +
         line(chinese ? "未清偿义务：" : "open obligations:", status.obligations) +
         line(chinese ? "签发后撤回的核查声明（不影响效力）："
                      : "statements withdrawn since the issuance (changes nothing):",
              status.withdrawn_statements);
}

// What the tree is to the certificate's.
std::string continuity(const StatusVerdict& verdict, bool chinese) {
  if (!verdict.earlier) {
    return chinese ? "\n未与证书比较：可用 --certificate 给出证书"
                   : "\ncompared with no certificate: give --certificate";
  }
  const std::string size = std::to_string(verdict.earlier->value());
  if (verdict.continues) {
    return chinese ? "\n已证明延续证书所在的树（" + size + " 个条目）"
                   : "\nproved to continue the certificate's tree of " + size + " entries";
  }
  return chinese
             ? "\n未证明延续证书所在的树：请以 from=" + size + " 重新索取状态证明"
             : "\nnot proved to continue the certificate's tree: ask for the status with from=" +
                   size;
}

template <class Id>
json texts(const std::vector<Id>& ids) {
  json list = json::array();
  for (const auto& id : ids) list.push_back(id.text());
  return list;
}

Held held_of(const StatusVerdict& verdict, bool chinese) {
  const auto& status = verdict.status;
  Held held{facts(status, chinese),
            {{"retirement", status.retirement.text()},
             {"stands", status.stands},
             {"invalidations", texts(status.invalidations)},
             {"obligations", texts(status.obligations)},
             {"withdrawnStatements", texts(status.withdrawn_statements)},
             {"asOf", codec::to_text(status.as_of)},
             {"continues", verdict.continues}}};
  add_checkpoint(verdict.checkpoint, held);
  const std::string rows = std::to_string(verdict.rows);
  held.text += continuity(verdict, chinese) +
               (chinese ? "\n已证明 " + rows + " 条记录" : "\n" + rows + " rows proved");
  return held;
}

// The proof holds and what it proves is not what its reader hopes for: no script may miss that.
Answer not_standing(const Held& held, Language language) {
  Answer answer = refused({"RETIREMENT_NOT_STANDING", held.text, {}}, language);
  json members = held.members;
  members.update(json::parse(answer.json));
  answer.json = dump(members);
  return answer;
}

}  // namespace

Answer check_status(const StatusArguments& arguments) {
  const auto verdict = judge(arguments);
  if (!verdict.ok()) return refused(verdict.error(), arguments.language);
  const bool chinese = arguments.language == Language::kChinese;
  auto held = held_of(*verdict, chinese);
  if (!verdict->status.stands) return not_standing(held, arguments.language);
  held.text = (chinese ? "注销有效\n" : "the retirement stands\n") + held.text;
  return answer_of(std::move(held), chinese ? "成立：" : kHoldsPrefix);
}

}  // namespace mrv::verifier
