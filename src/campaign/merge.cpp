#include "campaign/merge.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/lower_case.h"
#include "base/trimmed.h"
#include "email/email.h"
#include "http/form.h"

namespace piggy {
namespace {

constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

// `contact.firstname | default: "there"`, without the braces.
bool read_tag(std::string_view inside, MergeTag& tag) {
  std::string_view rest = trimmed(inside);
  std::size_t length = std::min(rest.size(), rest.find_first_not_of(name_characters));
  tag.name = rest.substr(0, length);
  rest = trimmed(rest.substr(length));
  if (tag.name.empty()) return false;
  if (rest.empty()) return true;
  if (!rest.starts_with('|')) return false;
  rest = trimmed(rest.substr(1));
  if (!rest.starts_with("default:")) return false;
  rest = trimmed(rest.substr(8));
  if (rest.size() < 2 || (rest[0] != '"' && rest[0] != '\'') || rest.back() != rest[0])
    return false;
  tag.fallback = rest.substr(1, rest.size() - 2);
  return !tag.fallback.contains(rest[0]);
}

enum class Place { between, attribute, address, whole_address };

// Where in a page a position is, as far as it matters for what is put there.
Place place_of(std::string_view html, std::size_t at) {
  std::size_t open = html.rfind('<', at);
  if (at == 0 || open == std::string_view::npos || open >= at) return Place::between;
  std::string_view tag = html.substr(open, at - open);
  char quote = 0;
  std::size_t value_begin = 0;
  for (std::size_t i = 0; i < tag.size(); i++) {
    if (quote) {
      if (tag[i] == quote) quote = 0;
    } else if (tag[i] == '>') {
      return Place::between;
    } else if (tag[i] == '"' || tag[i] == '\'') {
      quote = tag[i];
      value_begin = i + 1;
    }
  }
  if (!quote) return Place::attribute;
  std::string before = lower_case(trimmed(tag.substr(0, value_begin - 1)));
  bool address = before.ends_with("href=") || before.ends_with("src=");
  if (!address) return Place::attribute;
  return trimmed(tag.substr(value_begin)).empty() ? Place::whole_address : Place::address;
}

bool is_web_address(std::string_view url) {
  std::string begin = lower_case(url.substr(0, 8));
  return begin.starts_with("http://") || begin.starts_with("https://");
}

std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) c = ' ';
  }
  return line;
}

std::string placed(const std::string& value, Place place) {
  switch (place) {
    case Place::between:
    case Place::attribute:
      return escape_html(value);
    case Place::address:
      return http::percent_encode(value);
    case Place::whole_address:
      return is_web_address(value) ? escape_html(value) : "#";
  }
  return {};
}

void replace_all(std::string& text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
}

std::string unescaped(std::string text) {
  replace_all(text, "&nbsp;", " ");
  replace_all(text, "&lt;", "<");
  replace_all(text, "&gt;", ">");
  replace_all(text, "&quot;", "\"");
  replace_all(text, "&#39;", "'");
  replace_all(text, "&amp;", "&");
  return text;
}

// The value of an attribute of a tag; "" when it has none.
std::string attribute_of(std::string_view tag, std::string_view name) {
  std::string lower = lower_case(tag);
  for (char quote : {'"', '\''}) {
    std::string begin = fmt::format("{}={}", name, quote);
    std::size_t at = lower.find(begin);
    if (at == std::string::npos) continue;
    std::size_t end = tag.find(quote, at + begin.size());
    if (end == std::string_view::npos) continue;
    return std::string(tag.substr(at + begin.size(), end - at - begin.size()));
  }
  return {};
}

std::string name_of_tag(std::string_view tag) {
  std::size_t begin = tag.starts_with("/") ? 1 : 0;
  return lower_case(tag.substr(begin, tag.find_first_of(" \t\r\n/>", begin) - begin));
}

