// How a program ends: the same numbers for every program and command (README), and which error ends
// with which.
#pragma once

#include "crypto/result.h"

namespace mrv::api {

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;  // something was checked and does not hold
inline constexpr int kExitUsage = 2;   // what was given cannot be used: options, files, documents
inline constexpr int kExitNotFound = 3;
inline constexpr int kExitRefused = 4;  // by a rule of the ledger, or by a server's own state
inline constexpr int kExitNetwork = 5;  // nobody answers, or not now: the same may be tried again
inline constexpr int kExitInconsistent = 6;  // the log contradicts itself: raise the alarm
inline constexpr int kExitInternal = 70;     // a defect, here or in the server

// Errors that the server's HTTP status stands behind; see error_of_status().
inline constexpr std::string_view kErrorUnavailable = "SERVER_UNAVAILABLE";
inline constexpr std::string_view kErrorServerFailed = "SERVER_FAILED";

int exit_code_of(const Error& error);

// What an answer other than a success comes to: NOT_FOUND, REQUEST_INVALID, SERVER_UNAVAILABLE,
// SERVER_FAILED, else REFUSED. `detail` is passed on.
Error error_of_status(int status, std::string detail);

}  // namespace mrv::api
