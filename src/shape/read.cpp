#include "shape/read.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/trimmed.h"
#include "base/utf8.h"
#include "shape/json.h"

namespace piggy {
namespace {

// Others, such as javascript:, would do harm on the page that shows them.
bool is_web_address(std::string_view text) {
  if (!text.starts_with("https://") && !text.starts_with("http://")) return false;
  return std::ranges::none_of(text, [](unsigned char c) {
    return c <= ' ' || c == 127 ||
           std::string_view("<>\"`\\").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::optional<std::int64_t> integer_in(std::string_view text) {
  std::int64_t number = 0;
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

class Walk {
 public:
  explicit Walk(Reading reading)
      : lenient_(reading != Reading::strict), ignores_surplus_(reading == Reading::lenient) {}

  void record(const Shape& shape, const Value& value, void* object) {
    if (!value.members()) return problem("must be an object");
    std::vector<bool> taken(value.members()->size());
    const Field* rest = nullptr;
    for (const Field& field : shape.fields) {
      if (field.options.flat) {
        rest = &field;
        continue;
      }
      const Value* given = find(*value.members(), field.name, taken);
      if (!given && !field.options.alias.empty()) {
        given = find(*value.members(), field.options.alias, taken);
      }
      Step step(*this, field.name);
      member(field, given, field.in(object));
    }
    surplus(*value.members(), taken, rest ? static_cast<Value*>(rest->in(object)) : nullptr);
  }

  std::vector<FieldError> problems;

 private:
  // The place in the input while it is walked.
  struct Step {
    Step(Walk& walk, std::string_view name) : walk_(walk), size_(walk.path_.size()) {
      walk_.path_ += '/';
      for (char c : name) {
        if (c == '~')
          walk_.path_ += "~0";
        else if (c == '/')
          walk_.path_ += "~1";
        else
          walk_.path_ += c;
      }
      before_ = std::exchange(walk_.name_, name);
    }
    ~Step() {
      walk_.path_.resize(size_);
      walk_.name_ = before_;
    }
    Walk& walk_;
    std::size_t size_;
    std::string_view before_;
  };

  static const Value* find(const Value::Object& members, std::string_view name,
                           std::vector<bool>& taken) {
    for (std::size_t i = 0; i < members.size(); i++) {
      if (members[i].name != name) continue;
      taken[i] = true;
      return &members[i].value;
    }
    return nullptr;
  }

  // Empty text: on the v3 wire always "not given"; among words only where no text is asked for.
  bool absent(const Value* value, const Shape& shape) const {
    if (!value || value->is_null()) return true;
    if (!lenient_ || !value->text() || !trimmed(*value->text()).empty()) return false;
    const Shape& asked = shape.kind == Kind::optional ? *shape.element : shape;
    return ignores_surplus_ || asked.kind != Kind::text;
  }

  void member(const Field& field, const Value* given, void* object) {
    const Shape* shape = field.shape;
    if (shape->kind == Kind::any && given) return any(field.options, *given, object);
    if (absent(given, *shape)) {
      if (field.required()) problem("field is required");
      return;
    }
    if (shape->kind == Kind::optional) {
      object = shape->append(object);
      shape = shape->element;
    }
    value(*shape, field.options, *given, object);
  }

  void surplus(const Value::Object& members, const std::vector<bool>& taken, Value* rest) {
    for (std::size_t i = 0; i < members.size(); i++) {
      if (taken[i]) continue;
      if (rest) {
        rest->set(members[i].name, members[i].value);
      } else if (!ignores_surplus_) {
        Step step(*this, members[i].name);
        problem("field is not known here");
      }
    }
  }

  void value(const Shape& shape, const FieldOptions& options, const Value& given, void* object) {
    switch (shape.kind) {
      case Kind::boolean:
        return boolean(given, *static_cast<bool*>(object));
      case Kind::integer:
        return integer(options, given, *static_cast<std::int64_t*>(object));
      case Kind::number:
        return number(options, given, *static_cast<double*>(object));
      case Kind::text:
        return text(options, given, *static_cast<std::string*>(object));
      case Kind::uuid:
        return uuid(given, *static_cast<Uuid*>(object));
      case Kind::time:
        return time(given, *static_cast<Time*>(object));
      case Kind::choice:
        return choice(shape, given, object);
      case Kind::list:
        return list(shape, options, given, object);
      case Kind::record:
        return record(shape, given, object);
      case Kind::any:
        return any(options, given, object);
      case Kind::optional:
        return value(*shape.element, options, given, shape.append(object));
    }
  }

  void boolean(const Value& given, bool& out) {
    if (given.boolean()) {
      out = *given.boolean();
      return;
    }
    if (lenient_) {
      std::string word = given.text() ? std::string(trimmed(*given.text())) : std::string();
      std::transform(word.begin(), word.end(), word.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      bool yes = word == "1" || word == "true" || word == "yes";
      bool no = word == "0" || word == "false" || word == "no";
      if (given.integer() && (*given.integer() == 0 || *given.integer() == 1)) {
        yes = *given.integer() == 1;
        no = !yes;
      }
      if (yes || no) {
        out = yes;
        return;
      }
    }
    problem("field must be true or false");
  }

  void integer(const FieldOptions& options, const Value& given, std::int64_t& out) {
    std::optional<std::int64_t> number;
    if (given.integer()) number = *given.integer();
    if (given.number() && *given.number() == std::trunc(*given.number()) &&
        std::abs(*given.number()) < 9e15) {
      number = static_cast<std::int64_t>(*given.number());
    }
    if (lenient_ && given.text()) number = integer_in(trimmed(*given.text()));
    if (!number) return problem("must be an integer");
    out = *number;
    within(options, out, "");
  }

  void number(const FieldOptions& options, const Value& given, double& out) {
    std::optional<double> number;
    if (given.integer()) number = static_cast<double>(*given.integer());
    if (given.number()) number = *given.number();
    if (lenient_ && given.text()) number = number_in(trimmed(*given.text()));
    if (!number) return problem("must be a number");
    out = *number;
    within(options, out, "");
  }

  void text(const FieldOptions& options, const Value& given, std::string& out) {
    if (given.text()) {
      out = ignores_surplus_ ? std::string(trimmed(*given.text())) : *given.text();
    } else if (lenient_ && (given.integer() || given.number())) {
      out = to_json(given);
    } else {
      return problem("must be a string");
    }
    if (out.find('\0') != std::string::npos) return problem("must not hold a NUL character");
    within(options, static_cast<std::int64_t>(letters_in(out)), " characters");
    if (options.format == Format::email && !is_email(out)) {
      problem("must be a valid email address");
    }
    if (options.format == Format::uri && !is_web_address(out)) {
      problem("must be an address that begins with https:// or http://");
    }
  }

  void uuid(const Value& given, Uuid& out) {
    std::optional<Uuid> uuid;
    if (given.text()) uuid = parse_uuid(trimmed(*given.text()));
    if (uuid) {
      out = *uuid;
    } else if (!lenient_ || !(given.text() || given.integer())) {
      problem("must be a UUID");
    }
    // On the v3 wire ids are opaque texts: one that is no UUID is simply not found.
  }

  void time(const Value& given, Time& out) {
    // PHP's DateTime arrives as {"date": …, "timezone_type": 3, "timezone": "Europe/Amsterdam"}.
    std::string zone(given.text() ? "" : given.text_of("timezone"));
    std::string_view text = trimmed(given.text() ? *given.text() : given.text_of("date"));
    auto time = zone.empty() ? parse_time(text) : parse_time(text, zone);
    if (!time || (!lenient_ && !given.text()))
      return problem("must be a date and time such as 2024-01-31T09:30:00+00:00");
    out = *time;
  }

  void choice(const Shape& shape, const Value& given, void* object) {
    std::string word;
    if (given.text()) word = lenient_ ? std::string(trimmed(*given.text())) : *given.text();
    for (std::size_t i = 0; i < shape.choices.size(); i++) {
      if (shape.choices[i] == word) return shape.choose(object, i);
    }
    problem(fmt::format("must be one of {}", fmt::join(shape.choices, ", ")));
  }

  void list(const Shape& shape, const FieldOptions& options, const Value& given, void* object) {
    if (!given.items()) return problem("must be an array");
    const Value::List& items = *given.items();
    within(options, std::ssize(items), " items");
    FieldOptions inner = options;  // Limits of a list are about its length, not its elements.
    inner.min = FieldOptions{}.min;
    inner.max = FieldOptions{}.max;
    for (std::size_t i = 0; i < items.size(); i++) {
      std::string index = std::to_string(i);
      Step step(*this, index);
      value(*shape.element, inner, items[i], shape.append(object));
    }
  }

  void any(const FieldOptions&, const Value& given, void* object) {
    *static_cast<Value*>(object) = given;
  }

  template <class Amount>
  void within(const FieldOptions& options, Amount amount, std::string_view of) {
    constexpr FieldOptions unset;
    if (options.min != unset.min && amount < static_cast<Amount>(options.min)) {
      problem(fmt::format("must be at least {}{}", options.min, of));
    } else if (options.max != unset.max && amount > static_cast<Amount>(options.max)) {
      problem(fmt::format("may not be greater than {}{}", options.max, of));
    }
  }

  void problem(std::string_view what) {
    if (problems.size() >= 100) return;  // Enough to go on with; the rest would only fill the log.
    std::string_view space = name_.empty() ? "" : " ";
    problems.push_back(
        {path_, fmt::format("The {}{}{}.", name_.empty() ? "input " : name_, space, what)});
  }

  bool lenient_;
  bool ignores_surplus_;
  std::string path_;
  std::string_view name_;
};

}  // namespace

Result<> read(const Shape& shape, const Value& value, void* object, Reading reading) {
  ASSERT(shape.kind == Kind::record);
  Walk walk(reading);
  walk.record(shape, value.is_null() ? Value::object() : value, object);
  if (walk.problems.empty()) return {};
  return fail_fields(std::move(walk.problems));
}

bool is_email(std::string_view text) {
  std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
  std::string_view domain = text.substr(at + 1);
  if (domain.size() < 3 || domain.find('@') != std::string_view::npos) return false;
  if (domain.find('.') == std::string_view::npos || domain.front() == '.' || domain.back() == '.') {
    return false;
  }
  if (text.find("..") != std::string_view::npos || text.front() == '.' || text[at - 1] == '.') {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != 127 &&
           std::string_view("()<>[]:;,\\\"").find(c) == std::string_view::npos;
  });
}

}  // namespace piggy
