#include "shape/json.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <string.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace piggy {
namespace {

namespace dom = simdjson::dom;

// The parser stays, with room for the texts of the last document; these may be passwords.
struct Wiped {
  ~Wiped() {
    if (auto* texts = parser.doc.string_buf.get()) {
      explicit_bzero(texts, std::min(size, parser.doc.capacity()) * 5 / 3);
    }
  }
  dom::parser& parser;
  std::size_t size = 0;
};

// simdjson's document model checks the whole text before anything is read from it, and picks the
// fastest code for this processor at run time; the streaming one would skip checks of skipped
// parts.
class Reader {
 public:
  Result<Value> read(std::string_view text) {
    thread_local dom::parser parser;
    Wiped wiped{parser, text.size()};
    dom::element root;
    switch (parser.parse(text.data(), text.size()).get(root)) {
      case simdjson::SUCCESS:
        break;
      case simdjson::EMPTY:
        return broken("it is empty");
      case simdjson::UTF8_ERROR:
        return broken("it is not UTF-8");
      case simdjson::NUMBER_ERROR:
        return broken("it holds a number that cannot be read");
      case simdjson::DEPTH_ERROR:
        return broken("it is nested too deep");
      default:
        return broken("it is not JSON");
    }
    Value value;
    if (!read_element(root, value, 1)) return broken(problem_);
    return value;
  }

 private:
  static std::unexpected<Error> broken(std::string_view why) {
    return fail({.code = ErrorCode::invalid,
                 .message = fmt::format("The JSON cannot be read: {}.", why),
                 .number = 1003});
  }

  bool refuse(std::string why) {
    problem_ = std::move(why);
    return false;
  }

  bool read_element(dom::element element, Value& out, int depth) {
    bool nests = element.is_array() || element.is_object();
    if (nests && depth > json_depth_max) return refuse("it is nested too deep");
    switch (element.type()) {
      case dom::element_type::ARRAY:
        return read_list(element, out, depth);
      case dom::element_type::OBJECT:
        return read_object(element, out, depth);
      case dom::element_type::STRING:
        out = element.get_string().value_unsafe();
        return true;
      case dom::element_type::INT64:
        out = element.get_int64().value_unsafe();
        return true;
      case dom::element_type::UINT64:  // Whoever wants an integer refuses it, and knows the field.
        out = static_cast<double>(element.get_uint64().value_unsafe());
        return true;
      case dom::element_type::DOUBLE:
        out = element.get_double().value_unsafe();
        return true;
      case dom::element_type::BOOL:
        out = element.get_bool().value_unsafe();
        return true;
      case dom::element_type::NULL_VALUE:
        return true;
    }
    return false;
  }

  bool read_list(dom::element element, Value& out, int depth) {
    dom::array array = element.get_array().value_unsafe();
    Value::List list;
    list.reserve(array.size());
    for (dom::element item : array) {
      if (!read_element(item, list.emplace_back(), depth + 1)) return false;
    }
    out = std::move(list);
    return true;
  }

  bool read_object(dom::element element, Value& out, int depth) {
    dom::object object = element.get_object().value_unsafe();
    Value::Object members;
    members.reserve(object.size());
    for (auto field : object) {
      Member& member = members.emplace_back(Member{std::string(field.key), Value()});
      if (!read_element(field.value, member.value, depth + 1)) return false;
    }
    if (!unique(members)) return false;
    out = std::move(members);
    return true;
  }

  bool unique(const Value::Object& members) {
    if (members.size() < 2) return true;
    std::vector<std::string_view> names;
    names.reserve(members.size());
    for (const Member& member : members) names.push_back(member.name);
    std::sort(names.begin(), names.end());
    auto twin = std::adjacent_find(names.begin(), names.end());
    return twin == names.end() || refuse(fmt::format("the key \"{}\" stands twice", *twin));
  }

