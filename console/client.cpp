// Writes the typed client of all operations, for the console to be built with.

#include <fmt/format.h>

#include "app/engine.h"
#include "door/typescript.h"

int main() { fmt::print("{}", piggy::typescript_client(piggy::DescribedOperations().catalogue)); }
