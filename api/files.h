// Files and signed documents as the programs use them. Shared by mrvd and mrv.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "api/file_writer.h"
#include "crypto/ed25519.h"
#include "ledger/model/act.h"

namespace mrv::api {

// The whole file; "-" is standard input, which is there once. Errors: FILE_UNREADABLE (also for a
// folder).
Result<std::string> read_file(const std::filesystem::path& path);

// Durable on return (file and folder are synced); replaces whole or not at all. "-" is standard
// output. Errors: FILE_UNWRITABLE.
Status write_file(const std::filesystem::path& path, std::string_view text,
                  Readers readers = Readers::kEverybody);

// The first line of a passphrase file; nothing given: an empty passphrase.
Result<std::string> read_passphrase(const std::optional<std::filesystem::path>& file);

// Now, in whole seconds where documents want them.
TimestampMs wall_clock();
TimestampMs whole_seconds(TimestampMs time);
// A fresh UUIDv7 (RFC 9562).
model::ActUuid new_act_id(TimestampMs now);

}  // namespace mrv::api
