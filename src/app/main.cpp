#include <sodium.h>

#include "app/command.h"
#include "base/assert.h"

int main(int argc, char** argv) {
  ASSERT(sodium_init() >= 0);
  return piggy::run_command(argc, argv);
}
