// Numbers of documents, judged as the engine reads them.
#include "ledger/model/methodology.h"

#include "ledger/base/rational.h"

namespace mrv::model {

std::string to_text(const NumberText& number) { return number.text; }

Status from_text(std::string_view text, NumberText& out) {
  const auto number = Rational::parse(text);
  if (!number.ok()) return number.error();
  out.text = text;
  return {};
}

}  // namespace mrv::model