  std::string problem_;
};

void write_integer(std::string& out, std::int64_t number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void write_number(std::string& out, double number) {
  ASSERT(std::isfinite(number));
  if (number == std::trunc(number) && std::abs(number) < 1e15) {
    return write_integer(out, static_cast<std::int64_t>(number));
  }
  // Beyond 64 bits plain digits would read as an integer that nobody can hold.
  bool huge = std::abs(number) > 9e18;
  char digits[40];
  char* end = digits + sizeof digits;
  out.append(digits, huge ? std::to_chars(digits, end, number, std::chars_format::scientific).ptr
                          : std::to_chars(digits, end, number).ptr);
}

void write_spread(std::string& out, const Value& value, bool& first) {
  if (!value.members()) return;
  for (const Member& member : *value.members()) {
    if (!first) out += ',';
    first = false;
    write_json_text(out, member.name);
    out += ':';
    write_json(out, member.value);
  }
}

void write_record(std::string& out, const Shape& shape, const void* object, const Field* skip) {
  out += '{';
  bool first = true;
  for (const Field& field : shape.fields) {
    if (&field == skip || field.options.hidden) continue;
    if (field.options.flat) {
      write_spread(out, *static_cast<const Value*>(field.in(object)), first);
      continue;
    }
    if (!first) out += ',';
    first = false;
    out += '"';
    out += field.name;
    out += "\":";
    write_json(out, *field.shape, field.in(object));
  }
  out += '}';
}

// RFC 8785 sorts by UTF-16 code units. That is the order of the bytes of UTF-8, except that what
// takes two units there (bytes from F0) comes before U+E000 to U+FFFF (bytes EE and EF).
bool before_in_utf16(std::string_view a, std::string_view b) {
  auto [at_a, at_b] = std::ranges::mismatch(a, b);
  if (at_a == a.end() || at_b == b.end()) return at_a == a.end() && at_b != b.end();
  auto rank = [](char c) {
    int byte = static_cast<unsigned char>(c);
    return byte == 0xEE || byte == 0xEF ? byte + 0x100 : byte;
  };
  return rank(*at_a) < rank(*at_b);
}

// Number::toString of ECMAScript, as RFC 8785, section 3.2.2.3 asks: the shortest digits, without
// an exponent between 1e-7 and 1e21.
void write_as_javascript(std::string& out, double number) {
  if (number == 0) {  // Also -0.
    out += '0';
    return;
  }
  if (number < 0) out += '-';
  char text[32];
  auto end =
      std::to_chars(text, text + sizeof text, std::abs(number), std::chars_format::scientific);
  std::string_view shortest(text, static_cast<std::size_t>(end.ptr - text));
  std::size_t e = shortest.find('e');
  std::string digits(1, shortest[0]);
  if (e > 2) digits += shortest.substr(2, e - 2);
  int exponent = 0;
  bool positive = text[e + 1] == '+';
  std::from_chars(text + e + (positive ? 2 : 1), end.ptr, exponent);
  exponent++;  // Now the number is 0.digits times ten to this.
  int count = static_cast<int>(digits.size());
  if (exponent > 21 || exponent <= -6) {
    out += digits[0];
    if (count > 1) out.append(1, '.').append(digits, 1);
    out += exponent > 0 ? "e+" : "e-";
    out += std::to_string(std::abs(exponent - 1));
  } else if (exponent <= 0) {
    out.append("0.").append(static_cast<std::size_t>(-exponent), '0').append(digits);
  } else if (exponent >= count) {
    out.append(digits).append(static_cast<std::size_t>(exponent - count), '0');
  } else {
    out.append(digits, 0, static_cast<std::size_t>(exponent)).append(1, '.');
    out.append(digits, static_cast<std::size_t>(exponent));
  }
}

void write_canonical(std::string& out, const Value& value) {
  if (const auto* items = value.items()) {
    out += '[';
    for (std::size_t i = 0; i < items->size(); i++) {
      if (i) out += ',';
      write_canonical(out, (*items)[i]);
    }
    out += ']';
  } else if (const auto* members = value.members()) {
    std::vector<const Member*> sorted;
    for (const Member& member : *members) sorted.push_back(&member);
    std::sort(sorted.begin(), sorted.end(),
              [](const Member* a, const Member* b) { return before_in_utf16(a->name, b->name); });
    out += '{';
    for (std::size_t i = 0; i < sorted.size(); i++) {
      if (i) out += ',';
      write_json_text(out, sorted[i]->name);
      out += ':';
      write_canonical(out, sorted[i]->value);
    }
    out += '}';
  } else if (const auto* number = value.number();
             number && *number == std::trunc(*number) && std::abs(*number) < 0x1p63) {
    // A whole number is the same one with and without a point, also where JavaScript would round.
    write_integer(out, static_cast<std::int64_t>(*number));
  } else if (number) {
    write_as_javascript(out, *number);
  } else {
    write_json(out, value);
  }
}

}  // namespace

Result<Value> parse_json(std::string_view text) { return Reader().read(text); }

void write_json_text(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); i++) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, from, i - from);
    from = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        out += "\\u00";
        out += digits[c >> 4];
        out += digits[c & 15];
    }
  }
  out.append(text, from, text.size() - from);
  out += '"';
}

