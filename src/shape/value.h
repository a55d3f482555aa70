#pragma once

// A Value is data whose shape is not known in advance: a JSON document, a decoded form, an
// attribute that a shop defined. Everything that has a shape is a struct instead (see shape.h).
//
// Objects keep the order of their members and never hold the same name twice.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace piggy {

struct Member;

class Value {
 public:
  using List = std::vector<Value>;
  using Object = std::vector<Member>;

  Value();
  Value(std::nullptr_t);
  Value(bool boolean);
  Value(int number);
  Value(std::int64_t number);
  Value(double number);
  Value(const char* text);
  Value(std::string_view text);
  Value(std::string text);
  Value(List list);
  Value(Object object);
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  static Value list() { return Value(List{}); }
  static Value object();
  static Value object(std::initializer_list<Member> members);

  bool is_null() const { return data_.index() == 0; }
  // The content if it is of that kind, else nullptr.
  const bool* boolean() const { return std::get_if<bool>(&data_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&data_); }
  const double* number() const { return std::get_if<double>(&data_); }
  const std::string* text() const { return std::get_if<std::string>(&data_); }
  std::string* text() { return std::get_if<std::string>(&data_); }
  const List* items() const { return std::get_if<List>(&data_); }
  List* items() { return std::get_if<List>(&data_); }
  const Object* members() const { return std::get_if<Object>(&data_); }
  Object* members() { return std::get_if<Object>(&data_); }

  // The member of that name, or nullptr: also when this is no object.
  const Value* find(std::string_view name) const;
  Value* find(std::string_view name);
  // The text of that member, or "" when it has none.
  std::string_view text_of(std::string_view name) const;
  // Replaces or adds a member; makes an object out of null. Returns the member's value.
  Value& set(std::string_view name, Value value);
  void erase(std::string_view name);
  // Adds to a list; makes a list out of null.
  Value& push(Value value);

  // Numbers compare by amount (1 equals 1.0), members without regard to order.
  bool operator==(const Value& other) const;

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, List, Object> data_;
};

struct Member {
  std::string name;
  Value value;
};

bool operator==(const Member& a, const Member& b);

}  // namespace piggy
