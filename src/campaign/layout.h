#pragma once

// What stands around the body of every mail: a frame of tables, which all mail programs can show,
// readable in dark mode, with who sends it and how to get no more.

#include <string>

#include "base/language.h"

namespace piggy {

struct LayoutParts {
  Language language = Language::en;  // Of what we say ourselves.
  std::string subject = {};
  std::string preheader = {};  // What an inbox shows behind the subject.
  std::string body = {};       // HTML; all others are texts.
  std::string sender = {};
  std::string postal_address = {};  // May have several lines.
  std::string purpose = {};         // What the recipient subscribed to.
  std::string unsubscribe_url = {};
  std::string pixel_url = {};  // "": none.
};
std::string mail_page(const LayoutParts& parts);
// `text` with what stands below it.
std::string mail_text(const LayoutParts& parts, const std::string& text);

}  // namespace piggy
