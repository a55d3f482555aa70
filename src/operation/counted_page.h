#pragma once

// Form C of `meta` (piggy-api-v3, section 7.2): an Output that has a field `meta` of it beside its
// `data` says itself which part of the list it is.

#include "operation/page.h"

namespace piggy {

struct CountedPage {
  std::int64_t page = 1;
  std::int64_t per_page = 30;
  std::int64_t last_page = 1;
  std::int64_t total = 0;

  static void describe(Fields<CountedPage>& field) {
    field("page", &CountedPage::page, "The number of this page, from 1.");
    field("per_page", &CountedPage::per_page, "How many items a page holds.");
    field("last_page", &CountedPage::last_page, "The number of the last page.");
    field("total", &CountedPage::total, "How many items there are in all.");
  }
};

inline CountedPage counted(const Page& page) {
  return {.page = page.page,
          .per_page = page.limit,
          .last_page = page.last_page(),
          .total = page.total};
}

}  // namespace piggy
