#include "lead/operations.h"

namespace piggy {

void add_lead_operations(Catalogue&) {}

}  // namespace piggy
