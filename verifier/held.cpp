// Answers of all commands, one way of saying each.
#include "verifier/held.h"

#include <algorithm>
#include <array>
#include <vector>

#include "ledger/base/limits.h"
#include "ledger/codec/scalar_text.h"

namespace mrv::verifier {
namespace {

using nlohmann::json;

constexpr std::uint64_t kPrintableSecondsMax = 253'402'300'799;  // the end of the year 9999

std::string time_text(std::uint64_t seconds) {
  if (seconds > kPrintableSecondsMax) return std::to_string(seconds) + " s";
  return codec::to_text(TimestampMs(static_cast<std::int64_t>(seconds) * kMsPerSecond));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// "re-executed by <witness>, …" or "claimed by log": who vouches that the state follows.
std::string state_text(const VerifiedCheckpoint& verified) {
  std::vector<std::string> names;
  for (const auto& cosigner : verified.cosigners) {
    if (cosigner.validating) names.push_back(cosigner.name);
  }
  return names.empty() ? "claimed by log" : "re-executed by " + joined(names);
}

}  // namespace

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

Answer answer_of(Result<Held> held, std::string_view prefix) {
  if (!held.ok()) return answer_of(held.error());
  held->members["holds"] = true;
  return {kExitHolds, std::string(prefix) + held->text, dump(held->members)};
}

Answer answer_of(const Error& error) {
  constexpr std::array<std::string_view, 3> kUnusable = {kArgumentUnusable, kPolicyMalformed,
                                                         "VKEY_INVALID"};
  const bool is_unusable =
      std::find(kUnusable.begin(), kUnusable.end(), error.name) != kUnusable.end();
  const std::string where = error.pointer.empty() ? "" : " (at " + error.pointer + ")";
  const json members = {{"holds", false},
                        {"reason", error.name},
                        {"detail", error.detail},
                        {"pointer", error.pointer}};
  return {is_unusable ? kExitUnusable : kExitRefused,
          std::string(error.name) + ": " + error.detail + where, dump(members)};
}

Error unusable(std::string_view what, std::string_view text) {
  constexpr std::size_t kShownMax = 80;
  const std::string shown(text.substr(0, kShownMax));
  return {kArgumentUnusable, std::string(what) + ": " + shown, {}};
}

void add_checkpoint(const VerifiedCheckpoint& verified, Held& held) {
  const auto& checkpoint = verified.checkpoint;
  std::vector<std::string> witnesses;
  json listed = json::array();
  for (const auto& cosigner : verified.cosigners) {
    witnesses.push_back(cosigner.name + " at " + time_text(cosigner.time_seconds));
    listed.push_back({{"name", cosigner.name},
                      {"time", std::to_string(cosigner.time_seconds)},
                      {"validating", cosigner.validating}});
  }
  held.text += "\ncheckpoint: " + checkpoint.origin + ", size " +
               std::to_string(checkpoint.size.value()) + ", cosigned by " +
               (witnesses.empty() ? "no listed witness" : joined(witnesses)) +
               "\nstate: " + state_text(verified);
  held.members["origin"] = checkpoint.origin;
  held.members["treeSize"] = std::to_string(checkpoint.size.value());
  held.members["root"] = to_base64(checkpoint.root);
  held.members["witnesses"] = std::move(listed);
  held.members["state"] = state_text(verified);
}

}  // namespace mrv::verifier