// At most one empty line in a row, no blanks around lines.
std::string tidy(std::string_view text) {
  std::string out;
  int empty = 2;  // None at the beginning.
  while (!text.empty()) {
    std::size_t length = std::min(text.size(), text.find('\n'));
    std::string_view line = trimmed(text.substr(0, length));
    text.remove_prefix(std::min(text.size(), length + 1));
    empty = line.empty() ? empty + 1 : 0;
    if (empty > 1) continue;
    out += line;
    out += '\n';
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace

MergeTags merge_tags_in(std::string_view text) {
  MergeTags found;
  for (std::size_t at = 0; (at = text.find("{{", at)) != std::string_view::npos;) {
    std::size_t end = text.find("}}", at + 2);
    if (end == std::string_view::npos) {
      found.problems.push_back(fmt::format("\"{}\" does not end.", text.substr(at, 40)));
      return found;
    }
    MergeTag tag{.begin = at, .end = end + 2};
    std::string_view whole = text.substr(at, tag.end - at);
    if (read_tag(text.substr(at + 2, end - at - 2), tag)) {
      found.tags.push_back(std::move(tag));
    } else {
      found.problems.push_back(fmt::format(
          "\"{}\" is no tag. One is written {{{{ contact.firstname | default: \"there\" }}}}.",
          whole.substr(0, 80)));
    }
    at = end + 2;
  }
  return found;
}

std::string merge(std::string_view text, MergeInto into, const MergeValues& values) {
  std::string out;
  std::size_t done = 0;
  for (const MergeTag& tag : merge_tags_in(text).tags) {
    out += text.substr(done, tag.begin - done);
    std::string value = values(tag.name);
    if (value.empty()) value = tag.fallback;
    out += into == MergeInto::html ? placed(value, place_of(text, tag.begin)) : one_line(value);
    done = tag.end;
  }
  out += text.substr(done);
  return out;
}

std::string text_of_html(std::string_view html) {
  constexpr std::string_view blocks[] = {"p",  "div", "br", "tr", "li", "h1",
                                         "h2", "h3",  "h4", "ul", "ol", "table"};
  std::string out;
  std::string link;
  while (!html.empty()) {
    std::size_t open = std::min(html.size(), html.find('<'));
    for (char c : html.substr(0, open)) out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    html.remove_prefix(open);
    if (html.empty()) break;
    std::size_t close = std::min(html.size(), html.find('>'));
    std::string_view tag = html.substr(1, close > 0 ? close - 1 : 0);
    html.remove_prefix(std::min(html.size(), close + 1));
    std::string name = name_of_tag(tag);
    if ((name == "style" || name == "script") && !tag.starts_with('/')) {
      html.remove_prefix(std::min(html.size(), html.find("</" + name)));
    } else if (name == "a" && !tag.starts_with('/')) {
      link = attribute_of(tag, "href");
    } else if (name == "a" && !link.empty()) {
      if (!out.ends_with(link)) out += fmt::format(" ({})", link);
      link.clear();
    } else if (name == "li" && !tag.starts_with('/')) {
      out += "\n- ";
    } else if (std::ranges::find(blocks, name) != std::end(blocks)) {
      out += name == "p" || name[0] == 'h' ? "\n\n" : "\n";
    }
  }
  return tidy(unescaped(std::move(out)));
}

std::string with_links(std::string_view html,
                       const std::function<std::string(const std::string& url)>& replace) {
  std::string out;
  std::string lower = lower_case(html);
  std::size_t done = 0;
  for (std::size_t at = 0; (at = lower.find("<a", at)) != std::string::npos;) {
    std::size_t close = lower.find('>', at);
    if (close == std::string::npos) break;
    std::string_view tag = html.substr(at, close - at);
    bool anchor = tag.size() > 2 && (tag[2] == ' ' || tag[2] == '\n' || tag[2] == '\t');
    std::string written = anchor ? attribute_of(tag, "href") : "";
    if (is_web_address(written)) {
      std::size_t where = html.find(written, at);
      out += html.substr(done, where - done);
      out += escape_html(replace(unescaped(written)));
      done = where + written.size();
    }
    at = close;
  }
  out += html.substr(done);
  return out;
}

}  // namespace piggy
