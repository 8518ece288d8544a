// Ids of acts for tests: UUIDv7 in form, the same in every run.
#pragma once

#include <algorithm>
#include <string>

#include "crypto/sha256.h"
#include "ledger/model/act.h"

namespace mrv::test {

inline model::ActUuid uuid_of(const std::string& name) {
  model::ActUuid id{};
  const Hash hash = crypto::sha256(as_bytes(name));
  std::copy_n(hash.begin(), id.size(), id.begin());
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0FU) | 0x70U);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3FU) | 0x80U);
  return id;
}

}  // namespace mrv::test
