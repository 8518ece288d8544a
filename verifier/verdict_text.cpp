// The texts of the verifier's own verdicts.
#include "verifier/verdict_text.h"

#include <algorithm>
#include <array>

#include "ledger/model/outcome.h"

namespace mrv::verifier {
namespace {

constexpr std::array<VerdictText, 6> kTable = {{
    {"READING_MALFORMED", "The disclosure is not in its one form.", "披露文件不是唯一规定的形式。",
     "Ask for the file again as `mrv series disclose` wrote it; nothing in it may be edited.",
     "请重新索取 `mrv series disclose` 写出的原始文件，其中任何内容都不得改动。"},
    {"READING_TOO_LARGE", "The file is larger than any disclosure.", "文件大于任何披露文件。",
     "A disclosure holds one reading and its path, at most 8 KiB.",
     "一份披露只含一条读数及其路径，最多 8 KiB。"},
    {"SERIES_DIFFERS", "The reading is disclosed from another series.",
     "该读数披露自另一个测量序列。",
     "Compare the digest with the one that was signed; count and root are part of it.",
     "请与签名的摘要核对；读数条数和根哈希都包含在摘要中。"},
    {"SERIES_NOT_NAMED", "No evidence of the report is this series.",
     "报告的证据中没有这个测量序列。",
     "Ask for the entry of the report that the series was made for.",
     "请索取使用该测量序列的那份报告的条目。"},
    {"REPORT_ENTRY_INVALID", "The file is not the signed entry of a monitoring report.",
     "文件不是已签名的监测报告条目。",
     "Take the bytes as the ledger gives them: mrv get /v1/entries/INDEX.",
     "请使用账本给出的原始字节：mrv get /v1/entries/INDEX。"},
    {"READING_NOT_IN_SERIES", "The reading is not in the series at this index.",
     "该读数不在测量序列的这个位置上。",
     "Reading, index or path was altered, or the path belongs to another reading.",
     "读数、索引或路径被改动过，或者路径属于另一条读数。"},
}};

}  // namespace

std::span<const VerdictText> verdict_table() { return kTable; }

std::optional<VerdictText> find_verdict(std::string_view name) {
  const auto found = std::find_if(kTable.begin(), kTable.end(),
                                  [name](const auto& text) { return text.name == name; });
  if (found != kTable.end()) return *found;
  const auto outcome = model::find_outcome(name);
  if (!outcome) return std::nullopt;
  const auto& text = model::describe_outcome(*outcome);
  return VerdictText{text.name, text.en, text.zh, text.hint_en, text.hint_zh};
}

}  // namespace mrv::verifier
