#pragma once

// Pages of a list (piggy-api-v3, section 7).

#include <cstdint>

#include "shape/shape.h"

namespace piggy {

// In the Input of a list: std::optional<std::int64_t> page, limit. In its Output: Page page.
struct Page {
  std::int64_t page = 1;
  std::int64_t limit = 30;
  std::int64_t total = 0;

  std::int64_t offset() const { return (page - 1) * limit; }
  std::int64_t last_page() const {
    return limit > 0 && total > 0 ? (total + limit - 1) / limit : 1;
  }

  static void describe(Fields<Page>& field) {
    field("page", &Page::page, "The number of this page, from 1.");
    field("limit", &Page::limit, "How many items a page holds.");
    field("total", &Page::total, "How many items there are in all.");
  }
};

// A page of 0 is the first one.
inline Page page_of(std::optional<std::int64_t> page, std::optional<std::int64_t> limit,
                    std::int64_t limit_default) {
  return {.page = std::max<std::int64_t>(1, page.value_or(1)),
          .limit = limit.value_or(limit_default)};
}

}  // namespace piggy
