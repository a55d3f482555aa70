#pragma once

// piggy dkim make.

#include <string>

#include "base/error.h"

namespace piggy {

struct NewDkimKey {
  std::string domain = {};
  std::string selector = "piggy";
  std::string file = {};
  bool ed25519 = false;
};

// Makes a private key in a new file that only its owner can read; returns the DNS record of the
// public one as a line of a zone file, and the settings that use the key. `conflict` when the file
// is there: another key may be in use.
Result<std::string> make_dkim_key_file(const NewDkimKey& wanted);

}  // namespace piggy
