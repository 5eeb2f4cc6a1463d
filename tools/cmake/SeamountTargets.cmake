# seamount_library(<name> SOURCES ... [PUBLIC libs...] [PRIVATE libs...])
#   A static library seamount_<name>, alias seamount::<name>. Includes are written from the root.
# seamount_test(<name> LABEL <unit|conformance|system|...> [STUDIES] [OUTSIDE] LIBS libs... SOURCES ...)
#   A Catch2 program; every TEST_CASE becomes a ctest test with that label and its own process. STUDIES: some are tagged
#   [study], take long and are left out of the sanitizer run; their label is `study`. OUTSIDE: it runs the seamount program and
#   is itself compiled without sanitizers.
# seamount_sources(<target> sources...)
#   Sources of a target that is made by hand, compiled like those of the others: several as one, see batches.py.

add_library(seamount_options INTERFACE)
target_compile_features(seamount_options INTERFACE cxx_std_20)
target_compile_options(seamount_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  $<$<BOOL:${SEAMOUNT_WERROR}>:-Werror>
  # Libraries are position independent, as the Python module holds them; nobody puts other functions in the place of ours,
  # so they may be inlined as if they were not.
  -fno-semantic-interposition
  # g++ tidies its memory at 128 MB, and for a source of ours at every doubling: from 512 MB on, a source takes a tenth less time
  # and, the largest of them, 150 MB more.
  $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=524288>
  # g++ 12 sees overlaps and uninitialised members inside inlined std::string and std::vector (GCC bugs 105651,
  # 105562, 105762); the sanitizer builds look for the real thing.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-maybe-uninitialized;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>
  # A loop of the benchmarks has a pragma of g++.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-unknown-pragmas>)
if(SEAMOUNT_SANITIZE)
  target_compile_options(seamount_options INTERFACE -fsanitize=${SEAMOUNT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    $<$<CXX_COMPILER_ID:Clang>:-Wno-pass-failed>)  # loops full of checks are not vectorised, as is to be expected
  if(SEAMOUNT_SANITIZE_WITHOUT)
    target_compile_options(seamount_options INTERFACE -fno-sanitize=${SEAMOUNT_SANITIZE_WITHOUT})
  endif()
  target_link_options(seamount_options INTERFACE -fsanitize=${SEAMOUNT_SANITIZE})
  # What sources ask for; g++ defines it by itself, clang++ does not.
  foreach(sanitizer address thread)
    if(SEAMOUNT_SANITIZE MATCHES "${sanitizer}")
      string(TOUPPER "__SANITIZE_${sanitizer}__" macro)
      target_compile_definitions(seamount_options INTERFACE $<$<CXX_COMPILER_ID:Clang>:${macro}>)
    endif()
  endforeach()
  if(SEAMOUNT_SANITIZE MATCHES "address")
    # Millions of descriptions of globals and checks hold addresses: fixed ones halve the time that a program takes to start,
    # and tests start thousands.
    target_link_options(seamount_options INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-no-pie>)
  endif()
endif()
# GNU's linker takes one to four seconds for each of thirty programs, a quarter of it this one.
find_program(SEAMOUNT_LLD ld.lld)
if(SEAMOUNT_LLD)
  target_link_options(seamount_options INTERFACE -fuse-ld=lld)
endif()
if(SEAMOUNT_COVERAGE)
  target_compile_options(seamount_options INTERFACE --coverage)
  target_link_options(seamount_options INTERFACE --coverage)
endif()

# Headers that most sources include. Precompiled they halve the time that a build reads text; sources still
# include what they use, since -DSEAMOUNT_PCH=OFF and clang-tidy see no precompiled header.
set(SEAMOUNT_COMMON_HEADERS
  <algorithm> <array> <cstdint> <filesystem> <functional> <map> <memory> <optional> <span> <sstream> <string>
  <string_view> <utility> <vector> <fmt/format.h> <fmt/ranges.h>)
# And of ours: what describes images, chips, networks and machines is read by every second source, and takes it up to a second. A
# change of one of these compiles everything again, so not where each source is compiled for itself, for those who work on them.
if(SEAMOUNT_BATCHES)
  foreach(header IN ITEMS isa/base/diagnostic.hpp isa/base/output_file.hpp isa/yaml/yaml.hpp isa/chip/chip_spec.hpp isa/image/image.hpp
      compiler/ir/network.hpp compiler/ir/lowered.hpp compiler/driver/driver.hpp emulator/machine/machine.hpp
      tools/session/open.hpp tools/session/request.hpp tools/session/observer.hpp)
    list(APPEND SEAMOUNT_COMMON_HEADERS "${PROJECT_SOURCE_DIR}/${header}")
  endforeach()
endif()
# JSON, which many cold sources and tests include, takes a quarter less of each if clang++ has it precompiled: it instantiates the
# templates there, once. g++ does so in every source again, half a second in those that have no JSON.
set(SEAMOUNT_JSON_HEADER)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set(SEAMOUNT_JSON_HEADER <nlohmann/json.hpp>)
endif()

file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/common_headers.cpp" CONTENT "// Compiled with the precompiled header.\n")

# The precompiled header seamount_<name>_headers of targets that are compiled with the options of `LIBS`.
function(seamount_headers name)
  cmake_parse_arguments(ARG "" "" "LIBS;HEADERS" ${ARGN})
  set(target seamount_${name}_headers)
  add_library(${target} STATIC "${PROJECT_BINARY_DIR}/common_headers.cpp")
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${target} PRIVATE fmt::fmt ${ARG_LIBS})
  if(SEAMOUNT_PCH)
    target_precompile_headers(${target} PRIVATE ${SEAMOUNT_COMMON_HEADERS} ${ARG_HEADERS})
  endif()
endfunction()

seamount_headers(common LIBS seamount_options)
set_target_properties(seamount_common_headers PROPERTIES POSITION_INDEPENDENT_CODE ON)

# What runs once for a command (options, files, reports, bookkeeping of a sweep) is compiled for a short build: -O1 and the
# explicit instance of the JSON library (isa/base/json.hpp) take 45 % off a source that writes JSON. All that runs once per
# step, neuron, packet or row stays at the build's own level.
set(SEAMOUNT_COLD_FOLDERS
  "^(isa/(assembly|chip)|compiler/(driver|fit|frontend/(context|inputs|populations)|report)|tools/(base|cli|conform|debug|diff|explain/answer|explore|export|fit|import/(hdf5|netx|network|nir/receipt|sonata)|inspect|neuron|plot|process|report|run|schema|session|watch))(/|$)")
set(SEAMOUNT_WARM_FOLDERS "^tools/(base/hdf5|run/records|session/(drive|host|systemc))(/|$)")  # of these, what runs in each step
set(SEAMOUNT_COLD_LEVEL $<$<CONFIG:Release>:-O1>
  # Another tenth: clang++ inlines what is no longer than a call, and at -O1 by itself as much as at -O3 (225).
  "$<$<AND:$<CONFIG:Release>,$<CXX_COMPILER_ID:Clang>>:SHELL:-mllvm -inline-threshold=20>")
if(SEAMOUNT_SANITIZE)
  # With clang++ -O0 takes half the time of -O1 to compile, with g++ -Og is as quick.
  set(SEAMOUNT_COLD_LEVEL $<IF:$<CXX_COMPILER_ID:Clang>,-O0,-Og>)
endif()
add_library(seamount_cold_options INTERFACE)
target_compile_options(seamount_cold_options INTERFACE ${SEAMOUNT_COLD_LEVEL})
seamount_headers(cold LIBS seamount_options seamount_cold_options HEADERS ${SEAMOUNT_JSON_HEADER})
set_target_properties(seamount_cold_headers PROPERTIES POSITION_INDEPENDENT_CODE ON)

# The same for all test programs, which are compiled with other options, and with Catch on top.
# What is tested is optimised; of the assertions around it, only the compile time is felt: with clang++ -O0 takes half of it.
set(SEAMOUNT_TEST_LEVEL $<$<CONFIG:Release>:$<IF:$<CXX_COMPILER_ID:Clang>,-O0,-O1>>)
if(SEAMOUNT_SANITIZE)
  set(SEAMOUNT_TEST_LEVEL ${SEAMOUNT_COLD_LEVEL})
endif()
add_library(seamount_test_options INTERFACE)
target_compile_options(seamount_test_options INTERFACE ${SEAMOUNT_TEST_LEVEL})
target_compile_definitions(seamount_test_options INTERFACE CATCH_CONFIG_FAST_COMPILE)
# Programs that only start others and read what these wrote: there is nothing for sanitizers to see in themselves.
add_library(seamount_outside_options INTERFACE)
if(SEAMOUNT_TESTS)
  seamount_headers(test LIBS seamount_options seamount_test_options Catch2::Catch2 HEADERS <catch2/catch.hpp> ${SEAMOUNT_JSON_HEADER})
  if(SEAMOUNT_SANITIZE)
    target_compile_options(seamount_outside_options INTERFACE -fno-sanitize=all -U__SANITIZE_ADDRESS__ -U__SANITIZE_THREAD__)
    seamount_headers(outside LIBS seamount_options seamount_test_options seamount_outside_options Catch2::Catch2
      HEADERS <catch2/catch.hpp> ${SEAMOUNT_JSON_HEADER})
  endif()
endif()

# Sources that fit together compile as one (batches.py): SEAMOUNT_BATCHES_<target> in place of SEAMOUNT_BATCHED_<target>.
if(SEAMOUNT_BATCHES)
  find_program(BATCHES_PYTHON python3)
  if(BATCHES_PYTHON)
    execute_process(COMMAND "${BATCHES_PYTHON}" "${CMAKE_CURRENT_LIST_DIR}/batches.py" "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}/batches"
      COMMAND_ERROR_IS_FATAL ANY)
    include("${PROJECT_BINARY_DIR}/batches/batches.cmake")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/batches.py")
  else()
    message(STATUS "no python3: every source is compiled alone, which takes longer")
  endif()
endif()

# The sources of a target as they are to be compiled.
function(seamount_batches target sources_out)
  set(sources ${${sources_out}})
  set(batched ${SEAMOUNT_BATCHED_${target}})
  set(missing ${batched})
  list(REMOVE_ITEM missing ${sources} "")
  if(batched AND NOT missing)
    list(REMOVE_ITEM sources ${batched})
    list(APPEND sources ${SEAMOUNT_BATCHES_${target}})
    set(${sources_out} ${sources} PARENT_SCOPE)
  endif()
endfunction()

function(seamount_sources target)
  set(listed ${ARGN})
  seamount_batches(${target} listed)
  target_sources(${target} PRIVATE ${listed})
endfunction()

function(seamount_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  if(NOT ARG_SOURCES)  # headers only
    add_library(seamount_${name} INTERFACE)
    add_library(seamount::${name} ALIAS seamount_${name})
    target_include_directories(seamount_${name} INTERFACE "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
    target_link_libraries(seamount_${name} INTERFACE ${ARG_PUBLIC})
    return()
  endif()
  seamount_batches(seamount_${name} ARG_SOURCES)
  add_library(seamount_${name} STATIC ${ARG_SOURCES})
  add_library(seamount::${name} ALIAS seamount_${name})
  set_target_properties(seamount_${name} PROPERTIES CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON EXPORT_NAME ${name})
  target_include_directories(seamount_${name} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
  target_link_libraries(seamount_${name} PUBLIC ${ARG_PUBLIC} PRIVATE seamount_options fmt::fmt ${ARG_PRIVATE})
  set(headers seamount_common_headers)
  file(RELATIVE_PATH folder "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
  if(folder MATCHES "${SEAMOUNT_COLD_FOLDERS}" AND NOT folder MATCHES "${SEAMOUNT_WARM_FOLDERS}")
    target_link_libraries(seamount_${name} PRIVATE seamount_cold_options)
    set(headers seamount_cold_headers)
  endif()
  if(SEAMOUNT_PCH)
    target_precompile_headers(seamount_${name} REUSE_FROM ${headers})
  endif()
endfunction()

function(seamount_test name)
  cmake_parse_arguments(ARG "STUDIES;OUTSIDE" "LABEL" "SOURCES;LIBS" ${ARGN})
  seamount_batches(${name} ARG_SOURCES)
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES CXX_EXTENSIONS OFF)
  target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} seamount_test_main seamount_test_options)
  set(headers seamount_test_headers)
  if(ARG_OUTSIDE AND SEAMOUNT_SANITIZE)
    target_link_libraries(${name} PRIVATE seamount_outside_options)
    set(headers seamount_outside_headers)
  endif()
  if(SEAMOUNT_PCH)
    target_precompile_headers(${name} REUSE_FROM ${headers})
  endif()
  target_compile_definitions(${name} PRIVATE SEAMOUNT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  # 77: every test that was asked for was skipped, see tests/support/skip.hpp.
  set(properties TEST_PREFIX "${ARG_LABEL}: " PROPERTIES TIMEOUT 300 SKIP_RETURN_CODE 77 LABELS)
  if(ARG_STUDIES)
    catch_discover_tests(${name} TEST_SPEC "[study]" TEST_LIST ${name}_studies ${properties} study)
    catch_discover_tests(${name} TEST_SPEC "~[study]" ${properties} ${ARG_LABEL})
  else()
    catch_discover_tests(${name} ${properties} ${ARG_LABEL})
  endif()
endfunction()
