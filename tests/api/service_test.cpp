// What a client gets over real sockets from a ledger that ran the main job.
#include "api/handlers/service.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "api/file_limit.h"
#include "api/founding.h"
#include "api/handlers/problem.h"
#include "api/http/client.h"
#include "api/http/query.h"
#include "ledger/codec/scalar_text.h"
#include "tests/support/ccs_flow.h"
#include "verifier/status.h"

using namespace mrv;
using nlohmann::json;

namespace {

class Served {
 public:
  explicit Served(bool with_flow = true, api::UploadLimits uploads = {},
                  std::uint64_t free_space_floor = 0)
      : flow(world, MRV_SOURCE_DIR),
        service_(reopened(world, free_space_floor), uploads, [this] { return now.load(); }) {
    if (with_flow) {
      flow.run_to_issuance();
      flow.transfer("developer", "buyer", 5'000);
      retirement = flow.retire("buyer", 1'000);
    }
    auto server = api::HttpServer::start({}, service_);
    REQUIRE(server.ok());
    server_ = *std::move(server);
    auto client = api::HttpClient::connect("http://127.0.0.1:" + std::to_string(server_->port()));
    REQUIRE(client.ok());
    client_ = std::make_unique<api::HttpClient>(*std::move(client));
  }

  api::HttpResponse send(const std::string& method, const std::string& target,
                         const api::HttpHeaders& headers = {}, const std::string& body = {}) {
    auto answer = client_->request(method, target, headers, as_bytes(body));
    REQUIRE(answer.ok());
    return *std::move(answer);
  }
  json get(const std::string& target) {
    const auto answer = send("GET", target);
    INFO(target << ": " << answer.body);
    REQUIRE(answer.status == 200);
    return json::parse(answer.body);
  }
  std::string outcome(const std::string& method, const std::string& target, int status,
                      const std::string& body = {}) {
    const auto answer = send(method, target, {}, body);
    INFO(target << ": " << answer.status << " " << answer.body);
    CHECK(answer.status == status);
    CHECK(answer.header("content-type").starts_with("application/problem+json"));
    return json::parse(answer.body).at("outcome");
  }

  // Files below the blobs' folder, half-written ones too.
  [[nodiscard]] std::size_t blob_files() {
    const std::filesystem::recursive_directory_iterator all(world.path() / "data" / "blobs");
    return static_cast<std::size_t>(std::count_if(
        begin(all), end(all), [](const auto& entry) { return entry.is_regular_file(); }));
  }

  std::atomic<api::UploadQuota::Time> now = api::UploadQuota::Time();  // of the quota
  test::LedgerWorld world;
  test::CcsFlow flow;
  model::RetirementId retirement;

 private:
  static node::Node& reopened(test::LedgerWorld& world, std::uint64_t free_space_floor) {
    if (free_space_floor > 0) {
      world.close();
      world.open(free_space_floor);
    }
    return world.node();
  }

  api::Service service_;
  std::unique_ptr<api::HttpServer> server_;
  std::unique_ptr<api::HttpClient> client_;
};

std::string blob_path(const std::string& bytes) {
  return "/blob/" + to_hex(crypto::sha256(as_bytes(bytes)));
}

}  // namespace

TEST_CASE("the language of highest weight answers") {
  using api::Language;
  const auto chinese = [](std::string_view accept) {
    return api::language_of(accept) == Language::kChinese;
  };
  CHECK(chinese("zh"));
  CHECK(chinese("zh-Hans-CN, en;q=0.9"));
  CHECK(chinese("en;q=0.1, zh;q=0.9"));
  CHECK(chinese("ZH-cn"));
  CHECK(chinese("fr, zh;q=0.001"));
  for (const auto* english : {"", "en", "fr", "*", "zh;q=0, en", "zh;q=0", "en, zh",
                              "zh;q=0.5, en;q=0.51", "zh;q=x", "zhx", "z", ", ,"}) {
    INFO(english);
    CHECK(!chinese(english));
  }
}

TEST_CASE("problems speak the caller's language") {
  Served served;
  const auto zh = served.send("GET", "/nothing", {{"accept-language", "en;q=0.1, zh;q=0.9"}});
  const auto en = served.send("GET", "/nothing");
  CHECK(zh.header("content-language") == "zh");
  CHECK(json::parse(zh.body).at("title") == "此处没有内容。");
  CHECK(json::parse(en.body).at("title") == "There is nothing here.");
}

TEST_CASE("a method that an address does not take is a problem document with Allow") {
  Served served;
  CHECK(served.outcome("DELETE", "/v1/parties", 405) == "METHOD_NOT_ALLOWED");
  CHECK(served.outcome("GET", "/v1/acts", 405) == "METHOD_NOT_ALLOWED");
  CHECK(served.send("DELETE", "/checkpoint").header("allow") == "GET, HEAD");
}

TEST_CASE("blobs go in by digest and come out in pieces") {
  Served served(false);
  std::string bytes;
  for (std::size_t i = 0; bytes.size() < 5UL * 1'024 * 1'024; ++i)
    bytes += std::to_string(i) + "\n";
  const std::string path = blob_path(bytes);
  CHECK(served.outcome("GET", path, 404) == "NOT_FOUND");
  CHECK(served.outcome("PUT", path, 400, "other bytes") == "BLOB_DIGEST_DIFFERS");
  CHECK(served.outcome("GET", path, 404) == "NOT_FOUND");
  CHECK(served.send("PUT", path, {}, bytes).status == 201);
  CHECK(served.send("PUT", path, {}, bytes).status == 201);
  const auto back = served.send("GET", path);
  CHECK(back.body == bytes);
  CHECK(back.header("x-content-type-options") == "nosniff");
  CHECK(back.header("content-disposition") == "attachment");
  const auto head = served.send("HEAD", path);
  CHECK(head.header("content-length") == std::to_string(bytes.size()));
  CHECK(head.body.empty());
}

TEST_CASE("a blob that is gone by decision is neither served nor taken, and 410 says so") {
  Served served;
  auto& world = served.world;
  const std::string path = blob_path("a list of names");
  CHECK(served.send("PUT", path, {}, "a list of names").status == 201);
  const model::RemoveBlob removal{crypto::sha256(as_bytes("a list of names")), "an order"};
  test::LedgerWorld::expect(world.submit("gov1", "", removal));
  test::LedgerWorld::expect(world.approve("gov2", "", world.last_digest()));
  CHECK(test::LedgerWorld::name_of(world.submit("gov1", "", removal)) == "BLOB_REMOVED");
  CHECK(served.outcome("GET", path, 410) == "BLOB_REMOVED");
  CHECK(served.outcome("PUT", path, 410, "a list of names") == "BLOB_REMOVED");
  CHECK(served.outcome("GET", blob_path("never here"), 404) == "NOT_FOUND");
}

TEST_CASE("a blob has at most 64 MiB") {
  Served served(false);
  auto writer = served.world.node().blobs().begin(Hash{});
  REQUIRE(writer.ok());
  const Bytes piece(1'024UL * 1'024, 0);
  for (std::size_t sent = 0; sent < kBlobBytesMax; sent += piece.size()) {
    REQUIRE((*writer)->write(piece).ok());
  }
  CHECK((*writer)->write(Bytes{0}).error().name == "BLOB_TOO_LARGE");
}

TEST_CASE("a client sends blobs up to its quota, and on when its window has ended") {
  api::UploadLimits limits;
  limits.bytes = 10;
  limits.window = std::chrono::milliseconds(5'500);
  Served served(false, limits);
  CHECK(served.send("PUT", blob_path("1234567"), {}, "1234567").status == 201);
  CHECK(served.outcome("PUT", blob_path("other"), 400, "wro") == "BLOB_DIGEST_DIFFERS");  // counts
  CHECK(served.send("PUT", blob_path(""), {}, "").status == 201);
  CHECK(served.blob_files() == 2);
  // In the middle of the body, and before it.
  for (const auto* body : {"x", "y"}) {
    const auto answer = served.send("PUT", blob_path(body), {{"accept-language", "zh"}}, body);
    CHECK(answer.status == 429);
    CHECK(answer.header("retry-after") == "6");
    CHECK(json::parse(answer.body).at("outcome") == "BLOB_QUOTA_EXCEEDED");
    CHECK(answer.header("content-language") == "zh");
  }
  CHECK(served.blob_files() == 2);
  CHECK(served.send("GET", blob_path("1234567")).status == 200);
  served.now = served.now.load() + limits.window;
  CHECK(served.send("PUT", blob_path("x"), {}, "x").status == 201);
}

TEST_CASE("a server without room takes neither blobs nor acts, and stores nothing") {
  Served served(false, {}, UINT64_MAX);
  const auto size = served.world.node().reader()->published().size;
  CHECK(served.outcome("PUT", blob_path("x"), 503, "x") == "STORE_SPACE_LOW");
  CHECK(served.outcome("GET", blob_path("x"), 404) == "NOT_FOUND");
  model::RegisterParty party;
  party.key = {test::LedgerWorld::public_key("dev"),
               test::LedgerWorld::person("dev"),
               {model::KeyPurpose::initiate}};
  party.name.en = "dev";
  party.country = "CN";
  party.roles = {model::Role::developer};
  const std::string document = served.world.document("dev", "", party);
  CHECK(served.outcome("POST", "/v1/acts", 503, document) == "STORE_SPACE_LOW");
  CHECK(served.send("POST", "/v1/acts", {}, document).header("retry-after") == "1");
  CHECK(served.world.node().reader()->published().size == size);
  CHECK(served.blob_files() == 0);
  CHECK(served.send("GET", "/readyz").status == 503);
}

TEST_CASE("lists come in pages of one stated tree") {
  Served served;
  const auto all = served.get("/v1/parties").at("items");
  CHECK(all.size() == 7);
  auto page = served.get("/v1/parties?limit=3");
  const auto size = page.at("treeSize");
  std::vector<json> seen(page.at("items"));
  served.flow.retire("buyer", 1);  // the tree goes on, the pages stay
  while (page.contains("next")) {
    page = served.get("/v1/parties?limit=3&cursor=" + page.at("next").get<std::string>());
    CHECK(page.at("treeSize") == size);
    for (const auto& item : page.at("items")) seen.push_back(item);
  }
  CHECK(json(seen) == all);
  CHECK(served.outcome("GET", "/v1/parties?limit=0", 400) == "INTEGER_OUT_OF_RANGE");
  CHECK(served.outcome("GET", "/v1/parties?limit=201", 400) == "INTEGER_OUT_OF_RANGE");
  CHECK(served.get("/v1/parties?limit=200").at("items").size() == 7);
  CHECK(served.outcome("GET", "/v1/parties?cursor=x", 400) == "FIELD_VALUE_UNKNOWN");
  CHECK(served.outcome("GET", "/v1/parties?limit=1&limit=2", 400) == "QUERY_INVALID");
  CHECK(served.outcome("GET", "/v1/parties/x", 400) == "ID_INVALID");
}

TEST_CASE("serials and accounts are listed and found") {
  Served served;
  const std::string batch = served.flow.batch.text();
  const auto runs = served.get("/v1/serials").at("items");
  CHECK(served.get("/v1/serials?batch=" + batch).at("items") == runs);
  REQUIRE(runs.size() > 2);
  auto page = served.get("/v1/serials?limit=1");
  std::vector<json> seen(page.at("items"));
  while (page.contains("next")) {
    page = served.get("/v1/serials?limit=1&cursor=" + page.at("next").get<std::string>());
    for (const auto& item : page.at("items")) seen.push_back(item);
  }
  CHECK(json(seen) == runs);
  CHECK(served.get("/v1/serials/" + batch + ".1").at("item") == runs[0]);
  CHECK(served.outcome("GET", "/v1/serials/" + batch + ".999999999", 404) == "NOT_FOUND");
  const auto account = served.get("/v1/accounts/" + served.world.party("buyer").text());
  CHECK(account.at("items").size() == 1);
  CHECK(served.outcome("GET", "/v1/accounts/pty_00000000000000000000000000", 404) == "NOT_FOUND");
}

TEST_CASE("an act is found by its id and whoever it belongs to, however the query is written") {
  Served served;
  const std::string document =
      served.world.document("developer", "developer", served.flow.transfer_body("buyer", 1));
  CHECK(served.send("POST", "/v1/acts", {}, document).status == 201);
  const std::string id = json::parse(document).at("id").get<std::string>().substr(9);
  const std::string party = served.world.party("developer").text();
  const auto found = served.get("/v1/acts/" + id + "?party=" + party);
  CHECK(served.get("/v1/acts/" + id + "?x=1&party=" + party) == found);
  CHECK(found.at("digest") == to_hex(crypto::sha256(as_bytes(document))));
  CHECK(served.outcome("GET", "/v1/acts/" + id, 400) == "FIELD_MISSING");
  const std::string key = codec::to_text(test::LedgerWorld::public_key("developer"));
  CHECK(served.outcome("GET", "/v1/acts/" + id + "?key=" + api::percent_encode(key), 404) ==
        "NOT_FOUND");  // the id belongs to the party
}

TEST_CASE("a proposal that waits is still a proposal when its act is sent again") {
  Served served;
  model::AccreditVvb act;
  act.party = served.world.party("vvb1");
  act.scopes = {model::AccreditationScope{std::nullopt, "ccs", std::nullopt}};
  act.until = TimestampMs{4'000'000'000'000};
  const std::string document = served.world.document("registry", "registry", act);
  const auto first = served.send("POST", "/v1/acts", {}, document);
  const auto again = served.send("POST", "/v1/acts", {}, document);
  CHECK(first.status == 201);
  CHECK(again.status == 200);
  CHECK(json::parse(first.body).at("proposal") == json::parse(again.body).at("proposal"));
}

TEST_CASE("the page shows sums with their unit, the retirement and the checkpoint") {
  Served served;
  const auto page = served.send("GET", "/");
  CHECK(page.header("content-security-policy").starts_with("default-src 'none'"));
  for (const auto* text : {"issued (t CO2e)", "146,763", "7,339", "1,000 t CO2e", "Green Bridge",
                           "certificate.json", "/status\"", test::kWorldOrigin}) {
    CHECK_MESSAGE(page.body.find(text) != std::string::npos, text);
  }
}

TEST_CASE("what became of a retirement comes as a file that is checked offline") {
  Served served;
  const std::string path = "/v1/retirements/" + served.retirement.text();
  const auto certificate = served.send("GET", path + "/certificate");
  CHECK(certificate.status == 200);
  const auto size = served.world.node().reader()->published().size;
  const std::string from = path + "/status?from=" + std::to_string(size.value());
  served.flow.retire("buyer", 1);  // the tree goes on
  const auto policy =
      verifier::parse_policy("log " + test::LedgerWorld::vkey("log") + "\nquorum none\n");
  REQUIRE(policy.ok());
  const auto verdict = [&](const std::string& target) {
    const auto answer = served.send("GET", target);
    CHECK(answer.status == 200);
    CHECK(answer.header("content-type").starts_with("application/json"));
    CHECK(answer.header("content-disposition") == "attachment; filename=\"status.json\"");
    CHECK(answer.header("cache-control") == "no-store");
    const auto judged =
        verifier::verify_status_of_certificate(*policy, answer.body, certificate.body);
    REQUIRE_MESSAGE(judged.ok(), judged.error().name << " " << judged.error().detail);
    return *judged;
  };
  CHECK(verdict(path + "/status").status.stands);
  CHECK(!verdict(path + "/status").continues);
  CHECK(verdict(from).continues);

  const std::string now = std::to_string(served.world.node().reader()->published().size.value());
  const auto at = [&](const std::string& given) { return path + "/status?from=" + given; };
  CHECK(served.send("GET", at(now)).status == 200);
  CHECK(served.send("GET", at("1")).status == 200);
  CHECK(served.outcome("GET", at("0"), 400) == "INTEGER_OUT_OF_RANGE");
  CHECK(served.outcome("GET", at(now + "0"), 400) == "INTEGER_OUT_OF_RANGE");
  CHECK(served.outcome("GET", at("x"), 400) == "INTEGER_INVALID");
  CHECK(served.outcome("GET", at("1&from=2"), 400) == "QUERY_INVALID");
  CHECK(served.outcome("GET", "/v1/retirements/x/status", 400) == "ID_INVALID");
  CHECK(served.outcome("GET", "/v1/retirements/ret_00000000000000000000000000/status", 404) ==
        "NOT_FOUND");
  CHECK(served.outcome("GET", path + "/else", 404) == "NOT_FOUND");
  CHECK(served.outcome("DELETE", path + "/status", 405) == "METHOD_NOT_ALLOWED");
}

TEST_CASE("the notes on a retirement are listed with it, and those on another are not") {
  Served served;
  const std::string path = "/v1/retirements/" + served.retirement.text() + "/annotations";
  CHECK(served.get(path).at("items").empty());
  const auto note = [&](const model::RetirementId& on, const std::string& text) {
    model::AnnotateRetirement act;
    act.retirement = on;
    act.note = text;
    test::LedgerWorld::expect(served.world.submit("buyer", "buyer", act));
  };
  note(served.flow.retire("buyer", 1), "of another");
  for (const char* text : {"one", "two", "three"}) note(served.retirement, text);
  const auto all = served.get(path).at("items");
  REQUIRE(all.size() == 3);
  std::set<std::string> notes;
  for (const auto& item : all) {
    CHECK(item.at("retirement") == served.retirement.text());
    notes.insert(item.at("note"));
  }
  CHECK(notes == std::set<std::string>{"one", "two", "three"});
  auto page = served.get(path + "?limit=2");
  CHECK(page.at("items").size() == 2);
  page = served.get(path + "?limit=2&cursor=" + std::string(page.at("next")));
  CHECK(page.at("items") == json::array({all[2]}));
  CHECK(!page.contains("next"));
  CHECK(served.outcome("GET", "/v1/retirements/x/annotations", 400) == "ID_INVALID");
  CHECK(served.outcome("GET", "/v1/retirements/ret_00000000000000000000000000/annotations", 404) ==
        "NOT_FOUND");
}

TEST_CASE("what became of a retirement that was invalidated is said over HTTP as well") {
  Served served;
  const auto row = served.world.row<model::RetirementRow>(codec::retirement_key(served.retirement));
  served.flow.approved(
      "registry", model::InvalidateBatch{row->serials.front().batch, std::nullopt, "fraud", {}});
  const auto status =
      served.get("/v1/retirements/" + served.retirement.text() + "/status").at("status");
  CHECK(status.at("stands") == false);
  CHECK(status.at("invalidations").size() == 1);
  CHECK(status.at("obligations").size() == 1);
}

TEST_CASE("kilograms are summed and shown as kilograms") {
  Served served(false);
  auto& flow = served.flow;
  flow.unit = model::AmountUnit::kg;
  flow.enter_parties();
  flow.register_standards();
  flow.register_project();
  flow.submit_report(4'000);
  for (const auto* vvb : {"vvb1", "vvb2"}) test::LedgerWorld::expect(flow.state(vvb, 4'000));
  flow.issue();
  flow.retire("developer", 1'234);
  const auto totals = api::totals_of(*served.world.node().reader());
  REQUIRE(totals.ok());
  CHECK(totals->units.at(model::AmountUnit::t).issued == 0);
  const auto& sums = totals->units.at(model::AmountUnit::kg);
  CHECK(sums.issued == 4'000);
  CHECK(sums.buffer == 200);
  CHECK(sums.retired == 1'234);
  const auto page = served.send("GET", "/");
  for (const auto* text : {"issued (kg CO2e)", "4,000", "1,234 kg CO2e"}) {
    CHECK_MESSAGE(page.body.find(text) != std::string::npos, text);
  }
}

TEST_CASE("a log without Genesis is not served") {
  test::LedgerWorld world(false);
  CHECK(api::require_founded(world.node()).error().name == "LEDGER_NOT_FOUNDED");
  test::LedgerWorld founded;
  CHECK(api::require_founded(founded.node()).ok());
}

TEST_CASE("the page's sums are at most kTotalsMaxAge old, and made no oftener") {
  test::LedgerWorld world;
  test::CcsFlow flow(world, MRV_SOURCE_DIR);
  flow.run_to_issuance();
  api::TotalsCache cache;
  const api::TotalsCache::Time start{};
  const auto retired = [&](std::chrono::milliseconds age) {
    const auto totals = cache.get(*world.node().reader(), start + age);
    REQUIRE(totals.ok());
    CHECK((*totals)->units.at(model::AmountUnit::t).issued == 146'763);
    return (*totals)->units.at(model::AmountUnit::t).retired;
  };
  CHECK(retired(std::chrono::milliseconds(0)) == 0);
  flow.retire("developer", 5);
  CHECK(retired(api::kTotalsMaxAge) == 0);
  CHECK(retired(api::kTotalsMaxAge + std::chrono::milliseconds(1)) == 5);
}

TEST_CASE("connections leave room for the files that judging needs") {
  constexpr std::size_t kLeast =
      api::kFilesReserved + api::kFilesPerConnection * api::kConnectionsMin;
  CHECK(api::connections_for(kLeast - 1).error().name == "FILE_LIMIT_TOO_LOW");
  CHECK(*api::connections_for(kLeast) == api::kConnectionsMin);
  CHECK(*api::connections_for(1'000'000) == api::kConnectionsMax);
  CHECK(api::connections_for(0).error().name == "FILE_LIMIT_TOO_LOW");
  CHECK(api::raise_file_limit() > 0);
}
