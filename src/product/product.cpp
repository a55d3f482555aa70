#include "product/product.h"

#include "base/lower_case.h"
#include "operation/numbers.h"

namespace piggy {
namespace {

constexpr AppendTable product_table = {
    "product",
    "account_id bigint, id bigint, uuid bytea, external_identifier text, name text, "
    "description text, created_at bigint, updated_at bigint"};

constexpr std::string_view select_product = R"sql(
  SELECT id, uuid, external_identifier, name, description FROM product
  WHERE account_id = $1 AND uuid = $2
)sql";

constexpr std::string_view select_product_by_identifier = R"sql(
  SELECT id, uuid, external_identifier, name, description FROM product
  WHERE account_id = $1 AND external_identifier = $2
)sql";

constexpr std::string_view select_products = R"sql(
  SELECT id, uuid, external_identifier, name, description FROM product
  WHERE account_id = $1 ORDER BY id LIMIT $2 OFFSET $3
)sql";

constexpr std::string_view count_products = "SELECT count(*) FROM product WHERE account_id = $1";

constexpr std::string_view select_found = R"sql(
  SELECT id, uuid, external_identifier, name, description FROM product
  WHERE account_id = $1 AND (lower(name) LIKE $2 ESCAPE '\' OR
                             lower(external_identifier) LIKE $2 ESCAPE '\')
  ORDER BY id LIMIT $3 OFFSET $4
)sql";

constexpr std::string_view count_found = R"sql(
  SELECT count(*) FROM product
  WHERE account_id = $1 AND (lower(name) LIKE $2 ESCAPE '\' OR
                             lower(external_identifier) LIKE $2 ESCAPE '\')
)sql";

// A pattern of LIKE for texts that have this one in them.
std::string containing(std::string_view text) {
  std::string pattern = "%";
  for (char letter : lower_case(text)) {
    if (letter == '%' || letter == '_' || letter == '\\') pattern += '\\';
    pattern += letter;
  }
  return pattern + "%";
}

constexpr std::string_view update_product_row = R"sql(
  UPDATE product SET external_identifier = $3, name = $4, description = $5, updated_at = $6
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_product_row =
    "DELETE FROM product WHERE account_id = $1 AND id = $2";

constexpr std::string_view delete_links_of_product =
    "DELETE FROM product_in_category WHERE account_id = $1 AND product_id = $2";

constexpr AppendTable link_table = {
    "product_in_category", "account_id bigint, product_id bigint, product_category_id bigint"};

constexpr std::string_view select_categories_of_product = R"sql(
  SELECT c.id, c.uuid, c.external_identifier, c.name
  FROM product_in_category p
  JOIN product_category c ON c.account_id = p.account_id AND c.id = p.product_category_id
  WHERE p.account_id = $1 AND p.product_id = $2 ORDER BY c.id
)sql";

constexpr AppendTable category_table = {
    "product_category",
    "account_id bigint, id bigint, uuid bytea, external_identifier text, name text, "
    "created_at bigint"};

constexpr std::string_view select_category = R"sql(
  SELECT id, uuid, external_identifier, name FROM product_category
  WHERE account_id = $1 AND uuid = $2
)sql";

constexpr std::string_view select_category_by_identifier = R"sql(
  SELECT id, uuid, external_identifier, name FROM product_category
  WHERE account_id = $1 AND external_identifier = $2
)sql";

constexpr std::string_view select_categories = R"sql(
  SELECT id, uuid, external_identifier, name FROM product_category
  WHERE account_id = $1 ORDER BY id LIMIT $2 OFFSET $3
)sql";

constexpr std::string_view count_categories =
    "SELECT count(*) FROM product_category WHERE account_id = $1";

constexpr std::string_view update_category_row = R"sql(
  UPDATE product_category SET external_identifier = $3, name = $4
  WHERE account_id = $1 AND id = $2
)sql";

constexpr std::string_view delete_category_row =
    "DELETE FROM product_category WHERE account_id = $1 AND id = $2";

constexpr std::string_view delete_links_of_category =
    "DELETE FROM product_in_category WHERE account_id = $1 AND product_category_id = $2";

std::unexpected<Error> identifier_taken() {
  return fail_field("/external_identifier", "The external_identifier has already been taken.");
}

}  // namespace

