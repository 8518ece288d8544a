// Everything that is not a success, as one RFC 9457 problem document: the outcome's name, a
// sentence and a hint in the caller's language, and the JSON Pointer of the field.
#pragma once

#include <string_view>

#include "api/http/server.h"
#include "ledger/node/answer.h"

namespace mrv::api {

enum class Language { kEnglish, kChinese };
// The language of highest weight in an Accept-Language header (RFC 9110 section 12.5.4) that the
// ledger speaks, the first of equals; English where none is wanted.
Language language_of(std::string_view accept_language);

HttpResponse problem(const model::Refusal& refusal, Language language,
                     const std::vector<state::RowRefusal>& rows = {});
// An error whose name is an outcome gets that outcome's status and sentences; any other is 503 for
// what passes, 500 for what does not.
HttpResponse problem(const Error& error, Language language);
HttpResponse not_found(Language language);

inline constexpr int kRetryAfterSeconds = 1;

}  // namespace mrv::api
