// The reading half.
#include <charconv>
#include <iterator>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "crypto/bytes.h"
#include "crypto/canonical_json.h"
#include "crypto/utf8.h"

namespace mrv::crypto {
namespace {

using nlohmann::json;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string at_byte(std::size_t offset) { return "at byte " + std::to_string(offset); }

// The four hexadecimal digits at `at`, or -1.
int escape_value(std::string_view text, std::size_t at) {
  if (at > text.size() || text.size() - at < 4) return -1;
  int value = 0;
  const char* end = text.data() + at + 4;
  const auto [stop, error] = std::from_chars(text.data() + at, end, value, 16);
  return error == std::errc{} && stop == end ? value : -1;
}

// Offset of the first \u escape that is half of a pair, or npos. Asked only after the parser
// refused the text, to name the error; `text` ends where the parser stopped reading.
std::size_t lone_surrogate_offset(std::string_view text, std::string_view whole) {
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') in_string = !in_string;
    if (text[at] != '\\' || !in_string) continue;
    const bool is_unicode = at + 1 < whole.size() && whole[at + 1] == 'u';
    const int unit = is_unicode ? escape_value(whole, at + 2) : -1;
    if (unit >= 0xDC00 && unit <= 0xDFFF) return at;
    if (unit >= 0xD800 && unit <= 0xDBFF) {
      const bool pair = whole.substr(at + 6, 2) == "\\u";
      const int low = pair ? escape_value(whole, at + 8) : -1;
      if (low < 0xDC00 || low > 0xDFFF) return at;
      at += 6;
    }
    ++at;
  }
  return std::string_view::npos;
}

// Input iterator that leaves its position where the handler can see it.
struct Cursor {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at;
  const char** reached;

  reference operator*() const { return *at; }
  Cursor& operator++() {
    *reached = ++at;
    return *this;
  }
  Cursor operator++(int) {
    const Cursor before = *this;
    ++*this;
    return before;
  }
  bool operator==(const Cursor& other) const { return at == other.at; }
  bool operator!=(const Cursor& other) const { return at != other.at; }
};

// Receives the parser's events, builds the value, and stops the parser at the first violation.
// The signatures are those nlohmann::json_sax prescribes.
class StrictBuilder {
 public:
  StrictBuilder(std::string_view text, const JsonLimits& limits)
      : text_(text), limits_(limits), reached_(text.data()) {}

  Result<json> run() {
    const char* end = text_.data() + text_.size();
    const bool accepted =
        json::sax_parse(Cursor{text_.data(), &reached_}, Cursor{end, &reached_}, this);
    if (accepted && !failed_) return std::move(root_);
    if (!failed_) refuse(kJsonSyntax, "not one JSON value");
    return std::move(error_);
  }

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(json::number_integer_t value) {
    if (limits_.numbers_as_text) return add_number_text(std::to_string(value));
    if (limits_.integers_only && (value < -kSafeIntegerMax || value > kSafeIntegerMax)) {
      return refuse_value(kJsonNumberOutOfRange, "the integer is beyond 2^53 - 1");
    }
    return add(value);
  }
  bool number_unsigned(json::number_unsigned_t value) {
    if (limits_.numbers_as_text) return add_number_text(std::to_string(value));
    constexpr auto kMax = static_cast<json::number_unsigned_t>(kSafeIntegerMax);
    if (limits_.integers_only && value > kMax) {
      return refuse_value(kJsonNumberOutOfRange, "the integer is beyond 2^53 - 1");
    }
    return add(value);
  }
  bool number_float(json::number_float_t value, const std::string& token) {
    if (limits_.numbers_as_text) return add_number_text(token);
    if (limits_.integers_only) {
      // The lexer also turns integers beyond 64 bits into doubles.
      if (token.find_first_of(".eE") == std::string::npos) {
        return refuse_value(kJsonNumberOutOfRange, "the integer is beyond 2^53 - 1");
      }
      return refuse_value(kJsonNumberNotInteger,
                          "the number is written with a fraction or exponent");
    }
    return add(value);
  }
  bool string(std::string& value) {
    if (value.size() > limits_.string_bytes_max) {
      return refuse_value(
          kJsonStringTooLong,
          "the string is longer than " + std::to_string(limits_.string_bytes_max) + " bytes");
    }
    if (limits_.refuse_control_text && has_control_text(value, true)) {
      return refuse_value(kJsonControlCharacter,
                          "the string holds a control or invisible character");
    }
    return add(std::move(value));
  }
  bool binary(json::binary_t& /*value*/) { return refuse_value(kJsonSyntax, "binary value"); }

