#pragma once

// Scopes as the protocol writes them: words with spaces between them.

#include <string>
#include <string_view>
#include <vector>

namespace piggy::oauth {

inline std::vector<std::string> scopes_in(std::string_view text) {
  std::vector<std::string> scopes;
  while (!text.empty()) {
    std::string_view scope = text.substr(0, text.find(' '));
    text.remove_prefix(scope.size() == text.size() ? text.size() : scope.size() + 1);
    if (!scope.empty()) scopes.emplace_back(scope);
  }
  return scopes;
}

inline std::string scopes_text(const std::vector<std::string>& scopes) {
  std::string text;
  for (const std::string& scope : scopes) {
    if (!text.empty()) text += ' ';
    text += scope;
  }
  return text;
}

}  // namespace piggy::oauth
