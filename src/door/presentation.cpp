#include "door/presentation.h"

#include <fmt/format.h>

#include "operation/page.h"
#include "shape/json.h"

namespace piggy {
namespace {

Value echoed(const Value& given, std::int64_t fallback) {
  return given.text() || given.integer() ? given : Value(fallback);
}

Value page_form_a(const Page& page, const Shown& shown) {
  bool empty = page.total == 0;
  return Value::object({{"page", echoed(shown.page, page.page)},
                        {"limit", echoed(shown.limit, page.limit)},
                        {"viewing_from", empty ? 0 : page.offset() + 1},
                        {"viewing_to", page.page * page.limit},
                        {"last_page", page.last_page()},
                        {"total", page.total}});
}

Value link(const Shown& shown, std::int64_t page) {
  return fmt::format("{}?{}page={}", shown.url, shown.query, page);
}

Value numbered(const Value& url, std::string_view label, bool active) {
  return Value::object({{"url", url}, {"label", label}, {"active", active}});
}

// Laravel's form: every page up to ten or so, then only those around the current one.
Value numbered_links(const Page& page, const Shown& shown) {
  std::int64_t last = page.last_page();
  Value previous = page.page > 1 ? link(shown, page.page - 1) : Value();
  Value next = page.page < last ? link(shown, page.page + 1) : Value();
  Value links = Value::list();
  links.push(numbered(previous, "pagination.previous", false));
  bool gap = false;
  for (std::int64_t n = 1; n <= last; n++) {
    bool near = last <= 13 || n <= 2 || n > last - 2 || std::abs(n - page.page) <= 3;
    if (near) links.push(numbered(link(shown, n), std::to_string(n), n == page.page));
    if (!near && !gap) links.push(numbered(nullptr, "...", false));
    if (!near && n < page.page - 4) n = page.page - 4;
    if (!near && n > page.page && n < last - 2) n = last - 2;
    gap = !near;
  }
  links.push(numbered(next, "pagination.next", false));
  return links;
}

void write_form_b(std::string& out, const Page& page, const Shown& shown) {
  std::int64_t last = page.last_page();
  std::int64_t shown_to = std::min(page.total, page.offset() + page.limit);
  bool empty = page.offset() >= page.total;
  Value links = Value::object({{"first", link(shown, 1)},
                               {"last", link(shown, last)},
                               {"prev", page.page > 1 ? link(shown, page.page - 1) : Value()},
                               {"next", page.page < last ? link(shown, page.page + 1) : Value()}});
  Value meta = Value::object({{"current_page", page.page},
                              {"from", empty ? Value() : Value(page.offset() + 1)},
                              {"last_page", last},
                              {"links", numbered_links(page, shown)},
                              {"path", shown.url},
                              {"per_page", echoed(shown.limit, page.limit)},
                              {"to", empty ? Value() : Value(shown_to)},
                              {"total", page.total}});
  out += ",\"links\":";
  write_json(out, links);
  out += ",\"meta\":";
  write_json(out, meta);
}

void write_data(std::string& out, const Operation& operation, const Object& output) {
  const Wire& wire = operation.info.wire;
  out += "{\"data\":";
  if (wire.data == null_data) {
    out += "null";
  } else if (wire.data.empty()) {
    write_json(out, output.shape(), output.data());
  } else {
    const Field& field = *output.shape().field(wire.data);
    write_json(out, *field.shape, field.in(output.data()));
  }
}

void write_meta(std::string& out, const Operation& operation, const Object& output,
                const Shown& shown) {
  const Wire& wire = operation.info.wire;
  if (wire.paging != Paging::none) {
    const auto& page = *static_cast<const Page*>(output.shape().field("page")->in(output.data()));
    if (wire.paging == Paging::b) return write_form_b(out, page, shown);
    out += ",\"meta\":";
    write_json(out, page_form_a(page, shown));
    return;
  }
  // A list that counts its pages in words of its own (operation/counted_page.h).
  const Field* meta = wire.data.empty() ? nullptr : output.shape().field("meta");
  if (meta) {
    out += ",\"meta\":";
    write_json(out, *meta->shape, meta->in(output.data()));
    return;
  }
  if (wire.meta == Meta::object) out += ",\"meta\":{}";
  if (wire.meta == Meta::list) out += ",\"meta\":[]";
}

}  // namespace

Shown as_shown(const Operation& operation, const Value& input, const http::Request& request,
               std::string_view public_url) {
  Shown shown;
  Paging paging = operation.info.wire.paging;
  if (paging == Paging::none) return shown;
  if (const Value* page = input.find("page")) shown.page = *page;
  if (const Value* limit = input.find("limit")) shown.limit = *limit;
  if (paging == Paging::a) return shown;
  std::string_view host = request.header("host");
  shown.url = public_url.empty() ? fmt::format("http://{}", host.empty() ? "localhost" : host)
                                 : std::string(public_url);
  shown.url += request.path;
  std::string_view rest = request.query;
  while (!rest.empty()) {
    std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (!pair.starts_with("page=") && !pair.empty()) shown.query += fmt::format("{}&", pair);
  }
  return shown;
}

Value value_of(const Shape& shape, const void* object) {
  std::string json;
  write_json(json, shape, object);
  auto value = parse_json(json);
  ASSERT(value);
  return *std::move(value);
}

void present(std::string& out, const Operation& operation, const Answer& answer,
             const Shown& shown) {
  write_data(out, operation, answer.output);
  write_meta(out, operation, answer.output, shown);
  if (answer.dry_run) {
    out += ",\"dry_run\":true,\"effect\":";
    write_json(out, shape_of<std::vector<EffectLine>>(), &answer.effects);
  }
  out += '}';
}

void write_answer(std::string& out, const Answer& answer) {
  if (answer.told) {
    write_json(out, *answer.told);
  } else {
    write_json(out, answer.output.shape(), answer.output.data());
  }
  if (!answer.dry_run) return;
  out.pop_back();
  if (out.back() != '{') out += ',';
  out += "\"dry_run\":true,\"effect\":";
  write_json(out, shape_of<std::vector<EffectLine>>(), &answer.effects);
  out += '}';
}

void present_whole(std::string& out, const Answer& answer) {
  out += "{\"data\":";
  write_answer(out, answer);
  out += '}';
}

}  // namespace piggy
