// The status proof of a retirement: what became of it by a later checkpoint, so that a holder of
// its certificate need not fetch the certificate anew. Canonical JSON both ways; what the parts say
// is judged by verifier/status.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/codec/certificate_codec.h"

namespace mrv::codec {

inline constexpr std::string_view kStatusFormat = "mrv-status/1";

// What a reader sees first. It must say nothing that the rows do not.
struct StatusSummary {
  model::RetirementId retirement;
  bool stands = true;
  std::vector<model::InvalidationId> invalidations;
  std::vector<model::ObligationId> obligations;
  std::vector<model::StatementId> withdrawn_statements;
  TimestampMs as_of;  // when the tree was sealed
  friend bool operator==(const StatusSummary&, const StatusSummary&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("retirement", t.retirement, model::None{});
    v.field("stands", t.stands, model::None{});
    v.field("invalidations", t.invalidations, model::Count{0, kCertificatePartsMax});
    v.field("obligations", t.obligations, model::Count{0, kCertificatePartsMax});
    v.field("withdrawnStatements", t.withdrawn_statements, model::Count{0, kCertificatePartsMax});
    v.field("asOf", t.as_of, model::None{});
  }
};

// That this tree continues the one of `from` entries: the hashes of an RFC 6962 consistency proof.
struct StatusConsistency {
  std::int64_t from = 1;
  std::vector<std::string> path;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("from", t.from, model::Range{1, kUnitsMax});
    v.field("path", t.path, model::Count{0, 64});
  }
};

struct StatusProof {
  std::string format = std::string(kStatusFormat);
  StatusSummary status;
  std::vector<CertificateRow> state;
  CertificateEntry seal;
  std::string checkpoint;
  std::optional<StatusConsistency> consistency;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("format", t.format, model::Text{1, 64});
    v.field("status", t.status, model::None{});
    v.field("state", t.state, model::Count{1, kCertificatePartsMax});
    v.field("seal", t.seal, model::None{});
    v.field("checkpoint", t.checkpoint, model::Text{1, kCertificateTextMax, true});
    v.field("consistency", t.consistency, model::None{});
  }
};

// Errors: STATUS_TOO_LARGE.
Result<std::string> encode_status_proof(const StatusProof& proof);
// Refuses everything that encode_status_proof would not have written, but for one line feed at the
// end. Errors: STATUS_MALFORMED, STATUS_TOO_LARGE.
Result<StatusProof> decode_status_proof(std::string_view text);

}  // namespace mrv::codec
