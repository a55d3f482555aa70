#pragma once

// The hashes of many messages. One hash is a single thread of steps that each wait for the one
// before; here several messages go through the steps together, each in a lane of its own of the
// processor's wide registers.

#include <span>
#include <string_view>

#include "database/parameter.h"

namespace piggy {

// How many lanes the processor has: 8, 4, or 1 where it has none.
int hash_lanes_here();

// What crypto_generichash makes of each, without a key: BLAKE2b (RFC 7693) of 256 bits. `hashes`
// has room for all of them. `lanes` is no more than there are here.
void hash_many(std::span<const std::string_view> messages, std::span<Hash> hashes,
               int lanes = hash_lanes_here());

}  // namespace piggy
