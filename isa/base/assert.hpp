#pragma once

#include <string_view>

namespace seamount {

/// Reports a bug of ours with its context and aborts the process with exit code 3.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line,
                                   std::string_view context);

}  // namespace seamount

/// Checks what must hold whatever the user's input is. Never for user input: that is an InputError.
#define SM_ASSERT(condition, context) \
    ((condition) ? void() : ::seamount::assertion_failed(#condition, __FILE__, __LINE__, (context)))
