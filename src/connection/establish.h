#pragma once

// What the operations that make and change connections have in common.

#include "connection/operations.h"

namespace piggy {

ConnectionView shown(const Connections& connections, const ConnectionRow& row, Time now);
// `invalid`, with what there is.
Result<Connector*> connector_named(const Connections& connections, const std::string& name);
// "" for one that can be had. A tool of it must be told from every operation there is, by its name
// alone.
std::string wrong_with_handle(const Connections& connections, std::string_view handle);

struct Found {
  ConnectionRow row = {};
  Reach reach = {};
  Connector* connector = nullptr;
};
// The connection that an operation is about, before its transaction; an access token that ends is
// refreshed. `again`: also one that must be made again, which is taken as it is.
Result<Found> find(Connections& connections, const Preparation& preparation, const Uuid& uuid,
                   bool again);
// As the transaction sees it: it may have been revoked since it was asked about.
Result<ConnectionRow> still_there(Call& call, const Uuid& uuid);

template <class Input>
void describe_permissions(Fields<Input>& field) {
  field(
      "permissions", &Input::permissions,
      "What it may be used for: names of the connector's tools, as list_connectors has them. Left "
      "out: all of them, also what the connector gets later.",
      {.min = 1, .max = 100});
}
// What is wrong with them, under /permissions/0 and so on.
std::vector<FieldError> wrong_with_permissions(const Connector& connector,
                                               const Permissions& permissions);

// The fields of every Input that says what shall be connected.
template <class Input>
void describe_wanted(Fields<Input>& field) {
  field("connector", &Input::connector, "What to connect to: see list_connectors.", {.max = 50});
  field("name", &Input::name, "Its name; left out, whose account it opens.",
        {.min = 1, .max = 100});
  field("handle", &Input::handle,
        "What the names of its tools shall begin with; left out, the connector's name.",
        {.min = 1, .max = 20});
  field("base_url", &Input::base_url, "Where it is; left out, where the connector usually is.",
        {.max = 2'000});
  describe_permissions(field);
}

struct NewConnection {
  std::string connector = {};
  std::optional<std::string> name = {};
  std::optional<std::string> handle = {};
  std::string base_url = {};
  Permissions permissions = {};
  std::optional<Time> expires_at = {};
};
// A row that is still to be given its key and to be added.
Result<ConnectionRow> new_connection(const Connections& connections, Call& call,
                                     const NewConnection& wanted, const Whose& whose);
void take_over(ConnectionRow& row, const Whose& whose);
// The key of another account would give every persona that account's tools.
Result<> must_be_same_account(const ConnectionRow& row, const Whose& whose);
Result<ConnectionView> kept(const Connections& connections, Call& call, const ConnectionRow& row);

// The next change of a key that can be changed: when the other side wants it, a week before the key
// ends, or after a month; of an access token, after a week. It is a job, and is done by the
// operation that people use.
Result<> plan_rotation(const Connections& connections, Transaction& transaction,
                       const ConnectionRow& row, std::optional<Time> wanted);

}  // namespace piggy
