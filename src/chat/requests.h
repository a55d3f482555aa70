#pragma once

// Words by which several of the fourteen tools are asked for. For the requests_*.cpp alone.

#include <initializer_list>
#include <string_view>

namespace piggy {

// For what is listed.
inline constexpr std::initializer_list<std::string_view> show = {
    "show",     "list",  "what",   "which", "give",   "see", "tell",  "get",
    "display",  "any",   "all",    "our",   "have",   "are", "fetch", "view",
    "overview", "whats", "what's", "need",  "please", "pls", "want"};
// For what is made.
inline constexpr std::initializer_list<std::string_view> make = {
    "make",  "create", "generate", "issue",   "add",   "new",      "need",
    "want",  "print",  "prepare",  "produce", "mint",  "set",      "define",
    "batch", "give",   "get",      "another", "order", "register", "build"};

}  // namespace piggy
