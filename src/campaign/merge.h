#pragma once

// Merge tags: what differs from one recipient to the next.
//
//   {{ contact.firstname | default: "there" }}
//
// Tags and nothing else: no conditions, no loops, no tag within a value. A value is escaped for
// the place where it stands, so that nothing a contact is called becomes part of the page.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace piggy {

struct MergeTag {
  std::string name = {};
  std::string fallback = {};
  std::size_t begin = 0;  // Of the whole tag, braces included.
  std::size_t end = 0;
};

struct MergeTags {
  std::vector<MergeTag> tags = {};
  std::vector<std::string> problems = {};  // Of tags that are none; they stay as they stand.
};
MergeTags merge_tags_in(std::string_view text);

enum class MergeInto { text, html };

// "" for what is not known of this recipient: then the tag's default stands there.
using MergeValues = std::function<std::string(std::string_view name)>;

// In HTML a value within an address (href, src) is percent-encoded, but for one that is the whole
// address, which must begin with http:// or https://. In a text line breaks become spaces.
std::string merge(std::string_view text, MergeInto into, const MergeValues& values);

// The text of a page, for those who read no HTML: blocks become lines, addresses of links stand
// behind them in brackets. Merge tags stay.
std::string text_of_html(std::string_view html);

// Puts another address into every link of a page that leads to a web site.
std::string with_links(std::string_view html,
                       const std::function<std::string(const std::string& url)>& replace);

}  // namespace piggy
