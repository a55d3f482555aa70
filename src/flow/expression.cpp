#include "flow/expression.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <lua.hpp>
#include <memory>
#include <optional>

#include "shape/json.h"

// Lua is the one that is compiled as C++, so that its errors are exceptions and unwind what is on
// the stack. They are thrown inside of lua_pcall alone, which is where all of this runs.

namespace piggy {
namespace {

constexpr std::size_t memory_max = 16 << 20;
constexpr int depth_max = 32;
constexpr std::size_t text_bytes_max = 1 << 20;
constexpr int instructions_at_once = 1'000;

struct Room {
  std::size_t used = 0;
  int rounds_left = 0;  // Of so many instructions.
};

void* allocate(void* room_pointer, void* block, std::size_t old_size, std::size_t size) {
  auto& room = *static_cast<Room*>(room_pointer);
  if (!block) old_size = 0;  // Then it says what kind of object is wanted.
  if (size == 0) {
    std::free(block);
    room.used -= old_size;
    return nullptr;
  }
  if (size > old_size && room.used + (size - old_size) > memory_max) return nullptr;
  void* moved = std::realloc(block, size);
  if (moved) room.used += size - old_size;
  return moved;
}

// Lists are tables with this for their metatable, so that an empty one comes back as one.
constexpr char list_mark = 0;
// JSON's null where Lua has no word for it, inside of lists.
void* const null_mark = const_cast<char*>(&list_mark);

void push(lua_State* lua, const Value& value, int depth) {
  luaL_checkstack(lua, 4, "too deep");
  if (depth > depth_max) luaL_error(lua, "values are nested too deeply");
  if (value.is_null()) return lua_pushnil(lua);
  if (const bool* truth = value.boolean()) return lua_pushboolean(lua, *truth);
  if (const auto* integer = value.integer()) return lua_pushinteger(lua, *integer);
  if (const double* number = value.number()) return lua_pushnumber(lua, *number);
  if (const auto* text = value.text()) {
    lua_pushlstring(lua, text->data(), text->size());
    return;
  }
  if (const auto* items = value.items()) {
    lua_createtable(lua, static_cast<int>(items->size()), 0);
    lua_Integer at = 0;
    for (const Value& item : *items) {
      if (item.is_null()) {
        lua_pushlightuserdata(lua, null_mark);
      } else {
        push(lua, item, depth + 1);
      }
      lua_rawseti(lua, -2, ++at);
    }
    lua_rawgetp(lua, LUA_REGISTRYINDEX, &list_mark);
    lua_setmetatable(lua, -2);
    return;
  }
  const auto& members = *value.members();
  lua_createtable(lua, 0, static_cast<int>(members.size()));
  for (const Member& member : members) {
    lua_pushlstring(lua, member.name.data(), member.name.size());
    push(lua, member.value, depth + 1);
    lua_rawset(lua, -3);
  }
}

bool is_list(lua_State* lua, int index) {
  if (!lua_getmetatable(lua, index)) return lua_rawlen(lua, index) > 0;
  lua_rawgetp(lua, LUA_REGISTRYINDEX, &list_mark);
  bool marked = lua_rawequal(lua, -1, -2) != 0;
  lua_pop(lua, 2);
  return marked;
}

Value pop_table(lua_State* lua, int index, int depth);

Value value_at(lua_State* lua, int index, int depth) {
  if (depth > depth_max) luaL_error(lua, "values are nested too deeply");
  luaL_checkstack(lua, 4, "too deep");
  switch (lua_type(lua, index)) {
    case LUA_TNIL:
      return nullptr;
    case LUA_TBOOLEAN:
      return lua_toboolean(lua, index) != 0;
    case LUA_TNUMBER: {
      if (lua_isinteger(lua, index)) return static_cast<std::int64_t>(lua_tointeger(lua, index));
      double number = lua_tonumber(lua, index);
      if (!std::isfinite(number)) luaL_error(lua, "a number is infinite or none at all");
      return number;
    }
    case LUA_TSTRING: {
      std::size_t size = 0;
      const char* text = lua_tolstring(lua, index, &size);
      return std::string(text, size);
    }
    case LUA_TTABLE:
      return pop_table(lua, index, depth);
    case LUA_TLIGHTUSERDATA:
      return nullptr;
    default:
      luaL_error(lua, "the value is a %s", luaL_typename(lua, index));
  }
  return nullptr;
}

Value pop_table(lua_State* lua, int index, int depth) {
  if (is_list(lua, index)) {
    Value list = Value::list();
    auto length = static_cast<lua_Integer>(lua_rawlen(lua, index));
    lua_Integer keys = 0;
    lua_pushnil(lua);
    for (; lua_next(lua, index); keys++) lua_pop(lua, 1);
    if (keys != length) luaL_error(lua, "a table is either a list or has names, not both");
    for (lua_Integer at = 1; at <= length; at++) {
      lua_rawgeti(lua, index, at);
      list.push(value_at(lua, lua_gettop(lua), depth + 1));
      lua_pop(lua, 1);
    }
    return list;
  }
  // By name, since Lua keeps no order and the same must always be the same.
  std::vector<std::pair<std::string, Value>> members;
  lua_pushnil(lua);
  while (lua_next(lua, index)) {
    if (lua_type(lua, -2) != LUA_TSTRING) luaL_error(lua, "the names of a table must be texts");
    std::size_t size = 0;
    const char* name = lua_tolstring(lua, -2, &size);
    members.emplace_back(std::string(name, size), value_at(lua, lua_gettop(lua), depth + 1));
    lua_pop(lua, 1);
  }
  std::ranges::sort(members, {}, &std::pair<std::string, Value>::first);
  Value object = Value::object();
  for (auto& [name, value] : members) object.set(name, std::move(value));
  return object;
}

// As it stands within a text.
std::string printed(const Value& value) {
  if (const auto* text = value.text()) return *text;
  return to_json(value);
}

// The functions of expressions ----------------------------------------------------------------

std::string_view text_argument(lua_State* lua, int index) {
  std::size_t size = 0;
  luaL_checktype(lua, index, LUA_TSTRING);
  const char* text = lua_tolstring(lua, index, &size);
  return {text, size};
}

void push_text(lua_State* lua, std::string_view text) {
  if (text.size() > text_bytes_max) luaL_error(lua, "a text is too long");
  lua_pushlstring(lua, text.data(), text.size());
}

int contains(lua_State* lua) {
  if (lua_type(lua, 1) == LUA_TSTRING) {
    lua_pushboolean(lua, text_argument(lua, 1).find(text_argument(lua, 2)) != std::string::npos);
    return 1;
  }
  bool found = false;
  if (!lua_isnoneornil(lua, 1)) {
    luaL_checktype(lua, 1, LUA_TTABLE);
    auto length = static_cast<lua_Integer>(lua_rawlen(lua, 1));
    for (lua_Integer at = 1; at <= length && !found; at++) {
      lua_rawgeti(lua, 1, at);
      found = lua_rawequal(lua, -1, 2) != 0;
      lua_pop(lua, 1);
    }
  }
  lua_pushboolean(lua, found);
  return 1;
}

template <int (*change)(int)>
int each_letter(lua_State* lua) {
  std::string text(text_argument(lua, 1));
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x80) c = static_cast<char>(change(c));
  }
  push_text(lua, text);
  return 1;
}

