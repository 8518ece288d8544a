// The ledger over HTTP: which path is answered by which handler.
#pragma once

#include <atomic>

#include "api/handlers/totals.h"
#include "api/http/server.h"
#include "ledger/node/node.h"

namespace mrv::api {

// Body of POST /v1/acts: the raw document, white space included (formats.md 1).
inline constexpr std::size_t kActBodyBytesMax = 256UL * 1024;

class Service final : public HttpHandler {
 public:
  // `node` must outlive the service.
  explicit Service(node::Node& node) : node_(node) {}

  BodyPlan plan(const HttpRequest& head) override;
  void handle(HttpRequest request, std::shared_ptr<BodySink> sink, Respond respond) override;

 private:
  void post_act(const HttpRequest& request, Respond respond);
  HttpResponse put_blob(const HttpRequest& request, BodySink* sink);
  HttpResponse get(const HttpRequest& request);
  HttpResponse metrics() const;

  node::Node& node_;
  TotalsCache totals_;
  std::atomic<std::uint64_t> acts_recorded_ = 0;
  std::atomic<std::uint64_t> acts_refused_ = 0;
  std::atomic<std::uint64_t> acts_failed_ = 0;
  std::atomic<std::uint64_t> requests_ = 0;
};

}  // namespace mrv::api
