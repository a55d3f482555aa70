#pragma once

// One leaf of the conditions of a segment, read and checked.

#include "segment/condition.h"

namespace piggy {

class LeafReader {
 public:
  LeafReader(Transaction& transaction, const ConditionNames& names,
             std::vector<FieldError>& problems)
      : transaction_(transaction), names_(names), problems_(problems) {}

  // Adds a problem for everything that is wrong; an Error is the store's.
  Result<ConditionLeaf> read(const Value& text, const std::string& path);

 private:
  void wrong(std::string_view member, std::string message);
  bool read_field(ConditionLeaf& leaf);
  bool read_attribute(ConditionLeaf& leaf, std::string_view name);
  bool read_test(ConditionLeaf& leaf);
  Result<> read_details(ConditionLeaf& leaf);
  void read_activity(ConditionLeaf& leaf);
  Result<> read_vouchers(ConditionLeaf& leaf);
  void read_subscription(ConditionLeaf& leaf);
  void read_salt(ConditionLeaf& leaf);
  void read_value(ConditionLeaf& leaf);
  void read_numbers(ConditionLeaf& leaf, const Value& value);
  void read_words(ConditionLeaf& leaf, const Value& value);
  void add_word(ConditionLeaf& leaf, const Value& value);
  void add_named(ConditionLeaf& leaf, const Value& value);
  std::optional<std::int64_t> days_in(std::string_view member);
  std::optional<Uuid> uuid_in(std::string_view member);
  void refuse_others(const ConditionLeaf& leaf);

  Transaction& transaction_;
  const ConditionNames& names_;
  std::vector<FieldError>& problems_;
  const Value* text_ = nullptr;  // Of the leaf that is read.
  std::string path_ = {};
  std::vector<std::string_view> options_ = {};  // The words that a choice may be.
};

}  // namespace piggy
