// write-schemas: writes the published schemas and the JSON-LD context of the acts into a folder.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "ledger/codec/schema_writer.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write-schemas DIR   (the repository's schemas folder)\n";
    return 2;
  }
  auto files = mrv::codec::act_schemas();
  files.push_back(mrv::codec::act_context());
  for (auto& file : mrv::codec::standard_schemas()) files.push_back(std::move(file));
  for (const auto& file : files) {
    std::ofstream out(std::filesystem::path(argv[1]) / file.name, std::ios::binary);
    out << file.text;
    out.close();
    if (!out) {
      std::cerr << "not written: " << file.name << "\n";
      return 1;
    }
  }
  std::cout << files.size() << " files\n";
  return 0;
}
