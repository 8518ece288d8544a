// GET /: one plain page with the totals, the last entries and the certificates. No script.
#include <nlohmann/json.hpp>

#include "api/handlers/resources.h"
#include "ledger/base/time.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/codec/row_codec.h"
#include "ledger/codec/scalar_text.h"

namespace mrv::api {
namespace {

constexpr std::uint64_t kEntriesShown = 20;
constexpr std::size_t kRetirementsShown = 20;
constexpr std::size_t kObligationsShown = 20;

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

// 1234567 -> 1,234,567
std::string grouped(Units amount) {
  std::string digits = std::to_string(amount);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

std::string entry_line(const node::Reader& reader, std::uint64_t index) {
  const auto bytes = reader.entry(EntryIndex{index});
  const auto entry = bytes.ok() && *bytes ? codec::decode_entry(**bytes)
                                          : Result<codec::Entry>(Error{"NOT_FOUND", {}, {}});
  std::string kind = "?";
  std::string who;
  std::string when;
  if (entry.ok()) {
    if (const auto* act = std::get_if<codec::ActEntry>(&*entry)) {
      const auto decoded = codec::decode_trusted_act(act->document);
      if (decoded.ok()) {
        kind = std::string(model::type_of(decoded->act.body));
        if (decoded->act.party) who = decoded->act.party->text();
      }
      when = codec::to_text(act->recorded_at);
    } else {
      kind = "seal";
      when = codec::to_text(std::get<codec::SealEntry>(*entry).recorded_at);
    }
  }
  const std::string number = std::to_string(index);
  return "<tr><td class=n><a href=\"/v1/entries/" + number + "\">" + number + "</a></td><td>" +
         escaped(kind) + "</td><td class=id>" + escaped(who) + "</td><td>" + escaped(when) +
         "</td><td><a href=\"/v1/entries/" + number + "/proof\">proof 证明</a></td></tr>\n";
}

const char* unit_text(model::AmountUnit unit) {
  switch (unit) {
    case model::AmountUnit::kg:
      return "kg CO2e";
    case model::AmountUnit::g:
      return "g CO2e";
    case model::AmountUnit::t:
      break;
  }
  return "t CO2e";
}

std::string unit_of(const Totals& totals, const model::RetirementRow& row) {
  const auto batch =
      row.serials.empty() ? totals.batches.end() : totals.batches.find(row.serials.front().batch);
  return unit_text(batch == totals.batches.end() ? model::AmountUnit::t : batch->second);
}

std::string retirement_line(const Totals& totals, const model::RetirementRow& row) {
  const std::string id = row.id.text();
  const std::string beneficiary =
      row.beneficiary.organisation ? row.beneficiary.organisation->name : "commitment 承诺值";
  return "<tr><td class=id><a href=\"/v1/retirements/" + id + "\">" + id + "</a></td><td class=n>" +
         grouped(row.quantity) + " " + unit_of(totals, row) + "</td><td>" + escaped(beneficiary) +
         "</td><td>" + std::string(model::name_of(row.purpose)) +
         "</td><td><a href=\"/v1/retirements/" + id +
         "/certificate\">certificate.json</a></td></tr>\n";
}

// When the tree that is shown was sealed: what ages, ages until then.
TimestampMs sealed_at(const node::Reader& reader) {
  const auto bytes = reader.entry(EntryIndex{reader.published().size.value() - 1});
  if (!bytes.ok() || !*bytes) return TimestampMs{0};
  const auto entry = codec::decode_entry(**bytes);
  const auto* seal = entry.ok() ? std::get_if<codec::SealEntry>(&*entry) : nullptr;
  return seal != nullptr ? seal->recorded_at : TimestampMs{0};
}

std::string obligation_line(const Totals& totals, const model::ObligationRow& row,
                            TimestampMs now) {
  const std::string id = row.id.text();
  const auto unit = totals.programmes.find(row.programme);
  const auto days = (now.value() - row.opened_at.value()) / kMsPerDay;
  const bool overdue = row.deadline < now;
  return "<tr><td class=id><a href=\"/v1/obligations/" + id + "\">" + id +
         "</a></td><td class=id>" + row.party.text() + "</td><td class=n>" +
         grouped(row.owed + row.owed_to_pool) + " " +
         unit_text(unit == totals.programmes.end() ? model::AmountUnit::t : unit->second) +
         "</td><td>" + std::string(model::name_of(row.cause)) + "</td><td class=n>" +
         grouped(days) + "</td><td>" + escaped(codec::to_text(row.deadline)) +
         (overdue ? " <b>overdue 逾期</b>" : "") + "</td></tr>\n";
}

// What is owed is public and ages.
std::string obligations_part(const Totals& totals, const node::Reader& reader) {
  if (totals.obligations.empty()) return {};
  std::string body =
      "<h2>Open obligations 未清偿义务</h2>\n<div class=scroll><table><tr><th>id</th>"
      "<th>party 主体</th><th class=n>owed 欠付</th><th>cause 原因</th>"
      "<th class=n>days open 天数</th><th>deadline 期限</th></tr>\n";
  const TimestampMs now = sealed_at(reader);
  std::size_t shown = 0;
  for (const auto& row : totals.obligations) {
    if (shown++ == kObligationsShown) break;
    body += obligation_line(totals, row, now);
  }
  return body + "</table></div>\n";
}

std::string total_box(const std::string& english, const char* chinese, const std::string& value) {
  return "<div class=box><div class=v>" + value + "</div><div>" + english + "</div><div lang=zh>" +
         chinese + "</div></div>\n";
}

constexpr const char* kStyle = R"(
body{font:16px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;max-width:60rem;margin:2rem auto;
padding:0 1rem;color:#1a2b24;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
.boxes{display:flex;flex-wrap:wrap;gap:1rem}
.box{border:1px solid #b8cfc4;border-radius:.5rem;padding:.75rem 1rem;min-width:9rem}
.v{font-size:1.6rem;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}
td,th{padding:.3rem .6rem;border-bottom:1px solid #dde8e2;text-align:left}
.n{text-align:right;font-variant-numeric:tabular-nums}.id{font-family:monospace;font-size:.85rem}
pre{background:#f2f7f4;padding:.75rem;overflow-x:auto}a{color:#0b6b45}
)";

HttpResponse html(const std::string& body) {
  HttpResponse response;
  response.headers = {
      {"content-type", "text/html; charset=utf-8"},
      {"cache-control", "no-store"},
      {"content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"},
      {"x-content-type-options", "nosniff"}};
  response.body =
      "<!doctype html>\n<html lang=en><head><meta charset=utf-8>"
      "<meta name=viewport content=\"width=device-width,initial-scale=1\">"
      "<title>mrv-ledger</title><style>" +
      std::string(kStyle) + "</style></head><body>\n" + body + "</body></html>\n";
  return response;
}

}  // namespace

HttpResponse get_page(const Call& call, TotalsCache& cache) {
  const auto reader = call.node.reader();
  const std::string title = "<h1>mrv-ledger &middot; " + escaped(call.node.origin()) + "</h1>\n";
  if (!reader) return html(title + "<p>The ledger has no entries yet. 账本尚无条目。</p>\n");
  const auto cached = cache.get(*reader, std::chrono::steady_clock::now());
  if (!cached.ok()) return problem(cached.error(), call.language);
  const Totals& totals = **cached;
  std::string body = title + "<div class=boxes>\n";
  for (const auto& [unit, sums] : totals.units) {
    const std::string name = std::string(" (") + unit_text(unit) + ")";
    body += total_box("issued" + name, "已签发", grouped(sums.issued));
    body += total_box("in buffer pools" + name, "缓冲池中", grouped(sums.buffer));
    body += total_box("retired" + name, "已注销", grouped(sums.retired));
    body += total_box("cancelled" + name, "已取消", grouped(sums.cancelled));
    body += total_box("owed" + name, "待偿还", grouped(sums.owed));
  }
  body += total_box("imported foreign rows", "导入的外部记录", grouped(totals.foreign_rows));
  body += total_box("log entries", "日志条目",
                    grouped(static_cast<Units>(reader->published().size.value())));
  body += "</div>\n" + obligations_part(totals, *reader) + "<h2>Retirements 注销</h2>\n";
  const auto page = reader->page(model::RetirementRow::kTag, std::nullopt, kRetirementsShown,
                                 reader->published().size);
  if (!page.ok()) return problem(page.error(), call.language);
  if (page->rows.empty()) {
    body += "<p>None yet. 尚无。</p>\n";
  } else {
    body +=
        "<div class=scroll><table><tr><th>id</th><th class=n>amount 数量</th><th>for 受益人</th>"
        "<th>purpose 用途</th><th></th></tr>\n";
    for (const auto& [key, value] : page->rows) {
      const auto row = codec::decode_row<model::RetirementRow>(value);
      if (row.ok()) body += retirement_line(totals, *row);
    }
    body +=
        "</table></div>\n<p>A certificate is checked offline, without asking this server: "
        "<code>mrv-verify certificate certificate.json --policy policy.txt</code></p>\n";
  }
  body +=
      "<h2>Last entries 最新条目</h2>\n<div class=scroll><table><tr><th class=n>index</th>"
      "<th>act 行为</th><th>party 主体</th><th>recorded 记录时间</th><th></th></tr>\n";
  const std::uint64_t size = reader->published().size.value();
  for (std::uint64_t shown = 0; shown < kEntriesShown && shown < size; ++shown) {
    body += entry_line(*reader, size - 1 - shown);
  }
  body += "</table></div>\n<h2>Checkpoint 检查点</h2>\n<pre>" +
          escaped(reader->published().checkpoint) + "</pre>\n";
  return html(body);
}

}  // namespace mrv::api
