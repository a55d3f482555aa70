#include "shape/value.h"

#include "base/assert.h"

namespace piggy {

Value::Value() : data_(nullptr) {}
Value::Value(std::nullptr_t) : data_(nullptr) {}
Value::Value(bool boolean) : data_(boolean) {}
Value::Value(int number) : data_(static_cast<std::int64_t>(number)) {}
Value::Value(std::int64_t number) : data_(number) {}
Value::Value(double number) : data_(number) {}
Value::Value(const char* text) : data_(std::string(text)) {}
Value::Value(std::string_view text) : data_(std::string(text)) {}
Value::Value(std::string text) : data_(std::move(text)) {}
Value::Value(List list) : data_(std::move(list)) {}
Value::Value(Object object) : data_(std::move(object)) {}
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

Value Value::object() { return Value(Object{}); }
Value Value::object(std::initializer_list<Member> members) { return Value(Object(members)); }

const Value* Value::find(std::string_view name) const {
  const Object* object = members();
  if (!object) return nullptr;
  for (const Member& member : *object) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

Value* Value::find(std::string_view name) {
  return const_cast<Value*>(static_cast<const Value*>(this)->find(name));
}

std::string_view Value::text_of(std::string_view name) const {
  const Value* value = find(name);
  return value && value->text() ? std::string_view(*value->text()) : std::string_view();
}

Value& Value::set(std::string_view name, Value value) {
  if (is_null()) data_ = Object{};
  if (Value* old = find(name)) return *old = std::move(value);
  ASSERT(members());
  members()->push_back({std::string(name), std::move(value)});
  return members()->back().value;
}

void Value::erase(std::string_view name) {
  if (Object* object = members()) {
    std::erase_if(*object, [&](const Member& member) { return member.name == name; });
  }
}

Value& Value::push(Value value) {
  if (is_null()) data_ = List{};
  ASSERT(items());
  return items()->emplace_back(std::move(value));
}

bool Value::operator==(const Value& other) const {
  if (integer() && other.number()) return static_cast<double>(*integer()) == *other.number();
  if (number() && other.integer()) return other == *this;
  if (!members() || !other.members()) return data_ == other.data_;
  if (members()->size() != other.members()->size()) return false;
  for (const Member& member : *members()) {
    const Value* twin = other.find(member.name);
    if (!twin || !(*twin == member.value)) return false;
  }
  return true;
}

bool operator==(const Member& a, const Member& b) { return a.name == b.name && a.value == b.value; }

}  // namespace piggy
