// What is freed is wiped. Requests carry passwords and tokens, and their pieces pass through many
// strings; wiping each by hand would be forgotten somewhere. So memory given back by `delete` holds
// nothing of them: neither for who gets it next, nor for a core dump.
//
// The library's other forms of delete (with a size, for arrays) call these two. Sanitizers bring an
// allocator of their own.

#include <malloc.h>
#include <string.h>

#include <cstdlib>
#include <new>

#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

void operator delete(void* memory) noexcept {
  if (memory) explicit_bzero(memory, malloc_usable_size(memory));
  std::free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept { operator delete(memory); }

#endif
