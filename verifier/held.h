// What a command found to hold, in words and as JSON; what is common to the commands. Internal to
// the verifier.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "verifier/commands.h"
#include "verifier/policy.h"

namespace mrv::verifier {

struct Held {
  std::string text;
  nlohmann::json members = nlohmann::json::object();
};

inline constexpr std::string_view kHoldsPrefix = "holds: ";

// `prefix` and what holds, or the refusal.
Answer answer_of(Result<Held> held, std::string_view prefix = kHoldsPrefix);

// Names are opaque bytes in a policy; JSON is UTF-8.
std::string dump(const nlohmann::json& value);

// An argument that was not read at all.
Error unusable(std::string_view what, std::string_view text);

// Who signed and cosigned the checkpoint, and who vouches for the state under it.
void add_checkpoint(const VerifiedCheckpoint& verified, Held& held);

}  // namespace mrv::verifier
