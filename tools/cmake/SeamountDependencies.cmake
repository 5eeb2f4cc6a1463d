# Debian packages only; tools/install_dependencies.sh names them.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
# Draws the plots of `seamount neuron`; LGPL or MPL, linked dynamically.
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
pkg_check_modules(LIBEDIT REQUIRED IMPORTED_TARGET libedit)
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
# The serial library: files are read by one process.
pkg_check_modules(HDF5 REQUIRED IMPORTED_TARGET hdf5-serial)
pkg_check_modules(MUPARSER REQUIRED IMPORTED_TARGET muparser)
# Deflates what HDF5 keeps; BSD.
pkg_check_modules(ISAL REQUIRED IMPORTED_TARGET libisal)

# METIS has neither a pkg-config file nor a CMake package.
find_library(METIS_LIBRARY metis REQUIRED)
find_path(METIS_INCLUDE_DIR metis.h REQUIRED)
add_library(seamount_metis INTERFACE)
target_link_libraries(seamount_metis INTERFACE "${METIS_LIBRARY}")
target_include_directories(seamount_metis SYSTEM INTERFACE "${METIS_INCLUDE_DIR}")

# libsystemc is built as C++17 and refuses to link from C++20 unless told so; it ships pkg-config only.
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc)
add_library(seamount_systemc INTERFACE)
target_link_libraries(seamount_systemc INTERFACE PkgConfig::SYSTEMC)
target_compile_definitions(seamount_systemc INTERFACE SC_CPLUSPLUS=201703L)

if(SEAMOUNT_TESTS)
  find_package(Catch2 2 REQUIRED)
  include(Catch)
endif()
