// Putting the parts together, and taking them apart.
#include "ledger/node/node.h"

#include <mutex>
#include <set>

#include "crypto/signed_note.h"
#include "ledger/base/limits.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/named_digests.h"
#include "ledger/codec/row_key.h"
#include "ledger/order/embedded_orderer.h"
#include "ledger/store/rocksdb_faults.h"
#include "ledger/store/rocksdb_store.h"

namespace mrv::node {
namespace {

namespace fs = std::filesystem;

fs::path database(const NodeOptions& options) { return options.data / "db"; }
fs::path blob_folder(const NodeOptions& options) { return options.data / "blobs"; }

Result<map::StateMap> rebuild_map(const store::StoreReader& reader) {
  MRV_TRY(const auto latest, reader.latest());
  const std::uint64_t keys = latest ? latest->map_key_count : 0;
  map::StateMap map(map::StateMap::depth_for(keys));
  MRV_CHECK(map.rebuild([&reader](const Hash& first, const Hash& last, const auto& visit) {
    return reader.scan_leaves(first, last, visit);
  }));
  if (latest && (map.root() != latest->map_root || map.key_count() != keys)) {
    return Error{"STORE_CORRUPT", "the leaves give another map root than the stored one", {}};
  }
  return map;
}

// The publisher and the pipeline may both find out that the ledger stops; it is told once.
OnStop once(OnStop on_stop) {
  if (!on_stop) return {};
  auto told = std::make_shared<std::once_flag>();
  return [told, on_stop = std::move(on_stop)](const Error& error) {
    std::call_once(*told, on_stop, error);
  };
}

}  // namespace

Status Node::create(const InitOptions& options) {
  std::error_code error;
  fs::create_directories(options.node.data, error);
  fs::create_directories(blob_folder(options.node), error);
  fs::create_directories(options.node.signer_memory.parent_path(), error);
  if (error) return Error{"STORE_OPEN_FAILED", error.message(), {}};
  MRV_CHECK(signer::LastSigned::create(options.node.signer_memory, options.origin));
  MRV_TRY(auto store,
          store::open_rocksdb_store({database(options.node).string(), store::OpenMode::kCreate,
                                     options.node.free_space_floor}));
  return store->close();
}

Node::Node(NodeOptions options, std::unique_ptr<store::Store> store, map::StateMap map,
           signer::LogSigner signer, const Tip& tip)
    : options_(std::move(options)),
      store_(std::move(store)),
      map_(std::move(map)),
      signer_(std::move(signer)),
      origin_(signer_.origin()),
      founding_vkey_(crypto::vkey_of({origin_, crypto::kNoteTypeEd25519, signer_.public_key()})),
      blobs_(blob_folder(options_), options_.clock),
      publisher_(*store_, map_, options_.on_stop),
      pipeline_(
          *store_, map_, signer_, publisher_,
          [this](const Hash& digest) -> std::optional<Bytes> {
            auto bytes = blobs_.read(digest);
            return bytes.ok() ? *std::move(bytes) : std::nullopt;
          },
          options_.on_stop, tip, [this](const Hash& digest) { return blobs_.remove(digest); }),
      orderer_(order::make_embedded_orderer({tip.order_number, tip.time, options_.clock})) {}

Node::~Node() { stop(); }

Result<std::unique_ptr<Node>> Node::open(const NodeOptions& options, crypto::SecretKey log_key) {
  std::vector<crypto::SecretKey> keys;
  keys.push_back(std::move(log_key));
  return open(options, std::move(keys));
}

Result<std::unique_ptr<Node>> Node::open(const NodeOptions& options,
                                         std::vector<crypto::SecretKey> log_keys) {
  return open(options, std::move(log_keys), store::RocksdbFaults{});
}

Result<std::unique_ptr<Node>> Node::open(const NodeOptions& options,
                                         std::vector<crypto::SecretKey> log_keys,
                                         const store::RocksdbFaults& faults) {
  MRV_TRY(auto memory, signer::LastSigned::open(options.signer_memory));
  signer::LogSigner signer(std::move(memory), std::move(log_keys));
  // Nothing is acknowledged before the signer remembers the tree that holds it.
  const auto holds_everything = [&signer](const store::StoreReader& reader) {
    return signer.check_store(reader);
  };
  MRV_TRY(auto store,
          store::open_rocksdb_store({database(options).string(), store::OpenMode::kMustExist,
                                     options.free_space_floor, holds_everything},
                                    faults));
  MRV_CHECK(signer.check_store(store->reader()));
  MRV_TRY(const Tip tip, read_tip(store->reader()));
  MRV_TRY(map::StateMap map, rebuild_map(store->reader()));
  NodeOptions told_once = options;
  told_once.on_stop = once(options.on_stop);
  std::unique_ptr<Node> node(
      new Node(std::move(told_once), std::move(store), std::move(map), std::move(signer), tip));
  MRV_CHECK(node->recover());
  return node;
}

// What was committed last is signed again (the same note, or the first time after a stop between
// commit and signature), shown, and only then followed by anything new.
Status Node::recover() {
  MRV_CHECK(remove_blobs());
  MRV_TRY(const auto latest, store_->reader().latest());
  if (latest) {
    MRV_TRY(std::string note, signer_.sign_found(store_->reader()));
    MRV_CHECK(
        publisher_.show({latest->size, latest->log_root, latest->map_root, latest->map_key_count,
                         latest->time, std::move(note), store_->snapshot()}));
    MRV_CHECK(signer_.check_next(store_->reader()));
  }
  publisher_.start();
  return orderer_->start(pipeline_);
}

// Those that were to go when the node stopped, and the memory of those that went.
Status Node::remove_blobs() {
  Status removed;
  const auto remove = [&](ByteView key, ByteView /*value*/) {
    Hash digest{};
    std::copy(key.begin() + 1, key.end(), digest.begin());
    removed = blobs_.remove(digest);
    return removed.ok();
  };
  MRV_CHECK(store_->reader().scan_rows(Bytes{model::RemovedBlobRow::kTag},
                                       Bytes{model::RemovedBlobRow::kTag + 1}, remove));
  return removed;
}

Status Node::check_key(const crypto::PublicKey& key) const {
  const auto published = publisher_.current();
  if (published) {
    MRV_TRY(const auto row, published->snapshot->row(codec::key_key({key.bytes})));
    if (row) return {};
  }
  if (crypto::is_acceptable_public_key(key)) return {};
  return Error{"KEY_INVALID", "the key is not a canonical point of the prime-order subgroup",
               "/proof/verificationMethod"};
}

// Genesis states the origin that every later act is compared with, and the key that signs every
// tree: both must be this log's own.
std::optional<model::Refusal> Node::check_genesis(const model::Act& act) const {
  const auto* genesis = std::get_if<model::Genesis>(&act.body);
  if (!genesis) return std::nullopt;
  if (act.registry != origin_) {
    return model::Refusal{model::Outcome::WRONG_REGISTRY, "/registry", "this log is " + origin_};
  }
  if (genesis->log_vkey == founding_vkey_) return std::nullopt;
  return model::Refusal{model::Outcome::WRONG_REGISTRY, "/credentialSubject/logVkey",
                        "this log's key is " + founding_vkey_};
}

// From here on no sweep removes what the act names, until it is published or refused.
Status Node::renew_blobs(const model::Act& act) {
  std::set<Hash> here;
  for (const Hash& digest : codec::named_digests(act.body)) {
    MRV_TRY(const bool found, blobs_.renew(digest));
    if (found) here.insert(digest);
  }
  for (const Hash& digest : state::blobs_needed(act)) {
    if (here.contains(digest)) continue;
    // What is gone by decision nobody can bring: the rules say so.
    if (blobs_.is_removed(digest)) continue;
    return Error{"BLOB_MISSING", to_hex(digest), "/credentialSubject"};
  }
  return {};
}

Result<std::string> Node::log_vkey() const {
  const auto published = publisher_.current();
  if (!published) return founding_vkey_;
  MRV_TRY(const TreeSize start, signer::batch_start(*published->snapshot, published->size));
  MRV_TRY(const auto vkey, signer::LogKeys().vkey_for(*published->snapshot, start));
  return vkey.value_or(founding_vkey_);
}

Result<BlobStore::Swept> Node::sweep_blobs(const std::stop_token& stop) {
  const auto published = publisher_.current();
  if (!published) return BlobStore::Swept{};
  const TimestampMs cutoff{options_.clock().value() - kBlobUnreferencedMs};
  const auto referenced = [&published](const Hash& digest) -> Result<bool> {
    MRV_TRY(const auto row, published->snapshot->index(codec::named_digest_key(digest)));
    return row.has_value();
  };
  return blobs_.sweep(cutoff, referenced, stop);
}

void Node::submit(std::string_view body, OnTypedAnswer on_answer) {
  auto act = codec::decode_act(body, /*key_is_registered=*/true);
  const Status status = act.ok() ? check_key({act->act.signer.bytes}) : Status(act.error());
  if (status.ok()) {
    std::string type(model::type_of(act->act.body));
    return submit(*std::move(act), [type = std::move(type), on_answer = std::move(on_answer)](
                                       Answer answer) { on_answer(type, std::move(answer)); });
  }
  const auto outcome = model::find_outcome(status.error().name);
  if (!outcome) return on_answer({}, Failed{status.error()});
  on_answer({}, Refused{{*outcome, status.error().pointer, status.error().detail}, {}});
}

void Node::submit(model::VerifiedAct act, OnAnswer on_answer) {
  if (auto refusal = check_genesis(act.act)) return on_answer(Refused{*std::move(refusal), {}});
  if (auto here = renew_blobs(act.act); !here.ok()) {
    if (here.error().name != "BLOB_MISSING") return on_answer(Failed{here.error()});
    return on_answer(
        Refused{{model::Outcome::BLOB_MISSING, here.error().pointer, here.error().detail}, {}});
  }
  if (auto room = store_->room(); !room.ok()) return on_answer(Failed{room.error()});
  std::unique_ptr<order::Submission> submission =
      std::make_unique<ActSubmission>(std::move(act), std::move(on_answer));
  if (auto taken = orderer_->submit(std::move(submission)); !taken.ok()) {
    // A refusal leaves the submission with its caller (order/orderer.h).
    submission->abandon(taken.error());  // NOLINT(bugprone-use-after-move)
  }
}

std::unique_ptr<Reader> Node::reader() const {
  auto published = publisher_.current();
  if (!published) return nullptr;
  return std::make_unique<Reader>(map_, std::move(published));
}

Result<std::optional<store::ActId>> Node::find_act(ByteView key) const {
  const auto published = publisher_.current();
  if (!published) return std::optional<store::ActId>();
  return published->snapshot->act_id(key);
}

std::optional<Error> Node::not_ready() const {
  const auto status = orderer_->status();
  if (status.failure) return status.failure;
  if (auto failure = publisher_.failure()) return failure;
  if (status.state != order::OrdererState::kRunning) {
    return Error{"ORDERER_STOPPED", "the ledger is stopping", {}};
  }
  if (auto room = store_->room(); !room.ok()) return room.error();
  return std::nullopt;
}

void Node::stop() {
  orderer_->stop();
  publisher_.stop();
  // Errors change nothing: what was acknowledged is durable, and the next open() checks all of it.
  static_cast<void>(store_->close());
}

}  // namespace mrv::node
