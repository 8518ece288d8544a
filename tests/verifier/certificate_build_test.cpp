// Certificates are built from one tree while the log goes on.
#include <algorithm>
#include <atomic>
#include <thread>

#include "tests/verifier/certificate_fixture.h"

using namespace mrv;

namespace {

std::string built(const node::Reader& reader, const test::CertificateFixture& f) {
  const auto certificate = node::build_certificate(reader, f.retirement, f.policy_text);
  return certificate.ok() ? *codec::encode_certificate(*certificate)
                          : std::string(certificate.error().name);
}

// As the service does it: a tree that was overtaken before the building began is left for a newer.
std::string built_from_newest(test::CertificateFixture& f) {
  std::string text = "STALE";
  for (int attempt = 0; attempt < 8 && text == "STALE"; ++attempt) {
    text = built(*f.world.node().reader(), f);
  }
  return text;
}

}  // namespace

TEST_CASE("a held tree gives the same certificate whatever is published meanwhile") {
  test::CertificateFixture f;
  const auto reader = f.world.node().reader();
  const std::string before = built(*reader, f);
  {
    const auto hold = reader->hold();
    REQUIRE(hold.ok());
    for (int i = 0; i < 3; ++i) f.flow.transfer("developer", "buyer", 10);
    CHECK(built(*reader, f) == before);
    CHECK(f.reason(before, {}).empty());
    CHECK(built(*f.world.node().reader(), f) != before);
  }
  // The next publication lets go of what led back to it.
  f.flow.transfer("developer", "buyer", 10);
  f.flow.transfer("developer", "buyer", 10);
  CHECK(!reader->hold().ok());
  CHECK(built(*reader, f) == "STALE");
  CHECK(f.reason(built_from_newest(f), {}).empty());
}

TEST_CASE("certificates are built under a writer that never pauses") {
  test::CertificateFixture f;
  std::atomic<bool> writing = true;
  std::thread writer([&] {
    for (int i = 0; i < 40; ++i) f.flow.transfer("developer", "buyer", 1);
    writing = false;
  });
  std::vector<std::string> texts;
  do {
    texts.push_back(built_from_newest(f));
  } while (writing);
  writer.join();
  const auto refused = std::find(texts.begin(), texts.end(), "STALE");
  CHECK(refused == texts.end());
  for (std::size_t i = 0; i < texts.size(); i += 1 + texts.size() / 10) {
    CAPTURE(i);
    CHECK(f.reason(texts[i], {}).empty());
  }
}
