// What mrv-verify does, command by command, as functions over strings: the program itself only
// reads arguments and files. Arguments are taken as they were typed, so that what cannot be parsed
// is told from what was parsed and does not hold.
//
// Pure but for the sources passed in; precondition of all: crypto::initialise() succeeded.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "verifier/certificate.h"
#include "verifier/policy.h"
#include "verifier/verdict_text.h"

namespace mrv::verifier {

inline constexpr int kExitHolds = 0;
inline constexpr int kExitRefused = 1;   // it was checked and does not hold
inline constexpr int kExitUnusable = 2;  // it could not be checked

// The name of a refusal to check: an argument that is no number, no base64, no hex, no readable
// file. A malformed policy or vkey is unusable under its own name.
inline constexpr std::string_view kArgumentUnusable = "ARGUMENT_UNUSABLE";

struct Answer {
  int exit_code = kExitHolds;
  std::string text;  // "holds: …", or "NAME: sentence"; no newline at the end
  std::string json;  // one object: {"holds":true,…} or {"holds":false,"reason","detail","pointer"}
};

// The answer that an error amounts to.
Answer answer_of(const Error& error);

// FILE contents; `entry` is the entry's exact bytes.
Answer check_receipt(std::string_view policy, std::string_view entry, std::string_view proof);

Answer check_certificate(std::string_view policy, std::string_view certificate,
                         const CertificateOptions& options);

// Numbers are decimal without leading zeros, hashes base64, proofs base64 with commas between and
// empty for no hash at all.
struct InclusionArguments {
  std::string leaf_hash;
  std::string index;
  std::string size;
  std::string root;
  std::string proof;
};
Answer check_inclusion(const InclusionArguments& arguments);

struct ConsistencyArguments {
  std::string size1;
  std::string size2;
  std::string root1;
  std::string root2;
  std::string proof;
};
Answer check_consistency(const ConsistencyArguments& arguments);

// FILE contents, and exactly one of: the digest as typed, the report's entry (with a receipt and
// the policy for it, or without both), a certificate with the policy for it. A refusal has its
// sentence and hint in `language` where there are such (verifier/verdict_text.h), also as "message"
// and "hint" of the JSON.
struct ReadingArguments {
  std::string disclosure;
  std::optional<std::string> digest;  // lower-case hexadecimal
  std::optional<std::string> report;
  std::optional<std::string> proof;
  std::optional<std::string> certificate;
  std::optional<std::string> policy;
  Language language = Language::kEnglish;
};
Answer check_reading(const ReadingArguments& arguments);

// One key of type Ed25519 or cosignature/v1.
Answer check_note(std::string_view note, std::string_view vkey);

// Lower-case hexadecimal; the message may be empty.
struct SignatureArguments {
  std::string public_key;
  std::string message;
  std::string signature;
};
Answer check_signature(const SignatureArguments& arguments);

// A mirror as `mrv mirror` writes it: "checkpoint", "entries/<n>" (bundles of 256), "blob/<hex>".
// `read` answers a file's bytes or an error, `blob` nothing where the file is absent.
struct Mirror {
  std::function<Result<std::string>(const std::string& name)> read;
  std::function<std::optional<Bytes>(const Hash& digest)> blob;
};
Answer check_replay(std::string_view policy, const Mirror& mirror);

}  // namespace mrv::verifier
