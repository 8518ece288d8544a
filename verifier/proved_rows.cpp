// Entries, the seal and rows, each by its own proof.
#include "verifier/proved_rows.h"

#include <iterator>

#include "crypto/rfc6962.h"
#include "ledger/map/map_proof.h"

namespace mrv::verifier {
namespace {

struct RowBytes {
  Bytes key;
  Bytes value;
};

Result<RowBytes> proved_row(const codec::CertificateRow& part, const Hash& map_root,
                            const FaultNames& names, const std::string& at) {
  const auto key = from_base64(part.key);
  const auto value = from_base64(part.value);
  const auto proof = from_base64(part.proof);
  if (!key.ok() || !value.ok() || !proof.ok()) return Error{names.malformed, "not base64", at};
  const auto path = map::decode_path(*proof);
  const auto proved =
      path.ok() ? map::verify_inclusion(map_root, *key, *value, *path) : Status(path.error());
  if (!proved.ok()) {
    return Error{names.row_not_proved, part.row + ": " + std::string(proved.error().name), at};
  }
  MRV_CHECK(check_part_name(part.row, codec::certificate_row_name(key->empty() ? 0 : (*key)[0]),
                            names, at + "/row"));
  return RowBytes{*key, *value};
}

}  // namespace

Status check_part_name(const std::string& given, std::string_view right, const FaultNames& names,
                       const std::string& at) {
  if (!right.empty() && given == right) return {};
  return Error{names.role_wrong,
               right.empty() ? "nothing rests on such a part"
                             : "it is called " + given + " and is a " + std::string(right),
               at};
}

Result<Bytes> included_entry(const codec::CertificateEntry& part, const log::Checkpoint& checkpoint,
                             const FaultNames& names, const std::string& at) {
  const auto bytes = from_base64(part.entry);
  if (!bytes.ok()) return Error{names.malformed, "not base64", at + "/entry"};
  std::vector<Hash> path;
  for (const auto& text : part.path) {
    const auto hash = hash_from_base64(text);
    if (!hash.ok()) return Error{names.malformed, "not a hash", at + "/path"};
    path.push_back(*hash);
  }
  const auto included = crypto::verify_inclusion(part.index.value(), checkpoint.size.value(),
                                                 crypto::leaf_hash(*bytes), path, checkpoint.root);
  if (included.ok()) return *bytes;
  return Error{
      names.entry_not_included,
      "entry " + std::to_string(part.index.value()) + ": " + std::string(included.error().name),
      at};
}

Result<codec::SealEntry> proved_seal(const codec::CertificateEntry& part,
                                     const log::Checkpoint& checkpoint, const FaultNames& names) {
  MRV_TRY(const Bytes bytes, included_entry(part, checkpoint, names, "/seal"));
  const auto entry = codec::decode_entry(bytes);
  const auto* seal = entry.ok() ? std::get_if<codec::SealEntry>(&*entry) : nullptr;
  const bool last = seal != nullptr && seal->tree_size.value() == part.index.value() &&
                    seal->tree_size.next() == checkpoint.size;
  if (!last) {
    return Error{names.seal_invalid, "the seal is not the checkpoint's last entry", "/seal"};
  }
  MRV_CHECK(check_part_name(part.role, codec::kSealRole, names, "/seal/role"));
  return *seal;
}

Result<ProvedRows> ProvedRows::prove(const std::vector<codec::CertificateRow>& parts,
                                     const Hash& map_root, const FaultNames& names) {
  ProvedRows proved;
  proved.names_ = names;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string at = "/state/" + std::to_string(i);
    MRV_TRY(RowBytes row, proved_row(parts[i], map_root, names, at));
    if (!proved.rows_.emplace(std::move(row.key), std::move(row.value)).second) {
      return Error{names.malformed, "a row stands twice", at};
    }
  }
  return proved;
}

Result<model::SerialRow> ProvedRows::run_at(const model::SerialRange& range,
                                            const std::string& what) {
  const auto above = rows_.upper_bound(codec::serial_key(range.batch, range.first));
  const Error missing{names_.part_missing, "the row of " + what, "/state"};
  if (above == rows_.begin()) return missing;
  const Bytes& key = std::prev(above)->first;
  return key[0] == model::SerialRow::kTag ? row<model::SerialRow>(key, what) : missing;
}

Status ProvedRows::check_all_asked() const {
  for (const auto& [key, value] : rows_) {
    if (asked_.contains(key)) continue;
    return Error{
        names_.part_spare,
        "a row of the " + std::string(codec::certificate_row_name(key[0])) + " proves nothing here",
        "/state"};
  }
  return {};
}

Status check_retired(ProvedRows& rows, const model::RetirementRow& retirement,
                     const FaultNames& names) {
  for (const auto& range : retirement.serials) {
    MRV_TRY(const auto run, rows.run_at(range, "retired serials"));
    const bool retired = run.batch == range.batch && run.first <= range.first &&
                         range.first <= range.last && range.last <= run.last &&
                         run.state == model::UnitState::retired &&
                         run.holder == retirement.holder && run.reference == retirement.id.text();
    if (retired) continue;
    return Error{names.part_missing, "the row of retired serials", "/state"};
  }
  return {};
}

}  // namespace mrv::verifier
