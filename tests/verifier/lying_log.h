// What an operator with the log's key can do against a verifier: record other entries, keep other
// rows, and prove it all properly under a new seal and checkpoint. Nobody else's signature can be
// made without that key's owner.
#pragma once

#include "crypto/rfc6962.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/log/checkpoint.h"
#include "ledger/map/state_map.h"
#include "tests/verifier/certificate_fixture.h"

namespace mrv::test {

class LyingLog {
 public:
  explicit LyingLog(codec::Certificate honest) : told_(std::move(honest)) {
    for (const auto& part : told_.entries) entries_[part.index] = *from_base64(part.entry);
    for (const auto& part : told_.state) rows_[*from_base64(part.key)] = *from_base64(part.value);
  }

  codec::CertificateSummary& summary() { return told_.retirement; }

  template <class Row>
  [[nodiscard]] Row row(const Bytes& key) const {
    return *codec::decode_row<Row>(rows_.at(key));
  }
  template <class Row, class Change>
  void change(const Bytes& key, const Change& change) {
    Row changed = row<Row>(key);
    change(changed);
    rows_[key] = codec::encode_row(changed);
  }
  template <class Row>
  void put(const Bytes& key, const Row& row) {
    rows_[key] = codec::encode_row(row);
  }
  void erase_row(const Bytes& key) { need(rows_.erase(key) == 1, "a row to erase"); }

  // What the log adds to a document: nobody else signs it.
  template <class Change>
  void change_entry(EntryIndex at, const Change& change) {
    auto entry = std::get<codec::ActEntry>(*codec::decode_entry(entries_.at(at)));
    change(entry);
    entries_[at] = *codec::encode_entry(entry);
  }
  // Another document at the same place; answers its digest.
  Hash record(EntryIndex at, const std::string& document) {
    change_entry(at, [&](codec::ActEntry& entry) { entry.document = document; });
    return crypto::sha256(as_bytes(document));
  }
  [[nodiscard]] const Bytes& bytes(EntryIndex at) const { return entries_.at(at); }
  void put_entry(EntryIndex at, const Bytes& bytes) { entries_[at] = bytes; }
  void erase_entry(EntryIndex at) { need(entries_.erase(at) == 1, "an entry to erase"); }

  // Where the acts of this type stand, in the order of the log.
  template <class Body>
  [[nodiscard]] std::vector<EntryIndex> find() const {
    std::vector<EntryIndex> found;
    for (const auto& [index, bytes] : entries_) {
      if (std::holds_alternative<Body>(act(bytes).body)) found.push_back(index);
    }
    return found;
  }
  template <class Body>
  [[nodiscard]] Body body(EntryIndex at) const {
    return std::get<Body>(act(entries_.at(at)).body);
  }

  std::string certificate() {
    prove_rows();
    prove_entries();
    return *codec::encode_certificate(told_);
  }

 private:
  static model::Act act(const Bytes& bytes) {
    const auto entry = std::get<codec::ActEntry>(*codec::decode_entry(bytes));
    return codec::decode_trusted_act(entry.document)->act;
  }

  void prove_rows() {
    std::map<Hash, Hash> leaves;
    std::vector<map::LeafWrite> writes;
    for (const auto& [key, value] : rows_) {
      writes.push_back({map::key_hash(key), map::value_hash(value)});
    }
    const map::LeafSource source = [&leaves](const Hash& first, const Hash& last, const auto& see) {
      for (auto at = leaves.lower_bound(first); at != leaves.end() && at->first <= last; ++at) {
        see(at->first, at->second);
      }
      return Status();
    };
    map::StateMap map(kDepth);
    need(map.apply(writes, source).ok(), "map");
    for (const auto& write : writes) leaves[write.key] = *write.value;
    told_.state.clear();
    for (const auto& [key, value] : rows_) {
      told_.state.push_back({std::string(codec::certificate_row_name(key[0])), to_base64(key),
                             to_base64(value),
                             to_base64(map::encode_path(*map.prove_inclusion(key, source)))});
    }
    auto seal = std::get<codec::SealEntry>(*codec::decode_entry(*from_base64(told_.seal.entry)));
    seal.map_root = map.root();
    seal.map_size = map.key_count();
    for (const auto& [index, bytes] : entries_) {
      const auto entry = std::get<codec::ActEntry>(*codec::decode_entry(bytes));
      seal.recorded_at = std::max(seal.recorded_at, entry.recorded_at);
    }
    told_.seal.entry = to_base64(*codec::encode_entry(seal));
  }

  void prove_entries() {
    std::vector<Hash> leaves(told_.seal.index.value() + 1, crypto::leaf_hash(as_bytes("unseen")));
    for (const auto& [index, bytes] : entries_) leaves[index.value()] = crypto::leaf_hash(bytes);
    leaves.back() = crypto::leaf_hash(*from_base64(told_.seal.entry));
    const auto prove = [&leaves](codec::CertificateEntry& part) {
      part.path.clear();
      for (const Hash& hash : crypto::inclusion_path(part.index.value(), leaves)) {
        part.path.push_back(to_base64(hash));
      }
    };
    told_.entries.clear();
    for (const auto& [index, bytes] : entries_) {
      told_.entries.push_back(
          {std::string(codec::certificate_role(act(bytes).body)), index, to_base64(bytes), {}});
      prove(told_.entries.back());
    }
    prove(told_.seal);
    const std::string text =
        log::checkpoint_text({kWorldOrigin, TreeSize{leaves.size()}, crypto::root_of(leaves)});
    told_.checkpoint = crypto::write_note(
        {text, {*crypto::sign_note(text, kWorldOrigin, LedgerWorld::key("log"))}});
  }

  static constexpr unsigned kDepth = 4;

  codec::Certificate told_;
  std::map<EntryIndex, Bytes> entries_;
  std::map<Bytes, Bytes> rows_;
};

}  // namespace mrv::test
