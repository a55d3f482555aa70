#pragma once

// A Shape describes a C++ type at run time: its kind, its fields with their names, meanings and
// limits, and how to reach its parts. A struct gets one by a static `describe`:
//
//   struct Input {
//     std::string email = {};
//     static void describe(Fields<Input>& field) {
//       field("email", &Input::email, "The contact's address.", {.format = Format::email});
//     }
//   };
//
// Whatever works on every struct (JSON, schema, flags, forms) is an ordinary function over a Shape,
// written once. Members that are `std::optional` may be missing; all others are required.
//
// Invariant: this header names no JSON, no HTTP and no SQL.

#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/assert.h"
#include "base/time.h"
#include "base/uuid.h"
#include "shape/value.h"

namespace piggy {

enum class Kind { boolean, integer, number, text, uuid, time, choice, list, optional, record, any };

// What a text must look like beyond its length.
// Of a text. That of an email is checked, the others are told to readers of the schema.
enum class Format { plain, email, uri, date, secret };

struct FieldOptions {
  // The smallest and largest number, length of a text in characters, or length of a list.
  std::int64_t min = std::numeric_limits<std::int64_t>::min();
  std::int64_t max = std::numeric_limits<std::int64_t>::max();
  Format format = Format::plain;
  // Another name under which clients send it (the PHP client's `dataType` for `data_type`).
  std::string_view alias = {};
  // The members of this Value stand beside the other fields instead of below a name of its own: on
  // the way in it collects what no other field takes, on the way out its members are spread.
  bool flat = false;
  // Written by clients that send it, but without meaning: accepted, described nowhere.
  bool hidden = false;
  // Text from outside (a form, a customer): a model must read it as data.
  bool untrusted = false;
};

struct Shape;

struct Field {
  std::string_view name;
  std::string_view about;
  FieldOptions options;
  const Shape* shape;
  std::size_t offset;

  const void* in(const void* record) const {
    return static_cast<const std::byte*>(record) + offset;
  }
  void* in(void* record) const { return static_cast<std::byte*>(record) + offset; }
  // Whether an input must have it.
  bool required() const;
};

struct Shape {
  Kind kind = Kind::any;
  std::vector<Field> fields = {};              // Records.
  std::vector<std::string_view> choices = {};  // Choices: the word for each value, in order.
  const Shape* element = nullptr;              // Lists and optionals.

  // Lists and optionals: how many elements, the element at a place, a new one at the end.
  std::size_t (*count)(const void*) = nullptr;
  const void* (*at)(const void*, std::size_t) = nullptr;
  void* (*append)(void*) = nullptr;
  // Choices: the index into `choices`.
  std::size_t (*choice)(const void*) = nullptr;
  void (*choose)(void*, std::size_t) = nullptr;
  // A new object of this type with its defaults, and its end.
  void* (*make)() = nullptr;
  void (*destroy)(void*) = nullptr;

  const Field* field(std::string_view name) const {
    for (const Field& field : fields) {
      if (field.name == name) return &field;
    }
    return nullptr;
  }
};

inline bool Field::required() const {
  return shape->kind != Kind::optional && !options.hidden && !options.flat;
}

template <class T>
const Shape& shape_of();  // Built once per type; stops the program if `describe` forgot a member.

// What `describe` fills.
template <class T>
class Fields {
 public:
  explicit Fields(Shape& shape) : shape_(shape) {}

  template <class M>
  void operator()(std::string_view name, M T::* member, std::string_view about,
                  FieldOptions options = {}) {
    alignas(T) static std::byte storage[sizeof(T)];
    const T* nowhere = reinterpret_cast<const T*>(storage);
    auto offset = reinterpret_cast<const std::byte*>(&(nowhere->*member)) - storage;
    shape_.fields.push_back(
        {name, about, options, &shape_of<std::remove_cv_t<M>>(), static_cast<std::size_t>(offset)});
    // A member that is not where the one before it ends has a forgotten one in front of it.
    std::size_t expected = (end_ + alignof(M) - 1) / alignof(M) * alignof(M);
    complete_ = complete_ && static_cast<std::size_t>(offset) == expected;
    end_ = expected + sizeof(M);
  }

  // Whether the fields, told in the order of the members, leave no room for another one. Counting
  // members would be exact but costs seconds of compiling; this misses only what hides in padding.
  bool complete() const {
    return complete_ && (std::is_empty_v<T> || sizeof(T) - end_ < alignof(T));
  }

