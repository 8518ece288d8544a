// No bytes of a certificate file crash the verifier, and none make it accept another claim than the
// one that was signed.
// fuzz-links: mrv_verifier
// fuzz-mutations: 150
#include "tests/fuzz/golden_certificate.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mrv::fuzz::judge_certificate({reinterpret_cast<const char*>(data), size});
  return 0;
}
