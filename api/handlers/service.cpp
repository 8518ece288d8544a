// Routing, and the three handlers that have more than a reader to work with.
#include "api/handlers/service.h"

#include "api/handlers/resources.h"
#include "ledger/codec/act_codec.h"

namespace mrv::api {
namespace {

Language language_for(const HttpRequest& request) {
  return language_of(request.header("accept-language"));
}

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    path.remove_prefix(1);  // '/'
    const auto end = path.find('/');
    parts.emplace_back(path.substr(0, end));
    path = end == std::string_view::npos ? std::string_view() : path.substr(end);
  }
  return parts;
}

std::optional<Hash> blob_digest(std::string_view path) {
  constexpr std::string_view kPrefix = "/blob/";
  if (!path.starts_with(kPrefix)) return std::nullopt;
  auto digest = hash_from_hex(path.substr(kPrefix.size()));
  if (!digest.ok()) return std::nullopt;
  return *digest;
}

HttpResponse quota_exceeded(std::chrono::seconds wait, Language language) {
  HttpResponse response =
      problem(model::Refusal{model::Outcome::BLOB_QUOTA_EXCEEDED, {}, {}}, language);
  response.headers.emplace_back("retry-after", std::to_string(wait.count()));
  return response;
}

// Counts before it stores: a piece beyond the quota leaves nothing behind.
class BlobSink final : public BodySink {
 public:
  BlobSink(std::unique_ptr<node::BlobStore::Writer> writer, UploadQuota& quota, std::string client,
           Language language)
      : writer_(std::move(writer)),
        quota_(quota),
        client_(std::move(client)),
        language_(language) {}
  Status write(ByteView bytes) override {
    const auto wait = quota_.take(client_, bytes.size());
    if (!wait) return writer_->write(bytes);
    writer_.reset();
    refusal_ = quota_exceeded(*wait, language_);
    return Error{"BLOB_QUOTA_EXCEEDED", {}, {}};
  }
  std::optional<HttpResponse> refusal() override { return std::move(refusal_); }
  Status finish() { return writer_->finish(); }

 private:
  std::unique_ptr<node::BlobStore::Writer> writer_;  // null after a refusal
  UploadQuota& quota_;
  const std::string client_;
  const Language language_;
  std::optional<HttpResponse> refusal_;
};

HttpResponse wrong_method(const HttpRequest& request, const char* allowed) {
  HttpResponse response = problem(
      model::Refusal{model::Outcome::METHOD_NOT_ALLOWED, {}, std::string("Allow: ") + allowed},
      language_for(request));
  response.headers.emplace_back("allow", allowed);
  return response;
}

HttpResponse plain(int status, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers = {{"content-type", "text/plain; charset=utf-8"}, {"cache-control", "no-store"}};
  response.body = std::move(body);
  return response;
}

}  // namespace

BodyPlan Service::plan(const HttpRequest& head) {
  if (head.method == "POST" && head.path == "/v1/acts") return {kActBodyBytesMax, nullptr, {}};
  if (head.method == "PUT") return plan_blob(head);
  return {};
}

BodyPlan Service::plan_blob(const HttpRequest& head) {
  const Language language = language_for(head);
  const auto digest = blob_digest(head.path);
  if (!digest) return {0, nullptr, not_found(language)};
  if (auto room = node_.room(); !room.ok()) {
    return {0, nullptr, problem(room.error(), language)};
  }
  std::string client = client_of(head.remote);
  if (const auto wait = quota_.take(client, 0)) {
    return {0, nullptr, quota_exceeded(*wait, language)};
  }
  auto writer = node_.blobs().begin(*digest);
  if (!writer.ok()) return {0, nullptr, problem(writer.error(), language)};
  auto sink = std::make_shared<BlobSink>(*std::move(writer), quota_, std::move(client), language);
  return {kBlobBytesMax, std::move(sink), {}};
}

