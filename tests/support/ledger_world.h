// A real ledger on disk for tests: keys, signed documents, the whole commit sequence; only the
// network is missing.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "crypto/sha256.h"
#include "crypto/signed_note.h"
#include "ledger/codec/act_codec.h"
#include "ledger/codec/row_codec.h"
#include "ledger/codec/row_key.h"
#include "ledger/node/node.h"
#include "tests/store/batches.h"

namespace mrv::test {

inline constexpr std::int64_t kWorldStartMs = 1'800'000'000'000;
inline constexpr const char* kWorldOrigin = "ledger.example/test";

// Usable without a test framework: what must hold throws.
inline void need(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

class LedgerWorld {
 public:
  // `founded`: Genesis by two governance keys of a threshold of two is done, under these rules.
  explicit LedgerWorld(bool founded = true,
                       std::int64_t rules_version = model::kRulesVersionLatest);

  // The key that a name stands for: the same in every run.
  static crypto::SecretKey key(const std::string& name);
  static model::KeyBytes public_key(const std::string& name);
  static Hash person(const std::string& name);
  node::NodeOptions options();

  // Below `free_space_floor` bytes of free disk nothing is taken.
  void open(std::uint64_t free_space_floor = 0);
  // The keys that the node is given, by name: the log's, and its successor's beforehand.
  std::vector<std::string> log_key_names = {"log", "log-2"};
  [[nodiscard]] std::vector<crypto::SecretKey> log_keys() const;
  static std::string vkey(const std::string& name);
  // A node that was opened elsewhere, over this world's options().
  void take(std::unique_ptr<node::Node> node) { node_ = std::move(node); }
  void close() { node_.reset(); }
  node::Node& node() { return *node_; }
  std::filesystem::path path() { return scratch_.path(); }

  static model::Genesis genesis();

  // A signed document; `party` is a name given to register_party(), or empty for none.
  std::string document(const std::string& signer, const std::string& party, model::ActBody body);
  node::Answer send(const std::string& body);

  node::Answer submit(const std::string& signer, const std::string& party, model::ActBody body);
  node::Answer approve(const std::string& signer, const std::string& party, const Hash& digest);

  // Registers a party whose key `name` initiates and whose key `name-2` (another person) approves,
  // and has governance admit it.
  model::PartyId register_party(const std::string& name, const std::vector<model::Role>& roles);
  static std::string name_of(const node::Answer& answer);
  static bool recorded(const node::Answer& answer);
  // Throws what was answered instead.
  static node::Recorded expect(const node::Answer& answer);

  template <class Row>
  std::optional<Row> row(const Bytes& key) {
    const auto bytes = node_->reader()->row(key);
    need(bytes.ok(), "row");
    if (!*bytes) return std::nullopt;
    auto row = codec::decode_row<Row>(**bytes);
    need(row.ok(), "row");
    return *std::move(row);
  }

  [[nodiscard]] const model::PartyId& party(const std::string& name) const;
  [[nodiscard]] const Hash& last_digest() const { return last_digest_; }
  void pass(std::int64_t ms) { now_ += ms; }
  [[nodiscard]] TimestampMs now() const { return TimestampMs{now_.load()}; }

 private:
  store::ScratchDirectory scratch_;
  std::atomic<std::int64_t> now_ = kWorldStartMs;
  std::uint64_t next_id_ = 0;
  Hash last_digest_{};
  std::map<std::string, model::PartyId> parties_;
  std::unique_ptr<node::Node> node_;
};

}  // namespace mrv::test