int trim(lua_State* lua) {
  std::string_view text = text_argument(lua, 1);
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  push_text(lua, text);
  return 1;
}

int count(lua_State* lua) {
  if (lua_isnoneornil(lua, 1)) {
    lua_pushinteger(lua, 0);
  } else {
    lua_pushinteger(lua, static_cast<lua_Integer>(lua_rawlen(lua, 1)));
  }
  return 1;
}

int rounded(lua_State* lua) {
  double number = luaL_checknumber(lua, 1);
  auto places = luaL_optinteger(lua, 2, 0);
  if (places < 0 || places > 12) luaL_error(lua, "round takes 0 to 12 places");
  if (places == 0 && std::abs(number) < 9e18) {
    lua_pushinteger(lua, std::llround(number));
  } else {
    double scale = std::pow(10.0, static_cast<double>(places));
    lua_pushnumber(lua, std::round(number * scale) / scale);
  }
  return 1;
}

// The smallest or largest of its arguments.
template <int wanted>
int extreme(lua_State* lua) {
  int best = 1;
  luaL_checknumber(lua, 1);
  for (int i = 2; i <= lua_gettop(lua); i++) {
    luaL_checknumber(lua, i);
    bool less = lua_compare(lua, i, best, LUA_OPLT) != 0;
    bool more = lua_compare(lua, best, i, LUA_OPLT) != 0;
    if (wanted < 0 ? less : more) best = i;
  }
  lua_pushvalue(lua, best);
  return 1;
}

