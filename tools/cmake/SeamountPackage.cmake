# Debian packages by `cpack` in a build tree: seamount (the program with its library of chips, neurons and networks),
# seamount-mpi and python3-seamount, as far as they were built.
install(FILES README.md CHANGELOG.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
# The references that the manual links to, where its links expect them.
file(GLOB_RECURSE pages CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
  compiler/*.md configs/*.md emulator/*.md isa/*.md tests/*.md tools/*.md)
foreach(page IN LISTS pages)
  get_filename_component(folder "${page}" DIRECTORY)
  install(FILES "${page}" DESTINATION "${CMAKE_INSTALL_DOCDIR}/${folder}" COMPONENT runtime)
endforeach()
# Debian Policy 12.5: every package has its licence as `copyright`.
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/copyright" CONTENT [[
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Seamount

Files: *
Copyright: the authors of Seamount (CITATION.cff)
License: Apache-2.0
 On Debian systems, the full text of the Apache License version 2.0 is in /usr/share/common-licenses/Apache-2.0.
]] @ONLY)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME seamount)
set(CPACK_PACKAGE_CONTACT "The Seamount authors <seamount@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "Networks described in YAML are compiled to per-core configurations and microcode;
a SystemC model of neurocores and mesh executes them in exact fixed-point
arithmetic and reports spikes, time and energy.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)

set(CPACK_COMPONENTS_ALL runtime)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME seamount)
if(TARGET seamount_mpi)
  list(APPEND CPACK_COMPONENTS_ALL mpi)
  set(CPACK_COMPONENT_MPI_DESCRIPTION "Sweeps and networks over many machines: mpirun seamount explore, run.")
  set(CPACK_DEBIAN_MPI_PACKAGE_NAME seamount-mpi)
  set(CPACK_DEBIAN_MPI_PACKAGE_DEPENDS "seamount (= ${PROJECT_VERSION}), openmpi-bin")
endif()
if(TARGET seamount_python)
  list(APPEND CPACK_COMPONENTS_ALL python)
  set(CPACK_COMPONENT_PYTHON_DESCRIPTION "The Python package `import seamount`.")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-seamount)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
  string(REPLACE "." ";" version "${SEAMOUNT_PYTHON_VERSION}")
  list(GET version 0 major)
  list(GET version 1 minor)
  math(EXPR next "${minor} + 1")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "python3 (>= ${SEAMOUNT_PYTHON_VERSION}), python3 (<< ${major}.${next}), python3-numpy")
endif()
foreach(component runtime mpi python)
  string(TOUPPER ${component} upper)
  if(component IN_LIST CPACK_COMPONENTS_ALL)
    install(FILES "${PROJECT_BINARY_DIR}/copyright" COMPONENT ${component}
      DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME})
  endif()
endforeach()
include(CPack)