  bool start_object(std::size_t /*size*/) { return open(json::value_t::object); }
  bool key(std::string& name) {
    Frame& frame = stack_.back();
    if (name.size() > limits_.string_bytes_max) {
      return refuse(kJsonStringTooLong, "a member name is longer than " +
                                            std::to_string(limits_.string_bytes_max) + " bytes");
    }
    if (limits_.refuse_control_text && has_control_text(name, false)) {
      return refuse(kJsonControlCharacter, "a member name holds a control or invisible character");
    }
    auto& members = frame.container->get_ref<json::object_t&>();
    const auto [member, inserted] = members.emplace(std::move(name), nullptr);
    frame.name = &member->first;
    frame.member = &member->second;
    if (!inserted) return refuse_value(kJsonDuplicateName, "the name occurs twice in one object");
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(std::size_t /*size*/) { return open(json::value_t::array); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const json::exception& error) {
    constexpr int kNumberOverflow = 406;
    if (error.id == kNumberOverflow) {
      return refuse_value(kJsonNumberOutOfRange, "the number is beyond the range of a double");
    }
    if (const std::size_t at = lone_surrogate_offset(text_.substr(0, offset()), text_);
        at != std::string_view::npos) {
      reached_ = text_.data() + at;
      return refuse(kJsonLoneSurrogate, "an escape is half of a surrogate pair");
    }
    return refuse(kJsonSyntax, "the text is not JSON");
  }

 private:
  // An open array or object. Pointers stay valid: a container does not grow while a child is open.
  struct Frame {
    json* container;
    const std::string* name = nullptr;  // objects: the member being read
    json* member = nullptr;
  };

  std::size_t offset() const { return static_cast<std::size_t>(reached_ - text_.data()); }

  bool refuse(std::string_view name, const std::string& what, std::string pointer) {
    failed_ = true;
    error_ = Error{name, what + ", " + at_byte(offset()), std::move(pointer)};
    return false;
  }
  // Blames the container being read.
  bool refuse(std::string_view name, const std::string& what) {
    return refuse(name, what, pointer_to(stack_.empty() ? 0 : stack_.size() - 1));
  }
  // Blames the value that would have come next.
  bool refuse_value(std::string_view name, const std::string& what) {
    return refuse(name, what, pointer_to(stack_.size()));
  }

  // JSON Pointer of the value being read in frame `depth` - 1.
  std::string pointer_to(std::size_t depth) const {
    std::string pointer;
    for (std::size_t i = 0; i < depth; ++i) {
      const Frame& frame = stack_[i];
      std::string token = "/";
      if (frame.container->is_array()) {
        // An open child is already the last item; the value to come is not there yet.
        const std::size_t size = frame.container->size();
        token += std::to_string(i + 1 < stack_.size() ? size - 1 : size);
      } else if (frame.name != nullptr) {
        for (const char c : *frame.name) {
          if (c == '~') {
            token += "~0";
          } else if (c == '/') {
            token += "~1";
          } else {
            token += c;
          }
        }
      }
      if (pointer.size() + token.size() > kJsonPointerBytesMax) break;
      pointer += token;
    }
    return pointer;
  }

  // Checks that one more value may come. Null where it may not.
  template <class Value>
  json* place(Value&& value) {
    if (++values_ > limits_.values_max) {
      refuse_value(kJsonTooManyValues,
                   "the text holds more than " + std::to_string(limits_.values_max) + " values");
      return nullptr;
    }
    if (stack_.empty()) {
      root_ = json(std::forward<Value>(value));
      return &root_;
    }
    Frame& frame = stack_.back();
    if (frame.container->is_object()) {
      *frame.member = json(std::forward<Value>(value));
      return frame.member;
    }
    auto& items = frame.container->get_ref<json::array_t&>();
    if (items.size() >= limits_.array_items_max) {
      refuse_value(kJsonArrayTooLong, "the array holds more than " +
                                          std::to_string(limits_.array_items_max) + " items");
      return nullptr;
    }
    return &items.emplace_back(std::forward<Value>(value));
  }

  template <class Value>
  bool add(Value&& value) {
    return place(std::forward<Value>(value)) != nullptr;
  }

  bool add_number_text(std::string_view text) {
    return add(json::binary(json::binary_t::container_type(text.begin(), text.end())));
  }

  bool open(json::value_t kind) {
    if (stack_.size() >= limits_.depth_max) {
      return refuse_value(kJsonTooDeep, "nested deeper than " + std::to_string(limits_.depth_max));
    }
    json* container = place(kind);
    if (container == nullptr) return false;
    stack_.push_back(Frame{.container = container});
    return true;
  }

  bool close() {
    stack_.pop_back();
    return true;
  }

  std::string_view text_;
  const JsonLimits& limits_;
  const char* reached_;
  json root_;
  std::vector<Frame> stack_;
  std::size_t values_ = 0;
  bool failed_ = false;
  Error error_;
};

}  // namespace

std::optional<std::string_view> number_text(const nlohmann::json& value) {
  if (!value.is_binary()) return std::nullopt;
  return as_text(value.get_binary());
}

Result<nlohmann::json> parse_strict(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.body_bytes_max) {
    return Error{kJsonTooLarge,
                 "the text has " + std::to_string(text.size()) + " bytes, " +
                     std::to_string(limits.body_bytes_max) + " are allowed",
                 ""};
  }
  if (text.starts_with(kByteOrderMark)) {
    return Error{kJsonBom, "the text starts with a byte-order mark, at byte 0", ""};
  }
  if (const std::size_t at = utf8_error_offset(text); at != text.size()) {
    return Error{kJsonUtf8Invalid, "the text is not UTF-8, " + at_byte(at), ""};
  }
  // JSON never holds a raw NUL; the library's lexer takes one for the end of its input.
  if (const std::size_t at = text.find('\0'); at != std::string_view::npos) {
    return Error{kJsonSyntax, "the text holds a NUL, " + at_byte(at), ""};
  }
  return StrictBuilder(text, limits).run();
}

}  // namespace mrv::crypto