int as_number(lua_State* lua) {
  if (lua_type(lua, 1) == LUA_TSTRING) {
    std::string text(text_argument(lua, 1));
    if (lua_stringtonumber(lua, text.c_str()) == 0) lua_pushnil(lua);
    return 1;
  }
  luaL_checknumber(lua, 1);
  lua_pushvalue(lua, 1);
  return 1;
}

int as_text(lua_State* lua) {
  push_text(lua, printed(value_at(lua, 1, 0)));
  return 1;
}

int or_else(lua_State* lua) {
  bool empty =
      lua_isnoneornil(lua, 1) || (lua_type(lua, 1) == LUA_TSTRING && lua_rawlen(lua, 1) == 0);
  lua_settop(lua, 2);
  lua_pushvalue(lua, empty ? 2 : 1);
  return 1;
}

int join(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  std::string_view between = lua_isnoneornil(lua, 2) ? ", " : text_argument(lua, 2);
  std::string text;
  auto length = static_cast<lua_Integer>(lua_rawlen(lua, 1));
  for (lua_Integer at = 1; at <= length; at++) {
    lua_rawgeti(lua, 1, at);
    if (at > 1) text += between;
    text += printed(value_at(lua, lua_gettop(lua), 0));
    lua_pop(lua, 1);
    if (text.size() > text_bytes_max) luaL_error(lua, "a text is too long");
  }
  push_text(lua, text);
  return 1;
}

// map(list, f) and filter(list, f).
template <bool filters>
int each(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  luaL_checktype(lua, 2, LUA_TFUNCTION);
  lua_newtable(lua);
  lua_rawgetp(lua, LUA_REGISTRYINDEX, &list_mark);
  lua_setmetatable(lua, -2);
  auto length = static_cast<lua_Integer>(lua_rawlen(lua, 1));
  lua_Integer kept = 0;
  for (lua_Integer at = 1; at <= length; at++) {
    lua_pushvalue(lua, 2);
    lua_rawgeti(lua, 1, at);
    lua_call(lua, 1, 1);
    if constexpr (filters) {
      bool keep = lua_toboolean(lua, -1) != 0;
      lua_pop(lua, 1);
      if (!keep) continue;
      lua_rawgeti(lua, 1, at);
    } else if (lua_isnil(lua, -1)) {
      lua_pop(lua, 1);
      lua_pushlightuserdata(lua, null_mark);
    }
    lua_rawseti(lua, -2, ++kept);
  }
  return 1;
}

int sum(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  auto length = static_cast<lua_Integer>(lua_rawlen(lua, 1));
  lua_pushinteger(lua, 0);
  for (lua_Integer at = 1; at <= length; at++) {
    lua_rawgeti(lua, 1, at);
    luaL_checknumber(lua, -1);
    lua_arith(lua, LUA_OPADD);
  }
  return 1;
}

