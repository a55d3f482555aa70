#pragma once

#include "form/form.h"
#include "operation/operation.h"

namespace piggy {

struct Form {
  Uuid uuid = {};
  std::string name = {};
  FormStatus status = FormStatus::DRAFT;
  FormType type = FormType::PUBLIC;
  std::string url = {};

  static void describe(Fields<Form>& field);
};

// ACTIVE and INACTIVE are a newer client's words for PUBLISHED and DRAFT.
BOOST_DEFINE_ENUM_CLASS(FormStatusFilter, DRAFT, PUBLISHED, BIN, ACTIVE, INACTIVE)

struct ListForms {
  static constexpr OperationInfo info = {
      .name = "list_forms",
      .title = "List Forms",
      .about =
          "Lists the account's forms with their public addresses, of one status or type if "
          "asked. Use it to find a form's link. What people sent in is not shown here.",
      .verb = Verb::get,
      .path = "/forms",
      .scope = "forms:read",
      .tool = true,
      .wire = {.meta = Meta::list, .data = "forms"}};
  struct Input {
    std::optional<FormStatusFilter> status = {};
    std::optional<FormType> type = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    std::vector<Form> forms = {};
    static void describe(Fields<Output>& field);
  };
  static Result<Output> run(Call& call, const Input& input);
};

struct CreateForm {
  static constexpr OperationInfo info = {
      .name = "create_form",
      .title = "Create Form",
      .about =
          "Makes a form. Once PUBLISHED, and unless it is PRIVATE, anybody who has its address "
          "can send it in, which finds or makes the contact of the first e-mail field. The "
          "v3 wire has no way to; the vendor's dashboard does it.",
      .verb = Verb::post,
      .path = "/forms",
      .scope = "forms:write",
      .effect = Effect::write,
      .surface = Surface::platform};
  struct Input {
    std::string name = {};
    std::vector<FormField> fields = {};
    std::optional<FormStatus> status = {};
    std::optional<FormType> type = {};
    static void describe(Fields<Input>& field);
  };
  using Output = Form;
  static Result<Output> run(Call& call, const Input& input);
};

struct SubmitForm {
  static constexpr OperationInfo info = {
      .name = "submit_form",
      .title = "Submit Form",
      .about =
          "Sends in a published form, as its page on the web does. Finds or makes the contact "
          "of its first e-mail field. Cannot be taken back.",
      .verb = Verb::post,
      .path = "/api/v1/forms/{uuid}/public/submit",
      .effect = Effect::write,
      .surface = Surface::open};
  struct Input {
    Uuid uuid = {};
    Value answers = {};
    static void describe(Fields<Input>& field);
  };
  struct Output {
    Uuid uuid = {};
    static void describe(Fields<Output>& field);
  };
  static Result<std::int64_t> account_of(Transaction& transaction, const Input& input);
  static Result<Output> run(Call& call, const Input& input);
};

void add_form_operations(Catalogue& catalogue);

}  // namespace piggy
