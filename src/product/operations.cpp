#include "product/operations.h"

#include <fmt/format.h>

#include <algorithm>

#include "operation/numbers.h"

namespace piggy {
namespace {

Result<Product> shown(Transaction& transaction, const ProductRow& row) {
  Product out = {.uuid = row.uuid,
                 .external_identifier = row.external_identifier,
                 .name = row.name,
                 .description = row.description};
  for (const CategoryRow& category : TRY(categories_of_product(transaction, row.id))) {
    out.categories.push_back(shown(category));
  }
  return out;
}

// Each once, however often it is named. All that are unknown are told at once.
Result<std::vector<CategoryRow>> categories_in(Call& call,
                                               const std::vector<CategoryReference>& given) {
  std::vector<CategoryRow> categories;
  std::vector<FieldError> problems;
  for (std::size_t i = 0; i < given.size(); i++) {
    std::optional<CategoryRow> found;
    if (given[i].uuid) {
      auto by_uuid = category_of(call.transaction, *given[i].uuid);
      if (by_uuid) found = *by_uuid;
    } else if (given[i].external_identifier) {
      found = TRY(category_by_identifier(call.transaction, *given[i].external_identifier));
    }
    if (!found) {
      problems.push_back({fmt::format("/categories/{}", i), "There is no such category."});
    } else if (std::ranges::find(categories, found->id, &CategoryRow::id) == categories.end()) {
      categories.push_back(*found);
    }
  }
  if (problems.empty()) return categories;
  return fail_fields(std::move(problems));
}

Result<Product> made(Call& call, const NewProduct& given) {
  auto categories =
      TRY(categories_in(call, given.categories.value_or(std::vector<CategoryReference>())));
  ProductRow row = {.external_identifier = given.external_identifier,
                    .name = given.name,
                    .description = given.description};
  TRY(make_product(call.transaction, row));
  if (!categories.empty()) TRY(set_categories(call.transaction, row.id, categories));
  call.changes("product " + row.external_identifier, nullptr, "created");
  return shown(call.transaction, row);
}

// An error of one of many, told with its place.
std::unexpected<Error> at_place(Error error, std::size_t place) {
  for (FieldError& field : error.fields) {
    field.path = fmt::format("/products/{}{}", place, field.path);
  }
  return fail(std::move(error));
}

}  // namespace

Result<ListProducts::Output> ListProducts::run(Call& call, const Input& input) {
  Output output = {.page = page_of(input.page, input.limit, 10)};
  for (const ProductRow& row : TRY(products_on(call.transaction, input.text, output.page))) {
    output.products.push_back(TRY(shown(call.transaction, row)));
  }
  return output;
}

Result<CreateProduct::Output> CreateProduct::run(Call& call, const Input& input) {
  return made(call, input);
}

Result<CreateProductsBatch::Output> CreateProductsBatch::run(Call& call, const Input& input) {
  Output output;
  for (std::size_t i = 0; i < input.products.size(); i++) {
    auto product = made(call, input.products[i]);
    if (!product) return at_place(product.error(), i);
    output.products.push_back(*std::move(product));
  }
  return output;
}

Result<GetProduct::Output> GetProduct::run(Call& call, const Input& input) {
  return shown(call.transaction, TRY(product_of(call.transaction, input.uuid)));
}

Result<FindProduct::Output> FindProduct::run(Call& call, const Input& input) {
  auto found = TRY(product_by_identifier(call.transaction, input.external_identifier));
  if (!found) return model_not_found();
  return shown(call.transaction, *found);
}

Result<FindOrCreateProducts::Output> FindOrCreateProducts::run(Call& call, const Input& input) {
  auto found = TRY(product_by_identifier(call.transaction, input.external_identifier));
  if (found) return shown(call.transaction, *found);
  return made(call, {.external_identifier = input.external_identifier,
                     .name = input.name.value_or(input.external_identifier),
                     .description = input.description,
                     .categories = input.categories});
}

Result<UpdateProduct::Output> UpdateProduct::run(Call& call, const Input& input) {
  ProductRow row = TRY(product_of(call.transaction, input.uuid));
  ProductRow before = row;
  if (input.external_identifier) row.external_identifier = *input.external_identifier;
  if (input.name) row.name = *input.name;
  if (input.description) row.description = *input.description;
  TRY(update_product(call.transaction, row));
  if (input.categories) {
    auto categories = TRY(categories_in(call, *input.categories));
    TRY(set_categories(call.transaction, row.id, categories));
    call.changes("categories of product " + row.external_identifier, nullptr,
                 static_cast<std::int64_t>(categories.size()));
  }
  call.changes("product " + before.external_identifier, before.name, row.name);
  return shown(call.transaction, row);
}

Result<DeleteProduct::Output> DeleteProduct::run(Call& call, const Input& input) {
  auto found = TRY(product_by_identifier(call.transaction, input.uuid));
  auto uuid = parse_uuid(input.uuid);
  if (uuid) {
    auto by_uuid = product_of(call.transaction, *uuid);
    if (by_uuid) found = *by_uuid;
  }
  if (!found) return model_not_found();
  TRY(delete_product(call.transaction, found->id));
  call.changes("product " + found->external_identifier, found->name, "deleted");
  return Output{};
}

void add_product_operations(Catalogue& catalogue) {
  catalogue.add<ListProducts>();
  catalogue.add<CreateProduct>();
  catalogue.add<CreateProductsBatch>();
  catalogue.add<GetProduct>();
  catalogue.add<FindProduct>();
  catalogue.add<FindOrCreateProducts>();
  catalogue.add<UpdateProduct>();
  catalogue.add<DeleteProduct>();
  add_category_operations(catalogue);
}

// Descriptions ------------------------------------------------------------------------------------

void Product::describe(Fields<Product>& field) {
  field("uuid", &Product::uuid, "The product.");
  field("external_identifier", &Product::external_identifier, "The store's own identifier of it.",
        {.untrusted = true});
  field("name", &Product::name, "Its name.", {.untrusted = true});
  field("description", &Product::description, "What it is.", {.untrusted = true});
  field("categories", &Product::categories, "The categories it is sorted into.");
}

void CategoryReference::describe(Fields<CategoryReference>& field) {
  field("uuid", &CategoryReference::uuid, "The category's uuid, or");
  field("external_identifier", &CategoryReference::external_identifier,
        "the store's own identifier of it.", {.min = 1, .max = 200});
}

void NewProduct::describe(Fields<NewProduct>& field) {
  field("external_identifier", &NewProduct::external_identifier,
        "The store's own identifier, unique in the account.", {.min = 1, .max = 200});
  field("name", &NewProduct::name, "Its name.", {.min = 1, .max = 500});
  field("description", &NewProduct::description, "What it is.", {.max = 10'000});
  field("categories", &NewProduct::categories, "The categories it belongs to, which must exist.",
        {.max = 100});
}

void ListProducts::Input::describe(Fields<Input>& field) {
  field("text", &Input::text, "Only those whose name or identifier has this in it.",
        {.min = 1, .max = 200});
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 10 when not given.", {.min = 1, .max = 500});
}

void ListProducts::Output::describe(Fields<Output>& field) {
  field("products", &Output::products, "The products, oldest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void CreateProductsBatch::Input::describe(Fields<Input>& field) {
  field("products", &Input::products, "The products to add.", {.min = 1, .max = 500});
}

void CreateProductsBatch::Output::describe(Fields<Output>& field) {
  field("products", &Output::products, "The new products, in the order given.");
}

void GetProduct::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The product.");
}

void FindProduct::Input::describe(Fields<Input>& field) {
  field("external_identifier", &Input::external_identifier, "The store's own identifier.",
        {.min = 1, .max = 200});
}

void FindOrCreateProducts::Input::describe(Fields<Input>& field) {
  field("external_identifier", &Input::external_identifier,
        "The store's own identifier, which is looked for.", {.min = 1, .max = 200});
  field("name", &Input::name, "The name of a new one; the identifier when not given.",
        {.min = 1, .max = 500});
  field("description", &Input::description, "What a new one is.", {.max = 10'000});
  field("categories", &Input::categories, "The categories a new one belongs to, which must exist.",
        {.max = 100});
}

void UpdateProduct::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The product.");
  field("external_identifier", &Input::external_identifier, "Another identifier.",
        {.min = 1, .max = 200});
  field("name", &Input::name, "Another name.", {.min = 1, .max = 500});
  field("description", &Input::description, "Another description.", {.max = 10'000});
  field("categories", &Input::categories, "The categories in place of the ones it has.",
        {.max = 100});
}

void DeleteProduct::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The product's uuid, or the store's own identifier of it.",
        {.min = 1, .max = 200});
}

}  // namespace piggy