int lower_letter(int c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
int upper_letter(int c) { return c >= 'a' && c <= 'z' ? c - 32 : c; }

constexpr std::pair<const char*, lua_CFunction> functions[] = {{"contains", contains},
                                                               {"lower", each_letter<lower_letter>},
                                                               {"upper", each_letter<upper_letter>},
                                                               {"trim", trim},
                                                               {"count", count},
                                                               {"round", rounded},
                                                               {"min", extreme<-1>},
                                                               {"max", extreme<1>},
                                                               {"number", as_number},
                                                               {"text", as_text},
                                                               {"default", or_else},
                                                               {"join", join},
                                                               {"map", each<false>},
                                                               {"filter", each<true>},
                                                               {"sum", sum}};

// The machine -----------------------------------------------------------------------------------

void tick(lua_State* lua, lua_Debug*) {
  auto& room = **static_cast<Room**>(lua_getextraspace(lua));
  if (--room.rounds_left < 0) luaL_error(lua, "it takes too long");
}

struct Machine {
  Room room = {};
  lua_State* lua = nullptr;

  explicit Machine(Effort effort) {
    room.rounds_left = effort == Effort::short_ ? 100 : 10'000;
    lua = lua_newstate(allocate, &room);
    ASSERT(lua);
    *static_cast<Room**>(lua_getextraspace(lua)) = &room;
  }
  Machine(const Machine&) = delete;
  ~Machine() { lua_close(lua); }
};

// Lua's messages begin with where they are, which is always the same line.
std::string sentence_of(lua_State* lua, std::string_view expression) {
  std::size_t size = 0;
  const char* said = lua_tolstring(lua, -1, &size);
  std::string_view message = said ? std::string_view(said, size) : "it failed";
  if (std::size_t place = message.find("]:1: "); place != std::string_view::npos) {
    message.remove_prefix(place + 5);
  }
  return fmt::format("The expression {} cannot be evaluated: {}.", expression, message);
}

bool load(lua_State* lua, std::string_view expression) {
  // The line break ends a comment, which would otherwise hide the bracket.
  std::string chunk = fmt::format("return ({}\n)", expression);
  return luaL_loadbufferx(lua, chunk.data(), chunk.size(), "expression", "t") == LUA_OK;
}

struct Job {
  std::string_view expression;
  const Value* names;
  Value result;
  bool loaded = false;
};

int run_job(lua_State* lua) {
  auto& job = *static_cast<Job*>(lua_touserdata(lua, 1));
  lua_newtable(lua);
  lua_rawsetp(lua, LUA_REGISTRYINDEX, &list_mark);
  if (!load(lua, job.expression)) return lua_error(lua);
  lua_newtable(lua);
  for (auto [name, function] : functions) {
    lua_pushcfunction(lua, function);
    lua_setfield(lua, -2, name);
  }
  for (const Member& member : *job.names->members()) {
    push(lua, member.value, 0);
    lua_setfield(lua, -2, member.name.c_str());
  }
  ASSERT(lua_setupvalue(lua, -2, 1));  // _ENV
  lua_call(lua, 0, 1);
  job.result = value_at(lua, lua_gettop(lua), 0);
  return 0;
}

// The expressions of a text: where each begins and ends, brackets included.
struct Part {
  std::string_view text = {};        // As it stands in front of the expression.
  std::string_view expression = {};  // None in the last part.
  bool is_expression = false;
};

std::optional<std::size_t> end_of_expression(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i + 1 < text.size(); i++) {
    char c = text[i];
    if (quote) {
      if (c == '\\') {
        i++;
      } else if (c == quote) {
        quote = 0;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '}' && text[i + 1] == '}') {
      // The last of several, so that a table may end right before.
      while (i + 2 < text.size() && text[i + 2] == '}') i++;
      return i;
    }
  }
  return std::nullopt;
}

// Nothing when an expression is not closed.
std::optional<std::vector<Part>> parts_of(std::string_view text) {
  std::vector<Part> parts;
  while (!text.empty()) {
    std::size_t begin = text.find("${{");
    if (begin == std::string_view::npos) {
      parts.push_back({.text = text});
      break;
    }
    if (begin > 0 && text[begin - 1] == '$') {  // $${{
      parts.push_back({.text = text.substr(0, begin - 1)});
      parts.push_back({.text = text.substr(begin, 3)});
      text.remove_prefix(begin + 3);
      continue;
    }
    auto end = end_of_expression(text.substr(begin + 3));
    if (!end) return std::nullopt;
    if (begin > 0) parts.push_back({.text = text.substr(0, begin)});
    parts.push_back({.expression = text.substr(begin + 3, *end), .is_expression = true});
    text.remove_prefix(begin + 3 + *end + 2);
  }
  return parts;
}

Result<Value> fill_text(const std::string& text, const Value& names) {
  if (text.find("${{") == std::string::npos) return Value(text);
  auto parts = parts_of(text);
  if (!parts) return fail(ErrorCode::invalid, "An expression is not closed with }}.");
  if (parts->size() == 1 && parts->front().is_expression) {
    return evaluate(parts->front().expression, names);
  }
  std::string filled;
  for (const Part& part : *parts) {
    if (!part.is_expression) {
      filled += part.text;
      continue;
    }
    Value value = TRY(evaluate(part.expression, names));
    if (!value.is_null()) filled += printed(value);
    if (filled.size() > text_bytes_max) return fail(ErrorCode::invalid, "The text is too long.");
  }
  return Value(std::move(filled));
}

std::string below(std::string_view path, std::string_view name) {
  return fmt::format("{}/{}", path, name);
}

void fill(Value& value, const Value& names, const std::string& path,
          std::vector<FieldError>& problems) {
  if (auto* items = value.items()) {
    for (std::size_t i = 0; i < items->size(); i++) {
      fill((*items)[i], names, below(path, std::to_string(i)), problems);
    }
  } else if (auto* members = value.members()) {
    for (Member& member : *members) {
      fill(member.value, names, below(path, member.name), problems);
    }
  } else if (const auto* text = value.text()) {
    auto filled = fill_text(*text, names);
    if (filled) {
      value = *std::move(filled);
    } else {
      problems.push_back({path, filled.error().message});
    }
  }
}

}  // namespace

