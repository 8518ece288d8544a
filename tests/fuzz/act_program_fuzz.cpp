// Any bytes are a program of acts with good signatures, on top of the golden log: transfers,
// retirements, approvals, keys, standings, by whoever and in whatever order. No act crashes the
// transition; a refused one changes nothing; no unit is made, lost or brought back.
// fuzz-links: mrv_verifier
// fuzz-mutations: 60
#include "tests/fuzz/act_world.h"
#include "tests/fuzz/byte_source.h"

namespace {

using namespace mrv;
using fuzz::ActWorld;
using fuzz::ByteSource;

constexpr int kActsMax = 24;
constexpr std::array<const char*, 9> kNames = {"buyer", "developer", "registry", "standard", "vvb1",
                                               "vvb2",  "reviewer",  "newcomer", ""};

class Program {
 public:
  explicit Program(ByteSource bytes) : bytes_(bytes) {}

  void run() {
    for (int i = 0; i < kActsMax && !bytes_.empty(); ++i) step();
  }

 private:
  // Who acts: a party by its first or second key, or a governance key; now and then in another
  // party's name.
  template <class Body>
  void submit(Body body) {
    const std::uint8_t who = bytes_.byte();
    const std::string name = kNames[who % kNames.size()];
    const bool second = (who / 16 & 1U) != 0;
    auto party = world_.party(name);
    if (who >= 224) party = world_.party(kNames[bytes_.below(kNames.size())]);
    if (name.empty()) {
      world_.run(second ? "gov2" : "gov1", party, std::move(body));
    } else {
      world_.run(second ? name + "-2" : name, party, std::move(body));
    }
    known_.push_back(world_.digest);
  }

  void step() {
    switch (bytes_.byte() % 8) {
      case 0:
        return transfer();
      case 1:
        return settle();
      case 2:
        return retire();
      case 3:
        return approve();
      case 4:
        return change_standing();
      case 5:
        return change_keys();
      case 6:
        return record();
      default:
        return pass();
    }
  }

  model::PartyId some_party() {
    const auto party = world_.party(kNames[bytes_.below(kNames.size())]);
    return party.value_or(model::PartyId{});
  }
  // An id made by an earlier act of the program, or of the golden log.
  template <class Row>
  auto some_id() {
    const auto rows = world_.all<Row>();
    using Id = decltype(Row{}.id);
    if (rows.empty()) return Id{};
    return rows[bytes_.below(rows.size())].id;
  }
  Units quantity() {
    constexpr std::array<Units, 8> kQuantities = {1,     2,       100,     999,
                                                  4'000, 139'424, 146'763, kUnitsMax};
    return kQuantities[bytes_.below(kQuantities.size())];
  }

  std::vector<model::Leg> legs() {
    std::vector<model::Leg> legs(1 + bytes_.below(3));
    for (auto& leg : legs) {
      leg.batch = some_id<model::BatchRow>();
      if (bytes_.byte() % 2 == 0) {
        leg.quantity = quantity();
      } else {
        leg.first = 1 + static_cast<Units>(bytes_.below(6'000));
        leg.last = *leg.first + static_cast<Units>(bytes_.below(2'000));
      }
    }
    return legs;
  }

  void transfer() {
    model::Transfer act;
    act.legs = legs();
    act.to = some_party();
    act.expires =
        TimestampMs{world_.now.value() + 1'000 * static_cast<std::int64_t>(bytes_.byte())};
    submit(act);
  }
  void settle() {
    const auto id = some_id<model::TransferRow>();
    switch (bytes_.byte() % 4) {
      case 0:
        return submit(model::RejectTransfer{id, "no"});
      case 1:
        return submit(model::CancelTransfer{id, "no"});
      case 2:
        return submit(model::LapseTransfer{id});
      default:
        return submit(model::AcceptTransfer{id});
    }
  }
  void retire() {
    model::Retire act;
    act.legs = legs();
    const std::uint8_t who = bytes_.byte();
    if (who % 8 != 0) {
      act.beneficiary.emplace();
      act.beneficiary->organisation =
          model::Organisation{"Green", "CN", std::nullopt, std::nullopt};
    }
    if (who % 16 == 1) act.beneficiary->commitment = Hash{1};
    submit(act);
  }
  void approve() {
    const Hash digest = known_.empty() ? Hash{} : known_[bytes_.below(known_.size())];
    const std::uint8_t how = bytes_.byte();
    const auto id = model::ProposalId::of(digest);
    if (how % 8 == 0) return submit(model::WithdrawProposal{id, "no"});
    submit(model::Approve{id, digest,
                          how % 8 == 1 ? model::Decision::reject : model::Decision::approve, ""});
  }
  void change_standing() {
    constexpr std::size_t kStatuses = model::EnumNames<model::PartyStatus>::kCount;
    switch (bytes_.byte() % 4) {
      case 0:
        return submit(model::FreezeSelf{"lost"});
      case 1:
        return submit(model::AdmitParty{some_party(), {model::Role::buyer}, Hash{1}});
      case 2:
        return submit(model::IssueCredits{some_id<model::ReportRow>()});
      default:
        return submit(model::SetPartyStatus{
            some_party(), static_cast<model::PartyStatus>(bytes_.below(kStatuses)), "why"});
    }
  }
  void change_keys() {
    constexpr std::size_t kReasons = model::EnumNames<model::RevocationReason>::kCount;
    const std::string name = kNames[bytes_.below(kNames.size() - 1)];
    const std::string key = bytes_.byte() % 2 == 0 ? name : name + "-2";
    const model::KeyDeclaration declared{fuzz::public_key_of(key),
                                         Hash{bytes_.byte()},
                                         {model::KeyPurpose::initiate, model::KeyPurpose::approve}};
    switch (bytes_.byte() % 3) {
      case 0:
        return submit(
            model::RevokeKey{fuzz::public_key_of(key),
                             static_cast<model::RevocationReason>(bytes_.below(kReasons))});
      case 1:
        return submit(model::BindKey{some_party(), declared});
      default: {
        model::RegisterParty act;
        act.key = declared;
        act.name.en = name;
        act.country = "CN";
        act.roles = {model::Role::buyer};
        return submit(act);
      }
    }
  }
  void record() {
    switch (bytes_.byte() % 3) {
      case 0:
        return submit(model::WithdrawReport{some_id<model::ReportRow>(), "wrong"});
      case 1: {
        model::DepositEvidence act;
        act.digests = {{Hash{bytes_.byte()}, std::nullopt}};
        act.category = "file";
        act.title = "a file";
        return submit(act);
      }
      default:
        return submit(model::OpenImport{"ACR", model::SerialGrammar::acr_car_art,
                                        Hash{bytes_.byte()}, 3, model::DateFormat::iso});
    }
  }
  void pass() {
    constexpr std::array<std::int64_t, 4> kSeconds = {1, 60, 3'601, 400'000};
    const std::int64_t seconds = kSeconds[bytes_.below(kSeconds.size())];
    world_.now = TimestampMs{world_.now.value() + seconds * kMsPerSecond};
  }

  ByteSource bytes_;
  ActWorld world_;
  std::vector<Hash> known_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Program(ByteSource(data, size)).run();
  return 0;
}
