#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include "base/log.h"

int main(int argc, char** argv) {
  spdlog::set_level(spdlog::level::off);  // What tests provoke is worth no line.
  return doctest::Context(argc, argv).run();
}
