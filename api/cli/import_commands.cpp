// Importing another registry's history: signed chunks in a job folder, so that an interrupted job
// goes on where it stopped and sending it again changes nothing.
#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include <unistd.h>

#include "api/cli/commands.h"
#include "api/files.h"
#include "crypto/canonical_json.h"
#include "crypto/secret.h"
#include "crypto/sha256.h"
#include "ledger/codec/acr_files.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/csv.h"

namespace mrv::cli {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// Room for envelope and proof below the document's limit.
constexpr std::size_t kChunkBytes = kDocumentBytesMax - 4'000;
constexpr std::size_t kSaltBytes = 32;

struct ImportOptions {
  fs::path file;
  fs::path job;
  fs::path approver;
  bool resume = false;
  std::string date_format = "us-short";
};

json row_json(const model::ImportRow& row) {
  json item = {{"row", std::to_string(row.row)},
               {"quantity", std::to_string(row.quantity)},
               {"event", std::string(model::name_of(row.event))},
               {"date", row.date},
               {"project", row.project},
               {"vintage", row.vintage},
               {"rowDigest", to_hex(row.row_digest)}};
  if (row.serial) item["serial"] = *row.serial;
  if (row.holder) item["holder"] = to_hex(*row.holder);
  if (row.beneficiary) item["beneficiary"] = to_hex(*row.beneficiary);
  if (row.reason) item["reason"] = to_hex(*row.reason);
  return item;
}

// As many rows to a chunk as fit a document.
std::vector<json> chunks_of(const std::vector<model::ImportRow>& rows) {
  std::vector<json> chunks;
  json chunk = json::array();
  std::size_t bytes = 0;
  for (const auto& row : rows) {
    json item = row_json(row);
    const std::size_t size = crypto::canonicalize(item).size() + 1;
    if (!chunk.empty() && (bytes + size > kChunkBytes || chunk.size() == kImportRowsMax)) {
      chunks.push_back(std::move(chunk));
      chunk = json::array();
      bytes = 0;
    }
    chunk.push_back(std::move(item));
    bytes += size;
  }
  if (!chunk.empty()) chunks.push_back(std::move(chunk));
  return chunks;
}

// The salt of the job's commitments: drawn once, kept beside the chunks, never sent.
Result<Bytes> job_salt(const fs::path& job) {
  const fs::path path = job / "salt.hex";
  if (fs::exists(path)) {
    MRV_TRY(const std::string text, api::read_file(path));
    return from_hex(text.substr(0, 2 * kSaltBytes));
  }
  Bytes salt(kSaltBytes);
  crypto::fill_random(salt);
  MRV_CHECK(api::write_file(path, to_hex(salt) + "\n"));
  return salt;
}

Result<std::vector<model::ImportRow>> read_rows(const std::string& text, ByteView salt) {
  MRV_TRY(const auto table, codec::parse_csv(text));
  const bool totals = !table.column("Credit Serial Numbers").ok();
  auto retirements = codec::read_acr_retirements(text, salt);
  if (retirements.ok() || !totals) return retirements;
  return codec::read_acr_issuances(text);
}

class Job {
 public:
  Job(Session& session, const ImportOptions& options) : session_(session), options_(options) {
    job_ = options.job.empty() ? fs::path(options.file.string() + ".mrv-job") : options.job;
  }

  Status run() {
    std::error_code error;
    if (options_.resume != fs::exists(job_ / "open.json", error)) {
      return Error{"IMPORT_JOB_STATE",
                   options_.resume ? "there is no job to resume in " + job_.string()
                                   : "there is a job in " + job_.string() +
                                         ": go on with --resume, or name another --job",
                   {}};
    }
    fs::create_directories(job_, error);
    MRV_TRY(const std::string text, api::read_file(options_.file));
    MRV_TRY(const Bytes salt, job_salt(job_));
    MRV_TRY(const auto rows, read_rows(text, salt));
    MRV_CHECK(open(text, rows.size()));
    const auto chunks = chunks_of(rows);
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      MRV_CHECK(send_chunk(i, chunks[i]));
      show_progress(i + 1, chunks.size());
    }
    report(rows.size());
    return {};
  }

 private:
  // The document of an earlier run, or a new one.
  Result<std::string> document(const fs::path& name, const char* type, const json& body) {
    const fs::path path = job_ / name;
    if (fs::exists(path)) return api::read_file(path);
    MRV_TRY(std::string text, session_.sign(type, body));
    MRV_CHECK(api::write_file(path, text));
    return text;
  }

  // Sends; a document that expired before it was accepted is signed again.
  Result<json> deliver(const fs::path& name, const char* type, const json& body) {
    for (int attempt = 0; attempt < 2; ++attempt) {
      MRV_TRY(const std::string text, document(name, type, body));
      MRV_TRY(const auto answer, session_.post_act(text));
      json parsed = json::parse(answer.body, nullptr, false);
      if (parsed.is_discarded()) return Error{"HTTP_FAILED", "the answer is not JSON", {}};
      parsed["httpStatus"] = answer.status;
      if (parsed.value("outcome", "") != "EXPIRED") return parsed;
      std::error_code ignored;
      fs::remove(job_ / name, ignored);
    }
    return Error{"REFUSED", "the document expires before it arrives", {}};
  }

