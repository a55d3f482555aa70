#pragma once

// What narrows a statement that is put together at run time, with its parameters.
//
//   Conditions where;
//   if (filter.shop_id) where.add("AND shop_id =", *filter.shop_id);
//   transaction.all<Row>("SELECT … WHERE account_id = $1" + where.text(), where.parameters());

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "database/parameter.h"

namespace piggy {

class Conditions {
 public:
  // Words that the parameter comes after; $1 is the account.
  void add(std::string_view words, Parameter parameter) {
    parameters_.push_back(std::move(parameter));
    text_ += fmt::format(" {} ${}", words, parameters_.size() + 1);
  }

  const std::string& text() const { return text_; }  // With a space in front, if there are any.
  const std::vector<Parameter>& parameters() const { return parameters_; }

 private:
  std::string text_ = {};
  std::vector<Parameter> parameters_ = {};
};

}  // namespace piggy
