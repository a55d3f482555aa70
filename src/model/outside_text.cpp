#include "model/outside_text.h"

namespace piggy::model {

std::string as_data(std::string_view text) {
  std::string marked = "<outside_text>\n";
  for (char c : text) {
    if (c == '<') {
      marked += "&lt;";
    } else {
      marked += c;
    }
  }
  return marked += "\n</outside_text>";
}

}  // namespace piggy::model
