// Who may do what, judged from the rows of keys, parties, seats and proposals. Internal to the
// verifier.
#pragma once

#include "verifier/certificate_parts.h"

namespace mrv::verifier {

// The signer had the authority at the act's own index. Errors: CERTIFICATE_KEY_NOT_AUTHORISED,
// CERTIFICATE_PART_MISSING.
Status check_authority(CertificateParts& parts, const ProvedAct& act);

// The same; answers the person who holds the key, or governance's seat.
Result<Hash> person_of(CertificateParts& parts, const ProvedAct& act);

// The act took effect at `effect`: there itself, if nobody had to approve it; else by the last of
// the approvals that its proposal counts, each by another person: `needed` at least of the signer's
// own side, and one of each party that has to consent. Errors: those of check_authority,
// CERTIFICATE_LINK_BROKEN.
Status check_effect(CertificateParts& parts, const ProvedAct& act, EntryIndex effect,
                    std::int64_t needed, const std::string& what,
                    const std::vector<model::PartyId>& consents = {});

// Whether the act itself, or the approval that completes it, is the entry.
bool takes_effect_at(const CertificateParts& parts, const ProvedAct& act, EntryIndex effect);

// Without a rule of the programme the registry's own acts have a second person.
inline constexpr std::int64_t kRegistryApprovals = 1;

// Approvals that the programme's policy of the entry `effect` asks of such an act; `usual` where it
// is silent. Errors: CERTIFICATE_PART_MISSING, naming `what`.
Result<std::int64_t> programme_approvals(const CertificateParts& parts,
                                         const model::ProgrammeRow& programme,
                                         model::GovernedAct governed, EntryIndex effect,
                                         const std::string& what, std::int64_t usual = 0);

// Approvals that an act of the ledger's own families needs beside its signature where it took
// effect: governance acts the threshold of that entry, tables a second person, all others none.
Result<std::int64_t> approvals_needed(CertificateParts& parts, const ProvedAct& act,
                                      EntryIndex effect);

}  // namespace mrv::verifier
