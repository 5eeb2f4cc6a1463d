# Writes a C++ source with the contents of text files as string_views.
#   cmake -DOUT=page_parts.cpp -DHEADER=path [-DNAMESPACE=seamount::explore] -DNAMES=a;b -DFILES=x;y -P EmbedText.cmake
if(NOT NAMESPACE)
  set(NAMESPACE seamount::explore)
endif()
set(text "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\n")
foreach(name file IN ZIP_LISTS NAMES FILES)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND text "static const unsigned char ${name}Bytes[] = {${bytes}0};\n"
    "const std::string_view ${name}{reinterpret_cast<const char*>(${name}Bytes), sizeof(${name}Bytes) - 1};\n\n")
endforeach()
file(WRITE "${OUT}" "${text}}  // namespace ${NAMESPACE}\n")
