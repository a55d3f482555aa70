#pragma once

#include "operation/operation.h"
#include "operation/page.h"
#include "product/product.h"

namespace piggy {

struct ProductCategory {
  Uuid uuid = {};
  std::string external_identifier = {};
  std::string name = {};

  static void describe(Fields<ProductCategory>& field);
};
ProductCategory shown(const CategoryRow& category);

struct NewCategory {
  std::string external_identifier = {};
  std::string name = {};

  static void describe(Fields<NewCategory>& field);
};

struct ListProductCategories {
  static constexpr OperationInfo info = {
      .name = "list_product_categories",
      .title = "List Product Categories",
      .about = "Lists the categories that products are sorted into, oldest first.",
      .verb = Verb::get,
      .path = "/product-categories",
      .scope = "products:read",
      .wire = {.meta = Meta::list, .data = "categories", .paging = Paging::a}};
  struct Input {
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<ProductCategory> categories = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateProductCategory {
  static constexpr OperationInfo info = {
      .name = "create_product_category",
      .title = "Create Product Category",
      .about = "Adds a category. Refused when the external identifier is taken.",
      .verb = Verb::post,
      .path = "/product-categories",
      .scope = "products:write",
      .effect = Effect::write,
      .wire = {.meta = Meta::list}};
  using Input = NewCategory;
  using Output = ProductCategory;
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateProductCategoriesBatch {
  static constexpr OperationInfo info = {
      .name = "create_product_categories_batch",
      .title = "Create Product Categories Batch",
      .about = "Adds up to 500 categories at once, all of them or none.",
      .verb = Verb::post,
      .path = "/product-categories/batch",
      .scope = "products:write",
      .effect = Effect::write,
      .wire = {.meta = Meta::list, .data = "categories"}};
  struct Input {
    std::vector<NewCategory> categories = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<ProductCategory> categories = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetProductCategory {
  static constexpr OperationInfo info = {.name = "get_product_category",
                                         .title = "Get Product Category",
                                         .about = "Shows one category.",
                                         .verb = Verb::get,
                                         .path = "/product-categories/{uuid}",
                                         .scope = "products:read",
                                         .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ProductCategory;
  static Result<Output> run(Call& call, const Input& input);
};

struct FindProductCategory {
  static constexpr OperationInfo info = {
      .name = "find_product_category",
      .title = "Find Product Category",
      .about = "Looks up one category by the store's own identifier. Creates nothing.",
      .verb = Verb::get,
      .path = "/product-categories/find",
      .scope = "products:read",
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string external_identifier = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ProductCategory;
  static Result<Output> run(Call& call, const Input& input);
};

struct FindOrCreateProductCategory {
  static constexpr OperationInfo info = {
      .name = "find_or_create_product_category",
      .title = "Find or Create Product Category",
      .about =
          "Finds the category that has the store's own identifier, or creates it when there "
          "is none. An existing one is answered unchanged. Safe to repeat.",
      .verb = Verb::post,
      .path = "/product-categories/find-or-create",
      .scope = "products:write",
      .effect = Effect::write,
      .idempotent = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string external_identifier = {};
    std::optional<std::string> name = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ProductCategory;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateProductCategory {
  static constexpr OperationInfo info = {
      .name = "update_product_category",
      .title = "Update Product Category",
      .about = "Changes identifier or name of a category; what is not given stays.",
      .verb = Verb::put,
      .path = "/product-categories/{uuid}",
      .scope = "products:write",
      .effect = Effect::write,
      .idempotent = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    std::optional<std::string> external_identifier = {};
    std::optional<std::string> name = {};
    static void describe(Fields<Input>& field);
  };
  using Output = ProductCategory;
  static Result<Output> run(Call& call, const Input& input);
};

struct DeleteProductCategory {
  static constexpr OperationInfo info = {
      .name = "delete_product_category",
      .title = "Delete Product Category",
      .about =
          "Deletes a category, found by its uuid or by the store's own identifier. Its "
          "products stay, without it. It cannot be brought back.",
      .verb = Verb::del,
      .path = "/product-categories/{uuid}",
      .scope = "products:write",
      .effect = Effect::destructive,
      .wire = {.meta = Meta::list, .data = null_data}};
  struct Input {
    std::string uuid = {};  // Or the identifier: the wire takes both in one place.
    static void describe(Fields<Input>& field);
  };
  using Output = Empty;
  static Result<Output> run(Call& call, const Input& input);
};

void add_category_operations(Catalogue& catalogue);

}  // namespace piggy
