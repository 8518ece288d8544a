// A certificate's parts once each is proved by itself: entries included and signed by keys that had
// the authority, rows under the seal's map root. What they say together is judged by
// certificate_links.h. Internal to the verifier.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "ledger/codec/certificate_codec.h"
#include "ledger/codec/entry_codec.h"
#include "ledger/codec/row_codec.h"
#include "ledger/codec/row_key.h"
#include "verifier/policy.h"

namespace mrv::verifier {

struct ProvedAct {
  std::string role;
  EntryIndex index;
  codec::ActEntry entry;
  model::VerifiedAct act;
};

struct CertificateParts {
  codec::Certificate certificate;
  VerifiedCheckpoint checkpoint;
  std::vector<ProvedAct> acts;
  std::map<Bytes, Bytes> rows;

  // The row with this key. Errors: CERTIFICATE_PART_MISSING, CERTIFICATE_ROW_NOT_PROVED.
  template <class Row>
  [[nodiscard]] Result<Row> row(const Bytes& key, const char* what) const {
    const auto found = rows.find(key);
    if (found == rows.end()) {
      return Error{"CERTIFICATE_PART_MISSING", std::string("the row of ") + what, "/state"};
    }
    auto decoded = codec::decode_row<Row>(found->second);
    if (decoded.ok()) return decoded;
    return Error{"CERTIFICATE_ROW_NOT_PROVED", decoded.error().detail, "/state"};
  }

  // The act of this type whose document made the object `id`. Errors: CERTIFICATE_PART_MISSING.
  template <class Body>
  [[nodiscard]] Result<const ProvedAct*> act(const model::IdBytes& id, const char* what) const {
    for (const auto& proved : acts) {
      const bool made = std::equal(id.begin(), id.end(), proved.act.digest.begin());
      if (made && std::holds_alternative<Body>(proved.act.act.body)) return &proved;
    }
    return Error{"CERTIFICATE_PART_MISSING", std::string("the entry of ") + what, "/entries"};
  }
};

// Steps one to five. Errors: see certificate.h.
Result<CertificateParts> prove_parts(const Policy& policy, std::string_view text);

}  // namespace mrv::verifier
