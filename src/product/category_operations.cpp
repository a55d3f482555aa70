#include "product/category_operations.h"

#include <fmt/format.h>

#include "operation/numbers.h"

namespace piggy {
namespace {

// An error of one of many, told with its place.
std::unexpected<Error> at_place(Error error, std::size_t place) {
  for (FieldError& field : error.fields) {
    field.path = fmt::format("/categories/{}{}", place, field.path);
  }
  return fail(std::move(error));
}

Result<ProductCategory> made(Call& call, CategoryRow row) {
  TRY(make_category(call.transaction, row));
  call.changes("product category " + row.external_identifier, nullptr, "created");
  return shown(row);
}

}  // namespace

ProductCategory shown(const CategoryRow& category) {
  return {.uuid = category.uuid,
          .external_identifier = category.external_identifier,
          .name = category.name};
}

Result<ListProductCategories::Output> ListProductCategories::run(Call& call, const Input& input) {
  Output output = {.page = page_of(input.page, input.limit, 10)};
  for (const CategoryRow& row : TRY(categories_on(call.transaction, output.page))) {
    output.categories.push_back(shown(row));
  }
  return output;
}

Result<CreateProductCategory::Output> CreateProductCategory::run(Call& call, const Input& input) {
  return made(call, {.external_identifier = input.external_identifier, .name = input.name});
}

Result<CreateProductCategoriesBatch::Output> CreateProductCategoriesBatch::run(Call& call,
                                                                               const Input& input) {
  Output output;
  for (std::size_t i = 0; i < input.categories.size(); i++) {
    const NewCategory& given = input.categories[i];
    auto category =
        made(call, {.external_identifier = given.external_identifier, .name = given.name});
    if (!category) return at_place(category.error(), i);
    output.categories.push_back(*std::move(category));
  }
  return output;
}

Result<GetProductCategory::Output> GetProductCategory::run(Call& call, const Input& input) {
  return shown(TRY(category_of(call.transaction, input.uuid)));
}

Result<FindProductCategory::Output> FindProductCategory::run(Call& call, const Input& input) {
  auto found = TRY(category_by_identifier(call.transaction, input.external_identifier));
  if (!found) return model_not_found();
  return shown(*found);
}

Result<FindOrCreateProductCategory::Output> FindOrCreateProductCategory::run(Call& call,
                                                                             const Input& input) {
  auto found = TRY(category_by_identifier(call.transaction, input.external_identifier));
  if (found) return shown(*found);
  return made(call, {.external_identifier = input.external_identifier,
                     .name = input.name.value_or(input.external_identifier)});
}

Result<UpdateProductCategory::Output> UpdateProductCategory::run(Call& call, const Input& input) {
  CategoryRow row = TRY(category_of(call.transaction, input.uuid));
  CategoryRow before = row;
  if (input.external_identifier) row.external_identifier = *input.external_identifier;
  if (input.name) row.name = *input.name;
  TRY(update_category(call.transaction, row));
  call.changes("product category " + before.external_identifier, before.name, row.name);
  return shown(row);
}

Result<DeleteProductCategory::Output> DeleteProductCategory::run(Call& call, const Input& input) {
  auto found = TRY(category_by_identifier(call.transaction, input.uuid));
  auto uuid = parse_uuid(input.uuid);
  if (uuid) {
    auto by_uuid = category_of(call.transaction, *uuid);
    if (by_uuid) found = *by_uuid;
  }
  if (!found) return model_not_found();
  TRY(delete_category(call.transaction, found->id));
  call.changes("product category " + found->external_identifier, found->name, "deleted");
  return Output{};
}

void add_category_operations(Catalogue& catalogue) {
  catalogue.add<ListProductCategories>();
  catalogue.add<CreateProductCategory>();
  catalogue.add<CreateProductCategoriesBatch>();
  catalogue.add<GetProductCategory>();
  catalogue.add<FindProductCategory>();
  catalogue.add<FindOrCreateProductCategory>();
  catalogue.add<UpdateProductCategory>();
  catalogue.add<DeleteProductCategory>();
}

// Descriptions ------------------------------------------------------------------------------------

void ProductCategory::describe(Fields<ProductCategory>& field) {
  field("uuid", &ProductCategory::uuid, "The category.");
  field("external_identifier", &ProductCategory::external_identifier,
        "The store's own identifier of it.", {.untrusted = true});
  field("name", &ProductCategory::name, "Its name.", {.untrusted = true});
}

void NewCategory::describe(Fields<NewCategory>& field) {
  field("external_identifier", &NewCategory::external_identifier,
        "The store's own identifier, unique in the account.", {.min = 1, .max = 200});
  field("name", &NewCategory::name, "Its name.", {.min = 1, .max = 500});
}

void ListProductCategories::Input::describe(Fields<Input>& field) {
  field("page", &Input::page, "The number of the page, from 1.", {.min = 0, .max = 1'000'000});
  field("limit", &Input::limit, "How many on a page; 10 when not given.", {.min = 1, .max = 500});
}

void ListProductCategories::Output::describe(Fields<Output>& field) {
  field("categories", &Output::categories, "The categories, oldest first.");
  field("page", &Output::page, "Which part of the list this is.");
}

void CreateProductCategoriesBatch::Input::describe(Fields<Input>& field) {
  field("categories", &Input::categories, "The categories to add.", {.min = 1, .max = 500});
}

void CreateProductCategoriesBatch::Output::describe(Fields<Output>& field) {
  field("categories", &Output::categories, "The new categories, in the order given.");
}

void GetProductCategory::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The category.");
}

void FindProductCategory::Input::describe(Fields<Input>& field) {
  field("external_identifier", &Input::external_identifier, "The store's own identifier.",
        {.min = 1, .max = 200});
}

void FindOrCreateProductCategory::Input::describe(Fields<Input>& field) {
  field("external_identifier", &Input::external_identifier,
        "The store's own identifier, which is looked for.", {.min = 1, .max = 200});
  field("name", &Input::name, "The name of a new one; the identifier when not given.",
        {.min = 1, .max = 500});
}

void UpdateProductCategory::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The category.");
  field("external_identifier", &Input::external_identifier, "Another identifier.",
        {.min = 1, .max = 200});
  field("name", &Input::name, "Another name.", {.min = 1, .max = 500});
}

void DeleteProductCategory::Input::describe(Fields<Input>& field) {
  field("uuid", &Input::uuid, "The category's uuid, or the store's own identifier of it.",
        {.min = 1, .max = 200});
}

}  // namespace piggy
