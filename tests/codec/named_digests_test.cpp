// Which hashes of an act count as names of blobs.
#include "ledger/codec/named_digests.h"

#include <doctest/doctest.h>

using namespace mrv;
using codec::named_digests;

TEST_CASE("digests are found in lists, structs and optional members, each once") {
  model::SubmitMonitoringReport report;
  report.methodology = Hash{1};
  report.tables = {Hash{2}, Hash{3}, Hash{2}};
  report.datasets = {{"meters", Hash{4}, "text/csv"}};
  report.evidence.resize(1);
  report.evidence[0].digest = Hash{5};
  CHECK(named_digests(report) == std::set<Hash>{Hash{1}, Hash{2}, Hash{3}, Hash{4}, Hash{5}});
  model::DepositEvidence deposit;
  deposit.digests = {{Hash{6}, std::nullopt}, {Hash{7}, Hash{8}}};
  CHECK(named_digests(deposit) == std::set<Hash>{Hash{6}, Hash{7}, Hash{8}});
}

TEST_CASE("64 hexadecimal digits that are a whole text of carried JSON are a digest") {
  const Hash digest{9};
  const std::string hex = to_hex(digest);
  const auto found = [](const std::string& json) {
    return named_digests(model::RegisterMethodology{{json}});
  };
  CHECK(found("{\"a\":[\"" + hex + "\"]}") == std::set<Hash>{digest});
  CHECK(found("{\"" + hex + "\":\"b\"}") == std::set<Hash>{digest});
  CHECK(found("\"" + hex + "\"") == std::set<Hash>{digest});
  CHECK(found("\"" + hex).empty());
  CHECK(found("{\"a\":\"" + hex + "0\"}").empty());
  CHECK(found("{\"a\":\"" + hex.substr(1) + "\"}").empty());
  CHECK(found("{\"a\":\"x" + hex.substr(1) + "\"}").empty());
  CHECK(found("").empty());
}

TEST_CASE("commitments and digests of rows name no blob") {
  model::ImportSerials rows;
  rows.rows.resize(1);
  rows.rows[0].holder = rows.rows[0].beneficiary = rows.rows[0].reason = Hash{1};
  rows.rows[0].row_digest = Hash{2};
  CHECK(named_digests(rows).empty());
  model::Retire retire;
  retire.beneficiary.emplace().commitment = Hash{3};
  CHECK(named_digests(retire).empty());
  model::RegisterParty party;
  party.key.person = Hash{4};
  CHECK(named_digests(party).empty());
  CHECK(named_digests(model::Transfer{}).empty());
  CHECK(named_digests(model::AcceptTransfer{}).empty());
}
