#pragma once

#include "activity/activity.h"
#include "operation/operation.h"

namespace piggy {

struct ListContactActivity {
  static constexpr OperationInfo info = {
      .name = "list_contact_activity",
      .title = "List Contact Activity",
      .about =
          "Lists what a contact did and what was sent to it, the newest first: forms, mails, "
          "clicks, subscriptions, vouchers. Credits, orders and bookings have lists of their own.",
      .verb = Verb::get,
      .path = "/contacts/{contact_uuid}/activity",
      .scope = "contacts:read",
      .surface = Surface::platform,
      .wire = {.data = "activities"}};
  struct Input {
    Uuid contact_uuid = {};
    std::optional<std::int64_t> before = {};
    std::optional<std::int64_t> limit = {};
    static void describe(Fields<Input>& field);
  };
  struct Item {
    std::int64_t id = 0;
    ActivityKind kind = {};
    std::optional<Uuid> source = {};
    std::string detail = {};
    Time created_at = {};
    static void describe(Fields<Item>& field);
  };
  struct Output {
    std::vector<Item> activities = {};
    static void describe(Fields<Output>& field) {
      field("activities", &Output::activities, "The activities, the newest first.");
    }
  };
  static Result<Output> run(Call& call, const Input& input);
};

void add_activity_operations(Catalogue& catalogue);

}  // namespace piggy
