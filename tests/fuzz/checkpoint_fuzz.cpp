// Checkpoints, tile paths and entry bundles have one spelling each.
// fuzz-links: mrv_core
#include <cstdlib>

#include "ledger/base/limits.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/tile.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mrv;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto checkpoint = log::parse_checkpoint(text);
  if (checkpoint.ok()) {
    require(log::checkpoint_text(*checkpoint) == text);
    require(!checkpoint->origin.empty() && checkpoint->origin.size() <= kOriginBytesMax);
  }
  const auto path = log::parse_tile_path(text);
  if (path.ok()) require(log::tile_path(*path) == text);
  const auto bundle = log::decode_bundle({data, size});
  if (bundle.ok()) {
    const Bytes again = log::encode_bundle(*bundle);
    require(as_text(again) == text && bundle->size() <= log::kTileWidth);
  }
  return 0;
}