 private:
  Shape& shape_;
  std::size_t end_ = 0;
  bool complete_ = true;
};

namespace detail {

template <class T>
struct ListOf : std::false_type {};
template <class E>
struct ListOf<std::vector<E>> : std::true_type {
  using Element = E;
};
template <class T>
struct OptionalOf : std::false_type {};
template <class E>
struct OptionalOf<std::optional<E>> : std::true_type {
  using Element = E;
};

template <class T>
concept Record = requires(Fields<T>& fields) { T::describe(fields); };

template <class T>
void describe_list(Shape& shape) {
  using Element = typename ListOf<T>::Element;
  shape.kind = Kind::list;
  shape.element = &shape_of<Element>();
  shape.count = [](const void* list) { return static_cast<const T*>(list)->size(); };
  shape.at = [](const void* list, std::size_t i) -> const void* {
    return &(*static_cast<const T*>(list))[i];
  };
  shape.append = [](void* list) -> void* { return &static_cast<T*>(list)->emplace_back(); };
}

template <class T>
void describe_optional(Shape& shape) {
  using Element = typename OptionalOf<T>::Element;
  shape.kind = Kind::optional;
  shape.element = &shape_of<Element>();
  shape.count = [](const void* optional) -> std::size_t {
    return static_cast<const T*>(optional)->has_value();
  };
  shape.at = [](const void* optional, std::size_t) -> const void* {
    return &**static_cast<const T*>(optional);
  };
  shape.append = [](void* optional) -> void* { return &static_cast<T*>(optional)->emplace(); };
}

// A word of C++ that is taken on the wire ends in `_` in the enumeration (`float_`).
inline std::string_view wire_word(const char* enumerator) {
  std::string_view word = enumerator;
  if (word.ends_with('_')) word.remove_suffix(1);
  return word;
}

template <class T>
void describe_choice(Shape& shape) {
  shape.kind = Kind::choice;
  using Enumerators = boost::describe::describe_enumerators<T>;
  boost::mp11::mp_for_each<Enumerators>([&](auto enumerator) {
    // The index is the value, so that both directions are one step.
    ASSERT(static_cast<std::size_t>(enumerator.value) == shape.choices.size());
    shape.choices.push_back(wire_word(enumerator.name));
  });
  shape.choice = [](const void* value) {
    return static_cast<std::size_t>(*static_cast<const T*>(value));
  };
  shape.choose = [](void* value, std::size_t index) {
    *static_cast<T*>(value) = static_cast<T>(index);
  };
}

template <class T>
Shape build_shape() {
  Shape shape;
  if constexpr (std::is_same_v<T, bool>) {
    shape.kind = Kind::boolean;
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    shape.kind = Kind::integer;
  } else if constexpr (std::is_same_v<T, double>) {
    shape.kind = Kind::number;
  } else if constexpr (std::is_same_v<T, std::string>) {
    shape.kind = Kind::text;
  } else if constexpr (std::is_same_v<T, Uuid>) {
    shape.kind = Kind::uuid;
  } else if constexpr (std::is_same_v<T, Time>) {
    shape.kind = Kind::time;
  } else if constexpr (std::is_same_v<T, Value>) {
    shape.kind = Kind::any;
  } else if constexpr (ListOf<T>::value) {
    describe_list<T>(shape);
  } else if constexpr (OptionalOf<T>::value) {
    describe_optional<T>(shape);
  } else if constexpr (std::is_enum_v<T>) {
    describe_choice<T>(shape);
  } else {
    static_assert(Record<T>, "this type needs a static describe(Fields<T>&)");
    shape.kind = Kind::record;
    Fields<T> fields(shape);
    T::describe(fields);
    ASSERT(fields.complete());
  }
  shape.make = []() -> void* { return new T(); };
  shape.destroy = [](void* object) { delete static_cast<T*>(object); };
  return shape;
}

}  // namespace detail

template <class T>
const Shape& shape_of() {
  static const Shape shape = detail::build_shape<T>();
  return shape;
}

// The word of an enumerator, and the other way round.
template <class E>
std::string_view word_of(E value) {
  return shape_of<E>().choices[static_cast<std::size_t>(value)];
}
template <class E>
std::optional<E> choice_of(std::string_view word) {
  const auto& choices = shape_of<E>().choices;
  for (std::size_t i = 0; i < choices.size(); i++) {
    if (choices[i] == word) return static_cast<E>(i);
  }
  return std::nullopt;
}

// An operation that takes nothing or answers nothing.
struct Empty {
  static void describe(Fields<Empty>&) {}
};

}  // namespace piggy
