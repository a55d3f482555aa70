#pragma once

// The pages that people see. They hold no script and load nothing; everything that comes from
// outside is escaped.

#include <string>
#include <string_view>
#include <vector>

#include "base/language.h"
#include "http/message.h"
#include "oauth/people.h"

namespace piggy::oauth {

// Text for between tags and for quoted attributes.
std::string html_escape(std::string_view text);

struct ConsentPage {
  Language language = Language::en;
  std::string product = {};
  std::string person = {};
  std::string client_name = {};    // As the client calls itself.
  std::string client_host = {};    // What vouches for it; "" for a client that only says so.
  std::string redirect_host = {};  // Where the person is sent afterwards.
  bool loopback = false;           // That is the person's own machine.
  std::vector<std::string> scopes = {};
  std::vector<Choice> choices = {};
  // Come back with the decision.
  std::string request = {};
  std::string seal = {};
};

http::Response consent_page(const ConsentPage& page);

// How a page looks that speaks for somebody else than us.
struct Dress {
  std::string name = {};    // Stands above the page.
  std::string colour = {};  // "#" and six hexadecimal digits, on which white text is read well.
  std::string logo = {};    // A data URL of a picture; "": none.
};

// A page of the same looks, for others; `dress` is theirs, or none. `body` is HTML, in the
// language.
http::Response html_page(int status, std::string_view title, std::string_view body,
                         Language language, const Dress* dress = nullptr);
// The same, whose form goes nowhere but here.
http::Response form_page(int status, std::string_view title, std::string_view body,
                         Language language, const Dress* dress = nullptr);

// For what cannot be told to the client, because there is none that we may send people to.
http::Response message_page(int status, std::string_view title, std::string_view text,
                            Language language, const Dress* dress = nullptr);

}  // namespace piggy::oauth
