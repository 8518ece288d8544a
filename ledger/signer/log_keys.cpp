// The ledger row has the announced keys; Genesis itself the first one of an older ledger.
#include "ledger/signer/log_keys.h"

#include "ledger/codec/act_codec.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/codec/row_codec.h"
#include "ledger/codec/row_key.h"

namespace mrv::signer {
namespace {

Error corrupt(const char* what) { return {"STORE_CORRUPT", what, {}}; }

Result<codec::Entry> entry_at(const store::StoreReader& reader, std::uint64_t index) {
  MRV_TRY(const auto bytes, reader.entry(EntryIndex{index}));
  if (!bytes) return corrupt("an entry of the tree is missing");
  auto entry = codec::decode_entry(*bytes);
  if (!entry.ok()) return corrupt("an entry is none");
  return entry;
}

Result<std::string> genesis_vkey(const store::StoreReader& reader) {
  MRV_TRY(const auto first, entry_at(reader, 0));
  const auto* entry = std::get_if<codec::ActEntry>(&first);
  if (entry == nullptr) return corrupt("the first entry is no act");
  const auto act = codec::decode_trusted_act(entry->document);
  if (!act.ok()) return corrupt("the first entry's act cannot be read");
  const auto* genesis = std::get_if<model::Genesis>(&act->act.body);
  if (genesis == nullptr) return corrupt("the first entry is not Genesis");
  return genesis->log_vkey;
}

}  // namespace

Result<TreeSize> batch_start(const store::StoreReader& reader, TreeSize size) {
  // The last entry is this batch's own seal.
  for (std::uint64_t end = size.value(); end > 1; --end) {
    MRV_TRY(const auto entry, entry_at(reader, end - 2));
    if (std::holds_alternative<codec::SealEntry>(entry)) return TreeSize{end - 1};
  }
  return TreeSize{0};
}

Status LogKeys::read(const store::StoreReader& reader, const Bytes& row) {
  const auto ledger = codec::decode_row<model::LedgerRow>(row);
  if (!ledger.ok()) return corrupt("the ledger's row cannot be read");
  std::vector<Announced> announced;
  if (ledger->log_keys) {
    for (const auto& key : *ledger->log_keys) announced.push_back({key.entry, key.vkey});
  }
  // Version 1 of the rules kept no list.
  if (announced.empty() || announced.front().entry != EntryIndex{0}) {
    MRV_TRY(std::string vkey, genesis_vkey(reader));
    announced.insert(announced.begin(), {EntryIndex{0}, std::move(vkey)});
  }
  announced_ = std::move(announced);
  row_ = row;
  return {};
}

Result<std::optional<std::string>> LogKeys::vkey_for(const store::StoreReader& reader,
                                                     TreeSize start) {
  MRV_TRY(const auto row, reader.row(codec::ledger_key()));
  if (!row) return std::optional<std::string>();
  if (*row != row_) MRV_CHECK(read(reader, *row));
  std::string vkey = announced_.front().vkey;
  for (const auto& key : announced_) {
    if (key.entry.value() < start.value()) vkey = key.vkey;
  }
  return std::optional(std::move(vkey));
}

}  // namespace mrv::signer
