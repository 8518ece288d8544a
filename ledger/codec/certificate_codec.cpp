// Certificates as strict canonical JSON.
#include "ledger/codec/certificate_codec.h"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "crypto/canonical_json.h"
#include "ledger/codec/json_codec.h"

namespace mrv::codec {
namespace {

Error certificate_malformed(const Error& error) {
  return {"CERTIFICATE_MALFORMED", std::string(error.name) + ": " + error.detail, error.pointer};
}

Error certificate_too_large() {
  return {"CERTIFICATE_TOO_LARGE", "16 MiB and 4,096 parts are the most", {}};
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 29> kRoles = {{
    {model::Retire::kType, "retirement"},
    {model::Transfer::kType, "transfer"},
    {model::AcceptTransfer::kType, "acceptance"},
    {model::Lock::kType, "lock"},
    {model::Unlock::kType, "unlock"},
    {model::OrderTransfer::kType, "transfer-order"},
    {model::ReverseTransfer::kType, "transfer-reversal"},
    {model::ReleaseBuffer::kType, "buffer-release"},
    {model::RepayPool::kType, "buffer-repayment"},
    {model::Label::kType, "label"},
    {model::IssueCredits::kType, "issuance"},
    {model::SubmitMonitoringReport::kType, "report"},
    {model::SubmitVerificationStatement::kType, "statement"},
    {model::ReviewVerification::kType, "review"},
    {model::RegisterMethodology::kType, "methodology"},
    {model::RegisterFactorTable::kType, "table"},
    {model::ActivateMethodology::kType, "activation"},
    {model::SubmitProject::kType, "project"},
    {model::ValidateProject::kType, "validation"},
    {model::RegisterProject::kType, "registration"},
    {model::AmendProject::kType, "project-amendment"},
    {model::RenewCreditingPeriod::kType, "project-renewal"},
    {model::AcceptAmendment::kType, "amendment-acceptance"},
    {model::TransferProject::kType, "project-offer"},
    {model::AcceptProject::kType, "project-acceptance"},
    {model::CompleteProject::kType, "completion"},
    {model::RegisterProgramme::kType, "programme"},
    {model::AmendProgramme::kType, "programme-amendment"},
    {model::Approve::kType, "approval"},
}};

constexpr std::array<std::pair<std::uint8_t, std::string_view>, 20> kRowNames = {{
    {model::LedgerRow::kTag, "ledger"},
    {model::PartyRow::kTag, "party"},
    {model::KeyRow::kTag, "key"},
    {model::ProposalRow::kTag, "proposal"},
    {model::AccreditationRow::kTag, "accreditation"},
    {model::ProgrammeRow::kTag, "programme"},
    {model::StandardRow::kTag, "standard"},
    {model::ProjectRow::kTag, "project"},
    {model::AmendmentRow::kTag, "amendment"},
    {model::ReportRow::kTag, "report"},
    {model::StatementRow::kTag, "statement"},
    {model::BatchRow::kTag, "batch"},
    {model::SerialRow::kTag, "serials"},
    {model::TransferRow::kTag, "transfer"},
    {model::RetirementRow::kTag, "retirement"},
    {model::AccountPolicyRow::kTag, "account-policy"},
    {model::ObligationRow::kTag, "obligation"},
    {model::InvalidationRow::kTag, "invalidation"},
    {model::LockRow::kTag, "lock"},
    {model::LabelRow::kTag, "label"},
}};

template <class Table, class Key>
std::string_view find(const Table& table, const Key& key) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&key](const auto& pair) { return pair.first == key; });
  return found == table.end() ? std::string_view() : found->second;
}

}  // namespace

std::string_view certificate_role(const model::ActBody& body) {
  return find(kRoles, model::type_of(body));
}

std::string_view certificate_row_name(std::uint8_t row_tag) { return find(kRowNames, row_tag); }

bool same_summary(const CertificateSummary& a, const CertificateSummary& b) {
  return encode_json(a) == encode_json(b);
}

Result<std::string> encode_certificate(const Certificate& certificate) {
  std::string text = crypto::canonicalize(encode_json(certificate));
  const bool fits = text.size() <= kCertificateBytesMax &&
                    certificate.entries.size() + certificate.state.size() <= kCertificatePartsMax;
  if (!fits) return certificate_too_large();
  return text;
}

Result<Certificate> decode_certificate(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.size() > kCertificateBytesMax) return certificate_too_large();
  const auto parsed = crypto::parse_strict(text, crypto::kCertificateLimits);
  if (!parsed.ok()) return certificate_malformed(parsed.error());
  auto certificate = decode_json<Certificate>(*parsed, "");
  if (!certificate.ok()) return certificate_malformed(certificate.error());
  if (certificate->format != kCertificateFormat) {
    return Error{"CERTIFICATE_MALFORMED", "the format is not " + std::string(kCertificateFormat),
                 "/format"};
  }
  MRV_TRY(const std::string canonical, encode_certificate(*certificate));
  if (canonical != text) {
    return Error{"CERTIFICATE_MALFORMED", "the text is not in its canonical form", {}};
  }
  return certificate;
}

}  // namespace mrv::codec
