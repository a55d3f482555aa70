#include <doctest/doctest.h>

#include "app/test_engine.h"
#include "contact/attribute_operations.h"
#include "contact/attribute_value.h"
#include "contact/change_operations.h"

namespace piggy {
namespace {

const Time now = {1'700'000'000 * microseconds_per_second};

std::string stored(AttributeType type, const Value& given) {
  AttributeDefinition attribute{
      .name = "a", .type = type, .options = {{"100", "Blue"}, {"200", "Red"}, {"300", "Green"}}};
  auto value = accept_value(attribute, given, now);
  return value ? to_json(*value) : "refused";
}

std::string error_of(const auto& result) {
  REQUIRE(!result);
  return std::to_string(result.error().number);
}

TEST_CASE("what is wrong with a value is told in every language") {
  AttributeDefinition number{.name = "a", .type = AttributeType::number};
  auto refused = accept_value(number, "old", now);
  REQUIRE(!refused);
  CHECK(refused.error().in(Language::en) == "must be a number");
  CHECK(refused.error().in(Language::nl) == "moet een getal zijn");
  AttributeDefinition text{.name = "a", .type = AttributeType::text};
  CHECK(accept_value(text, std::string(1'001, 'x'), now).error().in(Language::nl) ==
        "mag niet langer zijn dan 1000 bytes");
}

TEST_CASE("each type takes its own values and refuses others") {
  using enum AttributeType;
  CHECK(stored(url, "https://example.com/a") == "\"https://example.com/a\"");
  CHECK(stored(url, "javascript:alert(1)") == "refused");
  CHECK(stored(text, 12) == "\"12\"");
  CHECK(stored(text, "a\nb") == "refused");
  CHECK(stored(text, Value::list()) == "refused");
  CHECK(stored(long_text, "a\nb") == "\"a\\nb\"");
  CHECK(stored(rich_text, "<p>a</p>") == "\"<p>a</p>\"");
  CHECK(stored(date, "2024-01-31 10:00:00") == "\"2024-01-31\"");
  CHECK(stored(date, "2024-02-31") == "refused");
  CHECK(stored(birth_date, "1990-05-01") == "\"1990-05-01\"");
  CHECK(stored(birth_date, "2999-05-01") == "refused");
  CHECK(stored(date_time, "2024-01-31T10:00:00+02:00") == "\"2024-01-31T08:00:00+00:00\"");
  CHECK(stored(phone, "+31 20 123 45 67") == "\"+31 20 123 45 67\"");
  CHECK(stored(phone, "call me") == "refused");
  CHECK(stored(float_, "1.5") == "1.5");
  CHECK(stored(number, "12") == "12");
  CHECK(stored(number, "1e999") == "refused");
  CHECK(stored(color, "#ff8800") == "\"#ff8800\"");
  CHECK(stored(color, "orange") == "refused");
  CHECK(stored(email, "Ann@Example.com") == "\"ann@example.com\"");
  CHECK(stored(email, "ann") == "refused");
  CHECK(stored(boolean, "yes") == "true");
  CHECK(stored(boolean, 0) == "false");
  CHECK(stored(boolean, "maybe") == "refused");
  CHECK(stored(select, 100) == "\"100\"");
  CHECK(stored(select, "Blue") == "refused");
  CHECK(stored(multi_select, "100; 300") == "[\"100\",\"300\"]");
  CHECK(stored(multi_select, "100;400") == "refused");
  CHECK(stored(date_range, "2024-01-01/2024-01-31") == "\"2024-01-01/2024-01-31\"");
  CHECK(stored(date_range, "2024-02-01/2024-01-31") == "refused");
  CHECK(stored(time_range, "09:00 - 17:30") == "\"09:00/17:30\"");
  CHECK(stored(time_range, "25:00/26:00") == "refused");
  CHECK(stored(identifier, "A-1") == "\"A-1\"");
  CHECK(stored(file_upload, "https://example.com/a.pdf") == "\"https://example.com/a.pdf\"");
  CHECK(stored(media_upload, "avatars/1.png") == "\"avatars/1.png\"");
  CHECK(stored(license_plate, "ab-12-cd") == "\"AB-12-CD\"");
  CHECK(stored(date, "") == "null");
}

TEST_CASE("values are spoken for people") {
  AttributeDefinition attribute{.type = AttributeType::multi_select,
                                .options = {{"100", "Blue"}, {"200", "Red"}, {"300", "Green"}}};
  Value chosen = *accept_value(attribute, "100;200;300", now);
  CHECK(displayed_value(attribute, chosen, "Europe/Amsterdam") == "Blue, Red and Green");
  CHECK(printed_value(attribute, chosen) == "100;200;300");
  attribute.type = AttributeType::date_time;
  CHECK(displayed_value(attribute, "2021-10-20T18:06:00+00:00", "Europe/Amsterdam") ==
        "2021-10-20, 20:06");
}

TEST_CASE("a new attribute appears on every contact, at the place where it is listed") {
  TestEngine engine;
  REQUIRE(engine.run<CreateContact>({.email = "ann@example.com"}));
  auto made = engine.run<CreateContactAttribute>({.name = "favorite_color",
                                                  .data_type = AttributeType::select,
                                                  .options = {{{"Blue", 100}, {"Red", "200"}}}});
  REQUIRE(made);
  CHECK(made->label == "favorite_color");
  CHECK(made->description == "");
  CHECK(made->options[0].value == "100");
  CHECK(error_of(engine.run<CreateContactAttribute>({.name = "favorite_color"})) == "60009");
  CHECK(error_of(engine.run<CreateContactAttribute>({.name = "firstname"})) == "60009");
  CHECK(error_of(engine.run<CreateContactAttribute>({.name = "a b"})) == "1003");

  auto all = engine.run<ListContactAttributes>({});
  auto ann = engine.run<FindContact>({"ann@example.com"});
  REQUIRE(ann);
  REQUIRE(all->attributes.size() == ann->attributes.size());
  for (std::size_t i = 0; i < all->attributes.size(); i++) {
    CHECK(all->attributes[i].name == ann->attributes[i].attribute.name);
    CHECK(all->attributes[i].position == static_cast<std::int64_t>(i + 1));
  }
  CHECK(ann->attributes.back().value == "");
  REQUIRE(ann->current_values.find("favorite_color"));
  CHECK(ann->current_values.find("favorite_color")->is_null());
  auto set = engine.run<UpdateContact>({ann->uuid, Value::object({{"favorite_color", 200}})});
  CHECK(set->attributes.back().value == "200");
  CHECK(set->current_display_values.text_of("favorite_color") == "Red");
}

TEST_CASE("a unique value belongs to one contact and becomes free with it") {
  TestEngine engine;
  Uuid ann = engine.run<CreateContact>({.email = "ann@example.com"})->uuid;
  Uuid bob = engine.run<CreateContact>({.email = "bob@example.com"})->uuid;
  REQUIRE(engine.run<CreateContactAttribute>(
      {.name = "member_number", .data_type = AttributeType::number, .has_unique_value = true}));
  auto give = [&](const Uuid& contact, const Value& number) {
    return engine.run<UpdateContact>({contact, Value::object({{"member_number", number}})});
  };

  REQUIRE(give(ann, 7));
  REQUIRE(give(ann, "7"));
  auto taken = give(bob, 7);
  REQUIRE(!taken);
  CHECK(taken.error().fields[0].path == "/attributes/member_number");
  REQUIRE(give(ann, 8));
  CHECK(give(bob, 7));
  REQUIRE(give(ann, ""));
  CHECK(give(bob, 8));
}

TEST_CASE("attributes of other entities stand apart, in groups") {
  TestEngine engine;
  auto made = engine.run<CreateCustomAttribute>({.entity = AttributeEntity::business_profile,
                                                 .name = "parking",
                                                 .label = "Parking",
                                                 .type = AttributeType::boolean,
                                                 .group_name = "place"});
  REQUIRE(made);
  CHECK(made->entity == AttributeEntity::business_profiles);
  CHECK(made->group.name == "place");
  auto listed = engine.run<ListCustomAttributes>({AttributeEntity::business_profiles});
  CHECK(listed->attributes.size() == 1);
  CHECK(engine.run<ListCustomAttributes>({AttributeEntity::voucher})->attributes.empty());
  CHECK(
      engine.run<ListCustomAttributeGroups>({AttributeEntity::business_profiles})->groups.size() ==
      1);
  auto updated = engine.run<UpdateCustomAttribute>(
      {.name = "parking", .entity = AttributeEntity::business_profiles, .label = "Parking lot"});
  REQUIRE(updated);
  CHECK(updated->label == "Parking lot");
  CHECK(updated->group.name == "place");
  CHECK(error_of(engine.run<UpdateCustomAttribute>({.name = "nothing"})) == "60013");
  CHECK(error_of(engine.run<UpdateCustomAttribute>({.name = "firstname"})) == "1003");
  auto other = engine.other_tenant();
  CHECK(engine.run_as<ListCustomAttributes>(*other, {AttributeEntity::business_profiles})
            ->attributes.empty());
}

}  // namespace
}  // namespace piggy
