#include "sequence/operations.h"

namespace piggy {

void add_sequence_operations(Catalogue&) {}

}  // namespace piggy
