#include "campaign/merge.h"

#include <doctest/doctest.h>

#include <map>

namespace piggy {
namespace {

MergeValues known(std::map<std::string, std::string, std::less<>> values) {
  return [values = std::move(values)](std::string_view name) {
    auto found = values.find(name);
    return found == values.end() ? std::string() : found->second;
  };
}

}  // namespace

TEST_CASE("a tag is replaced by its value, or by its default when there is none") {
  std::string text = "Hi {{ contact.firstname | default: \"there\" }}, {{contact.credits}} points";
  CHECK(merge(text, MergeInto::text,
              known({{"contact.firstname", "Ann"}, {"contact.credits", "7"}})) ==
        "Hi Ann, 7 points");
  CHECK(merge(text, MergeInto::text, known({})) == "Hi there,  points");
}

TEST_CASE("a value is escaped for the place where it stands") {
  auto hostile =
      known({{"n", "<b>\"x\"&'"}, {"url", "javascript:alert(1)"}, {"web", "https://a.b/?c&d"}});
  CHECK(merge("<p title=\"{{ n }}\">{{ n }}</p>", MergeInto::html, hostile) ==
        "<p title=\"&lt;b&gt;&quot;x&quot;&amp;&#39;\">&lt;b&gt;&quot;x&quot;&amp;&#39;</p>");
  CHECK(merge("<a href=\"https://a.b/?q={{ n }}\">", MergeInto::html, hostile) ==
        "<a href=\"https://a.b/?q=%3Cb%3E%22x%22%26%27\">");
  CHECK(merge("<a href=\"{{ url }}\">", MergeInto::html, hostile) == "<a href=\"#\">");
  CHECK(merge("<a href='{{ web }}'>", MergeInto::html, hostile) ==
        "<a href='https://a.b/?c&amp;d'>");
  CHECK(merge("{{ n }}", MergeInto::text, known({{"n", "a\r\nBcc: x"}})) == "a  Bcc: x");
}

TEST_CASE("a value that looks like a tag is no tag") {
  CHECK(merge("{{ a }}", MergeInto::text, known({{"a", "{{ b }}"}, {"b", "secret"}})) == "{{ b }}");
}

TEST_CASE("what is no tag is named") {
  MergeTags found =
      merge_tags_in("{{ a | upper }} {{ }} {{ ok }} {{ x | default: \"a\"b\" }} {{ open");
  CHECK(found.problems.size() == 4);
  REQUIRE(found.tags.size() == 1);
  CHECK(found.tags[0].name == "ok");
}

TEST_CASE("the text of a page keeps its lines and the addresses of its links") {
  CHECK(text_of_html(
            "<h1>Hello &amp; hi</h1><style>p{}</style><p>See <a href=\"https://a.b/?x=1&amp;y\">"
            "this</a><br>now</p><ul><li>one</li><li>two</li></ul>") ==
        "Hello & hi\n\nSee this (https://a.b/?x=1&y)\nnow\n\n- one\n\n- two\n");
}

TEST_CASE("only links to web sites are replaced") {
  std::string page =
      "<a class=\"x\" href=\"https://a.b/?x=1&amp;y=2\">1</a><a href='mailto:a@b.c'>2</a><abbr "
      "href=\"https://c\">";
  CHECK(
      with_links(page, [](const std::string& url) { return "T(" + url + ")"; }) ==
      "<a class=\"x\" href=\"T(https://a.b/?x=1&amp;y=2)\">1</a><a href='mailto:a@b.c'>2</a><abbr "
      "href=\"https://c\">");
}

}  // namespace piggy
