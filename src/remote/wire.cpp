#include "remote/wire.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "http/form.h"
#include "operation/page.h"
#include "shape/json.h"
#include "shape/read.h"

namespace piggy {
namespace {

constexpr std::size_t words_max = 300;

// The numbers of section 6.4 that say that something is not there. The wire's status is 400 for
// these as for all else.
constexpr int numbers_not_found[] = {1008,  1013,  1027,  1028,  1041,  1048,  1100,  1103,
                                     5001,  5010,  6003,  13010, 55004, 55007, 55012, 55020,
                                     55030, 55031, 55032, 60003, 60007, 60013, 80002, 80004,
                                     80300, 80530, 80531, 80540, 80550, 110000};
constexpr int number_of_invalid_input = 1003;

std::string_view name_of(Verb verb) {
  constexpr std::string_view names[] = {"GET", "POST", "PUT", "DELETE"};
  return names[static_cast<std::size_t>(verb)];
}

// As PHP reads it: nested names in brackets, null left out.
void add_to_query(std::string& out, const std::string& name, const Value& value) {
  if (value.members()) {
    for (const Member& member : *value.members()) {
      add_to_query(out, name.empty() ? member.name : fmt::format("{}[{}]", name, member.name),
                   member.value);
    }
  } else if (value.items()) {
    for (std::size_t i = 0; i < value.items()->size(); i++) {
      add_to_query(out, fmt::format("{}[{}]", name, i), (*value.items())[i]);
    }
  } else if (!value.is_null()) {
    if (!out.empty()) out += '&';
    out += http::percent_encode(name);
    out += '=';
    if (value.boolean()) {
      out += *value.boolean() ? '1' : '0';
    } else {
      out += http::percent_encode(value.text() ? *value.text() : to_json(value));
    }
  }
}

// A segment that a server in between could take for a step to another place.
bool leads_elsewhere(std::string_view text) {
  while (true) {
    std::size_t end = std::min(text.find_first_of("/\\"), text.size());
    std::string_view segment = text.substr(0, end);
    if (segment == "." || segment == "..") return true;
    if (end == text.size()) return false;
    text.remove_prefix(end + 1);
  }
}

// The value of a parameter of the path. What is no UUID where one belongs could be the fixed word
// of another route (`merge`), so it goes as the UUID of nothing: not found, as it would be here.
Result<std::string> path_text(const Field& field, const Value* given) {
  std::string text;
  if (given && given->text()) text = *given->text();
  if (given && (given->integer() || given->number())) text = to_json(*given);
  std::string path = fmt::format("/{}", field.name);
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return fail_field(path, fmt::format("The {} field is required.", field.name));
  }
  if (field.shape->kind == Kind::uuid) return to_string(parse_uuid(text).value_or(Uuid{}));
  if (leads_elsewhere(text)) {
    return fail_field(path, fmt::format("The {} must not hold the segments . or ..", field.name));
  }
  return text;
}

// What the shape knows of a value; the rest is left away, as the wire asks (section 4). PHP writes
// an empty object as an empty list, and a moment at times as an object around its text.
Value known_part(const Shape& shape, const Value& value) {
  if (shape.kind == Kind::optional) return known_part(*shape.element, value);
  if (shape.kind == Kind::list && value.items()) {
    Value list = Value::list();
    for (const Value& item : *value.items()) list.push(known_part(*shape.element, item));
    return list;
  }
  if (shape.kind == Kind::text && !value.text_of("date").empty()) return value.text_of("date");
  if (shape.kind != Kind::record) return value;
  if (value.items() && value.items()->empty()) return Value::object();
  if (!value.members()) return value;
  Value known = Value::object();
  bool takes_all = false;
  for (const Field& field : shape.fields) {
    takes_all = takes_all || field.options.flat;
    if (field.options.flat) continue;
    const Value* given = value.find(field.name);
    if (!given && !field.options.alias.empty()) given = value.find(field.options.alias);
    if (given) known.set(field.name, known_part(*field.shape, *given));
  }
  for (const Member& member : *value.members()) {
    if (takes_all && !known.find(member.name)) known.set(member.name, member.value);
  }
  return known;
}

Value completed(const Shape& shape, Value value);

// What stands for a field that must be there and is not. The vendor's answers lack some of ours.
Value nothing_of(const Shape& shape) {
  switch (shape.kind) {
    case Kind::boolean:
      return false;
    case Kind::integer:
    case Kind::number:
      return 0;
    case Kind::text:
      return "";
    case Kind::uuid:
      return to_string(Uuid{});
    case Kind::time:
      return to_atom(Time{});
    case Kind::choice:
      return shape.choices.front();
    case Kind::list:
      return Value::list();
    case Kind::record:
      return completed(shape, Value::object());
    case Kind::optional:
    case Kind::any:
      return nullptr;
  }
  return nullptr;
}

Value completed(const Shape& shape, Value value) {
  if (shape.kind == Kind::optional) return completed(*shape.element, std::move(value));
  if (shape.kind == Kind::list && value.items()) {
    for (Value& item : *value.items()) item = completed(*shape.element, std::move(item));
  }
  if (shape.kind != Kind::record || !value.members()) return value;
  for (const Field& field : shape.fields) {
    if (field.options.flat) continue;
    Value* given = value.find(field.name);
    bool missing = !given || given->is_null();
    if (missing && field.required()) value.set(field.name, nothing_of(*field.shape));
    if (!missing) *given = completed(*field.shape, std::move(*given));
  }
  return value;
}

// Where there is an id that is none of ours. Read, it would become the id of nothing.
std::optional<std::string> foreign_id(const Shape& shape, const Value& value, std::string path) {
  if (shape.kind == Kind::optional) return foreign_id(*shape.element, value, std::move(path));
  if (shape.kind == Kind::list && value.items()) {
    for (std::size_t i = 0; i < value.items()->size(); i++) {
      auto found = foreign_id(*shape.element, (*value.items())[i], fmt::format("{}/{}", path, i));
      if (found) return found;
    }
  } else if (shape.kind == Kind::record) {
    for (const Field& field : shape.fields) {
      const Value* given = value.find(field.name);
      if (!given || given->is_null() || field.options.flat) continue;
      auto found = foreign_id(*field.shape, *given, fmt::format("{}/{}", path, field.name));
      if (found) return found;
    }
  } else if (shape.kind == Kind::uuid) {
    bool none = value.text() && value.text()->empty();
    if (!none && (!value.text() || !parse_uuid(*value.text()))) return path;
  }
  return std::nullopt;
}

Value page_value(const Page& page) {
  return Value::object({{"page", page.page}, {"limit", page.limit}, {"total", page.total}});
}

// Forms A and B of `meta` (section 7.2), whose numbers may be texts. Nothing when it counts none.
std::optional<Value> page_in(const Value* meta, Paging paging) {
  if (!meta) return std::nullopt;
  Value counted = Value::object();
  auto take = [&](std::string_view name, std::string_view on_the_wire) {
    if (const Value* given = meta->find(on_the_wire)) counted.set(name, *given);
  };
  take("page", paging == Paging::a ? "page" : "current_page");
  take("limit", paging == Paging::a ? "limit" : "per_page");
  take("total", "total");
  auto page = piggy::read<Page>(counted, Reading::words);
  if (!page) return std::nullopt;
  return page_value(*page);
}

// Of a list whose pages the wire does not count (form F): what the question and the answer show.
// The total is how many are known of so far.
Value page_by(const Value& input, const Value& data) {
  auto asked = [&](std::string_view name, std::int64_t fallback) {
    const Value* given = input.find(name);
    return given && given->integer() && *given->integer() > 0 ? *given->integer() : fallback;
  };
  std::int64_t count = data.items() ? std::ssize(*data.items()) : 0;
  Page page{.page = asked("page", 1), .limit = asked("limit", count)};
  page.total = page.offset() + count;
  return page_value(page);
}

// Words of the other side, for a person to read.
std::string plain(std::string_view text) { return on_one_line(text, words_max); }

// "attributes.firstname" is "/attributes/firstname" everywhere but on this wire.
std::string pointer(std::string_view dotted) {
  std::string pointer = "/" + plain(dotted);
  std::replace(pointer.begin(), pointer.end(), '.', '/');
  return pointer;
}

void add_fields(const Value& errors, std::vector<FieldError>& fields) {
  if (!errors.members()) return;
  for (const Member& member : *errors.members()) {
    auto add = [&](const Value& message) {
      if (message.text() && fields.size() < 100) {
        fields.push_back({pointer(member.name), plain(*message.text())});
      }
    };
    add(member.value);
    if (!member.value.items()) continue;
    for (const Value& message : *member.value.items()) add(message);
  }
}

ErrorCode code_of(int status, const Error& error) {
  switch (status) {
    case 401:
      return ErrorCode::unauthenticated;
    case 403:
      return ErrorCode::forbidden;
    case 404:
      return ErrorCode::not_found;
    case 409:
    case 422:
      return ErrorCode::conflict;
    case 429:
      return ErrorCode::too_many;
    case 400:
      if (std::ranges::find(numbers_not_found, error.number) != std::end(numbers_not_found)) {
        return ErrorCode::not_found;
      }
      return error.fields.empty() && error.number != number_of_invalid_input ? ErrorCode::conflict
                                                                             : ErrorCode::invalid;
    default:
      return status >= 500 ? ErrorCode::unavailable : ErrorCode::invalid;
  }
}

}  // namespace

