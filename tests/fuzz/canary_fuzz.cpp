// A planted fault behind four bytes of text. A fuzzing set-up that does not find it within a minute
// is broken: no coverage, no sanitizer, or no mutation. Built only with MRV_FUZZ.
// fuzz-links: mrv_crypto
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (size >= 4 && text[0] == 's' && text[1] == 'o' && text[2] == 'o' && text[3] == 't') {
    __builtin_trap();
  }
  return 0;
}
