// Where refusals of a test's acts point.
#pragma once

#include <string>

namespace mrv::test {

inline constexpr const char* kMethod = "/proof/verificationMethod";
inline constexpr const char* kIssuer = "/issuer/party";
inline constexpr const char* kObligation = "/credentialSubject/obligation";
inline constexpr const char* kLock = "/credentialSubject/lock";
inline constexpr const char* kTransfer = "/credentialSubject/transfer";
inline const std::string kAtProject = "/credentialSubject/project";

}  // namespace mrv::test
