#pragma once

// What a store sells, and the categories it sorts it into. Both are known by the store's own
// identifier, which is unique in the account.

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "database/database.h"
#include "operation/page.h"

namespace piggy {

struct CategoryRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string external_identifier = {};
  std::string name = {};
};

struct ProductRow {
  std::int64_t id = 0;
  Uuid uuid = {};
  std::string external_identifier = {};
  std::string name = {};
  std::optional<std::string> description = {};
};

// 60013 when there is none.
Result<ProductRow> product_of(Transaction& transaction, const Uuid& uuid);
Result<std::optional<ProductRow>> product_by_identifier(Transaction& transaction,
                                                        std::string_view external_identifier);
// Oldest first, all or those whose name or identifier has the text in it, in any case of the
// letters a to z. Fills the total of `page`.
Result<std::vector<ProductRow>> products_on(Transaction& transaction,
                                            const std::optional<std::string>& text, Page& page);

// Mints id and uuid of the row. 1003 when the identifier is taken.
Result<> make_product(Transaction& transaction, ProductRow& product);
// The one that has the identifier, as it is, or a new one. Two at once make one.
Result<ProductRow> find_or_make_product(Transaction& transaction, const ProductRow& product);
Result<> update_product(Transaction& transaction, const ProductRow& product);
Result<> delete_product(Transaction& transaction, std::int64_t id);

// In the order in which they were made.
Result<std::vector<CategoryRow>> categories_of_product(Transaction& transaction,
                                                       std::int64_t product_id);
Result<> set_categories(Transaction& transaction, std::int64_t product_id,
                        const std::vector<CategoryRow>& categories);

// The same for categories. A deleted category leaves its products without it.
Result<CategoryRow> category_of(Transaction& transaction, const Uuid& uuid);
Result<std::optional<CategoryRow>> category_by_identifier(Transaction& transaction,
                                                          std::string_view external_identifier);
Result<std::vector<CategoryRow>> categories_on(Transaction& transaction, Page& page);
Result<> make_category(Transaction& transaction, CategoryRow& category);
Result<> update_category(Transaction& transaction, const CategoryRow& category);
Result<> delete_category(Transaction& transaction, std::int64_t id);

}  // namespace piggy
