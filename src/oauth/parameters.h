#pragma once

// The parameters of a request, in a query or in a form (RFC 6749, appendix B).

#include <map>
#include <string>
#include <string_view>

#include "base/error.h"

namespace piggy::oauth {

class Parameters {
 public:
  // Refused: broken escapes, text that is not UTF-8 or holds a zero byte, more than fifty names,
  // and a name given twice, of which another reader might take the other one.
  static Result<Parameters> read(std::string_view text);

  // "" when it is not there, which means the same as being empty (RFC 6749, section 3.1).
  std::string_view operator[](std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace piggy::oauth
