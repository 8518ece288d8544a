// The texts of the verifier's own verdicts.
#include "verifier/verdict_text.h"

#include <algorithm>
#include <array>

#include "ledger/model/outcome.h"

namespace mrv::verifier {
namespace {

constexpr std::array<VerdictText, 19> kTable = {{
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
    {"STATUS_MALFORMED", "The status proof is not in its one form.", "状态证明不是唯一规定的形式。",
     "Ask for the file again as the ledger gives it; nothing in it may be edited.",
     "请重新索取账本给出的原始文件，其中任何内容都不得改动。"},
    {"STATUS_OTHER_RETIREMENT", "The status proof is of another retirement.",
     "状态证明属于另一笔注销。",
     "Ask for the one of this retirement: GET /v1/retirements/{id}/status.",
     "请索取该注销的状态证明：GET /v1/retirements/{id}/status。"},
    {"STATUS_OTHER_LEDGER", "The status proof is of another ledger than the certificate.",
     "状态证明与证书不属于同一账本。", "Ask the ledger whose checkpoint is in the certificate.",
     "请向证书中检查点所属的账本索取。"},
    {"STATUS_ENTRY_NOT_INCLUDED", "The seal is not in the tree of the checkpoint.",
     "封印条目不在检查点所指的树中。",
     "The file was altered or put together from several: ask for it again.",
     "文件被改动过或由多个文件拼成：请重新索取。"},
    {"STATUS_SEAL_INVALID", "The seal is not the last entry of the checkpoint's tree.",
     "封印条目不是检查点所指的树的最后一个条目。",
     "Ask for the file again; checkpoint and seal must be of one tree.",
     "请重新索取文件；检查点与封印必须属于同一棵树。"},
    {"STATUS_ROLE_WRONG", "A part is called what it is not.", "某个部分的名称与其内容不符。",
     "The file was altered: ask for it again.", "文件被改动过：请重新索取。"},
    {"STATUS_ROW_NOT_PROVED", "A row is not in the sealed state.", "某条记录不在已封印的状态中。",
     "The row was altered or is of another tree: ask for the file again.",
     "该记录被改动过或属于另一棵树：请重新索取文件。"},
    {"STATUS_PART_MISSING", "A row is missing that the proof needs.", "缺少证明所需的记录。",
     "The detail names it; without it something may have been left out.",
     "详情中给出缺少的记录；没有它就可能有所隐瞒。"},
    {"STATUS_PART_SPARE", "A row is there that proves nothing.", "有一条记录不能证明任何内容。",
     "The detail names it: ask for the file again.", "详情中给出该记录：请重新索取文件。"},
    {"STATUS_SUMMARY_DIFFERS", "The summary says other things than the rows.",
     "摘要与记录所述不符。", "Believe the rows, not the summary: ask for the file again.",
     "以记录为准而非摘要：请重新索取文件。"},
    {"STATUS_TREE_OLDER", "The status proof is older than the certificate.", "状态证明早于证书。",
     "Ask the ledger for a newer one.", "请向账本索取更新的状态证明。"},
    {"STATUS_NOT_CONSISTENT", "The tree is not shown to continue the certificate's.",
     "未能证明该树延续证书所在的树。",
     "Ask again with from= the certificate's tree size; if it stays so, the log has forked.",
     "请以 from= 证书的树大小重新索取；若依然如此，则日志已分叉。"},
    {"RETIREMENT_NOT_STANDING",
     "The retirement does not stand: units of it were invalidated or are owed.",
     "该注销不成立：其单位已被作废，或有未清偿的义务。",
     "Look up what is named: an obligation made good leaves the list, an invalidation stays.",
     "请查询所列编号：义务清偿后不再列出，作废则一直保留。"},
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
