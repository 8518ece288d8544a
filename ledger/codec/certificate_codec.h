// The certificate file (formats.md 7): a retirement, the entries it descends from with their
// inclusion proofs, the state rows it rests on with theirs, and the checkpoint all proofs end in.
// Canonical JSON both ways; what the parts say is judged by verifier/certificate.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/model/rows.h"

namespace mrv::codec {

inline constexpr std::string_view kCertificateFormat = "mrv-certificate/1";
inline constexpr std::size_t kCertificateBytesMax = 16UL * 1024 * 1024;
inline constexpr std::size_t kCertificatePartsMax = 4'096;
inline constexpr std::size_t kCertificateTextMax = 128UL * 1024;

// What an act's entry is called in a certificate; empty: no certificate rests on such an act.
std::string_view certificate_role(const model::ActBody& body);
inline constexpr std::string_view kSealRole = "seal";
// What a row is called, by the first byte of its key; empty: no certificate rests on such a row.
std::string_view certificate_row_name(std::uint8_t row_tag);

// An entry's bytes and its path to the checkpoint's root, base64.
struct CertificateEntry {
  std::string role;
  EntryIndex index;
  std::string entry;
  std::vector<std::string> path;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("role", t.role, model::Text{1, 64});
    v.field("index", t.index, model::None{});
    v.field("entry", t.entry, model::Text{1, kCertificateTextMax});
    v.field("path", t.path, model::Count{0, 64});
  }
};

// A row's key, value and map proof, base64; `row` names its kind for readers.
struct CertificateRow {
  std::string row;
  std::string key;
  std::string value;
  std::string proof;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("row", t.row, model::Text{1, 64});
    v.field("key", t.key, model::Text{1, kCertificateTextMax});
    v.field("value", t.value, model::Text{1, kCertificateTextMax});
    v.field("proof", t.proof, model::Text{0, kCertificateTextMax});
  }
};

struct CertificateSerials {
  std::string prefix;
  Units first = 0;
  Units last = 0;
  friend bool operator==(const CertificateSerials&, const CertificateSerials&) = default;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("prefix", t.prefix, model::Text{1, kNameBytesMax});
    v.field("first", t.first, model::Range{1, kUnitsMax});
    v.field("last", t.last, model::Range{1, kUnitsMax});
  }
};

// What a reader sees first. It must say nothing that the rows do not.
struct CertificateSummary {
  model::RetirementId id;
  model::PartyId holder;
  model::Name holder_name;
  Units quantity = 0;
  model::AmountUnit unit = model::AmountUnit::t;
  std::vector<CertificateSerials> serials;
  model::Beneficiary beneficiary;
  model::RetirementPurpose purpose = model::RetirementPurpose::voluntary;
  std::optional<std::string> statement;
  TimestampMs recorded_at;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("id", t.id, model::None{});
    v.field("holder", t.holder, model::None{});
    v.field("holderName", t.holder_name, model::None{});
    v.field("quantity", t.quantity, model::Range{1, kUnitsMax});
    v.field("unit", t.unit, model::None{});
    v.field("serials", t.serials, model::Count{1, kCertificatePartsMax});
    v.field("beneficiary", t.beneficiary, model::None{});
    v.field("purpose", t.purpose, model::None{});
    v.field("statement", t.statement, model::Text{1, kNoteBytesMax, true});
    v.field("recordedAt", t.recorded_at, model::None{});
  }
};

// Member for member.
bool same_summary(const CertificateSummary& a, const CertificateSummary& b);

struct Certificate {
  std::string format = std::string(kCertificateFormat);
  CertificateSummary retirement;
  std::vector<CertificateEntry> entries;
  std::vector<CertificateRow> state;
  CertificateEntry seal;
  std::string checkpoint;
  std::string policy;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("format", t.format, model::Text{1, 64});
    v.field("retirement", t.retirement, model::None{});
    v.field("entries", t.entries, model::Count{1, kCertificatePartsMax});
    v.field("state", t.state, model::Count{1, kCertificatePartsMax});
    v.field("seal", t.seal, model::None{});
    v.field("checkpoint", t.checkpoint, model::Text{1, kCertificateTextMax, true});
    v.field("policy", t.policy, model::Text{0, kCertificateTextMax, true});
  }
};

// Errors: CERTIFICATE_TOO_LARGE.
Result<std::string> encode_certificate(const Certificate& certificate);
// Refuses everything that encode_certificate would not have written, but for one line feed at the
// end: the text as a file of one line. Errors: CERTIFICATE_MALFORMED, CERTIFICATE_TOO_LARGE.
Result<Certificate> decode_certificate(std::string_view text);

}  // namespace mrv::codec
