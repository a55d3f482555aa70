#include "segment/operations.h"

namespace piggy {

void add_segment_operations(Catalogue&) {}

}  // namespace piggy
