// Measurement series: committing to all readings, disclosing one.
#include <fstream>
#include <iostream>

#include "api/cli/commands.h"
#include "api/cli/series_file.h"
#include "api/files.h"
#include "ledger/codec/scalar_text.h"
#include "verifier/reading.h"

namespace mrv::cli {

using nlohmann::json;
namespace fs = std::filesystem;

namespace {

struct SeriesFiles {
  fs::path in;
  fs::path out;
  std::string unit;
  std::int64_t index = 0;
};

Error unreadable(const fs::path& path) {
  return {"FILE_UNREADABLE", path.string() + ": cannot be opened", {}};
}

Status make(Session& session, const SeriesFiles& files) {
  std::ifstream file(files.in, std::ios::binary);
  if (files.in != "-" && !file) return unreadable(files.in);
  MRV_TRY(auto writer,
          api::FileWriter::create(files.out, api::Readers::kOwner, api::Earlier::kKept));
  const auto keep = [&writer](std::string_view line) { return writer.append(line); };
  MRV_TRY(const auto summary,
          make_series(files.in == "-" ? std::cin : file, SeriesOptions{.unit = files.unit}, keep));
  MRV_CHECK(writer.finish());
  const std::string count = std::to_string(summary.count);
  const std::string root = to_hex(summary.root);
  const std::string digest = to_hex(codec::series_digest(summary.count, summary.root));
  session.print(
      count + " readings\nroot " + root + "\ndigest " + digest +
          "\nsign it as evidence: mrv --key DEVICE.key evidence sign --series " +
          files.out.string() + " --project PRJ …\nkeep " + files.out.string() +
          " and show it to nobody: only its salts can disclose a reading",
      {{"count", count}, {"root", root}, {"digest", digest}, {"file", files.out.string()}});
  return {};
}

// A name given by mistake must not cost the kept file.
Status write_disclosure(const fs::path& path, const std::string& text) {
  if (path == "-") return api::write_file(path, text);
  MRV_TRY(auto writer,
          api::FileWriter::create(path, api::Readers::kEverybody, api::Earlier::kKept));
  MRV_CHECK(writer.append(text));
  return writer.finish();
}

Status disclose(Session& session, const SeriesFiles& files) {
  std::ifstream file(files.in, std::ios::binary);
  if (!file) return unreadable(files.in);
  MRV_TRY(const auto disclosed, disclose_reading(file, files.index));
  const std::string text = codec::encode_disclosure(disclosed);
  const Hash digest = codec::series_digest(disclosed.count, disclosed.root);
  // What leaves the house is what the auditor's program accepts.
  MRV_TRY(const auto verdict, verifier::verify_reading(text, digest));
  MRV_CHECK(write_disclosure(files.out, text));
  const std::string check = "check it offline: mrv-verify reading " +
                            (files.out == "-" ? "FILE" : files.out.string()) + " --digest " +
                            to_hex(digest);
  if (files.out == "-") {
    std::cerr << check << "\n";
    return {};
  }
  const auto& reading = verdict.disclosed.reading;
  session.print("written to " + files.out.string() + ": " + reading.value.text + " " +
                    reading.unit + " at " + codec::to_text(reading.at) + "\n" + check,
                {{"file", files.out.string()},
                 {"index", std::to_string(disclosed.index)},
                 {"at", codec::to_text(reading.at)},
                 {"value", reading.value.text},
                 {"unit", reading.unit},
                 {"digest", to_hex(digest)}});
  return {};
}

void leave(CLI::App* command, Run& run, const std::shared_ptr<SeriesFiles>& files,
           Status (*work)(Session&, const SeriesFiles&)) {
  command->callback([&run, files, work] {
    run = [files, work](Session& session) {
      const auto status = work(session, *files);
      return status.ok() ? kExitOk : session.fail(status.error());
    };
  });
}

}  // namespace

void add_series_commands(CLI::App& app, Run& run) {
  auto* series = app.add_subcommand("series", "Measurement series");
  series->require_subcommand(1);
  const auto m = kept<SeriesFiles>();
  auto* maker = series->add_subcommand("make", "Put all readings of a CSV file under one digest");
  maker->add_option("FILE", m->in, "CSV with at,value or at,value,unit; - is standard input")
      ->required();
  maker->add_option("--out", m->out, "where the readings are kept with their salts: private")
      ->required();
  maker->add_option("--unit", m->unit, "of all readings, where the file has no column unit");
  leave(maker, run, m, make);
  const auto d = kept<SeriesFiles>();
  auto* discloser = series->add_subcommand("disclose", "Disclose one reading and no other");
  discloser->add_option("FILE", d->in, "what `mrv series make` kept")->required();
  discloser->add_option("--index", d->index, "of the reading, from 0: row 1 has index 0")
      ->required();
  discloser->add_option("--out", d->out, "for the auditor; - is standard output")->required();
  leave(discloser, run, d, disclose);
}

}  // namespace mrv::cli
