#pragma once

namespace seamount::tools {

/// For a process that makes large tables, drops them and makes the next: tells malloc to keep what
/// is freed instead of handing it back and fetching it again, page by page, and asks for huge pages
/// for the first 256 MB of the heap, of which only what is used takes memory. Does nothing where
/// malloc is not that of glibc. To be called once, before the tables; holds for the whole process.
void keep_freed_memory() noexcept;

/// For a process that steps a network for hours: tells malloc to give all that is large pages of
/// its own, which go back when it is freed. Of its own accord it does so only until something as
/// large has been freed; arrays that grow then leave holes in the heap, another 20 MB in each run.
/// Does nothing where malloc is not that of glibc. To be called once; holds for the whole process.
void return_large_memory() noexcept;

}  // namespace seamount::tools
