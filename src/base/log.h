#pragma once

// spdlog as a library: header-only, it would be compiled anew in each file that logs.

#define SPDLOG_COMPILED_LIB
#define SPDLOG_SHARED_LIB
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