Result<RemoteRequest> remote_request(const Operation& operation, const Value& input) {
  const OperationInfo& info = operation.info;
  Value rest = known_part(*operation.input, input);
  RemoteRequest request{.method = name_of(info.verb),
                        .target = std::string(prefix_of(info.surface))};
  for (std::string_view path = info.path; !path.empty();) {
    std::size_t open = std::min(path.find('{'), path.size());
    request.target += path.substr(0, open);
    path.remove_prefix(open);
    if (path.empty()) break;
    std::string_view name = path.substr(1, path.find('}') - 1);
    path.remove_prefix(name.size() + 2);
    request.target +=
        http::percent_encode(TRY(path_text(*operation.input->field(name), rest.find(name))));
    rest.erase(name);
  }
  if (info.verb == Verb::post || info.verb == Verb::put) {
    request.body = to_json(rest);
    return request;
  }
  std::string query;
  add_to_query(query, "", rest);
  if (!query.empty()) request.target += "?" + query;
  return request;
}

std::expected<RemoteAnswer, std::string> read_remote_answer(const Operation& operation,
                                                            const Value& input,
                                                            std::string_view body) {
  const Wire& wire = operation.info.wire;
  const Shape& shape = *operation.output;
  RemoteAnswer answer{.output = Object(shape)};
  auto whole = parse_json(body);
  if (!whole || !whole->members()) return std::unexpected("is no JSON object");
  const Value* data = whole->find("data");
  if (!data) return std::unexpected("has no data");
  if (wire.data != null_data) {
    // The vendor documents some of what is one field here as an object around it (section 15.7).
    const Value* inner = wire.data.empty() ? nullptr : data->find(wire.data);
    if (inner) data = inner;
    Value output = wire.data.empty() ? *data : Value::object({{std::string(wire.data), *data}});
    const Field* page = shape.field("page");
    if (wire.paging != Paging::none) {
      auto counted = page_in(whole->find("meta"), wire.paging);
      if (!counted) return std::unexpected("counts no pages");
      output.set("page", *std::move(counted));
    } else if (page && page->shape == &shape_of<Page>()) {
      output.set("page", page_by(input, *data));
    } else if (!wire.data.empty() && shape.field("meta")) {
      const Value* counted = whole->find("meta");
      if (!counted) return std::unexpected("counts no pages");
      output.set("meta", *counted);
    }
    output = known_part(shape, output);
    if (auto path = foreign_id(shape, output, "")) {
      return std::unexpected(fmt::format("has no UUID at {}", *path));
    }
    if (output.members() && output.members()->empty() && !shape.fields.empty()) {
      return std::unexpected("tells nothing of what was asked");
    }
    answer.told = output;
    output = completed(shape, std::move(output));
    // Not `lenient`, which trims texts and takes empty ones for none: here they are data.
    if (Result<> read = piggy::read(shape, output, answer.output.data(), Reading::words); !read) {
      const FieldError& first = read.error().fields.front();
      return std::unexpected(
          fmt::format("is another one than expected at {}: {}", first.path, first.message));
    }
  }
  const Value* dry_run = whole->find("dry_run");
  answer.dry_run = dry_run && dry_run->boolean() && *dry_run->boolean();
  if (const Value* effect = whole->find("effect"); answer.dry_run && effect && effect->items()) {
    for (const Value& line : *effect->items()) {
      answer.effects.push_back({.what = std::string(line.text_of("what")),
                                .before = line.find("before") ? *line.find("before") : Value(),
                                .after = line.find("after") ? *line.find("after") : Value()});
    }
  }
  return answer;
}

std::optional<Error> read_remote_refusal(int status, std::string_view body) {
  auto whole = parse_json(body);
  if (!whole || !whole->members()) return std::nullopt;
  std::string_view message = whole->text_of("message");
  const Value* code = whole->find("code");
  if (message.empty() || !code) return std::nullopt;
  Error error{.message = plain(message)};
  if (code->integer() && *code->integer() > 0 && *code->integer() < 1'000'000'000) {
    error.number = static_cast<int>(*code->integer());
  }
  if (const Value* errors = whole->find("errors")) add_fields(*errors, error.fields);
  error.code = code_of(status, error);
  return error;
}

}  // namespace piggy
