// Lists in pages: ?limit= and ?cursor=. A cursor names the tree it was given for and where the next
// page starts.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "api/handlers/resources.h"

namespace mrv::api {

struct Paging {
  TreeSize size;               // of the cursor's tree; the published one without a cursor
  std::optional<Bytes> start;  // of this page
  std::size_t limit = 0;       // 1 to node::kPageItemsMax
};

// Errors: QUERY_INVALID, FIELD_VALUE_UNKNOWN (no cursor of this ledger), INTEGER_OUT_OF_RANGE.
Result<Paging> paging_of(const QueryParameters& query, TreeSize published);
std::string cursor_text(TreeSize size, const Bytes& next);

// What a row's value says, as it stands in lists and items.
nlohmann::json row_json(ByteView value);
// One row at `key`, with its proof where ?proof=true asks for it.
HttpResponse one_row(const Call& call, const node::Reader& reader, const Bytes& key);

// ranges.cpp: what is found by place, not by order of creation. Each page is of the tree it states.
HttpResponse get_serials(const Call& call, const node::Reader& reader);
HttpResponse get_account(const Call& call, const node::Reader& reader, std::string_view party);
HttpResponse get_annotations(const Call& call, const node::Reader& reader,
                             std::string_view retirement);

}  // namespace mrv::api
