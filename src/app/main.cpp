#include <malloc.h>
#include <sodium.h>

#include "app/command.h"
#include "base/assert.h"
#include "door/console.h"

int main(int argc, char** argv) {
  // Memory is taken from the system and given back in large pieces: each change of its amount stops
  // all threads for a moment.
  mallopt(M_TOP_PAD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 32 << 20);
  ASSERT(sodium_init() >= 0);
  return piggy::run_command(argc, argv, piggy::console_files());
}
