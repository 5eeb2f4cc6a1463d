#pragma once

// For the main source of a program: what LeakSanitizer does not report.

#if defined(__SANITIZE_ADDRESS__)
// fontconfig keeps what it has read about fonts until the process ends, and libomp its threads;
// libhdf5 loses a little memory over damaged files.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libfontconfig\nleak:libhdf5\nleak:libomp";
}
extern "C" const char* __lsan_default_options();
extern "C" const char* __lsan_default_options() {
    return "print_suppressions=0";
}
#endif
