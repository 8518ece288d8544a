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
#include "ledger/codec/scalar_text.h"

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
  MRV_CHECK(api::write_file(path, to_hex(salt) + "\n", api::Readers::kOwner));
  return salt;
}

// Only the retirements file has serials; what is wrong with one is said of it and not of the other
// kind of file.
Result<std::vector<model::ImportRow>> read_rows(const std::string& text, ByteView salt) {
  MRV_TRY(const auto table, codec::parse_csv(text));
  if (table.column("Offset Credit Serial Numbers").ok()) {
    return codec::read_acr_retirements(text, salt);
  }
  return codec::read_acr_issuances(text);
}

std::string numbered(const char* what, std::size_t number) {
  constexpr std::size_t kDigits = 5;
  std::string text = std::to_string(number);
  text.insert(0, text.size() < kDigits ? kDigits - text.size() : 0, '0');
  return what + text + ".json";
}

// The row numbers of the rows in `list` (of an answer, numbers; of a document, texts).
std::int64_t row_number(const json& row) {
  if (!row.is_object() || !row.contains("row")) return 0;
  const json& number = row.at("row");
  if (number.is_number_integer()) return number.get<std::int64_t>();
  const auto parsed = number.is_string()
                          ? codec::parse_integer(number.get<std::string>(), model::None{})
                          : Result<std::int64_t>(0);
  return parsed.ok() ? *parsed : 0;
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
    if (!session_.settings().act_id.empty()) {
      return Error{"ID_REUSED", "--id names one act, and an import is several", {}};
    }
    MRV_TRY(const std::string text, api::read_file(options_.file));
    fs::create_directories(job_, error);
    if (options_.resume) MRV_CHECK(check_same_file(text));
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
  // The chunks of a job are those of one file.
  Status check_same_file(const std::string& text) const {
    MRV_TRY(const json opened, read_json(job_ / "open.json"));
    MRV_TRY(const std::string digest, text_at(opened, "/credentialSubject/fileDigest"));
    if (digest == to_hex(crypto::sha256(as_bytes(text)))) return {};
    return Error{"IMPORT_JOB_STATE",
                 options_.file.string() + " is not the file that this job started with",
                 {}};
  }

  // The document of an earlier run, or a new one.
  Result<std::string> document(const fs::path& name, const char* type, const json& body) {
    const fs::path path = job_ / name;
    if (fs::exists(path)) return api::read_file(path);
    MRV_TRY(std::string text, session_.sign(type, body));
    MRV_CHECK(api::write_file(path, text));
    return text;
  }

  // Sends; a document that expired before it was accepted is signed again.
  Result<Session::ActAnswer> deliver(const fs::path& name, const char* type, const json& body) {
    for (int attempt = 0; attempt < 2; ++attempt) {
      MRV_TRY(const std::string text, document(name, type, body));
      MRV_TRY(auto answer, session_.post_act(text));
      if (outcome_of(answer.body) != "EXPIRED") return answer;
      std::error_code ignored;
      fs::remove(job_ / name, ignored);
    }
    return Error{"REFUSED", "the document expires before it arrives", {}};
  }

  static std::string outcome_of(const json& answer) {
    const auto outcome = text_at(answer, "/outcome");
    return outcome.ok() ? *outcome : std::string();
  }

  Status open(const std::string& text, std::size_t rows) {
    const json body = {{"registry", "ACR"},
                       {"grammar", "acr-car-art"},
                       {"fileDigest", to_hex(crypto::sha256(as_bytes(text)))},
                       {"rowCount", std::to_string(rows)},
                       {"dateFormat", options_.date_format}};
    MRV_TRY(const auto sent, deliver("open.json", "OpenImport", body));
    const json& answer = sent.body;
    if (outcome_of(answer) == "IMPORT_REPEATED") {
      const auto told = text_at(answer, "/detail");
      const std::string detail = told.ok() ? *told : std::string();
      const auto at = detail.find("imp_");
      if (at == std::string::npos) return Error{"REFUSED", describe_problem(answer), {}};
      import_ = detail.substr(at, 4 + model::kIdTextLength);
      return {};
    }
    if (answer.contains("outcome")) return Error{"REFUSED", describe_problem(answer), {}};
    MRV_TRY(const std::string hex, text_at(answer, "/digest"));
    MRV_TRY(const Hash digest, hash_from_hex(hex));
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
    settings.act_id.clear();
    Session approver(settings);
    MRV_TRY(const std::string text,
            approver.sign("Approve", {{"proposal", model::ProposalId::of(digest).text()},
                                      {"digest", to_hex(digest)},
                                      {"decision", "approve"},
                                      {"reason", ""}}));
    MRV_TRY(const auto answer, approver.post_act(text));
    if (!answer.body.contains("outcome")) return {};
    return Error{"REFUSED", describe_problem(answer.body), {}};
  }

  // What the ledger said of a chunk when it recorded it. Only that answer names the rows it left
  // out: the answer to a repeat does not, so it is kept, durably, before the job goes on.
  Status send_chunk(std::size_t number, const json& rows) {
    const std::string chunk = numbered("chunk-", number + 1);
    const fs::path kept = job_ / numbered("answer-", number + 1);
    if (const auto answer = kept_answer(job_ / chunk, kept)) {
      repeated_ += rows.size();
      return count(rows, *answer, "rowsRefused");
    }
    MRV_TRY(const auto answer,
            deliver(chunk, "ImportSerials", {{"import", import_}, {"rows", rows}}));
    if (answer.body.contains("outcome")) {
      if (!answer.body.contains("rows")) {
        return Error{"REFUSED", describe_problem(answer.body), {}};
      }
      return count(rows, answer.body, "rows");
    }
    constexpr int kRepeated = 200;
    if (answer.status == kRepeated) return count_repeated(rows);
    // If we stop here, the chunk is recorded and its answer lost: count_repeated() takes over.
    MRV_CHECK(api::write_file(kept, answer.body.dump()));
    return count(rows, answer.body, "rowsRefused");
  }

  // The kept answer of exactly this chunk; nothing otherwise, and then the chunk is sent again.
  static std::optional<json> kept_answer(const fs::path& chunk, const fs::path& kept) {
    if (!fs::exists(chunk) || !fs::exists(kept)) return std::nullopt;
    const auto document = api::read_file(chunk);
    const auto text = api::read_file(kept);
    if (!document.ok() || !text.ok()) return std::nullopt;
    json answer = json::parse(*text, nullptr, false);
    const auto digest = text_at(answer, "/digest");
    if (!digest.ok() || *digest != to_hex(crypto::sha256(as_bytes(*document)))) {
      return std::nullopt;
    }
    return answer;
  }

  // Rows of a chunk, less those that the member of the answer names.
  Status count(const json& rows, const json& answer, const char* member) {
    std::set<std::int64_t> refused;
    if (answer.contains(member)) {
      for (const auto& row : answer.at(member)) {
        refused.insert(row_number(row));
        refusals_.push_back(row);
      }
    }
    return add_accepted(rows, refused);
  }

  // A chunk that was recorded before, with no answer kept: the ledger's list of taken rows says
  // which rows count, and nothing says any more why the others do not.
  Status count_repeated(const json& rows) {
    repeated_ += rows.size();
    MRV_TRY(const json import, session_.get("/v1/imports/" + import_));
    const json::json_pointer path("/item/rowsTaken");
    if (!import.contains(path) || !import.at(path).is_array()) {
      return Error{"HTTP_FAILED", "the import has no list of taken rows", {}};
    }
    std::vector<std::pair<std::int64_t, std::int64_t>> taken;
    for (const auto& run : import.at(path)) {
      MRV_TRY(const std::string first, text_at(run, "/first"));
      MRV_TRY(const std::string last, text_at(run, "/last"));
      MRV_TRY(const std::int64_t from, codec::parse_integer(first, model::None{}));
      MRV_TRY(const std::int64_t to, codec::parse_integer(last, model::None{}));
      taken.emplace_back(from, to);
    }
    std::set<std::int64_t> refused;
    for (const auto& row : rows) {
      const std::int64_t number = row_number(row);
      const bool counts = std::any_of(taken.begin(), taken.end(), [number](const auto& run) {
        return run.first <= number && number <= run.second;
      });
      if (counts) continue;
      refused.insert(number);
      refusals_.push_back({{"row", number},
                           {"outcome", "REASON_NOT_KEPT"},
                           {"detail", "refused in an earlier run whose answer did not arrive"}});
    }
    return add_accepted(rows, refused);
  }

  Status add_accepted(const json& rows, const std::set<std::int64_t>& refused) {
    for (const auto& row : rows) {
      if (refused.contains(row_number(row))) continue;
      MRV_TRY(const std::string text, text_at(row, "/quantity"));
      MRV_TRY(const std::int64_t units, codec::parse_integer(text, model::None{}));
      ++accepted_;
      units_ += units;
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
    for (const auto& row : refusals_) {
      const auto code = text_at(row, "/code");  // in a problem document
      ++by_outcome[code.ok() ? *code : outcome_of(row)];
    }
    std::string human = std::to_string(rows) + " rows: " + std::to_string(accepted_) +
                        " accepted, " + std::to_string(units_) + " t; " +
                        std::to_string(refusals_.size()) + " refused";
    if (repeated_ > 0) human += "; " + std::to_string(repeated_) + " were recorded before";
    for (const auto& [name, count] : by_outcome) {
      human += "\n  " + name + ": " + std::to_string(count);
    }
    constexpr std::size_t kShown = 5;
    for (std::size_t i = 0; i < std::min(kShown, refusals_.size()); ++i) {
      const auto detail = text_at(refusals_[i], "/detail");
      human += "\n  row " + std::to_string(row_number(refusals_[i])) + ": " +
               (detail.ok() ? *detail : std::string());
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
