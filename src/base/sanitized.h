#pragma once

namespace piggy {

// Whether a sanitizer watches this program, which makes it many times slower. A test that tries
// very many inputs of one kind then tries a sample of them; all of them are tried in a release
// build.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace piggy
