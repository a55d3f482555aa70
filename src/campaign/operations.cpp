#include "campaign/operations.h"

#include "campaign/template_operations.h"

namespace piggy {

void add_campaign_operations(Catalogue& catalogue) { add_template_operations(catalogue); }

}  // namespace piggy
