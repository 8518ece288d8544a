// The form of every act as a command line, made from the description that its decoder reads
// (ledger/model/describe.h): so an act that the ledger knows has its command, and no member can be
// forgotten.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "crypto/result.h"

namespace mrv::cli {

// How the text of one option becomes a member.
enum class MemberShape : std::uint8_t {
  text,     // as it stands: ids, amounts, times, names
  boolean,  // true or false
  legs,     // BATCH=QUANTITY or BATCH=FIRST-LAST
  serials,  // BATCH=FIRST-LAST
  span,     // FIRST-LAST
  json      // JSON, or @FILE with it
};

struct ActMember {
  std::string name;    // as in the document: capacityPerYear
  std::string option;  // --capacity-per-year
  std::string hint;    // what may stand there
  MemberShape shape = MemberShape::text;
  bool list = false;  // the option may be repeated
  bool required = true;
};

struct ActForm {
  std::string_view type;  // SubmitProject
  std::string command;    // submit-project
  std::vector<ActMember> members;
};

// Every act, in the order of model::ActBody.
std::vector<ActForm> act_forms();

// "bat_…=1000" (lowest active serials) or "bat_…=1-1000" (these serials). Errors: LEG_INVALID.
Result<nlohmann::json> parse_leg(const std::string& text);

// The member's value from what was given for its option; nothing given is an empty list. Errors:
// FIELD_TYPE_WRONG, LEG_INVALID, JSON_SYNTAX, FILE_UNREADABLE.
Result<nlohmann::json> member_value(const ActMember& member, const std::vector<std::string>& given);

}  // namespace mrv::cli
