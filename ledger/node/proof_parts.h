// The parts that certificates and status proofs are made of, from one tree. Internal to the node.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ledger/codec/certificate_codec.h"
#include "ledger/node/reader.h"

namespace mrv::node {

// Errors of all: the reader's; STORE_CORRUPT for what must be there.

Result<codec::CertificateEntry> entry_part(const Reader& reader, std::string role,
                                           EntryIndex index);

// The tree's last entry, whose map root every row is proved under.
Result<codec::CertificateEntry> seal_part(const Reader& reader);

// The rows with these keys, in their order. Precondition: the reader's tree is held.
Result<std::vector<codec::CertificateRow>> row_parts(const Reader& reader,
                                                     std::span<const Bytes> keys);

// The key of the run that holds a retired range: retired runs are never split again, but neighbours
// of one retirement are one run.
Result<Bytes> retired_run(const Reader& reader, const model::SerialRange& range);

std::vector<std::string> path_part(std::span<const Hash> path);

}  // namespace mrv::node
