// The ledger over HTTP: which path is answered by which handler.
#pragma once

#include <atomic>

#include "api/handlers/totals.h"
#include "api/handlers/upload_quota.h"
#include "api/http/server.h"
#include "ledger/node/node.h"

namespace mrv::api {

// Body of POST /v1/acts: the raw document, white space included (formats.md 1).
inline constexpr std::size_t kActBodyBytesMax = 256UL * 1024;

class Service final : public HttpHandler {
 public:
  // `node` must outlive the service, and the service every upload into it.
  explicit Service(node::Node& node, UploadLimits uploads = {},
                   UploadQuota::Clock clock = std::chrono::steady_clock::now)
      : node_(node), quota_(uploads, std::move(clock)) {}

  BodyPlan plan(const HttpRequest& head) override;
  void handle(HttpRequest request, std::shared_ptr<BodySink> sink, Respond respond) override;

 private:
  BodyPlan plan_blob(const HttpRequest& head);
  void post_act(const HttpRequest& request, Respond respond);
  HttpResponse put_blob(const HttpRequest& request, BodySink* sink);
  HttpResponse get(const HttpRequest& request);
  HttpResponse metrics() const;

  node::Node& node_;
  UploadQuota quota_;
  TotalsCache totals_;
  std::atomic<std::uint64_t> acts_recorded_ = 0;
  std::atomic<std::uint64_t> acts_refused_ = 0;
  std::atomic<std::uint64_t> acts_failed_ = 0;
  std::atomic<std::uint64_t> requests_ = 0;
};

}  // namespace mrv::api