void Service::handle(HttpRequest request, std::shared_ptr<BodySink> sink, Respond respond) {
  ++requests_;
  if (request.path == "/v1/acts") {
    if (request.method == "POST") return post_act(request, std::move(respond));
    return respond(wrong_method(request, "POST"));
  }
  if (request.method == "PUT" && sink) return respond(put_blob(request, sink.get()));
  if (request.method != "GET" && request.method != "HEAD") {
    return respond(wrong_method(request, "GET, HEAD"));
  }
  respond(get(request));
}

// Answered when the act is in a published tree, or refused.
void Service::post_act(const HttpRequest& request, Respond respond) {
  const Language language = language_for(request);
  node_.submit(request.body, [this, language, respond = std::move(respond)](
                                 const std::string& type, const node::Answer& answer) {
    if (std::holds_alternative<node::Recorded>(answer)) ++acts_recorded_;
    if (std::holds_alternative<node::Refused>(answer)) ++acts_refused_;
    if (std::holds_alternative<node::Failed>(answer)) ++acts_failed_;
    respond(answer_act(node_, answer, type, language));
  });
}

HttpResponse Service::put_blob(const HttpRequest& request, BodySink* sink) {
  auto& blob = static_cast<BlobSink&>(*sink);
  if (auto status = blob.finish(); !status.ok()) {
    return problem(status.error(), language_for(request));
  }
  HttpResponse response = plain(201, "");
  response.headers.emplace_back("location", request.path);
  return response;
}

HttpResponse Service::get(const HttpRequest& request) {
  const Language language = language_for(request);
  Call call{node_, request, segments(request.path), language};
  const auto take = [&call] {
    if (call.path.empty()) return std::string();
    std::string first = std::move(call.path.front());
    call.path.erase(call.path.begin());
    return first;
  };
  const std::string first = take();
  if (first.empty() && call.path.empty()) return get_page(call, totals_);
  if (first == "checkpoint" && call.path.empty()) return get_checkpoint(call);
  if (first == "tile") return get_tile(call);
  if (first == "blob") return get_blob(call);
  if (first == "livez") return plain(200, "live\n");
  if (first == "metrics") return metrics();
  if (first == "readyz") {
    const auto why = node_.not_ready();
    if (!why) return plain(200, "ready\n");
    return plain(503, std::string(why->name) + ": " + why->detail + "\n");
  }
  if (first != "v1") return not_found(language);
  const std::string kind = take();
  if (kind == "entries") return get_entry(call);
  if (kind == "acts") return get_act(call);
  if (kind == "consistency") return get_consistency(call);
  if (kind == "checkpoints") return get_checkpoints(call);
  if (kind == "ledger" && call.path.empty()) return get_ledger(call);
  if (is_object_kind(kind)) return get_objects(call, kind);
  return not_found(language);
}

HttpResponse Service::metrics() const {
  const auto reader = node_.reader();
  const auto counter = [](const char* name, const char* help, std::uint64_t value) {
    return std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " counter\n" + name +
           " " + std::to_string(value) + "\n";
  };
  const auto gauge = [](const char* name, const char* help, std::uint64_t value) {
    return std::string("# HELP ") + name + " " + help + "\n# TYPE " + name + " gauge\n" + name +
           " " + std::to_string(value) + "\n";
  };
  std::string body;
  body += counter("mrv_requests_total", "HTTP requests handled", requests_);
  body += counter("mrv_acts_recorded_total", "acts recorded", acts_recorded_);
  body += counter("mrv_acts_refused_total", "acts refused by a rule", acts_refused_);
  body += counter("mrv_acts_failed_total", "acts without a verdict", acts_failed_);
  body += gauge("mrv_acts_waiting", "acts in the orderer's queue", node_.waiting());
  body += gauge("mrv_tree_size", "entries of the published tree",
                reader ? reader->published().size.value() : 0);
  body += gauge("mrv_state_rows", "rows of the published state",
                reader ? reader->published().map_keys : 0);
  body += gauge("mrv_ready", "1 while acts are taken", node_.not_ready() ? 0 : 1);
  return plain(200, std::move(body));
}

}  // namespace mrv::api
