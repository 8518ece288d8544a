// Rows of the state, each proved under the map root of one seal, and which of them somebody asked
// for: what nobody asked for proves nothing and is refused. Internal to the verifier.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ledger/codec/certificate_codec.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/codec/row_codec.h"
#include "ledger/log/checkpoint.h"
#include "verifier/row_identity.h"

namespace mrv::verifier {

// The names under which a file's faults go: a certificate and a status proof have their own.
struct FaultNames {
  std::string_view malformed;
  std::string_view entry_not_included;
  std::string_view seal_invalid;
  std::string_view role_wrong;
  std::string_view row_not_proved;
  std::string_view part_missing;
  std::string_view part_spare;
};

// Entry bytes, if their path leads to the checkpoint's root.
Result<Bytes> included_entry(const codec::CertificateEntry& part, const log::Checkpoint& checkpoint,
                             const FaultNames& names, const std::string& at);

// The checkpoint's last entry, stating the map root that every row is proved against.
Result<codec::SealEntry> proved_seal(const codec::CertificateEntry& part,
                                     const log::Checkpoint& checkpoint, const FaultNames& names);

// Whether a part is called what it is.
Status check_part_name(const std::string& given, std::string_view right, const FaultNames& names,
                       const std::string& at);

class ProvedRows {
 public:
  ProvedRows() = default;
  static Result<ProvedRows> prove(const std::vector<codec::CertificateRow>& parts,
                                  const Hash& map_root, const FaultNames& names);

  [[nodiscard]] const std::map<Bytes, Bytes>& rows() const { return rows_; }

  // The row with this key. Errors: the names for a part that is missing or not proved.
  template <class Row>
  [[nodiscard]] Result<Row> row(const Bytes& key, const std::string& what) {
    const auto found = rows_.find(key);
    if (found == rows_.end()) {
      return Error{names_.part_missing, "the row of " + what, "/state"};
    }
    auto decoded = codec::decode_row<Row>(found->second);
    if (!decoded.ok()) return not_proved(what, decoded.error().detail);
    if (key_of(*decoded) != key) return not_proved(what, "it stands under another's key");
    asked_.insert(key);
    return decoded;
  }

  // The rows of this kind, in the order of their keys. Errors: the name for one not proved.
  template <class Row>
  [[nodiscard]] Result<std::vector<Row>> all_rows(const std::string& what) {
    std::vector<Row> all;
    for (const auto& [key, value] : rows_) {
      if (key[0] != Row::kTag) continue;
      MRV_TRY(auto decoded, row<Row>(key, what));
      all.push_back(std::move(decoded));
    }
    return all;
  }

  // The run that holds the range's first serial. Errors: as row().
  [[nodiscard]] Result<model::SerialRow> run_at(const model::SerialRange& range,
                                                const std::string& what);

  // Errors: the name for a spare part.
  [[nodiscard]] Status check_all_asked() const;

 private:
  [[nodiscard]] Error not_proved(const std::string& what, const std::string& why) const {
    return {names_.row_not_proved, "the row of " + what + ": " + why, "/state"};
  }

  FaultNames names_;
  std::map<Bytes, Bytes> rows_;
  std::set<Bytes> asked_;
};

// Each retired range is recorded as retired by this retirement, by the run that holds it. Errors:
// the name for a part that is missing.
Status check_retired(ProvedRows& rows, const model::RetirementRow& retirement,
                     const FaultNames& names);

}  // namespace mrv::verifier
