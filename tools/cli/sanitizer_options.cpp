// What AddressSanitizer does in `seamount` unless ASAN_OPTIONS says otherwise; compiled with
// sanitizers only.
//
// Tests start the program two thousand times, mostly for less than it takes to look for leaks at
// the end and to note who allocated what: 60 of 190 ms. Test programs look for leaks in themselves,
// tools/nightly.sh in this one too.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
    return "detect_leaks=0:malloc_context_size=1";
}
