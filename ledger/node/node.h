// A whole ledger in one process: store, map, signer, orderer, pipeline, publisher, blobs.
//
// open() is recovery: it takes what the store holds, checks it against itself and against the
// signer's memory, signs and shows the tree that was committed last, and only then takes acts.
#pragma once

#include <filesystem>
#include <memory>

#include "ledger/node/blob_store.h"
#include "ledger/node/pipeline.h"
#include "ledger/node/reader.h"

namespace mrv::store {
struct RocksdbFaults;
}

namespace mrv::node {

struct NodeOptions {
  std::filesystem::path data;           // data/db, data/blobs, data/keys
  std::filesystem::path signer_memory;  // the last-signed file; may live on another device
  std::function<TimestampMs()> clock;
  std::uint64_t free_space_floor = 0;
  OnStop on_stop;  // may be empty; called once at most
};

// What a new ledger starts from.
struct InitOptions {
  NodeOptions node;
  std::string origin;
};

class Node {
 public:
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  ~Node();

  // Makes the folders, an empty store and the signer's memory at size 0. Refuses to touch a ledger
  // that is there: STORE_EXISTS, SIGNER_MEMORY_EXISTS.
  static Status create(const InitOptions& options);

  // `log_keys`: the key in force, and beforehand the one that is to succeed it (not empty; the
  // first one founds a ledger). Errors: the store's, SIGNER_*, STORE_CORRUPT. After any of them
  // nothing is committed or signed. SIGNER_KEY_MISSING where the key that the log announced is not
  // among them; on_stop hears of it when the log announces such a key while the node runs.
  static Result<std::unique_ptr<Node>> open(const NodeOptions& options,
                                            std::vector<crypto::SecretKey> log_keys);
  static Result<std::unique_ptr<Node>> open(const NodeOptions& options, crypto::SecretKey log_key);
  // For fault tests only: over a disk that misbehaves (ledger/store/rocksdb_faults.h).
  static Result<std::unique_ptr<Node>> open(const NodeOptions& options,
                                            std::vector<crypto::SecretKey> log_keys,
                                            const store::RocksdbFaults& faults);

  // Judges form and signature on the caller's thread, then submits. Answers exactly once, with the
  // act's type (empty where the document could not be read).
  using OnTypedAnswer = std::function<void(const std::string& type, Answer answer)>;
  void submit(std::string_view body, OnTypedAnswer on_answer);
  // For acts that were decoded already.
  void submit(model::VerifiedAct act, OnAnswer on_answer);

  // Nothing before the first act.
  [[nodiscard]] std::unique_ptr<Reader> reader() const;
  [[nodiscard]] BlobStore& blobs() { return blobs_; }
  // Removes the blobs that were put and asked for kBlobUnreferencedMs ago or longer and that no
  // published act names. An act that is on its way needs no row to be safe: its blobs were renewed
  // at admission, by the same clock, and it is published or refused long before a day has passed.
  // Any thread; to be over before stop(). Before the first act nothing is removed. A store without
  // the index of named digests (row_key.h) would lose every blob older than that: the pipeline
  // writes it with each act, and whoever rebuilds a store from the log must write it too.
  // Errors: BLOB_READ_FAILED, BLOB_WRITE_FAILED, the store's.
  Result<BlobStore::Swept> sweep_blobs(const std::stop_token& stop = {});
  [[nodiscard]] const std::string& origin() const { return origin_; }
  // The key that signed the published tree, as a policy lists it; before the first tree the key
  // that founds the ledger. Errors: the store's, STORE_CORRUPT.
  [[nodiscard]] Result<std::string> log_vkey() const;
  // Where an accepted act went: by (party or key, id). Errors: the store's.
  [[nodiscard]] Result<std::optional<store::ActId>> find_act(ByteView act_id_key) const;

  // Nothing while acts are being taken; otherwise why not.
  [[nodiscard]] std::optional<Error> not_ready() const;
  // Errors: STORE_SPACE_LOW: nothing more is taken, so that what was taken can be finished.
  [[nodiscard]] Status room() const { return store_->room(); }
  [[nodiscard]] std::size_t waiting() const { return orderer_->status().waiting; }

  // Takes nothing new, finishes and answers what is queued, closes the store. Readers must be gone.
  void stop();

 private:
  Node(NodeOptions options, std::unique_ptr<store::Store> store, map::StateMap map,
       signer::LogSigner signer, const Tip& tip);
  Status recover();
  Status remove_blobs();
  // The prime-order check of a key is made once: keys found in the registry passed it.
  Status check_key(const crypto::PublicKey& key) const;
  std::optional<model::Refusal> check_genesis(const model::Act& act) const;
  Status renew_blobs(const model::Act& act);

  NodeOptions options_;
  std::unique_ptr<store::Store> store_;
  ProofMap map_;
  signer::LogSigner signer_;
  std::string origin_;
  std::string founding_vkey_;
  BlobStore blobs_;
  Publisher publisher_;
  Pipeline pipeline_;
  std::unique_ptr<order::Orderer> orderer_;
};

}  // namespace mrv::node
