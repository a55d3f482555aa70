#include "campaign/operations.h"

namespace piggy {

void add_campaign_operations(Catalogue&) {}

}  // namespace piggy
