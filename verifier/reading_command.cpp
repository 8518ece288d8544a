// mrv-verify reading: the verdict on a disclosed reading, in English and Chinese.
#include "ledger/codec/scalar_text.h"
#include "verifier/held.h"
#include "verifier/reading.h"

namespace mrv::verifier {
namespace {

using nlohmann::json;

Result<Policy> policy_of(const ReadingArguments& arguments) {
  if (arguments.policy) return parse_policy(*arguments.policy);
  return Error{kArgumentUnusable, "a receipt or certificate is checked under a --policy", {}};
}

Result<ReadingVerdict> judge_by_report(const ReadingArguments& arguments) {
  ReportSource source{as_bytes(*arguments.report), std::nullopt};
  if (!arguments.proof && !arguments.policy) {
    return verify_reading_of_report(arguments.disclosure, source);
  }
  if (!arguments.proof) {
    return Error{kArgumentUnusable, "a --policy is for a --proof or a --certificate", {}};
  }
  MRV_TRY(const Policy policy, policy_of(arguments));
  source.receipt.emplace(ReportSource::Receipt{policy, *arguments.proof});
  return verify_reading_of_report(arguments.disclosure, source);
}

Result<ReadingVerdict> judge(const ReadingArguments& arguments) {
  const int sources =
      (arguments.digest ? 1 : 0) + (arguments.report ? 1 : 0) + (arguments.certificate ? 1 : 0);
  const bool spare = !arguments.report && arguments.proof;
  if (sources != 1 || spare || (arguments.digest && arguments.policy)) {
    return Error{kArgumentUnusable,
                 "one of --digest HEX, --report ENTRY [--proof FILE --policy FILE] and "
                 "--certificate FILE --policy FILE says which series is meant",
                 {}};
  }
  if (arguments.report) return judge_by_report(arguments);
  if (arguments.certificate) {
    MRV_TRY(const Policy policy, policy_of(arguments));
    return verify_reading_of_certificate(arguments.disclosure, policy, *arguments.certificate);
  }
  const auto digest = hash_from_hex(*arguments.digest);
  if (!digest.ok()) return unusable("not 64 lower-case hexadecimal digits", *arguments.digest);
  return verify_reading(arguments.disclosure, *digest);
}

// "12.50 t at …" and where it stands in which series.
std::string reading_text(const ReadingVerdict& verdict, Language language) {
  const auto& disclosed = verdict.disclosed;
  const std::string value = disclosed.reading.value.text + " " + disclosed.reading.unit;
  const std::string at = codec::to_text(disclosed.reading.at);
  const std::string index = std::to_string(disclosed.index);
  const std::string count = std::to_string(disclosed.count);
  const std::string digest = to_hex(verdict.digest);
  if (language == Language::kChinese) {
    return at + " 的读数为 " + value + "\n测量序列共 " + count + " 条读数，本条索引为 " + index +
           "（从 0 起）\n序列摘要 " + digest;
  }
  return value + " at " + at + "\nindex " + index + " (from 0) of a series of " + count +
         " readings\nseries digest " + digest;
}

std::string report_text(const SeriesReport& report, Language language) {
  const bool chinese = language == Language::kChinese;
  const auto& evidence = report.evidence;
  std::string text = std::string(chinese ? "\n报告 " : "\nreport ") + report.id.text() +
                     (chinese ? "，项目 " : " of project ") + report.project.text() +
                     (chinese ? "，期间 " : ", ") + codec::to_text(report.period.from) +
                     (chinese ? " 至 " : " to ") + codec::to_text(report.period.to) +
                     (chinese ? "\n证据类别 " : "\nevidence of kind ") + evidence.kind +
                     (chinese ? "，采集于 " : ", taken at ") + codec::to_text(evidence.taken_at);
  text += evidence.source ? std::string(chinese ? "\n来源签名密钥 " : "\nsigned at source by ") +
                                codec::to_text(evidence.source->key)
                          : std::string(chinese ? "\n无来源签名" : "\nnot signed at source");
  text += std::string(chinese ? "\n报告签名密钥 " : "\nreport signed by ") +
          codec::to_text(report.signer);
  if (report.index) {
    return text + (chinese ? "\n日志条目 " : "\nentry ") + std::to_string(report.index->value()) +
           (chinese ? "" : " of the log");
  }
  return text + (chinese ? "\n未证明报告在日志中：请用 --proof 与 --policy"
                         : "\nnot proved to be in a log: give --proof and --policy");
}

json report_json(const SeriesReport& report) {
  json members = {{"id", report.id.text()},
                  {"project", report.project.text()},
                  {"from", codec::to_text(report.period.from)},
                  {"to", codec::to_text(report.period.to)},
                  {"kind", report.evidence.kind},
                  {"takenAt", codec::to_text(report.evidence.taken_at)},
                  {"signer", codec::to_text(report.signer)}};
  if (report.evidence.source) members["source"] = codec::to_text(report.evidence.source->key);
  if (report.index) members["entry"] = std::to_string(report.index->value());
  return members;
}

Held held_of(const ReadingVerdict& verdict, Language language) {
  const auto& disclosed = verdict.disclosed;
  Held held{reading_text(verdict, language),
            {{"at", codec::to_text(disclosed.reading.at)},
             {"value", disclosed.reading.value.text},
             {"unit", disclosed.reading.unit},
             {"index", std::to_string(disclosed.index)},
             {"series",
              {{"count", std::to_string(disclosed.count)},
               {"root", to_hex(disclosed.root)},
               {"digest", to_hex(verdict.digest)}}}}};
  if (!verdict.report) return held;
  held.text += report_text(*verdict.report, language);
  held.members["report"] = report_json(*verdict.report);
  if (verdict.report->checkpoint) add_checkpoint(*verdict.report->checkpoint, held);
  return held;
}

Answer refused(const Error& error, Language language) {
  Answer answer = answer_of(error);
  const auto text = find_verdict(error.name);
  if (!text) return answer;
  answer.text = std::string(error.name) + ": " + std::string(text->message(language)) + "\n  " +
                error.detail + (error.pointer.empty() ? "" : "\n  at " + error.pointer) +
                (language == Language::kChinese ? "\n  提示：" : "\n  hint: ") +
                std::string(text->hint(language));
  json members = json::parse(answer.json);
  members["message"] = text->message(language);
  members["hint"] = text->hint(language);
  answer.json = dump(members);
  return answer;
}

}  // namespace

Answer check_reading(const ReadingArguments& arguments) {
  const auto verdict = judge(arguments);
  if (!verdict.ok()) return refused(verdict.error(), arguments.language);
  const bool chinese = arguments.language == Language::kChinese;
  return answer_of(held_of(*verdict, arguments.language), chinese ? "成立：" : kHoldsPrefix);
}

}  // namespace mrv::verifier
