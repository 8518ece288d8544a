// The answers behind each path: plain functions from a request and a published tree to a response.
#pragma once

#include "api/handlers/problem.h"
#include "api/handlers/totals.h"
#include "api/http/query.h"
#include "ledger/node/node.h"

namespace mrv::api {

// What every read works with. The reader is absent before the first act.
struct Call {
  node::Node& node;
  const HttpRequest& request;
  std::vector<std::string> path;  // segments after the resource's own name
  Language language;
};

HttpResponse json_response(int status, const std::string& body);
// The request's parameters. Errors: QUERY_INVALID.
Result<QueryParameters> query_of(const Call& call);

// log.cpp
HttpResponse get_checkpoint(const Call& call);
HttpResponse get_tile(const Call& call);
HttpResponse get_entry(const Call& call);  // entries/{n} and entries/{n}/proof
HttpResponse get_consistency(const Call& call);
HttpResponse get_checkpoints(const Call& call);
// acts.cpp
HttpResponse answer_act(node::Node& node, const node::Answer& answer, std::string_view type,
                        Language language);
HttpResponse get_act(const Call& call);
// objects.cpp: a list and its items
HttpResponse get_objects(const Call& call, std::string_view kind);
bool is_object_kind(std::string_view kind);
HttpResponse get_ledger(const Call& call);  // seats, threshold, delays, rules in force
// blobs.cpp
HttpResponse get_blob(const Call& call);
// certificate.cpp
HttpResponse get_certificate(const Call& call, std::string_view retirement);
// page.cpp
HttpResponse get_page(const Call& call, TotalsCache& cache);

}  // namespace mrv::api
