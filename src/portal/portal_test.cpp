#include <doctest/doctest.h>

#include "loyalty/test_programme.h"
#include "portal/brand.h"
#include "portal/operations.h"

namespace piggy {

TEST_CASE("a card says where a customer stands and how far the next tier is") {
  TestProgramme shop;
  REQUIRE(shop.run<CreateTier>({.name = "Silver", .credits_required = 100}));
  REQUIRE(shop.run<CreateTier>({.name = "Gold", .credits_required = 300}));
  auto card = shop.run<GetLoyaltyCard>({shop.ann.uuid}, shop.configurations);
  REQUIRE(card);
  CHECK(card->balance == 0);
  CHECK(!card->tier);
  CHECK(card->next_tier == "Silver");
  CHECK(card->credits_to_next_tier == 100);
  CHECK(card->progress == 0);

  REQUIRE(shop.give(shop.ann, 150));
  card = shop.run<GetLoyaltyCard>({shop.ann.uuid}, shop.configurations);
  CHECK(card->balance == 150);
  CHECK(card->tier == "Silver");
  CHECK(card->next_tier == "Gold");
  CHECK(card->credits_to_next_tier == 150);
  CHECK(card->progress == doctest::Approx(0.25));

  REQUIRE(shop.give(shop.ann, 200));
  card = shop.run<GetLoyaltyCard>({shop.ann.uuid}, shop.configurations);
  CHECK(card->tier == "Gold");
  CHECK(!card->next_tier);
  CHECK(!card->credits_to_next_tier);
  CHECK(card->progress == 1);
  auto other = shop.other_tenant();
  CHECK(shop.run_as<GetLoyaltyCard>(*other, {shop.ann.uuid}, shop.configurations).error().number ==
        55031);
}

TEST_CASE("a brand keeps what is not changed, and takes what can be read and is a picture") {
  TestEngine engine;
  CHECK(engine.run<GetBrand>({})->colour == "#b92f63");
  REQUIRE(engine.run<SetBrand>({.colour = "#005a9c", .welcome = "Sweet."}));
  REQUIRE(engine.run<SetBrand>({.logo = "data:image/png;base64,iVBORw0KGgo="}));
  auto brand = engine.run<GetBrand>({});
  CHECK(brand->colour == "#005a9c");
  CHECK(brand->welcome == "Sweet.");
  CHECK(brand->logo == "data:image/png;base64,iVBORw0KGgo=");
  CHECK(engine.run_as<GetBrand>(*engine.other_tenant(), {})->welcome == "");

  auto wrong = [](SetBrand::Input input) {
    std::vector<FieldError> problems;
    SetBrand::check(input, problems);
    return problems.size();
  };
  CHECK(wrong({.colour = "#ffd400"}) == 1);  // White on yellow.
  CHECK(wrong({.colour = "red", .logo = "https://example.com/logo.png"}) == 2);
  CHECK(wrong({.colour = "#00000g"}) == 1);
  CHECK(wrong({.logo = "data:text/html;base64,PHNjcmlwdD4="}) == 1);
  CHECK(wrong({.logo = "data:image/png;base64,\"><script>"}) == 1);
  CHECK(wrong({.logo = ""}) == 0);
  CHECK(contrast_with_white("#000000") == doctest::Approx(21));
  CHECK(contrast_with_white("#ffffff") == doctest::Approx(1));
}

}  // namespace piggy
