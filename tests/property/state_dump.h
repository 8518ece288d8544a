// The state of units as JSON in the program's names: every serial run, holding, transfer,
// retirement, party and key, and the index of active runs that the rules read beside them.
#pragma once

#include <nlohmann/json.hpp>

#include "ledger/node/store_view.h"
#include "tests/property/names.h"

namespace mrv::test {

class StateDump {
 public:
  StateDump(const store::StoreReader& reader, const Names& names) : view_(reader), names_(names) {}

  nlohmann::json write() {
    nlohmann::json dump;
    dump["runs"] = rows<model::SerialRow>([this](const auto& row) {
      return nlohmann::json{name(row.batch),
                            row.first,
                            row.last,
                            model::name_of(row.state),
                            row.holder ? name(*row.holder) : "",
                            row.reference ? names_.of(*row.reference) : ""};
    });
    dump["holdings"] = rows<model::HoldingRow>([this](const auto& row) {
      return nlohmann::json{name(row.holder), name(row.batch), row.active,
                            row.pending,      row.locked,      row.retired};
    });
    dump["batches"] = rows<model::BatchRow>([this](const auto& row) {
      return nlohmann::json{name(row.id), name(row.developer), row.quantity, row.buffer};
    });
    dump["pools"] = rows<model::PoolRow>(
        [this](const auto& row) { return nlohmann::json{name(row.programme), row.units}; });
    dump["transfers"] = rows<model::TransferRow>([this](const auto& row) {
      return nlohmann::json{name(row.id), name(row.from), name(row.to), model::name_of(row.state),
                            ranges(row.serials)};
    });
    dump["retirements"] = rows<model::RetirementRow>([this](const auto& row) {
      return nlohmann::json{name(row.id), name(row.holder), row.quantity, ranges(row.serials)};
    });
    dump["proposals"] = rows<model::ProposalRow>([this](const auto& row) {
      return nlohmann::json{name(row.id), model::name_of(row.state), row.approvals.size()};
    });
    write_parties(dump);
    dump["activeRuns"] = active_runs();
    need(!view_.failure(), "reading the state");
    return dump;
  }

 private:
  template <class Id>
  [[nodiscard]] std::string name(const Id& id) const {
    return names_.of(id.text());
  }

  template <class Row, class Write>
  nlohmann::json rows(const Write& write) {
    nlohmann::json list = nlohmann::json::array();
    view_.scan(Bytes{Row::kTag}, Bytes{Row::kTag + 1}, [&](ByteView, ByteView value) {
      const auto row = codec::decode_row<Row>(value);
      need(row.ok(), "a row that decodes");
      list.push_back(write(*row));
      return true;
    });
    return list;
  }

  nlohmann::json ranges(const std::vector<model::SerialRange>& serials) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& range : serials) list.push_back({name(range.batch), range.first, range.last});
    return list;
  }

  void write_parties(nlohmann::json& dump) {
    dump["parties"] = rows<model::PartyRow>([this](const auto& row) {
      const auto& standing = row.standings.back();
      nlohmann::json roles = nlohmann::json::array();
      for (const auto role : standing.roles) roles.push_back(model::name_of(role));
      return nlohmann::json{name(row.id), model::name_of(standing.status), roles};
    });
    dump["keys"] = rows<model::KeyRow>([this](const auto& row) {
      nlohmann::json purposes = nlohmann::json::array();
      for (const auto purpose : row.purposes) purposes.push_back(model::name_of(purpose));
      return nlohmann::json{names_.of(codec::to_text(row.key)), name(row.party), purposes,
                            row.bound.until.has_value()};
    });
  }

  // tag ‖ holder ‖ batch ‖ last serial -> first serial (schemas/spec/rules.md).
  nlohmann::json active_runs() {
    nlohmann::json list = nlohmann::json::array();
    const auto number = [](ByteView bytes) {
      std::uint64_t value = 0;
      for (const std::uint8_t byte : bytes) value = value << 8U | byte;
      return value;
    };
    view_.scan(Bytes{codec::kActiveRunTag}, Bytes{codec::kActiveRunTag + 1},
               [&](ByteView key, ByteView value) {
                 model::PartyId holder;
                 model::BatchId batch;
                 std::copy_n(key.begin() + 1, model::kIdSize, holder.bytes.begin());
                 std::copy_n(key.begin() + 1 + model::kIdSize, model::kIdSize, batch.bytes.begin());
                 list.push_back(
                     {name(holder), name(batch), number(value), number(key.last(sizeof(Units)))});
                 return true;
               });
    return list;
  }

  node::StoreView view_;
  const Names& names_;
};

}  // namespace mrv::test