  Status open(const std::string& text, std::size_t rows) {
    const json body = {{"registry", "ACR"},
                       {"grammar", "acr-car-art"},
                       {"fileDigest", to_hex(crypto::sha256(as_bytes(text)))},
                       {"rowCount", std::to_string(rows)},
                       {"dateFormat", options_.date_format}};
    MRV_TRY(const json answer, deliver("open.json", "OpenImport", body));
    if (answer.value("outcome", "") == "IMPORT_REPEATED") {
      const std::string detail = answer.value("detail", "");
      const auto at = detail.find("imp_");
      if (at == std::string::npos) return Error{"REFUSED", describe_problem(answer), {}};
      import_ = detail.substr(at, 4 + model::kIdTextLength);
      return {};
    }
    if (answer.contains("outcome")) return Error{"REFUSED", describe_problem(answer), {}};
    MRV_TRY(const Hash digest, hash_from_hex(answer.value("digest", "")));
    import_ = model::ImportId::of(digest).text();
    return approve(digest);
  }

  // A second person of the registry opens the import: with a key at hand at once, otherwise the
  // job waits for `mrv approve`.
  Status approve(const Hash& digest) {
    const auto known = session_.get("/v1/imports/" + import_);
    if (known.ok()) return {};
    if (options_.approver.empty()) {
      return Error{"REFUSED",
                   "the import waits for approval: mrv approve --digest " + to_hex(digest) +
                       ", then run this again with --resume",
                   {}};
    }
    Settings settings = session_.settings();
    settings.key = options_.approver;
    Session approver(settings);
    MRV_TRY(const std::string text,
            approver.sign("Approve", {{"proposal", model::ProposalId::of(digest).text()},
                                      {"digest", to_hex(digest)},
                                      {"decision", "approve"},
                                      {"reason", ""}}));
    MRV_TRY(const auto answer, approver.post_act(text));
    if (answer.status == 201) return {};
    return Error{"REFUSED", answer.body, {}};
  }

  Status send_chunk(std::size_t number, const json& rows) {
    std::string name = std::to_string(number + 1);
    name.insert(0, name.size() < 5 ? 5 - name.size() : 0, '0');
    MRV_TRY(const json answer, deliver("chunk-" + name + ".json", "ImportSerials",
                                       {{"import", import_}, {"rows", rows}}));
    const char* member = answer.contains("outcome") ? "rows" : "rowsRefused";
    const std::size_t refused = answer.contains(member) ? answer[member].size() : 0;
    if (answer.contains("outcome") && refused == 0) {
      return Error{"REFUSED", describe_problem(answer), {}};
    }
    if (answer["httpStatus"] == 200) repeated_ += rows.size();
    accepted_ += rows.size() - refused;
    std::map<std::string, std::int64_t> units;
    std::set<std::int64_t> bad;
    if (refused > 0) {
      for (const auto& row : answer[member]) {
        bad.insert(row["row"].get<std::int64_t>());
        refusals_.push_back(row);
      }
    }
    for (const auto& row : rows) {
      if (!bad.contains(std::stoll(row["row"].get<std::string>()))) {
        units_ += std::stoll(row["quantity"].get<std::string>());
      }
    }
    return {};
  }

  void show_progress(std::size_t done, std::size_t all) const {
    if (session_.settings().json || ::isatty(STDERR_FILENO) == 0) return;
    constexpr std::size_t kWidth = 40;
    const std::size_t filled = kWidth * done / all;
    std::cerr << "\r[" << std::string(filled, '#') << std::string(kWidth - filled, ' ') << "] "
              << done << "/" << all << (done == all ? "\n" : "") << std::flush;
  }

  void report(std::size_t rows) const {
    std::map<std::string, std::size_t> by_outcome;
    for (const auto& row : refusals_) ++by_outcome[row.value("outcome", row.value("code", ""))];
    std::string human = std::to_string(rows) + " rows: " + std::to_string(accepted_) +
                        " accepted, " + std::to_string(units_) + " t; " +
                        std::to_string(refusals_.size()) + " refused";
    if (repeated_ > 0) human += "; " + std::to_string(repeated_) + " were recorded before";
    for (const auto& [name, count] : by_outcome) {
      human += "\n  " + name + ": " + std::to_string(count);
    }
    constexpr std::size_t kShown = 5;
    for (std::size_t i = 0; i < std::min(kShown, refusals_.size()); ++i) {
      human += "\n  row " + std::to_string(refusals_[i]["row"].get<std::int64_t>()) + ": " +
               refusals_[i].value("detail", "");
    }
    session_.print(human, {{"import", import_},
                           {"rows", rows},
                           {"accepted", accepted_},
                           {"units", std::to_string(units_)},
                           {"repeated", repeated_},
                           {"refused", refusals_}});
  }

  Session& session_;
  const ImportOptions& options_;
  fs::path job_;
  std::string import_;
  std::size_t accepted_ = 0;
  std::size_t repeated_ = 0;
  std::int64_t units_ = 0;
  std::vector<json> refusals_;
};

}  // namespace

void add_import_commands(CLI::App& app, Run& run) {
  auto* import = app.add_subcommand("import", "History of other registries");
  import->require_subcommand(1);
  const auto o = kept<ImportOptions>();
  auto* acr = import->add_subcommand("acr", "ACR's public retirements or issuances file");
  acr->add_option("FILE", o->file)->required();
  acr->add_option("--job", o->job, "folder of the signed chunks; beside the file otherwise");
  acr->add_option("--approver-key", o->approver, "a second person's key of the same party");
  acr->add_flag("--resume", o->resume, "go on with the signed chunks of an earlier run");
  acr->callback([&run, o] {
    run = [o](Session& session) {
      const auto done = Job(session, *o).run();
      return done.ok() ? kExitOk : session.fail(done.error());
    };
  });
}

}  // namespace mrv::cli
