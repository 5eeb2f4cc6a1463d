#pragma once

namespace seamount::tools {

/// For a process that makes large tables, drops them and makes the next: tells malloc to keep what
/// is freed instead of handing it back and fetching it again, page by page, and asks for huge pages
/// for the first 256 MB of the heap, of which only what is used takes memory. Does nothing where
/// malloc is not that of glibc. To be called once, before the tables; holds for the whole process.
void keep_freed_memory() noexcept;

}  // namespace seamount::tools
