#pragma once

// What a message says besides, and how it is laid out, taken away before it is read.

#include "chat/reader.h"

namespace piggy {

// Leaves out courtesies ("if you have a minute", "many thanks"), joins labels with what they label
// ("name: boot_size"), and leaves out of a request for a product that it shall be created when it
// is not there: the tool does that. "Don't block CARD-1, block CARD-2" asks for CARD-2 alone.
void tidy(Reader& reader);

}  // namespace piggy
