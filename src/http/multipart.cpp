#include <fmt/format.h>

#include <algorithm>

#include "http/form.h"
#include "http/form_tree.h"

namespace piggy::http {

namespace {

constexpr std::size_t boundary_bytes_max = 70;  // RFC 2046, 5.1.1.
constexpr std::size_t part_header_bytes_max = 8 << 10;

bool starts_with_any_case(std::string_view text, std::string_view lower_case);

std::unexpected<Error> broken(std::string_view why) {
  return fail(ErrorCode::invalid, fmt::format("The multipart body is broken: {}.", why));
}

// The name of a part from its header lines. Other lines say nothing that matters: a text is a text,
// whatever type and character set it claims, and it must be UTF-8.
Result<std::string> name_of(std::string_view header) {
  std::optional<std::string> name;
  while (!header.empty()) {
    std::string_view line = header.substr(0, header.find("\r\n"));
    header.remove_prefix(std::min(line.size() + 2, header.size()));
    if (starts_with_any_case(line, "content-disposition:")) name = header_parameter(line, "name");
    if (starts_with_any_case(line, "content-transfer-encoding:") &&
        (line.contains("base64") || line.contains("quoted-printable"))) {
      return broken("parts must be sent as they are, without a transfer encoding");
    }
  }
  if (!name) return broken("a part has no name");
  return *std::move(name);
}

}  // namespace

Result<Value> parse_multipart(std::string_view body, std::string_view boundary) {
  if (boundary.empty() || boundary.size() > boundary_bytes_max) {
    return broken("its boundary is empty or too long");
  }
  // Each delimiter begins with the line break before it, save the first if nothing precedes it.
  std::string delimiter = "\r\n--" + std::string(boundary);
  std::size_t at = 0;
  if (body.starts_with(std::string_view(delimiter).substr(2))) {
    at = delimiter.size() - 2;
  } else {
    at = body.find(delimiter);
    if (at == body.npos) return broken("its boundary is nowhere in it");
    at += delimiter.size();
  }

  FormTree tree;
  while (!body.substr(at).starts_with("--")) {
    at = body.find_first_not_of(" \t", at);  // Padding is allowed behind a boundary.
    if (at == body.npos || !body.substr(at).starts_with("\r\n")) return broken("a line is missing");
    at += 2;
    // Beginning before the line break finds the end of no header lines at all, too.
    std::string_view near = body.substr(at - 2, part_header_bytes_max);
    std::size_t header_size = near.find("\r\n\r\n");
    if (header_size == near.npos) return broken("a part's header does not end");
    std::string_view header = body.substr(at, std::max<std::size_t>(header_size, 2) - 2);
    at = at - 2 + header_size + 4;

    // The delimiter may follow at once, its line break being the one that ends the header.
    std::size_t end = body.find(delimiter, at - 2);
    if (end == body.npos) return broken("a part does not end");
    std::string_view text = body.substr(at, end > at ? end - at : 0);
    TRY(tree.add(TRY(name_of(header)), std::string(text)));
    at = end + delimiter.size();
  }
  return tree.take();
}

namespace {

bool starts_with_any_case(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size() &&
         std::ranges::equal(text.substr(0, lower_case.size()), lower_case, [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b;
         });
}

}  // namespace

}  // namespace piggy::http
