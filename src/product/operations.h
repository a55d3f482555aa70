#pragma once

// What can be done with products; with their categories: category_operations.h.

#include "operation/operation.h"
#include "operation/page.h"
#include "product/category_operations.h"
#include "product/product.h"

namespace piggy {

struct Product {
  Uuid uuid = {};
  std::string external_identifier = {};
  std::string name = {};
  std::optional<std::string> description = {};
  std::vector<ProductCategory> categories = {};

  static void describe(Fields<Product>& field);
};

// How a client names a category: by one of the two.
struct CategoryReference {
  std::optional<Uuid> uuid = {};
  std::optional<std::string> external_identifier = {};

  static void describe(Fields<CategoryReference>& field);
};

struct NewProduct {
  std::string external_identifier = {};
  std::string name = {};
  std::optional<std::string> description = {};
  std::optional<std::vector<CategoryReference>> categories = {};

  static void describe(Fields<NewProduct>& field);
};

struct ListProducts {
  static constexpr OperationInfo info = {
      .name = "list_products",
      .title = "List Products",
      .about =
          "Lists the products of the account with their categories, oldest first: all, or those "
          "whose name or identifier has a text in it.",
      .verb = Verb::get,
      .path = "/products",
      .scope = "products:read",
      .tool = true,
      .wire = {.meta = Meta::list, .data = "products", .paging = Paging::a}};
  struct Input {
    std::optional<std::string> text = {};
    std::optional<std::int64_t> page = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Product> products = {};
    Page page = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateProduct {
  static constexpr OperationInfo info = {
      .name = "create_product",
      .title = "Create Product",
      .about =
          "Adds a product. Refused when the external identifier is taken; use "
          "find_or_create_products when it may exist already.",
      .verb = Verb::post,
      .path = "/products",
      .scope = "products:write",
      .effect = Effect::write,
      .wire = {.meta = Meta::list}};
  using Input = NewProduct;
  using Output = Product;
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateProductsBatch {
  static constexpr OperationInfo info = {
      .name = "create_products_batch",
      .title = "Create Products Batch",
      .about = "Adds up to 500 products at once, all of them or none.",
      .verb = Verb::post,
      .path = "/products/batch",
      .scope = "products:write",
      .effect = Effect::write,
      .wire = {.meta = Meta::list, .data = "products"}};
  struct Input {
    std::vector<NewProduct> products = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Product> products = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct GetProduct {
  static constexpr OperationInfo info = {.name = "get_product",
                                         .title = "Get Product",
                                         .about = "Shows one product.",
                                         .verb = Verb::get,
                                         .path = "/products/{uuid}",
                                         .scope = "products:read",
                                         .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Product;
  static Result<Output> run(Call& call, const Input& input);
};

struct FindProduct {
  static constexpr OperationInfo info = {
      .name = "find_product",
      .title = "Find Product",
      .about = "Looks up one product by the store's own identifier. Creates nothing.",
      .verb = Verb::get,
      .path = "/products/find",
      .scope = "products:read",
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string external_identifier = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Product;
  static Result<Output> run(Call& call, const Input& input);
};

struct FindOrCreateProducts {
  static constexpr OperationInfo info = {
      .name = "find_or_create_products",
      .title = "Find or Create Products",
      .about =
          "Finds the product that has the store's own identifier, or creates it when there is "
          "none. One product a call. Use it to make sure that a product exists. An existing "
          "product is answered unchanged, whatever else is given; use update_product to "
          "change one. Safe to repeat: the same identifier never makes two.",
      .verb = Verb::post,
      .path = "/products/find-or-create",
      .scope = "products:write",
      .effect = Effect::write,
      .idempotent = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    std::string external_identifier = {};
    std::optional<std::string> name = {};
    std::optional<std::string> description = {};
    std::optional<std::vector<CategoryReference>> categories = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Product;
  static Result<Output> run(Call& call, const Input& input);
};

struct UpdateProduct {
  static constexpr OperationInfo info = {
      .name = "update_product",
      .title = "Update Product",
      .about =
          "Changes identifier, name, description or categories of a product; what is not "
          "given stays. Categories are replaced as a whole.",
      .verb = Verb::put,
      .path = "/products/{uuid}",
      .scope = "products:write",
      .effect = Effect::write,
      .idempotent = true,
      .tool = true,
      .wire = {.meta = Meta::list}};
  struct Input {
    Uuid uuid = {};
    std::optional<std::string> external_identifier = {};
    std::optional<std::string> name = {};
    std::optional<std::string> description = {};
    std::optional<std::vector<CategoryReference>> categories = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Product;
  static Result<Output> run(Call& call, const Input& input);
};

struct DeleteProduct {
  static constexpr OperationInfo info = {
      .name = "delete_product",
      .title = "Delete Product",
      .about =
          "Deletes a product, found by its uuid or by the store's own identifier. It cannot "
          "be brought back.",
      .verb = Verb::del,
      .path = "/products/{uuid}",
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

// All of this module, categories included.
void add_product_operations(Catalogue& catalogue);

}  // namespace piggy