void write_json(std::string& out, const Value& value) {
  if (const auto* text = value.text()) return write_json_text(out, *text);
  if (const auto* integer = value.integer()) return write_integer(out, *integer);
  if (const auto* number = value.number()) return write_number(out, *number);
  if (const auto* boolean = value.boolean()) {
    out += *boolean ? "true" : "false";
  } else if (const auto* items = value.items()) {
    out += '[';
    for (std::size_t i = 0; i < items->size(); i++) {
      if (i) out += ',';
      write_json(out, (*items)[i]);
    }
    out += ']';
  } else if (value.members()) {
    out += '{';
    bool first = true;
    write_spread(out, value, first);
    out += '}';
  } else {
    out += "null";
  }
}

std::string to_json(const Value& value) {
  std::string out;
  write_json(out, value);
  return out;
}

std::string pretty_json(const Value& value, std::size_t depth) {
  std::string line = "\n" + std::string(depth * 2, ' ');
  std::string out;
  if (value.members() && !value.members()->empty()) {
    for (const Member& member : *value.members()) {
      out += out.empty() ? "{" : ",";
      out += line + "  ";
      write_json_text(out, member.name);
      out += ": " + pretty_json(member.value, depth + 1);
    }
    return out + line + "}";
  }
  if (value.items() && !value.items()->empty()) {
    for (const Value& item : *value.items()) {
      out += out.empty() ? "[" : ",";
      out += line + "  " + pretty_json(item, depth + 1);
    }
    return out + line + "]";
  }
  return to_json(value);
}

void write_json(std::string& out, const Shape& shape, const void* object, const Field* skip) {
  switch (shape.kind) {
    case Kind::boolean:
      out += *static_cast<const bool*>(object) ? "true" : "false";
      return;
    case Kind::integer:
      return write_integer(out, *static_cast<const std::int64_t*>(object));
    case Kind::number:
      return write_number(out, *static_cast<const double*>(object));
    case Kind::text:
      return write_json_text(out, *static_cast<const std::string*>(object));
    case Kind::any:
      return write_json(out, *static_cast<const Value*>(object));
    case Kind::choice:
      out += '"';
      out += shape.choices[shape.choice(object)];
      out += '"';
      return;
    case Kind::uuid:
      out += '"';
      append(out, *static_cast<const Uuid*>(object));
      out += '"';
      return;
    case Kind::time:
      out += '"';
      append_atom(out, *static_cast<const Time*>(object));
      out += '"';
      return;
    case Kind::optional:
      if (shape.count(object)) return write_json(out, *shape.element, shape.at(object, 0));
      out += "null";
      return;
    case Kind::list: {
      out += '[';
      std::size_t count = shape.count(object);
      for (std::size_t i = 0; i < count; i++) {
        if (i) out += ',';
        write_json(out, *shape.element, shape.at(object, i));
      }
      out += ']';
      return;
    }
    case Kind::record:
      return write_record(out, shape, object, skip);
  }
}

std::string canonical_json(const Value& value) {
  std::string out;
  write_canonical(out, value);
  return out;
}

}  // namespace piggy
