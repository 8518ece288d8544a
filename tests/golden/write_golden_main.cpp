// write-golden NAME ROOT main-job|every-act: writes tests/vectors/NAME below the repository at
// ROOT, the log of the main job or one of every kind of act. Never over one that exists: what is
// golden stays.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "ledger/log/checkpoint.h"
#include "ledger/node/certificate.h"
#include "tests/support/all_acts.h"
#include "tests/support/golden.h"

namespace {

using namespace mrv;

void write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  test::need(file.good(), path.string());
}

model::RetirementId run_main_job(test::LedgerWorld& world, const std::string& root) {
  test::CcsFlow flow(world, root);
  flow.run_to_issuance();
  flow.transfer("developer", "buyer", 5'000);
  return flow.retire("buyer", 1'000);
}

std::string policy_text() {
  const auto key = test::LedgerWorld::key("log").public_key();
  return "log " + crypto::vkey_of({test::kWorldOrigin, crypto::kNoteTypeEd25519, key}) +
         "\nquorum none\n";
}

void write_certificate(const std::filesystem::path& folder, test::LedgerWorld& world,
                       const model::RetirementId& retirement) {
  const auto certificate =
      node::build_certificate(*world.node().reader(), retirement, policy_text());
  test::need(certificate.ok(), "a certificate");
  const auto text = codec::encode_certificate(*certificate);
  test::need(text.ok(), "its text");
  write(folder / "certificate.json", *text);
}

void write_golden(const std::filesystem::path& folder, const std::string& root,
                  const std::string& history) {
  // The log of every act begins under the first rules and goes on under the latest.
  const bool every_act = history == "every-act";
  test::LedgerWorld world(true, every_act ? model::kRulesVersionFirst : model::kRulesVersionLatest);
  std::optional<model::RetirementId> retirement;
  if (history == "main-job") {
    retirement = run_main_job(world, root);
  } else {
    test::need(every_act, "main-job or every-act, not " + history);
    test::AllActs(world, root).run();
  }
  const auto reader = world.node().reader();
  std::vector<Bytes> entries;
  for (std::uint64_t i = 0; i < reader->published().size.value(); ++i) {
    entries.push_back(**reader->entry(EntryIndex{i}));
  }
  test::need(std::filesystem::create_directory(folder), "a new folder");
  for (std::size_t at = 0; at < entries.size(); at += log::kTileWidth) {
    const auto first = entries.begin() + static_cast<std::ptrdiff_t>(at);
    const auto count = std::min<std::size_t>(log::kTileWidth, entries.size() - at);
    const std::vector<Bytes> bundle(first, first + static_cast<std::ptrdiff_t>(count));
    write(folder / test::bundle_name(at / log::kTileWidth), as_text(log::encode_bundle(bundle)));
  }
  write(folder / "roots",
        to_hex(reader->published().log_root) + "\n" + to_hex(reader->published().map_root) + "\n");
  if (retirement) write_certificate(folder, world, *retirement);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: write-golden NAME ROOT main-job|every-act\n";
    return 2;
  }
  try {
    const std::string root = argv[2];
    write_golden(root + "/tests/vectors/" + argv[1], root, argv[3]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "FAILED: " << error.what() << "\n";
    return 1;
  }
}
