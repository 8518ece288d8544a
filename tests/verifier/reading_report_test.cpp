// A series as the evidence of a recorded report: by the report's entry, by its receipt, by the
// certificate of what was retired; and the command's answers in two languages.
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "ledger/codec/entry_codec.h"
#include "ledger/codec/scalar_text.h"
#include "ledger/model/outcome.h"
#include "ledger/node/certificate.h"
#include "ledger/state/evidence.h"
#include "tests/support/ccs_flow.h"
#include "tests/support/small_series.h"
#include "verifier/commands.h"
#include "verifier/reading.h"

using namespace mrv;
using nlohmann::json;
using test::CcsFlow;
using test::LedgerWorld;
using test::SmallSeries;

namespace {

// A meter's device key signs a series as evidence; from the report on everything is recorded.
struct SeriesFlow {
  LedgerWorld world;
  CcsFlow flow{world, MRV_SOURCE_DIR};
  SmallSeries series{13};
  std::string disclosed = codec::encode_disclosure(series.disclose(5));
  std::string policy;
  std::string entry;
  std::string proof;
  std::string certificate;

  SeriesFlow() {
    flow.enter_parties();
    flow.register_standards();
    flow.register_project();
    flow.approved("developer", model::BindKey{world.party("developer"),
                                              {LedgerWorld::public_key("meter"),
                                               LedgerWorld::person("meter"),
                                               {model::KeyPurpose::device}}});
    submit_report();
    flow.state("vvb1");
    flow.state("vvb2");
    flow.issue();
    flow.transfer("developer", "buyer", 5'000);
    const auto retirement = flow.retire("buyer", 1'000);
    policy = "log " +
             crypto::vkey_of({test::kWorldOrigin, crypto::kNoteTypeEd25519,
                              LedgerWorld::key("log").public_key()}) +
             "\nquorum none\n";
    const auto reader = world.node().reader();
    entry = std::string(as_text(**reader->entry(flow.report_index)));
    proof = *reader->tlog_proof(flow.report_index);
    certificate = *codec::encode_certificate(*node::build_certificate(*reader, retirement, policy));
  }

  // Signed by `device` and not recorded.
  model::SubmitMonitoringReport report(const std::string& device, const std::string& signed_kind) {
    auto body = flow.report_body(146'763);
    auto evidence = evidence_of(series.digest(), "meter-data");
    const auto message = signed_kind + state::evidence_message(evidence, body.project, body.period);
    const auto signature = LedgerWorld::key(device).sign(as_bytes(message));
    evidence.source =
        model::SourceSignature{LedgerWorld::public_key(device), to_base64(signature.bytes)};
    body.evidence = {evidence_of(Hash{1}, "calibration"), evidence};
    return body;
  }
  // An entry that no log has, of any body.
  std::string unrecorded(model::ActBody body) {
    const std::string document = world.document("developer", "developer", std::move(body));
    return std::string(
        as_text(*codec::encode_entry(codec::ActEntry{world.now(), document, std::nullopt})));
  }

  verifier::Answer check(const verifier::ReadingArguments& arguments) const {
    auto given = arguments;
    if (given.disclosure.empty()) given.disclosure = disclosed;
    return verifier::check_reading(given);
  }
  // The name of the refusal, or "holds".
  std::string name(const verifier::ReadingArguments& arguments) const {
    const auto answer = check(arguments);
    const bool is_unusable = answer.text.starts_with("ARGUMENT") || answer.text.starts_with("POL");
    CHECK(answer.exit_code == (answer.text.starts_with("holds") ? verifier::kExitHolds
                               : is_unusable                    ? verifier::kExitUnusable
                                                                : verifier::kExitRefused));
    return answer.text.substr(0, answer.text.find(':'));
  }

  static SeriesFlow& shared() {
    static SeriesFlow made;
    return made;
  }

 private:
  static model::Evidence evidence_of(const Hash& digest, const char* kind) {
    model::Evidence evidence;
    evidence.digest = digest;
    evidence.kind = kind;
    evidence.taken_at = TimestampMs{1'680'400'000'000};
    return evidence;
  }
  void submit_report() {
    const auto recorded =
        LedgerWorld::expect(world.submit("developer", "developer", report("meter", "")));
    flow.report_digest = recorded.digest;
    flow.report = model::ReportId::of(recorded.digest);
    flow.report_index = recorded.index;
  }
};

verifier::ReadingArguments by_report(const std::string& entry) {
  verifier::ReadingArguments arguments;
  arguments.report = entry;
  return arguments;
}

}  // namespace

TEST_CASE("a digest alone names a series") {
  auto& world = SeriesFlow::shared();
  verifier::ReadingArguments arguments;
  arguments.digest = to_hex(world.series.digest());
  const auto answer = world.check(arguments);
  CHECK(answer.exit_code == verifier::kExitHolds);
  CHECK(answer.text ==
        "holds: 5.50 t at 2023-04-01T00:05:00Z\nindex 5 (from 0) of a series of 13 "
        "readings\nseries digest " +
            to_hex(world.series.digest()));
  const json members = json::parse(answer.json);
  CHECK(members.at("value") == "5.50");
  CHECK(members.at("series").at("count") == "13");
  CHECK(!members.contains("report"));
  arguments.digest = to_hex(SmallSeries(13, 2).digest());
  CHECK(world.name(arguments) == "SERIES_DIFFERS");
}

TEST_CASE("the recorded report names the series, and its receipt proves that it is recorded") {
  auto& world = SeriesFlow::shared();
  auto arguments = by_report(world.entry);
  auto answer = world.check(arguments);
  CHECK_MESSAGE(answer.exit_code == verifier::kExitHolds, answer.text);
  CHECK(answer.text.find("not proved to be in a log") != std::string::npos);
  json report = json::parse(answer.json).at("report");
  CHECK(report.at("id") == world.flow.report.text());
  CHECK(report.at("source") == codec::to_text(LedgerWorld::public_key("meter")));
  CHECK(report.at("signer") == codec::to_text(LedgerWorld::public_key("developer")));
  CHECK(!report.contains("entry"));
  arguments.proof = world.proof;
  arguments.policy = world.policy;
  answer = world.check(arguments);
  CHECK_MESSAGE(answer.exit_code == verifier::kExitHolds, answer.text);
  CHECK(answer.text.find("not proved") == std::string::npos);
  CHECK(answer.text.find(std::string("checkpoint: ") + test::kWorldOrigin) != std::string::npos);
  report = json::parse(answer.json).at("report");
  CHECK(report.at("entry") == std::to_string(world.flow.report_index.value()));
  arguments.report = world.unrecorded(world.report("meter", ""));
  CHECK(world.name(arguments) == "ROOT_MISMATCH");
}

TEST_CASE("a certificate that rests on the report names the series") {
  auto& world = SeriesFlow::shared();
  verifier::ReadingArguments arguments;
  arguments.certificate = world.certificate;
  arguments.policy = world.policy;
  const auto answer = world.check(arguments);
  CHECK_MESSAGE(answer.exit_code == verifier::kExitHolds, answer.text);
  CHECK(json::parse(answer.json).at("report").at("id") == world.flow.report.text());
  CHECK(answer.text.find("checkpoint: ") != std::string::npos);
  arguments.disclosure = codec::encode_disclosure(SmallSeries(13, 2).disclose(5));
  CHECK(world.name(arguments) == "SERIES_NOT_NAMED");
  arguments.disclosure.clear();
  arguments.certificate = world.certificate + " ";
  CHECK(world.name(arguments) == "CERTIFICATE_MALFORMED");
}

TEST_CASE("what is no signed report that names the series is refused by name") {
  auto& world = SeriesFlow::shared();
  CHECK(world.name(by_report("")) == "REPORT_ENTRY_INVALID");
  CHECK(world.name(by_report(world.certificate)) == "REPORT_ENTRY_INVALID");
  CHECK(world.name(by_report(world.unrecorded(model::FreezeSelf{"x"}))) == "REPORT_ENTRY_INVALID");
  std::string forged = world.entry;
  forged.replace(forged.find("meter-data"), 10, "meter-date");
  CHECK(world.name(by_report(forged)) == "REPORT_ENTRY_INVALID");
  const auto seal = world.world.node().reader()->published().size.value() - 1;
  const auto sealed = world.world.node().reader()->entry(EntryIndex{seal});
  CHECK(world.name(by_report(std::string(as_text(**sealed)))) == "REPORT_ENTRY_INVALID");

  auto body = world.report("meter", "");
  CHECK(world.name(by_report(world.unrecorded(body))) == "holds");
  body.evidence.pop_back();
  CHECK(world.name(by_report(world.unrecorded(body))) == "SERIES_NOT_NAMED");
  CHECK(world.name(by_report(world.unrecorded(world.report("meter", "other")))) ==
        "DEVICE_SIGNATURE_INVALID");
  body = world.report("meter", "");
  body.evidence[1].source.reset();
  CHECK(world.check(by_report(world.unrecorded(body))).text.find("not signed at source") !=
        std::string::npos);
  auto damaged = by_report(world.entry);
  auto disclosed = world.series.disclose(5);
  disclosed.reading.value.text = "5.51";
  damaged.disclosure = codec::encode_disclosure(disclosed);
  CHECK(world.name(damaged) == "READING_NOT_IN_SERIES");
  damaged.disclosure = "{}";
  CHECK(world.name(damaged) == "READING_MALFORMED");
}

TEST_CASE("arguments that do not say which series is meant cannot be used") {
  auto& world = SeriesFlow::shared();
  verifier::ReadingArguments arguments;
  CHECK(world.name(arguments) == "ARGUMENT_UNUSABLE");
  arguments.digest = "00";
  CHECK(world.name(arguments) == "ARGUMENT_UNUSABLE");
  arguments.digest = to_hex(world.series.digest());
  CHECK(world.name(arguments) == "holds");
  arguments.policy = world.policy;
  CHECK(world.name(arguments) == "ARGUMENT_UNUSABLE");
  arguments.policy.reset();
  arguments.proof = world.proof;
  CHECK(world.name(arguments) == "ARGUMENT_UNUSABLE");
  arguments.proof.reset();
  arguments.report = world.entry;
  CHECK(world.name(arguments) == "ARGUMENT_UNUSABLE");
  arguments.digest.reset();
  arguments.proof = world.proof;
  CHECK(world.name(arguments) == "ARGUMENT_UNUSABLE");
  arguments.policy = "x";
  CHECK(world.name(arguments) == "POLICY_MALFORMED");
  arguments.proof.reset();
  CHECK(world.name(arguments) == "ARGUMENT_UNUSABLE");
  arguments.report.reset();
  arguments.policy.reset();
  arguments.certificate = world.certificate;
  CHECK(world.name(arguments) == "ARGUMENT_UNUSABLE");
}

TEST_CASE("a verdict has its sentence and its hint in both languages") {
  auto& world = SeriesFlow::shared();
  auto arguments = by_report(world.entry);
  arguments.language = verifier::Language::kChinese;
  CHECK(world.check(arguments).text.starts_with("成立：2023-04-01T00:05:00Z 的读数为 5.50 t\n"));
  CHECK(world.check(arguments).text.find("未证明报告在日志中") != std::string::npos);
  arguments.disclosure = "{}";
  const auto answer = world.check(arguments);
  CHECK(answer.text.starts_with("READING_MALFORMED: 披露文件不是唯一规定的形式。\n"));
  CHECK(answer.text.find("提示：") != std::string::npos);
  const json members = json::parse(answer.json);
  CHECK(members.at("message") == "披露文件不是唯一规定的形式。");
  CHECK(members.at("reason") == "READING_MALFORMED");
  CHECK(members.at("hint").get<std::string>().starts_with("请重新索取"));
  arguments.language = verifier::Language::kEnglish;
  CHECK(world.check(arguments).text.find("\n  hint: Ask for the file again") != std::string::npos);

  for (const auto& text : verifier::verdict_table()) {
    for (const auto sentence : {text.en, text.zh, text.hint_en, text.hint_zh}) {
      CHECK(sentence.size() > 10);
    }
    CHECK(text.en != text.zh);
    CHECK(verifier::find_verdict(text.name)->en == text.en);
    CHECK(!model::find_outcome(text.name));
  }
  CHECK(verifier::find_verdict("DEVICE_SIGNATURE_INVALID")->zh == "设备或实验室签名无效。");
  CHECK(!verifier::find_verdict("NO_SUCH_VERDICT"));
}
