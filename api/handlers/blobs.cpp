// Blobs by digest: immutable, served so that no browser runs them.
#include "api/handlers/resources.h"

namespace mrv::api {
namespace {

class BlobSource final : public BodySource {
 public:
  explicit BlobSource(std::unique_ptr<node::BlobStore::File> file) : file_(std::move(file)) {}
  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
  bool read(std::uint64_t offset, std::span<char> into) override {
    return file_->read(offset, into).ok();
  }

 private:
  std::unique_ptr<node::BlobStore::File> file_;
};

}  // namespace

HttpResponse get_blob(const Call& call) {
  const auto digest = call.path.size() == 1 ? hash_from_hex(call.path[0])
                                            : Result<Hash>(Error{"HEX_INVALID", {}, {}});
  if (!digest.ok()) return not_found(call.language);
  if (call.node.blobs().is_removed(*digest)) {
    return problem(model::Refusal{model::Outcome::BLOB_REMOVED, {}, {}}, call.language);
  }
  auto file = call.node.blobs().open(*digest);
  if (!file.ok()) return problem(file.error(), call.language);
  if (!*file) return not_found(call.language);
  HttpResponse response;
  response.headers = {{"content-type", "application/octet-stream"},
                      {"content-disposition", "attachment"},
                      {"x-content-type-options", "nosniff"},
                      {"content-security-policy", "sandbox"},
                      {"cache-control", "public, max-age=604800, immutable"},
                      {"access-control-allow-origin", "*"}};
  response.source = std::make_shared<BlobSource>(*std::move(file));
  return response;
}

}  // namespace mrv::api
