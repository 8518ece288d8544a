// write-examples GOLDEN DIR: the signed examples of schemas/examples/acts, taken from a golden log:
// of every kind of act the fullest document that the ledger accepted there.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

#include <nlohmann/json.hpp>

#include "ledger/codec/act_codec.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/model/act_name.h"
#include "tests/support/golden.h"

namespace {

using namespace mrv;
using nlohmann::ordered_json;

// By the act's name; the longest document, the first of equally long ones.
std::map<std::string, std::string> fullest_documents(const std::filesystem::path& folder) {
  std::map<std::string, std::string> documents;
  for (const Bytes& bytes : test::golden_entries(folder)) {
    const auto entry = codec::decode_entry(bytes);
    if (!entry.ok()) continue;
    const auto* act = std::get_if<codec::ActEntry>(&*entry);
    if (act == nullptr) continue;
    const std::string name = ordered_json::parse(act->document)["type"][1];
    auto& kept = documents[name];
    if (act->document.size() > kept.size()) kept = act->document;
  }
  return documents;
}

// In the order in which a reader wants to see it.
std::string readable(const std::string& document) {
  const auto json = ordered_json::parse(document);
  ordered_json ordered;
  for (const char* name : {"@context", "id", "type", "issuer", "registry", "validFrom",
                           "validUntil", "credentialSubject", "proof"}) {
    ordered[name] = json.at(name);
  }
  constexpr int kIndent = 2;
  return ordered.dump(kIndent) + "\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: write-examples GOLDEN-LOG DIR\n";
    return 2;
  }
  const auto documents = fullest_documents(argv[1]);
  for (const auto& [name, document] : documents) {
    std::ofstream out(std::filesystem::path(argv[2]) / (model::hyphenated(name) + ".json"),
                      std::ios::binary);
    out << readable(document);
    out.close();
    if (!out) {
      std::cerr << "not written: " << name << "\n";
      return 1;
    }
  }
  std::cout << documents.size() << " examples\n";
  return documents.empty() ? 1 : 0;
}
