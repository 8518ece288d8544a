// Commits of a thousand rows each.
#include "tests/bench/fill.h"

#include <iostream>

#include "ledger/codec/entry_codec.h"
#include "ledger/store/rocksdb_store.h"

namespace mrv::bench {

void fill(test::LedgerWorld& world, std::uint64_t rows, const MakeRow& make) {
  auto opened =
      store::open_rocksdb_store({(world.options().data / "db").string(),
                                 store::OpenMode::kMustExist, store::kFreeSpaceFloorBytes});
  test::need(opened.ok(), "store");
  auto& store = **opened;
  auto tip = node::read_tip(store.reader());
  test::need(tip.ok(), "tip");
  auto memory = signer::LastSigned::open(world.options().signer_memory);
  test::need(memory.ok(), "memory");
  signer::LogSigner signer(*std::move(memory), test::LedgerWorld::key("log"));
  map::StateMap map(map::StateMap::depth_for(rows));
  const map::LeafSource source = [&](const Hash& a, const Hash& b, const auto& visit) {
    return store.reader().scan_leaves(a, b, visit);
  };
  test::need(map.rebuild(source).ok(), "map");
  constexpr std::uint64_t kBatch = 1'000;
  for (std::uint64_t done = 0; done < rows; done += kBatch) {
    store::CommitBatch batch;
    batch.order_number = tip->order_number.next();
    batch.size_before = tip->size;
    batch.time = tip->time;
    for (std::uint64_t i = 0; i < kBatch; ++i) {
      auto [key, value] = make(done + i);
      batch.leaves.push_back({map::key_hash(key), map::value_hash(value)});
      batch.rows.push_back({key, value, std::nullopt});
      // Where a start looks for the last batch's own entries it finds seals.
      const bool is_last = i + 2 >= kBatch;
      batch.entries.push_back(is_last ? *codec::encode_entry(codec::SealEntry{})
                                      : std::move(value));
    }
    test::need(map.apply(batch.leaves, source).ok(), "map");
    batch.map_root = map.root();
    batch.map_key_count = map.key_count();
    node::integrate_batch(*tip, batch);
    test::need(store.commit(batch).ok(), "commit");
    if (done % 100'000 == 0) std::cerr << "filled " << done << "\n";
  }
  test::need(signer.sign_found(store.reader()).ok(), "sign");
  test::need(store.close().ok(), "close");
}

}  // namespace mrv::bench
