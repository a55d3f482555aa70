#include "remote/wire.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "app/engine.h"
#include "door/presentation.h"
#include "door/rest.h"
#include "operation/page.h"
#include "shape/json.h"

namespace piggy {
namespace {

struct AllOperations : DescribedOperations {
  const Operation& operator[](std::string_view name) const {
    const Operation* operation = catalogue.find(name);
    REQUIRE_MESSAGE(operation, name);
    return *operation;
  }
};

// Puts something into every part of an object that its shape allows.
void fill(const Shape& shape, const FieldOptions& options, void* object, std::int64_t& number) {
  number++;
  switch (shape.kind) {
    case Kind::boolean:
      *static_cast<bool*>(object) = true;
      break;
    case Kind::integer:
      *static_cast<std::int64_t*>(object) = std::clamp(number, options.min, options.max);
      break;
    case Kind::number:
      *static_cast<double*>(object) = 0.5 + static_cast<double>(number);
      break;
    case Kind::text:
      *static_cast<std::string*>(object) =
          options.format == Format::email ? "ann@example.com" : " é \"x\" ";
      break;
    case Kind::uuid:
      static_cast<Uuid*>(object)->bytes[3] = static_cast<std::uint8_t>(number | 1);
      break;
    case Kind::time:
      static_cast<Time*>(object)->microseconds = number * microseconds_per_second;
      break;
    case Kind::choice:
      shape.choose(object, shape.choices.size() - 1);
      break;
    case Kind::list:
    case Kind::optional:
      fill(*shape.element, shape.kind == Kind::list ? FieldOptions{} : options,
           shape.append(object), number);
      break;
    case Kind::record:
      for (const Field& field : shape.fields) {
        fill(*field.shape, field.options, field.in(object), number);
      }
      break;
    case Kind::any:
      *static_cast<Value*>(object) = Value::object({{"of_the_shop", number}, {"nothing", nullptr}});
      break;
  }
}

std::string json_of(const Object& object) {
  std::string json;
  write_json(json, object.shape(), object.data());
  return json;
}

// What the REST door makes of an output, read back.
void check_round_trip(const Operation& operation, Answer answer) {
  INFO(std::string(operation.info.name));
  std::string body;
  http::Request request{.path = "/x"};
  Shown shown = as_shown(operation, Value::object({{"limit", "30"}}), request, "");
  if (operation.info.wire.paging != Paging::none) {
    const Field& page = *operation.output->field("page");
    *static_cast<Page*>(page.in(answer.output.data())) = {.page = 2, .limit = 30, .total = 77};
    shown.page = Value("2");
  } else if (operation.info.name == "list_promotions") {  // Its pages are not counted on the wire.
    const Field& page = *operation.output->field("page");
    *static_cast<Page*>(page.in(answer.output.data())) = {.page = 3, .limit = 5, .total = 11};
  }
  present(body, operation, answer, shown);
  Value input = Value::object({{"page", 3}, {"limit", 5}});
  auto read = read_remote_answer(operation, input, body);
  REQUIRE_MESSAGE(read, read.error() << " in " << body);
  CHECK(json_of(read->output) == json_of(answer.output));
  CHECK(read->told == *parse_json(json_of(answer.output)));
  CHECK(read->dry_run == answer.dry_run);
}

Result<RemoteRequest> asked(const Operation& operation, const char* input) {
  return remote_request(operation, *parse_json(input));
}

constexpr char uuid[] = "0199c82c-c000-7009-bdbc-8ab3c6898ea3";

}  // namespace

TEST_CASE("whatever the REST door answers is read back as it was") {
  AllOperations all;
  int count = 0;
  for (const auto& operation : all.catalogue.all()) {
    if (operation->info.surface == Surface::platform) continue;
    count++;
    Object full(*operation->output);
    std::int64_t number = 0;
    fill(*operation->output, {}, full.data(), number);
    check_round_trip(*operation, {.output = std::move(full)});
  }
  CHECK(count > 60);
}

TEST_CASE("what a dry run tells is read back as it was") {
  AllOperations all;
  const Operation& operation = all["delete_perk"];
  std::string body;
  present(body, operation,
          {.output = Object(*operation.output),
           .effects = {{.what = "perk Gold", .before = "Gold", .after = nullptr}},
           .dry_run = true},
          {});
  auto read = read_remote_answer(operation, {}, body);
  REQUIRE(read);
  CHECK(read->dry_run);
  REQUIRE(read->effects.size() == 1);
  CHECK(read->effects[0].what == "perk Gold");
  CHECK(read->effects[0].before == Value("Gold"));
  CHECK(read->effects[0].after.is_null());
}

TEST_CASE("what else a stranger answers is let pass, and its way of writing empty things") {
  AllOperations all;
  auto account = read_remote_answer(
      all["get_account"], {},
      fmt::format(R"({{"data":{{"id":"7","uuid":"{}","company":"Shop","plan":"pro"}},"meta":[]}})",
                  uuid));
  REQUIRE_MESSAGE(account, account.error());
  CHECK(json_of(account->output) ==
        fmt::format(R"({{"id":7,"uuid":"{}","company":"Shop"}})", uuid));
  CHECK(read_remote_answer(all["merge_contacts"], {}, R"({"data":[],"meta":{}})"));
}

TEST_CASE("what a stranger leaves out has its default, and is not among what it told") {
  AllOperations all;
  // As the vendor documents it: a booking without its shop.
  constexpr std::string_view booking =
      R"({"uuid":"0199c82c-c000-7009-bdbc-8ab3c6898ea3","contact":{"uuid":)"
      R"("0199c82c-c000-7009-bdbc-8ab3c6898ea4","email":"ann@example.com"},"external_id":"T-1",)"
      R"("source":null,"starts_at":"2026-05-01T19:00:00+00:00"})";
  auto read = read_remote_answer(all["update_bookings"], {},
                                 fmt::format(R"({{"data":{},"meta":[]}})", booking));
  REQUIRE_MESSAGE(read, read.error());
  CHECK(read->told == *parse_json(booking));
  Value whole = *parse_json(json_of(read->output));
  CHECK(whole.text_of("external_id") == "T-1");
  CHECK(whole.text_of("shop_uuid") == to_string(Uuid{}));
}

TEST_CASE("an answer that is not what was declared is told from one that is") {
  AllOperations all;
  auto problem = [&](std::string_view name, std::string_view body) {
    auto read = read_remote_answer(all[name], {}, body);
    REQUIRE_MESSAGE(!read, body);
    return read.error();
  };
  CHECK(problem("get_account", "<html>") == "is no JSON object");
  CHECK(problem("get_account", "[]") == "is no JSON object");
  CHECK(problem("get_account", "{}") == "has no data");
  CHECK(problem("get_account", R"({"data":{"id":7,"uuid":"123","company":"Shop"}})") ==
        "has no UUID at /uuid");
  CHECK(problem("get_account", R"({"data":{"id":"seven"}})").contains("/id"));
  CHECK(problem("get_account", R"({"data":"seven"})").contains("must be an object"));
  CHECK(problem("get_account", R"({"data":{"plan":"pro"}})") == "tells nothing of what was asked");
  CHECK(problem("list_vouchers", R"({"data":[]})") == "counts no pages");
}

TEST_CASE(
    "parameters of the path are taken from the input, the rest goes where its method has it") {
  AllOperations all;
  std::string merge = fmt::format(R"({{"perk_uuid":"{}","label":"A & B"}})", uuid);
  auto update = asked(all["update_perk"], merge.c_str());
  REQUIRE(update);
  CHECK(update->method == "PUT");
  CHECK(update->target == fmt::format("/api/v3/oauth/clients/perks/{}", uuid));
  CHECK(update->body == R"({"label":"A & B"})");
  auto found = asked(all["find_voucher_by_code"], R"({"code":"A&B=é"})");
  REQUIRE(found);
  CHECK(found->method == "GET");
  CHECK(found->target == "/api/v3/oauth/clients/vouchers/find?code=A%26B%3D%C3%A9");
  CHECK(found->body.empty());
  auto listed = asked(all["list_contacts"],
                      R"({"limit":5,"created_at":{"gte":"2024-01-01T00:00:00Z"},"page":null})");
  REQUIRE(listed);
  CHECK(listed->target.contains("limit=5"));
  CHECK(listed->target.contains("created_at%5Bgte%5D=2024-01-01T00%3A00%3A00Z"));
  CHECK_FALSE(listed->target.contains("page"));
}

TEST_CASE("no input leads a call to another route") {
  AllOperations all;
  constexpr char nothing[] = "/perks/00000000-0000-0000-0000-000000000000";
  for (const char* word : {"merge", "..", "a/b", "../contacts", "0199c82c"}) {
    auto request = asked(all["update_perk"], fmt::format(R"({{"perk_uuid":"{}"}})", word).c_str());
    REQUIRE(request);
    CHECK(request->target.ends_with(nothing));
  }
  for (const char* word : {"", " ", "..", ".", "a/../b", "x\\\\..", "../.."}) {
    auto request = asked(all["delete_product"], fmt::format(R"({{"uuid":"{}"}})", word).c_str());
    REQUIRE_MESSAGE(!request, word);
    CHECK(request.error().fields[0].path == "/uuid");
  }
  auto deep = asked(all["delete_product"], R"({"uuid":"a/b?c#d"})");
  REQUIRE(deep);
  CHECK(deep->target.ends_with("/products/a%2Fb%3Fc%23d"));
  CHECK_FALSE(asked(all["delete_product"], "{}"));
  CHECK_FALSE(asked(all["delete_product"], R"({"uuid":["a"]})"));
}

TEST_CASE("refusals are read back as they were") {
  Error errors[] = {
      {.code = ErrorCode::invalid,
       .message = "Invalid input.",
       .number = 1003,
       .fields = {{"/attributes/firstname", "No."}, {"/email", "Bad."}, {"/email", "Worse."}}},
      {.code = ErrorCode::not_found, .message = "Contact not found.", .number = 55031},
      {.code = ErrorCode::conflict, .message = "Contact not anonymous.", .number = 60016},
      {.code = ErrorCode::conflict, .message = "Used before.", .number = 422},
      {.code = ErrorCode::forbidden, .message = "No such scope.", .number = 403}};
  for (const Error& error : errors) {
    http::Response response = error_response(error, false);
    auto read = read_remote_refusal(response.status, response.body);
    REQUIRE_MESSAGE(read, response.body);
    CHECK(read->code == error.code);
    CHECK(read->message == error.message);
    CHECK(read->number == error.number);
    REQUIRE(read->fields.size() == error.fields.size());
    for (std::size_t i = 0; i < error.fields.size(); i++) {
      CHECK(read->fields[i].path == error.fields[i].path);
      CHECK(read->fields[i].message == error.fields[i].message);
    }
  }
}

TEST_CASE("a stranger's words are shortened and without controls, and must be a refusal's") {
  std::string body =
      R"({"message":"a\nb)" + std::string(400, 'x') + R"(","code":7,"errors":{"e":"One."}})";
  auto read = read_remote_refusal(400, body);
  REQUIRE(read);
  CHECK(read->message.starts_with("a bxxx"));
  CHECK(read->message.size() < 310);
  CHECK(read->message.ends_with("…"));
  CHECK(read->fields[0].message == "One.");
  CHECK_FALSE(read_remote_refusal(400, "<html>no</html>"));
  CHECK_FALSE(read_remote_refusal(400, R"({"error":"invalid_client"})"));
  CHECK_FALSE(read_remote_refusal(400, R"([1])"));
}

}  // namespace piggy
