// kill -9 at random times under load, over and over: what was acknowledged stays, at its place,
// with its bytes; no tree shrinks, forks or has two roots; what was not acknowledged is wholly in
// or wholly out, and sending it again gives one entry (reliability.md 3c, F1).
//
//   kill-loop <mrvd> <folder> <cycles> <seed>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "api/files.h"
#include "api/http/client.h"
#include "crypto/keyfile.h"
#include "crypto/rfc6962.h"
#include "crypto/sha256.h"
#include "crypto/signed_note.h"
#include "ledger/codec/act_codec.h"
#include "ledger/log/checkpoint.h"
#include "ledger/signer/last_signed.h"
#include "verifier/policy.h"
#include "verifier/replay.h"

namespace {

using namespace mrv;
namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kClients = 4;
constexpr const char* kOrigin = "kill-loop.example/log";

[[noreturn]] void fail(const std::string& what) {
  std::cerr << "FAILED: " << what << std::endl;
  std::_Exit(1);
}

template <class T>
T must(Result<T> result, const std::string& what) {
  if (!result.ok()) {
    fail(what + ": " + std::string(result.error().name) + " " + result.error().detail);
  }
  return *std::move(result);
}
void must(const Status& status, const std::string& what) {
  if (!status.ok()) fail(what + ": " + std::string(status.error().name));
}

struct Acknowledged {
  std::string document;
  std::uint64_t index = 0;
  std::string leaf;
};

class Server {
 public:
  Server(std::string program, fs::path data)
      : program_(std::move(program)), data_(std::move(data)) {}

