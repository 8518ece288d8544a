// One tree, its rows, and what they say of one retirement.
#include "verifier/status.h"

#include "crypto/rfc6962.h"
#include "ledger/state/retirement_standing.h"
#include "verifier/certificate.h"
#include "verifier/proved_rows.h"

namespace mrv::verifier {
namespace {

constexpr FaultNames kStatusFaults{"STATUS_MALFORMED",      "STATUS_ENTRY_NOT_INCLUDED",
                                   "STATUS_SEAL_INVALID",   "STATUS_ROLE_WRONG",
                                   "STATUS_ROW_NOT_PROVED", "STATUS_PART_MISSING",
                                   "STATUS_PART_SPARE"};

Status check_question(const codec::StatusProof& proof, const log::Checkpoint& checkpoint,
                      const StatusQuestion& question) {
  if (question.retirement && *question.retirement != proof.status.retirement) {
    return Error{"STATUS_OTHER_RETIREMENT", "it is of " + proof.status.retirement.text(),
                 "/status/retirement"};
  }
  if (question.earlier && question.earlier->origin != checkpoint.origin) {
    return Error{"STATUS_OTHER_LEDGER", "it is of " + checkpoint.origin, "/checkpoint"};
  }
  return {};
}

// No hashes where there is no such proof.
Result<std::vector<Hash>> path_of(const std::optional<codec::StatusConsistency>& consistency) {
  std::vector<Hash> hashes;
  if (!consistency) return hashes;
  for (const auto& text : consistency->path) {
    const auto hash = hash_from_base64(text);
    if (!hash.ok()) return Error{"STATUS_MALFORMED", "not a hash", "/consistency/path"};
    hashes.push_back(*hash);
  }
  return hashes;
}

Error not_consistent(std::string why) {
  return {"STATUS_NOT_CONSISTENT", std::move(why), "/consistency"};
}

// Whether the tree is shown to continue the earlier one; refused if it is shown that it does not.
Result<bool> check_earlier(const codec::StatusProof& proof, const std::vector<Hash>& path,
                           const log::Checkpoint& now, const log::Checkpoint& earlier) {
  if (now.size < earlier.size) {
    return Error{"STATUS_TREE_OLDER",
                 "its tree has " + std::to_string(now.size.value()) +
                     " entries, the certificate's " + std::to_string(earlier.size.value()),
                 "/checkpoint"};
  }
  if (now.size == earlier.size && now.root != earlier.root) {
    return not_consistent("the log signed two trees of this size");
  }
  if (!proof.consistency) return now.size == earlier.size;
  const auto from = static_cast<std::uint64_t>(proof.consistency->from);
  if (from != earlier.size.value()) {
    return not_consistent("it is from a tree of " + std::to_string(from) +
                          " entries, the certificate's has " +
                          std::to_string(earlier.size.value()));
  }
  const auto continued =
      crypto::verify_consistency(from, now.size.value(), earlier.root, now.root, path);
  if (!continued.ok()) return not_consistent(std::string(continued.error().name));
  return true;
}

// The summary is what the rows say, member for member.
Status check_summary(ProvedRows& rows, const codec::StatusSummary& status, TimestampMs sealed) {
  MRV_TRY(const auto record, state::read_record(rows, status.retirement));
  MRV_CHECK(check_retired(rows, record.retirement, kStatusFaults));
  if (status == state::status_of(record, sealed)) return {};
  return Error{"STATUS_SUMMARY_DIFFERS", "the rows say something else", "/status"};
}

}  // namespace

Result<StatusVerdict> verify_status(const Policy& policy, std::string_view text,
                                    const StatusQuestion& question) {
  MRV_TRY(const auto proof, codec::decode_status_proof(text));
  MRV_TRY(const auto path, path_of(proof.consistency));
  MRV_TRY(auto verified, verify_checkpoint(policy, proof.checkpoint));
  const log::Checkpoint& checkpoint = verified.checkpoint;
  MRV_CHECK(check_question(proof, checkpoint, question));
  MRV_TRY(const auto seal, proved_seal(proof.seal, checkpoint, kStatusFaults));
  MRV_TRY(auto rows, ProvedRows::prove(proof.state, seal.map_root, kStatusFaults));
  StatusVerdict verdict;
  if (question.earlier) {
    MRV_TRY(verdict.continues, check_earlier(proof, path, checkpoint, *question.earlier));
    verdict.earlier = question.earlier->size;
  }
  MRV_CHECK(check_summary(rows, proof.status, seal.recorded_at));
  MRV_CHECK(rows.check_all_asked());
  verdict.status = proof.status;
  verdict.rows = rows.rows().size();
  verdict.checkpoint = std::move(verified);
  return verdict;
}

Result<StatusVerdict> verify_status_of_certificate(const Policy& policy, std::string_view text,
                                                   std::string_view certificate) {
  MRV_TRY(const auto held, verify_certificate(policy, certificate, {}));
  return verify_status(policy, text, {held.summary.id, held.checkpoint.checkpoint});
}

}  // namespace mrv::verifier
