#include "operation/tool_schema.h"

#include "shape/schema.h"

namespace piggy {

Value tool_input_schema(const Operation& operation) {
  Value schema = json_schema(*operation.input, SchemaSide::input);
  if (!operation.writes()) return schema;
  Value dry_run = Value::object({{"type", "boolean"}});
  dry_run.set("description",
              "True: answer as if it had been done, with the exact effect, and change nothing.");
  schema.find("properties")->set("dry_run", std::move(dry_run));
  return schema;
}

}  // namespace piggy