Result<ProductRow> product_of(Transaction& transaction, const Uuid& uuid) {
  auto product = TRY(transaction.first<ProductRow>(select_product, {uuid}));
  if (!product) return model_not_found();
  return *std::move(product);
}

Result<std::optional<ProductRow>> product_by_identifier(Transaction& transaction,
                                                        std::string_view external_identifier) {
  return transaction.first<ProductRow>(select_product_by_identifier, {external_identifier});
}

Result<std::vector<ProductRow>> products_on(Transaction& transaction,
                                            const std::optional<std::string>& text, Page& page) {
  if (!text) {
    page.total = TRY(transaction.one<std::int64_t>(count_products));
    return transaction.all<ProductRow>(select_products, {page.limit, page.offset()});
  }
  std::string pattern = containing(*text);
  page.total = TRY(transaction.one<std::int64_t>(count_found, {pattern}));
  return transaction.all<ProductRow>(select_found, {pattern, page.limit, page.offset()});
}

Result<> make_product(Transaction& transaction, ProductRow& product) {
  if (TRY(product_by_identifier(transaction, product.external_identifier))) {
    return identifier_taken();
  }
  product.id = transaction.next_id();
  product.uuid = transaction.next_uuid();
  return transaction.append(product_table,
                            {product.id, product.uuid, product.external_identifier, product.name,
                             product.description, transaction.now(), transaction.now()});
}

Result<ProductRow> find_or_make_product(Transaction& transaction, const ProductRow& product) {
  auto found = TRY(product_by_identifier(transaction, product.external_identifier));
  if (found) return *std::move(found);
  ProductRow made = product;
  TRY(make_product(transaction, made));
  return made;
}

Result<> update_product(Transaction& transaction, const ProductRow& product) {
  auto holder = TRY(product_by_identifier(transaction, product.external_identifier));
  if (holder && holder->id != product.id) return identifier_taken();
  TRY(transaction.run(update_product_row, {product.id, product.external_identifier, product.name,
                                           product.description, transaction.now()}));
  return {};
}

Result<> delete_product(Transaction& transaction, std::int64_t id) {
  TRY(transaction.run(delete_links_of_product, {id}));
  TRY(transaction.run(delete_product_row, {id}));
  return {};
}

Result<std::vector<CategoryRow>> categories_of_product(Transaction& transaction,
                                                       std::int64_t product_id) {
  return transaction.all<CategoryRow>(select_categories_of_product, {product_id});
}

Result<> set_categories(Transaction& transaction, std::int64_t product_id,
                        const std::vector<CategoryRow>& categories) {
  TRY(transaction.run(delete_links_of_product, {product_id}));
  for (const CategoryRow& category : categories) {
    TRY(transaction.append(link_table, {product_id, category.id}));
  }
  return {};
}

Result<CategoryRow> category_of(Transaction& transaction, const Uuid& uuid) {
  auto category = TRY(transaction.first<CategoryRow>(select_category, {uuid}));
  if (!category) return model_not_found();
  return *std::move(category);
}

Result<std::optional<CategoryRow>> category_by_identifier(Transaction& transaction,
                                                          std::string_view external_identifier) {
  return transaction.first<CategoryRow>(select_category_by_identifier, {external_identifier});
}

Result<std::vector<CategoryRow>> categories_on(Transaction& transaction, Page& page) {
  page.total = TRY(transaction.one<std::int64_t>(count_categories));
  return transaction.all<CategoryRow>(select_categories, {page.limit, page.offset()});
}

Result<> make_category(Transaction& transaction, CategoryRow& category) {
  if (TRY(category_by_identifier(transaction, category.external_identifier))) {
    return identifier_taken();
  }
  category.id = transaction.next_id();
  category.uuid = transaction.next_uuid();
  return transaction.append(
      category_table,
      {category.id, category.uuid, category.external_identifier, category.name, transaction.now()});
}

Result<> update_category(Transaction& transaction, const CategoryRow& category) {
  auto holder = TRY(category_by_identifier(transaction, category.external_identifier));
  if (holder && holder->id != category.id) return identifier_taken();
  TRY(transaction.run(update_category_row,
                      {category.id, category.external_identifier, category.name}));
  return {};
}

Result<> delete_category(Transaction& transaction, std::int64_t id) {
  TRY(transaction.run(delete_links_of_category, {id}));
  TRY(transaction.run(delete_category_row, {id}));
  return {};
}

}  // namespace piggy
