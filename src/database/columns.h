#pragma once

// The columns of a table as AppendTable and UpdateTable write them: "id bigint, uuid bytea".

#include <string_view>
#include <vector>

namespace piggy {

struct TableColumn {
  std::string_view name;
  std::string_view type;
};

inline std::string_view trimmed(std::string_view text) {
  std::size_t start = text.find_first_not_of(" \n");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \n") - start + 1);
}

inline std::vector<TableColumn> columns_of(std::string_view text) {
  std::vector<TableColumn> columns;
  while (!text.empty()) {
    std::string_view column = text.substr(0, text.find(','));
    text.remove_prefix(column.size() == text.size() ? text.size() : column.size() + 1);
    column = trimmed(column);
    std::string_view name = column.substr(0, column.find(' '));
    columns.push_back({.name = name, .type = trimmed(column.substr(name.size()))});
  }
  return columns;
}

}  // namespace piggy
