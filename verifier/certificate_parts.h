// A certificate's parts once each is proved by itself: entries included and signed, rows under the
// seal's map root, each called what it is. What they say together is judged by certificate.cpp and
// its neighbours. Internal to the verifier.
//
// Whoever judges asks for the parts one by one; what nobody asked for in the end proves nothing and
// is refused, so that no reader takes it for proof.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "verifier/policy.h"
#include "verifier/proved_rows.h"

namespace mrv::verifier {

inline constexpr FaultNames kCertificateFaults{
    "CERTIFICATE_MALFORMED",  "CERTIFICATE_ENTRY_NOT_INCLUDED", "CERTIFICATE_SEAL_INVALID",
    "CERTIFICATE_ROLE_WRONG", "CERTIFICATE_ROW_NOT_PROVED",     "CERTIFICATE_PART_MISSING",
    "CERTIFICATE_PART_SPARE"};

inline Error broken(std::string what) { return {"CERTIFICATE_LINK_BROKEN", std::move(what), {}}; }

inline Error missing_entry(const std::string& what) {
  return {"CERTIFICATE_PART_MISSING", "the entry of " + what, "/entries"};
}

struct ProvedAct {
  EntryIndex index;
  codec::ActEntry entry;
  model::VerifiedAct act;
};

// Nothing differs between the row and what the entries make of it.
template <class Row>
Status check_same(const Row& row, const Row& by_entries, const std::string& what) {
  if (codec::encode_row(row) == codec::encode_row(by_entries)) return {};
  return broken("the row of " + what + " says other things than its entry");
}

class CertificateParts {
 public:
  // Steps one to five but authority. Errors: see certificate.h.
  static Result<CertificateParts> prove(const Policy& policy, std::string_view text);

  [[nodiscard]] const codec::Certificate& certificate() const { return certificate_; }
  [[nodiscard]] const VerifiedCheckpoint& checkpoint() const { return checkpoint_; }
  [[nodiscard]] const std::vector<ProvedAct>& acts() const { return acts_; }
  [[nodiscard]] const std::map<Bytes, Bytes>& rows() const { return rows_.rows(); }
  [[nodiscard]] ProvedRows& proved_rows() { return rows_; }

  // The row with this key. Errors: CERTIFICATE_PART_MISSING, CERTIFICATE_ROW_NOT_PROVED.
  template <class Row>
  [[nodiscard]] Result<Row> row(const Bytes& key, const std::string& what) {
    return rows_.row<Row>(key, what);
  }

  // The rows of this kind, in the order of their keys. Errors: CERTIFICATE_ROW_NOT_PROVED.
  template <class Row>
  [[nodiscard]] Result<std::vector<Row>> all_rows(const std::string& what) {
    return rows_.all_rows<Row>(what);
  }

  // The act whose document made the object `id`. Errors: CERTIFICATE_PART_MISSING.
  template <class Body>
  [[nodiscard]] Result<const ProvedAct*> act(const model::IdBytes& id, const std::string& what) {
    return find<Body>(what, [&id](const ProvedAct& proved, const Body& /*body*/) {
      return std::equal(id.begin(), id.end(), proved.act.digest.begin());
    });
  }
  // The first act of this type for which `wanted` holds. Errors: CERTIFICATE_PART_MISSING.
  template <class Body, class Wanted>
  [[nodiscard]] Result<const ProvedAct*> find(const std::string& what, const Wanted& wanted) {
    for (const auto& proved : acts_) {
      const auto* body = std::get_if<Body>(&proved.act.act.body);
      if (body == nullptr || !wanted(proved, *body)) continue;
      asked_acts_.insert(proved.index);
      return &proved;
    }
    return missing_entry(what);
  }
  // The act at this index; null: there is none in the certificate. Not counted as asked for.
  [[nodiscard]] const ProvedAct* at(EntryIndex index) const;
  void ask(const ProvedAct& act) { asked_acts_.insert(act.index); }

  // Errors: CERTIFICATE_PART_SPARE.
  [[nodiscard]] Status check_all_asked() const;

 private:
  Status prove_acts();
  Status prove_rows();
  [[nodiscard]] Status check_times(TimestampMs sealed) const;

  codec::Certificate certificate_;
  VerifiedCheckpoint checkpoint_;
  std::vector<ProvedAct> acts_;  // in the order of the log
  ProvedRows rows_;
  std::set<EntryIndex> asked_acts_;
};

}  // namespace mrv::verifier