  void run(const std::vector<std::string>& arguments, bool wait) {
    pid_ = ::fork();
    if (pid_ == 0) {
      const int out = ::open((data_.string() + ".out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
      const int log =
          ::open((data_.string() + ".log").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
      ::dup2(out, STDOUT_FILENO);
      ::dup2(log, STDERR_FILENO);
      std::vector<char*> argv = {program_.data()};
      for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
      argv.push_back(nullptr);
      ::execv(program_.c_str(), argv.data());
      std::_Exit(127);
    }
    if (!wait) return;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail("mrvd " + arguments[0]);
  }

  // Serves on a free port and answers its URL.
  std::string start() {
    run({"serve", "--data", data_.string(), "--listen", "127.0.0.1:0"}, false);
    for (;;) {
      std::ifstream out(data_.string() + ".out");
      std::string line;
      if (std::getline(out, line) && line.starts_with("listening on ")) return line.substr(13);
      int status = 0;
      if (::waitpid(pid_, &status, WNOHANG) == pid_) fail("mrvd ended instead of serving");
      std::this_thread::yield();
    }
  }

  void kill() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    fs::remove(data_.string() + ".out");
  }

 private:
  std::string program_;
  fs::path data_;
  pid_t pid_ = 0;
};

class Loop {
 public:
  Loop(const std::string& program, const fs::path& folder, unsigned seed)
      : data_(folder / "data"), server_(program, data_), random_(seed) {}

  void found() {
    key_.emplace(crypto::SecretKey::generate());
    auto governance = crypto::SecretKey::generate();
    const fs::path path = data_.parent_path() / "governance.key";
    must(crypto::write_keyfile(path, governance, "", crypto::kKeyfileCostMin), "key file");
    server_.run({"init", "--data", data_.string(), "--origin", kOrigin, "--governance-key",
                 path.string(), "--threshold", "1", "--zero-delays"},
                true);
    policy_ = must(verifier::parse_policy(must(api::read_file(data_ / "policy.txt"), "policy")),
                   "policy");
    url_ = server_.start();
    model::RegisterParty party;
    party.key = {{key_->public_key().bytes}, Hash{1}, {model::KeyPurpose::initiate}};
    party.name.en = "Load";
    party.country = "CN";
    party.roles = {model::Role::developer};
    const std::string document = sign(*key_, std::nullopt, party);
    send_one(document);
    party_ = model::PartyId::of(crypto::sha256(as_bytes(document)));
    model::AdmitParty admit;
    admit.party = *party_;
    admit.roles = {model::Role::developer};
    send_one(sign(governance, std::nullopt, admit));
  }

  void cycle() {
    load();
    check_signer();
    url_ = server_.start();
    check();
  }

  // The whole log over again, and every acknowledgement against it.
  void finish() {
    auto client = connect();
    const auto checkpoint = published(client);
    verifier::Replay replay([](const Hash&) { return std::nullopt; });
    std::vector<std::string> leaves;
    const std::uint64_t size = checkpoint.size.value();
    for (std::uint64_t tile = 0; tile * log::kTileWidth < size; ++tile) {
      log::TilePath path{std::nullopt, tile, std::nullopt};
      const std::uint64_t left = size - tile * log::kTileWidth;
      if (left < log::kTileWidth) path.width = static_cast<unsigned>(left);
      const auto answer = must(client.request("GET", "/" + log::tile_path(path)), "bundle");
      for (const Bytes& entry : must(log::decode_bundle(as_bytes(answer.body)), "bundle")) {
        leaves.push_back(to_base64(crypto::leaf_hash(entry)));
        must(replay.add(entry), "replay");
      }
    }
    if (replay.log_root() != checkpoint.root || !replay.finish().ok()) fail("replay: another root");
    std::map<std::uint64_t, std::string> seen;
    for (const auto& one : acknowledged_) {
      if (one.index >= leaves.size() || leaves[one.index] != one.leaf) fail("an entry was lost");
      const auto [at, fresh] = seen.emplace(one.index, one.document);
      if (!fresh && at->second != one.document) fail("two acts at one index");
    }
    server_.kill();
    std::cout << acknowledged_.size() << " acknowledged acts, " << resent_
              << " sent again after a kill, tree of " << size << ": all held\n";
  }

 private:
  api::HttpClient connect() { return must(api::HttpClient::connect(url_), "connect " + url_); }

  template <class Body>
  std::string sign(const crypto::SecretKey& key, const std::optional<model::PartyId>& party,
                   Body body) {
    model::Act act;
    act.id = api::new_act_id(api::wall_clock());
    act.signer = {key.public_key().bytes};
    act.party = party;
    act.registry = kOrigin;
    act.valid_from = api::whole_seconds(api::wall_clock());
    act.valid_until = TimestampMs{act.valid_from.value() + 3'600'000};
    act.body = std::move(body);
    return must(codec::sign_act(act, key, act.valid_from), "sign");
  }

  std::string deposit(std::uint64_t number) {
    model::DepositEvidence act;
    act.digests = {{crypto::sha256(as_bytes(std::to_string(number))), std::nullopt}};
    act.category = "load";
    act.title = "deposit " + std::to_string(number);
    return sign(*key_, party_, act);
  }

  // Keeps what a good answer promises; answers whether there was one.
  bool remember(const std::string& document, const Result<api::HttpResponse>& answer) {
    if (!answer.ok() || (answer->status != 201 && answer->status != 200)) {
      if (answer.ok() && answer->status != 503) fail("refused: " + answer->body);
      return false;
    }
    const json body = json::parse(answer->body);
    const auto proof = must(log::parse_tlog_proof(body["receipt"].get<std::string>()), "receipt");
    const auto verified = must(verifier::verify_checkpoint(policy_, proof.checkpoint), "receipt");
    const std::lock_guard lock(mutex_);
    note_checkpoint(verified.checkpoint);
    acknowledged_.push_back({document, std::stoull(body["index"].get<std::string>()),
                             body["leafHash"].get<std::string>()});
    return true;
  }

  void note_checkpoint(const log::Checkpoint& checkpoint) {
    const auto [at, fresh] = roots_.emplace(checkpoint.size.value(), checkpoint.root);
    if (!fresh && at->second != checkpoint.root) fail("two roots of one size");
    if (checkpoint.size > largest_.size) largest_ = checkpoint;
  }

  void send_one(const std::string& document) {
    auto client = connect();
    if (!remember(document, client.request("POST", "/v1/acts", {}, as_bytes(document)))) {
      fail("an act of the founding was not recorded");
    }
  }

  void load() {
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < kClients; ++i) {
      threads.emplace_back([&] {
        auto client = api::HttpClient::connect(url_);
        while (client.ok() && !stop) {
          const std::string document = deposit(next_++);
          const auto answer = client->request("POST", "/v1/acts", {}, as_bytes(document));
          if (remember(document, answer)) continue;
          const std::lock_guard lock(mutex_);
          unknown_.push_back(document);
          if (!answer.ok()) break;
        }
      });
    }
    std::uniform_int_distribution<int> wait(1, 120);
    std::this_thread::sleep_for(std::chrono::milliseconds(wait(random_)));
    server_.kill();
    stop = true;
    for (auto& thread : threads) thread.join();
  }

  // The signer's memory never goes back.
  void check_signer() {
    const auto memory =
        must(signer::LastSigned::open(data_ / "signer" / "last-signed"), "signer's memory");
    if (memory.state().size < signed_) fail("the last signed size fell");
    if (memory.state().size < largest_.size) fail("a published tree was never remembered");
    signed_ = memory.state().size;
  }

  log::Checkpoint published(api::HttpClient& client) {
    const auto answer = must(client.request("GET", "/checkpoint"), "checkpoint");
    return must(verifier::verify_checkpoint(policy_, answer.body), "checkpoint").checkpoint;
  }

  void check() {
    auto client = connect();
    const auto before = largest_;
    const auto now = published(client);
    if (now.size < before.size || now.size < signed_) fail("the tree shrank");
    const auto answer = must(
        client.request("GET", "/v1/consistency/" + std::to_string(before.size.value())), "proof");
    std::vector<Hash> proof;
    const json body = json::parse(answer.body);
    for (const auto& hash : body["proof"]) {
      proof.push_back(must(hash_from_base64(hash.get<std::string>()), "proof"));
    }
    must(crypto::verify_consistency(before.size.value(), now.size.value(), before.root, now.root,
                                    proof),
         "consistency");
    note_checkpoint(now);
    for (; checked_ < acknowledged_.size(); ++checked_)
      check_entry(client, acknowledged_[checked_]);
    // Some of the old ones again.
    constexpr int kOld = 5;
    std::uniform_int_distribution<std::size_t> any(0, acknowledged_.size() - 1);
    for (int i = 0; i < kOld; ++i) check_entry(client, acknowledged_[any(random_)]);
    for (const auto& document : unknown_) {
      ++resent_;
      if (!remember(document, client.request("POST", "/v1/acts", {}, as_bytes(document)))) {
        fail("an act could not be sent again");
      }
    }
    unknown_.clear();
  }

  void check_entry(api::HttpClient& client, const Acknowledged& one) {
    const auto answer =
        must(client.request("GET", "/v1/entries/" + std::to_string(one.index)), "entry");
    if (to_base64(crypto::leaf_hash(as_bytes(answer.body))) != one.leaf) {
      fail("an acknowledged entry is lost: " + std::to_string(one.index));
    }
  }

  fs::path data_;
  Server server_;
  std::mt19937 random_;
  std::string url_;
  std::optional<crypto::SecretKey> key_;
  std::optional<model::PartyId> party_;
  verifier::Policy policy_;
  std::mutex mutex_;
  std::atomic<std::uint64_t> next_ = 0;
  std::vector<Acknowledged> acknowledged_;
  std::vector<std::string> unknown_;
  std::map<std::uint64_t, Hash> roots_;
  log::Checkpoint largest_;
  TreeSize signed_;
  std::size_t checked_ = 0;
  std::size_t resent_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "kill-loop <mrvd> <folder> <cycles> <seed>\n";
    return 2;
  }
  must(crypto::initialise(), "crypto");
  std::signal(SIGPIPE, SIG_IGN);
  const int cycles = std::stoi(argv[3]);
  Loop loop(argv[1], argv[2], static_cast<unsigned>(std::stoul(argv[4])));
  loop.found();
  for (int i = 0; i < cycles; ++i) loop.cycle();
  loop.finish();
  std::cout << cycles << " cycles of kill -9\n";
  return 0;
}
