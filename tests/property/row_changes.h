// What each commit did to the rows: every committed row and judged index of the store, in the
// program's names, and which of them differ from what was told before.
#pragma once

#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "ledger/codec/row_key.h"
#include "tests/property/names.h"

namespace mrv::test {

class RowChanges {
 public:
  explicit RowChanges(const Names& names) : names_(names) {}

  // [[tag, key, value or null], …]: the changes since the last call; all rows at the first.
  nlohmann::json since_last(const store::StoreReader& reader) {
    std::map<Bytes, Bytes> now = all(reader);
    nlohmann::json changes = nlohmann::json::array();
    for (const auto& [key, value] : now) {
      const auto before = last_.find(key);
      if (before == last_.end() || before->second != value) changes.push_back(told(key, value));
    }
    for (const auto& [key, value] : last_) {
      if (!now.contains(key)) changes.push_back({key.front(), to_hex(key), nullptr});
    }
    last_ = std::move(now);
    return changes;
  }

  [[nodiscard]] nlohmann::json everything(const store::StoreReader& reader) const {
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& [key, value] : all(reader)) rows.push_back(told(key, value));
    return rows;
  }

 private:
  // Query indexes are nobody's rule.
  static constexpr std::uint8_t kFirstQueryTag = codec::kCreatedTag;

  static std::map<Bytes, Bytes> all(const store::StoreReader& reader) {
    std::map<Bytes, Bytes> found;
    const auto keep = [&found](ByteView key, ByteView value) {
      found[to_bytes(key)] = to_bytes(value);
      return true;
    };
    need(reader.scan_rows({}, Bytes{0xFF}, keep).ok(), "rows");
    need(reader.scan_indexes({}, Bytes{kFirstQueryTag}, keep).ok(), "indexes");
    return found;
  }

  [[nodiscard]] nlohmann::json told(const Bytes& key, const Bytes& value) const {
    const std::uint8_t tag = key.front();
    nlohmann::json content;
    if (tag < model::kFirstIndexTag) {
      content = names_.told(nlohmann::json::parse(value.begin(), value.end()));
    } else {
      content = told_index(tag, ByteView(key).subspan(1), value);
    }
    return {tag, to_hex(key), std::move(content)};
  }

  // The parts of an index's key, and of its value where it has one (row_key.h).
  [[nodiscard]] nlohmann::json told_index(std::uint8_t tag, ByteView key, ByteView value) const {
    const auto id = [this](const char* prefix, ByteView bytes) {
      return names_.told_id(prefix, bytes);
    };
    const ByteView second = key.subspan(std::min(key.size(), model::kIdSize));
    switch (tag) {
      case codec::kActiveRunTag:
        return {id("pty_", key), id("bat_", second), number(value), number(key.last(8))};
      case codec::kOpenProposalTag:
        return {signer(key), id("prp_", key.last(model::kIdSize))};
      case codec::kPendingTransferTag:
        return {signer(key), id("trf_", key.last(model::kIdSize))};
      case codec::kPoolBatchTag:
        return {id("prg_", key), id("bat_", key.last(model::kIdSize))};
      case codec::kProjectBatchTag:
        return {id("prj_", key), id("bat_", key.last(model::kIdSize))};
      case codec::kPartyObligationTag:
        return {id("pty_", key), id("obl_", second)};
      case codec::kBatchObligationTag:
        return {id("bat_", key), id("obl_", second)};
      case codec::kBatchLabelTag:
        return {id("bat_", key), id("lbl_", second)};
      case codec::kCustodianLockTag:
        return {id("pty_", key), id("lck_", second)};
      case codec::kProjectFarTag:
        return {id("prj_", key), id("fnd_", second)};
      default:
        return {to_hex(key), to_hex(value)};
    }
  }

  [[nodiscard]] nlohmann::json signer(ByteView key) const {
    model::KeyBytes bytes;
    std::copy_n(key.begin(), bytes.bytes.size(), bytes.bytes.begin());
    return names_.told(codec::to_text(bytes));
  }

  static std::uint64_t number(ByteView bytes) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8U | byte;
    return value;
  }

  const Names& names_;
  std::map<Bytes, Bytes> last_;
};

}  // namespace mrv::test