Result<Value> evaluate(std::string_view expression, const Value& names, Effort effort) {
  ASSERT(names.members());
  Machine machine(effort);
  Job job{.expression = expression, .names = &names};
  lua_sethook(machine.lua, tick, LUA_MASKCOUNT, instructions_at_once);
  // Both fit into the room of a new machine.
  lua_pushcfunction(machine.lua, run_job);
  lua_pushlightuserdata(machine.lua, &job);
  if (lua_pcall(machine.lua, 1, 0, 0) != LUA_OK) {
    return fail(ErrorCode::invalid, sentence_of(machine.lua, expression));
  }
  return std::move(job.result);
}

Result<bool> holds(std::string_view expression, const Value& names, Effort effort) {
  Value value = TRY(evaluate(expression, names, effort));
  const bool* truth = value.boolean();
  return truth ? *truth : !value.is_null();
}

Result<Value> filled_in(const Value& value, const Value& names, std::string_view path) {
  Value filled = value;
  std::vector<FieldError> problems;
  fill(filled, names, std::string(path), problems);
  if (!problems.empty()) return fail_fields(std::move(problems));
  return filled;
}

void check_expression(std::string_view expression, std::string_view path,
                      std::vector<FieldError>& problems) {
  Machine machine(Effort::short_);
  if (!load(machine.lua, expression)) {
    problems.push_back({std::string(path), sentence_of(machine.lua, expression)});
  }
}

void check_expressions(const Value& value, std::string_view path,
                       std::vector<FieldError>& problems) {
  if (const auto* items = value.items()) {
    for (std::size_t i = 0; i < items->size(); i++) {
      check_expressions((*items)[i], below(path, std::to_string(i)), problems);
    }
  } else if (const auto* members = value.members()) {
    for (const Member& member : *members) {
      check_expressions(member.value, below(path, member.name), problems);
    }
  } else if (const auto* text = value.text()) {
    auto parts = parts_of(*text);
    if (!parts) {
      problems.push_back({std::string(path), "An expression is not closed with }}."});
      return;
    }
    for (const Part& part : *parts) {
      if (part.is_expression) check_expression(part.expression, path, problems);
    }
  }
}

bool has_expression(std::string_view text) {
  auto parts = parts_of(text);
  if (!parts) return true;
  return std::ranges::any_of(*parts, &Part::is_expression);
}

}  // namespace piggy
