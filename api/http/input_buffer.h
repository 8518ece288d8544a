// Bytes read from a socket and not yet used: appended at the end, consumed from the front.
#pragma once

#include <cassert>
#include <span>
#include <string>
#include <string_view>

namespace mrv::api {

class InputBuffer {
 public:
  [[nodiscard]] std::string_view view() const {
    return std::string_view(bytes_).substr(begin_, end_ - begin_);
  }
  [[nodiscard]] bool empty() const { return begin_ == end_; }

  void consume(std::size_t size) {
    assert(size <= end_ - begin_);
    begin_ += size;
    if (begin_ == end_) clear();
  }
  void clear() { begin_ = end_ = 0; }

  // Room for `size` more bytes; views become invalid. commit() says how many were filled.
  std::span<char> prepare(std::size_t size) {
    if (begin_ > 0) {
      bytes_.erase(0, begin_);
      end_ -= begin_;
      begin_ = 0;
    }
    if (bytes_.size() < end_ + size) bytes_.resize(end_ + size);
    return {bytes_.data() + end_, size};
  }
  void commit(std::size_t size) {
    assert(size <= bytes_.size() - end_);
    end_ += size;
  }
  // Gives memory back that a large read took.
  void shrink(std::size_t capacity_max) {
    if (empty() && bytes_.capacity() > capacity_max) bytes_ = std::string();
  }

 private:
  std::string bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace mrv::api
