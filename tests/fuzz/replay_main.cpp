// Runs a fuzz target without libFuzzer: `fuzz_<name> [-mutations=N] <file or folder>...` feeds it
// the empty input, each file (folders in name order), and N mutations of each. The mutations come
// from a fixed generator, so two runs feed the same bytes in the same order. A target reports a
// fault by ending the process.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

constexpr unsigned kMutationsDefault = 2'000;

// splitmix64: small, and the same on every platform.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  // Precondition: bound > 0.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }

 private:
  std::uint64_t state_;
};

std::ptrdiff_t signed_offset(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

void flip_bit(Input& input, Generator& random) {
  if (input.empty()) return;
  input[random.below(input.size())] ^= static_cast<std::uint8_t>(1U << random.below(8));
}

// Bytes at which text and binary decoders change their mind.
void set_byte(Input& input, Generator& random) {
  using namespace std::string_view_literals;
  constexpr std::string_view kBytes = "\x00\x7F\x80\xFF\xC0\xED\xF4\"\\{}[],:0-eE.\n z"sv;
  if (input.empty()) return;
  const char byte = kBytes[random.below(kBytes.size())];
  input[random.below(input.size())] = static_cast<std::uint8_t>(byte);
}

void insert_byte(Input& input, Generator& random) {
  const auto at = input.begin() + signed_offset(random.below(input.size() + 1));
  input.insert(at, static_cast<std::uint8_t>(random.next()));
}

void remove_range(Input& input, Generator& random) {
  if (input.empty()) return;
  const std::size_t from = random.below(input.size());
  const std::size_t count = 1 + random.below(std::min<std::size_t>(16, input.size() - from));
  const auto first = input.begin() + signed_offset(from);
  input.erase(first, first + signed_offset(count));
}

void repeat_range(Input& input, Generator& random) {
  if (input.empty()) return;
  const std::size_t from = random.below(input.size());
  const std::size_t count = 1 + random.below(std::min<std::size_t>(64, input.size() - from));
  const auto first = input.begin() + signed_offset(from);
  const Input piece(first, first + signed_offset(count));
  input.insert(input.begin() + signed_offset(random.below(input.size())), piece.begin(),
               piece.end());
}

void cut_tail(Input& input, Generator& random) {
  if (!input.empty()) input.resize(random.below(input.size()));
}

Input mutate(Input input, Generator& random) {
  constexpr std::array kSteps = {flip_bit,     set_byte,     insert_byte,
                                 remove_range, repeat_range, cut_tail};
  const std::size_t rounds = 1 + random.below(4);
  for (std::size_t i = 0; i < rounds; ++i) {
    kSteps[random.below(kSteps.size())](input, random);
  }
  return input;
}

void feed(const Input& input) {
  // libFuzzer never passes a null pointer, not even for the empty input.
  static const std::uint8_t kNothing = 0;
  LLVMFuzzerTestOneInput(input.empty() ? &kNothing : input.data(), input.size());
}

void feed_with_mutations(const Input& input, std::uint64_t seed, unsigned mutations) {
  feed(input);
  Generator random(seed);
  for (unsigned n = 0; n < mutations; ++n) feed(mutate(input, random));
}

bool collect(const std::filesystem::path& path, std::vector<std::filesystem::path>& files) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    files.push_back(path);
    return std::filesystem::is_regular_file(path, error);
  }
  std::filesystem::directory_iterator entries(path, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    if (entries->is_regular_file(error)) files.push_back(entries->path());
  }
  return !error;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr std::string_view kOption = "-mutations=";
  unsigned mutations = kMutationsDefault;
  std::vector<std::filesystem::path> files;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument.starts_with(kOption)) {
      const char* first = argument.data() + kOption.size();
      const char* last = argument.data() + argument.size();
      if (const auto [end, error] = std::from_chars(first, last, mutations);
          error != std::errc{} || end != last) {
        std::fprintf(stderr, "not a number: %s\n", argv[i]);
        return 2;
      }
    } else if (!collect(argument, files)) {
      std::fprintf(stderr, "cannot read %s\n", argv[i]);
      return 2;
    }
  }
  std::sort(files.begin(), files.end());

  feed_with_mutations({}, 0, mutations);
  for (std::size_t i = 0; i < files.size(); ++i) {
    std::ifstream stream(files[i], std::ios::binary);
    feed_with_mutations({std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()},
                        i + 1, mutations);
  }
  std::printf("%zu files, %u mutations of each\n", files.size(), mutations);
  return 0;
}
