// Boost.Beast's reading of a request head, compared with ours.
#include "api/http/second_opinion.h"

#include <exception>
#include <iterator>
#include <limits>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

namespace mrv::api {
namespace {

namespace http = boost::beast::http;
using Parser = http::request_parser<http::empty_body>;

bool same_text(boost::beast::string_view theirs, std::string_view ours) {
  return std::string_view(theirs.data(), theirs.size()) == ours;
}

bool same_target(boost::beast::string_view theirs, const HttpRequest& ours) {
  const std::string_view target(theirs.data(), theirs.size());
  const auto mark = target.find('?');
  if (target.substr(0, mark) != ours.path) return false;
  return mark == std::string_view::npos ? ours.query.empty()
                                        : target.substr(mark + 1) == ours.query;
}

bool same_framing(const Parser& parser, const BodyFraming& ours) {
  const auto length = parser.content_length();
  if (parser.chunked() != (ours.kind == Framing::chunked)) return false;
  if (length.has_value() != (ours.kind == Framing::length)) return false;
  return !length.has_value() || *length == ours.length;
}

bool agrees(std::string_view head, const RequestHead& read) {
  Parser parser;
  parser.header_limit(std::numeric_limits<std::uint32_t>::max());
  parser.body_limit(boost::none);
  boost::system::error_code failure;
  const std::size_t used = parser.put(boost::asio::buffer(head.data(), head.size()), failure);
  if (failure || used != head.size() || !parser.is_header_done()) return false;
  const auto& message = parser.get();
  const auto fields = static_cast<std::size_t>(std::distance(message.begin(), message.end()));
  return fields == read.request.headers.size() &&
         message.version() == (read.http_1_1 ? 11U : 10U) &&
         same_text(message.method_string(), read.request.method) &&
         same_target(message.target(), read.request) && same_framing(parser, read.framing);
}

}  // namespace

Status agrees_with_beast(std::string_view head, const RequestHead& read) {
  bool agreed = false;
  try {
    agreed = agrees(head, read);
  } catch (const std::exception&) {
    agreed = false;  // out of memory: refuse like any other head that has no second reading
  }
  if (agreed) return {};
  return Error{"HTTP_PARSERS_DISAGREE", "the head has more than one reading", {}};
}

}  // namespace mrv::api
