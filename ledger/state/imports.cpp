// OpenImport and ImportSerials (domain.md 10): foreign history as records that never become
// holdings.
#include <algorithm>
#include <cassert>

#include "ledger/codec/foreign_day.h"
#include "ledger/codec/foreign_serial.h"
#include "ledger/state/authority.h"
#include "ledger/state/rules.h"

namespace mrv::state {
namespace {

using model::ForeignEvent;
using model::ForeignSerialRow;
using model::ForeignTotalsRow;
using model::ImportRow;
using model::ImportStateRow;
using model::Outcome;

std::string row_pointer(std::size_t position, const char* member = nullptr) {
  std::string pointer = "/credentialSubject/rows/" + std::to_string(position);
  return member == nullptr ? pointer : pointer + "/" + member;
}

bool is_taken(const ImportStateRow& import, std::int64_t row) {
  const auto& taken = import.rows_taken;
  const auto after =
      std::upper_bound(taken.begin(), taken.end(), row,
                       [](std::int64_t value, const auto& run) { return value < run.first; });
  return after != taken.begin() && std::prev(after)->last >= row;
}

// Keeps the runs maximal, so that they do not depend on the order of chunks.
void take(ImportStateRow& import, std::int64_t row) {
  auto& taken = import.rows_taken;
  auto after =
      std::upper_bound(taken.begin(), taken.end(), row,
                       [](std::int64_t value, const auto& run) { return value < run.first; });
  const bool joins_below = after != taken.begin() && std::prev(after)->last == row - 1;
  const bool joins_above = after != taken.end() && after->first == row + 1;
  if (joins_below && joins_above) {
    std::prev(after)->last = after->last;
    taken.erase(after);
  } else if (joins_below) {
    std::prev(after)->last = row;
  } else if (joins_above) {
    after->first = row;
  } else {
    taken.insert(after, {row, row});
  }
}

std::string named(const ForeignSerialRow& earlier) {
  return "entry " + std::to_string(earlier.entry.value()) + ", row " + std::to_string(earlier.row);
}

bool is_terminal(ForeignEvent event) {
  return event == ForeignEvent::retired || event == ForeignEvent::cancelled;
}

// Earlier ranges of one layer and prefix never overlap one another, so those that meet [first,
// last] are the one that starts at or below `first` and those that start inside.
std::vector<ForeignSerialRow> rows_meeting(Context& context, const ImportStateRow& import,
                                           const codec::ForeignSerial& serial, bool terminal) {
  std::vector<ForeignSerialRow> found;
  const auto key = [&](Serial at) {
    return codec::foreign_serial_key(import.registry, serial.prefix, terminal, at);
  };
  const auto keep = [&](ByteView value) {
    auto row = context.decoded<ForeignSerialRow>(value);
    if (row) found.push_back(*std::move(row));
  };
  const auto below = context.overlay().last_before(key(0), key(serial.first + 1));
  if (below) keep(below->second);
  if (!found.empty()) {
    const auto last = codec::parse_serial_number(found.front().last);
    assert(last.ok());
    if (*last < serial.first) found.clear();
  }
  context.overlay().scan(key(serial.first + 1), key(serial.last + 1),
                         [&](ByteView, ByteView value) {
                           keep(value);
                           return true;
                         });
  return found;
}

Check check_overlap(Context& context, const ImportStateRow& import,
                    const codec::ForeignSerial& serial, bool terminal, const std::string& pointer) {
  const auto meeting = rows_meeting(context, import, serial, terminal);
  if (meeting.empty()) return std::nullopt;
  const auto earliest = std::min_element(
      meeting.begin(), meeting.end(), [](const ForeignSerialRow& a, const ForeignSerialRow& b) {
        return std::pair(a.entry, a.row) < std::pair(b.entry, b.row);
      });
  if (terminal && meeting.size() == 1) {
    const auto first = codec::parse_serial_number(meeting[0].first);
    const auto last = codec::parse_serial_number(meeting[0].last);
    assert(first.ok() && last.ok());
    if (*first <= serial.first && serial.last <= *last) {
      return refuse(Outcome::SERIAL_ALREADY_TERMINAL, pointer, named(*earliest));
    }
  }
  return refuse(Outcome::SERIAL_OVERLAP, pointer, named(*earliest));
}

ForeignTotalsRow totals_of(Context& context, const ImportStateRow& import, const ImportRow& row) {
  const Bytes key = codec::foreign_totals_key(import.registry, row.project, row.vintage);
  auto totals = context.read<ForeignTotalsRow>(key);
  if (!totals) totals = ForeignTotalsRow{import.registry, row.project, row.vintage, {}, 0};
  return *std::move(totals);
}

void write_totals(Context& context, const ForeignTotalsRow& totals) {
  context.write(codec::foreign_totals_key(totals.registry, totals.project, totals.vintage), totals);
}

// A row number counts once. Asked last: a row sent again is first of all a serial that is there
// already.
Check check_untaken(const ImportStateRow& import, const ImportRow& row, std::size_t position) {
  if (!is_taken(import, row.row)) return std::nullopt;
  return refuse(Outcome::ROW_REPEATED, row_pointer(position, "row"));
}

Check import_total(Context& context, const ImportStateRow& import, const ImportRow& row,
                   model::Day day, std::size_t position) {
  const std::string pointer = row_pointer(position);
  auto totals = totals_of(context, import, row);
  for (const auto& earlier : totals.totals) {
    if (earlier.date == day && earlier.quantity == row.quantity) {
      return refuse(Outcome::TOTAL_REPEATED, pointer,
                    "entry " + std::to_string(earlier.entry.value()) + ", row " +
                        std::to_string(earlier.row));
    }
  }
  if (auto check = check_untaken(import, row, position)) return check;
  if (totals.totals.size() >= kForeignTotalsMax) {
    return refuse(Outcome::LIST_TOO_LONG, pointer, "too many totals of one project and vintage");
  }
  totals.totals.push_back({day, row.quantity, context.index(), row.row});
  write_totals(context, totals);
  return std::nullopt;
}

// Terminal units of a (project, vintage) stay within its issued totals, where any are known.
Check check_issued_total(const ForeignTotalsRow& totals, Units terminal,
                         const std::string& pointer) {
  if (totals.totals.empty()) return std::nullopt;
  Units issued = 0;
  for (const auto& total : totals.totals) {
    const auto sum = checked_add(issued, total.quantity);
    if (!sum) return refuse(Outcome::AMOUNT_OVERFLOW, pointer);
    issued = *sum;
  }
  if (terminal <= issued) return std::nullopt;
  return refuse(Outcome::ISSUED_TOTAL_EXCEEDED, pointer,
                std::to_string(terminal) + " terminal of " + std::to_string(issued) + " issued");
}

Check import_range(Context& context, const ImportStateRow& import, const ImportRow& row,
                   std::size_t position) {
  const std::string pointer = row_pointer(position, "serial");
  const auto serial = codec::parse_foreign_serial(import.grammar, *row.serial);
  if (!serial.ok()) {
    return refuse(Outcome::SERIAL_UNPARSABLE, pointer, serial.error().detail);
  }
  const bool length_fits = serial->last >= serial->first &&
                           serial->last - serial->first + 1 == static_cast<Serial>(row.quantity);
  if (!length_fits) {
    return refuse(Outcome::RANGE_QUANTITY_MISMATCH, row_pointer(position, "quantity"));
  }
  const bool terminal = is_terminal(row.event);
  if (auto check = check_overlap(context, import, *serial, terminal, pointer)) return check;
  std::optional<ForeignTotalsRow> totals;
  if (terminal) {
    totals = totals_of(context, import, row);
    const auto sum = checked_add(totals->terminal, row.quantity);
    if (!sum || *sum > kUnitsMax) return refuse(Outcome::AMOUNT_OVERFLOW, pointer);
    if (auto check = check_issued_total(*totals, *sum, row_pointer(position, "quantity"))) {
      return check;
    }
    totals->terminal = *sum;
  }
  if (auto check = check_untaken(import, row, position)) return check;
  if (totals) write_totals(context, *totals);
  ForeignSerialRow record;
  record.registry = import.registry;
  record.prefix = serial->prefix;
  record.first = codec::serial_number_text(serial->first);
  record.last = codec::serial_number_text(serial->last);
  record.terminal = terminal;
  record.event = row.event;
  record.import = import.id;
  record.entry = context.index();
  record.row = row.row;
  record.project = row.project;
  record.vintage = row.vintage;
  context.write(codec::foreign_serial_key(import.registry, serial->prefix, terminal, serial->first),
                record);
  return std::nullopt;
}

Check import_row(Context& context, ImportStateRow& import, const ImportRow& row,
                 std::size_t position) {
  if (row.row > import.row_count) {
    return refuse(Outcome::ROW_OUTSIDE_FILE, row_pointer(position, "row"));
  }
  const auto day = codec::parse_foreign_day(import.date_format, row.date);
  if (!day.ok()) {
    return refuse(Outcome::ROW_DATE_INVALID, row_pointer(position, "date"), day.error().detail);
  }
  const bool is_total = row.event == ForeignEvent::issued_total;
  if (is_total == row.serial.has_value()) {
    return refuse(Outcome::ROW_FORM_INVALID, row_pointer(position));
  }
  auto check = is_total ? import_total(context, import, row, *day, position)
                        : import_range(context, import, row, position);
  if (check) return check;
  take(import, row.row);
  import.accepted += 1;
  return std::nullopt;
}

}  // namespace

Check rule(Context& context, const model::OpenImport& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::registry}, acting)) {
    return check;
  }
  const auto ledger = context.ledger();
  const auto& listed = ledger->foreign_registries;
  const bool known = std::find(listed.begin(), listed.end(), act.registry) != listed.end();
  if (!known || act.registry == ledger->registry_code) {
    return refuse(Outcome::FOREIGN_REGISTRY_UNKNOWN, "/credentialSubject/registry");
  }
  const Bytes file_key = codec::import_file_key(act.file_digest);
  const auto opened = context.read<model::ImportFileRow>(file_key);
  if (opened) {
    return refuse(Outcome::IMPORT_REPEATED, "/credentialSubject/fileDigest",
                  "it is " + opened->import.text());
  }
  ImportStateRow row;
  row.id = model::ImportId::of(context.act().digest);
  row.entry = context.index();
  row.registry = act.registry;
  row.grammar = act.grammar;
  row.file_digest = act.file_digest;
  row.row_count = act.row_count;
  row.date_format = act.date_format;
  context.create(codec::import_key(row.id), row);
  context.write(file_key, model::ImportFileRow{act.file_digest, row.id});
  return std::nullopt;
}

Check rule(Context& context, const model::ImportSerials& act) {
  ActingParty acting;
  if (auto check =
          require_party(context, model::KeyPurpose::initiate, {model::Role::registry}, acting)) {
    return check;
  }
  auto import = context.read<ImportStateRow>(codec::import_key(act.import));
  if (!import) return refuse(Outcome::IMPORT_UNKNOWN, "/credentialSubject/import");
  std::size_t passed = 0;
  for (std::size_t i = 0; i < act.rows.size(); ++i) {
    auto check = import_row(context, *import, act.rows[i], i);
    if (check) {
      context.add_row_refusal({act.rows[i].row, *std::move(check)});
    } else {
      ++passed;
    }
  }
  if (passed == 0) return refuse(Outcome::IMPORT_ALL_REFUSED, "/credentialSubject/rows");
  context.write(codec::import_key(import->id), *import);
  return std::nullopt;
}

}  // namespace mrv::state
