// An entry has one spelling: what decodes encodes to the same bytes.
// fuzz-links: mrv_core
#include <cstdlib>

#include "ledger/base/limits.h"
#include "ledger/codec/entry_codec.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mrv;
  const ByteView bytes(data, size);
  const auto entry = codec::decode_entry(bytes);
  if (!entry.ok()) {
    require(entry.error().name == "ENTRY_MALFORMED");
    return 0;
  }
  require(size <= kEntryBytesMax);
  const auto again = codec::encode_entry(*entry);
  require(again.ok() && as_text(*again) == as_text(bytes));
  const auto twice = codec::decode_entry(*again);
  require(twice.ok() && *twice == *entry);
  return 0;
}
