// Signed documents <-> acts (formats.md 1). The typed decoder judges documents; nothing else does.
#pragma once

#include <string>
#include <string_view>

#include "crypto/ed25519.h"
#include "crypto/result.h"
#include "ledger/model/act.h"

namespace mrv::codec {

inline constexpr std::string_view kCredentialsContext = "https://www.w3.org/ns/credentials/v2";
inline constexpr std::string_view kActContext = "urn:mrv-ledger:context:v1";

// The unsigned document of an act as canonical JSON, ready for crypto::data_integrity to sign.
std::string unsigned_document(const model::Act& act);

// Signs: returns the canonical secured document. `created` goes into the proof.
Result<std::string> sign_act(const model::Act& act, const crypto::SecretKey& key,
                             TimestampMs created);

// Raw bytes as they came (any formatting) -> judged structure and good signature. Every failure is
// a named error with a JSON Pointer. `key_is_registered` says that the key's point check was done
// when the key entered the ledger and need not be repeated.
Result<model::VerifiedAct> decode_act(std::string_view body, bool key_is_registered = false);

// The same without checking the signature: for replaying what this process itself has verified.
Result<model::VerifiedAct> decode_trusted_act(std::string_view canonical);

}  // namespace mrv::codec
