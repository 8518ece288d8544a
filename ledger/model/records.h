// Records that move no unit: evidence deposits and foreign history (domain.md 9, 10).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/model/parties.h"

namespace mrv::model {

// All but the first came with rules version 5.
MRV_ENUM(SerialGrammar, 7, acr_car_art, verra_vcu, gold_standard, cercarbono, puro, isometric,
         cdm_cer)
MRV_ENUM(DateFormat, 2, iso, us_short)
MRV_ENUM(ForeignEvent, 4, issued, retired, cancelled, issued_total)

struct DepositDigest {
  Hash sha256{};
  std::optional<Hash> sm3;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("sha256", t.sha256, None{});
    v.field("sm3", t.sm3, None{});
  }
};

struct DepositEvidence {
  static constexpr std::string_view kType = "DepositEvidence";
  std::vector<DepositDigest> digests;
  std::string category;
  std::string title;
  std::optional<std::string> related;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("digests", t.digests, Count{1, kEvidenceMax});
    v.field("category", t.category, Text{1, 64});
    v.field("title", t.title, Text{1, kNameBytesMax});
    v.field("related", t.related, Text{1, 128});
  }
};

struct OpenImport {
  static constexpr std::string_view kType = "OpenImport";
  std::string registry;
  SerialGrammar grammar = SerialGrammar::acr_car_art;
  Hash file_digest{};
  std::int64_t row_count = 0;
  DateFormat date_format = DateFormat::iso;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("registry", t.registry, Code{1, 12});
    v.field("grammar", t.grammar, None{});
    v.field("fileDigest", t.file_digest, None{});
    v.field("rowCount", t.row_count, Range{1, 10'000'000});
    v.field("dateFormat", t.date_format, None{});
  }
};

// One row of the foreign file. `serial` is verbatim; absent exactly for issued-total rows. Texts
// that may name natural persons are salted commitments (the text stays in the file).
struct ImportRow {
  std::int64_t row = 0;  // 1-based data row of the file
  std::optional<std::string> serial;
  Units quantity = 0;
  ForeignEvent event = ForeignEvent::retired;
  std::string date;
  std::string project;
  std::string vintage;
  std::optional<Hash> holder;
  std::optional<Hash> beneficiary;
  std::optional<Hash> reason;
  Hash row_digest{};
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("row", t.row, Range{1, 10'000'000});
    v.field("serial", t.serial, Text{1, kNameBytesMax});
    v.field("quantity", t.quantity, Range{1, kUnitsMax});
    v.field("event", t.event, None{});
    v.field("date", t.date, Text{1, 32});
    v.field("project", t.project, Text{1, 64});
    v.field("vintage", t.vintage, Text{1, 16});
    v.field("holder", t.holder, NoBlob{});
    v.field("beneficiary", t.beneficiary, NoBlob{});
    v.field("reason", t.reason, NoBlob{});
    v.field("rowDigest", t.row_digest, NoBlob{});
  }
};

struct ImportSerials {
  static constexpr std::string_view kType = "ImportSerials";
  ImportId import;
  std::vector<ImportRow> rows;
  template <class V, class T>
  static void describe(V& v, T& t) {
    v.field("import", t.import, None{});
    v.field("rows", t.rows, Count{1, kImportRowsMax});
  }
};

}  // namespace mrv::model
