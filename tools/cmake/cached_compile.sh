#!/bin/sh
# cached_compile.sh CCACHE COMPILER ARGUMENTS...
#
# Compiles through ccache, for which a source that it does not know yet would take half a second longer: it preprocesses the source
# for itself, and reads all of the precompiled header, 85 MB. Here it learns from the compiler which files were included (depend
# mode), and knows a precompiled header by FILE.gch.sum, which is written here: a hash of all headers in it.
set -eu
ccache=$1
shift
# Without pch_defines and time_macros ccache keeps nothing that was compiled with a precompiled header.
export CCACHE_DEPEND=1 CCACHE_PCH_EXTSUM=1 CCACHE_SLOPPINESS=pch_defines,time_macros
# Paths as seen from the build tree (but absolute in messages): what tools/demo.sh has compiled, tools/test.sh takes.
export CCACHE_BASEDIR="${CCACHE_BASEDIR-${0%/tools/cmake/*}}" CCACHE_ABSSTDERR=1
# clang++ takes 150 MB of memory a page at a time: in steps of 64 MB and from huge pages a source takes 15 % less time.
export GLIBC_TUNABLES="${GLIBC_TUNABLES-glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864:glibc.malloc.mmap_threshold=1073741824}"
case " $* " in
  *" -x c++-header "*) ;;
  *)
    # clang++ is told of a precompiled header behind -Xclang, where ccache knows no paths: as seen from the build tree here too.
    for argument; do
      shift
      case $argument in
        "$PWD"/*/cmake_pch.hxx*) argument=${argument#"$PWD/"} ;;
      esac
      set -- "$@" "$argument"
    done
    exec "$ccache" "$@"
    ;;
esac

output=
dependencies=
previous=
for argument in "$@"; do
  case $previous in
    -o) output=$argument ;;
    -MF) dependencies=$argument ;;
  esac
  previous=$argument
done
"$ccache" "$@"
# As make reads them: "target: header header \", a space in a name behind a backslash, as xargs has it too.
sed -e '1s/^[^:]*://' -e 's/\\$//' "$dependencies" | xargs cat | sha256sum > "$output.sum"
