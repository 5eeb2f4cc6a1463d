#include "compiler/driver/option_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace seamount::compiler {
namespace {

/// The value with this name, or nothing, which is reported.
template <class Table>
auto find(const char* code, const char* option, const std::string& name, const Table& table,
          Diagnostics& found) {
    const auto value = parse(table, name);
    if (value) return value;
    const std::string near = closest(name, names(table));
    found.error(
        code, {},
        fmt::format("{} is '{}', must be one of {}", option, name, fmt::join(table.names(), ", ")),
        near.empty() ? std::string{} : fmt::format("did you mean '{}'?", near));
    return value;
}

}  // namespace

void take_names(const OptionNames& names, CompileOptions& options) {
    Diagnostics found;
    const auto partitioner =
        find("CLI-PARTITIONER", "--partitioner", names.partitioner, kPartitionerNames, found);
    const auto placer = find("CLI-PLACER", "--placer", names.placer, kPlacerNames, found);
    std::optional<Pass> dump_after;
    if (!names.dump_after.empty()) {
        dump_after = find("CLI-PASS", "--dump-after", names.dump_after, kPassNames, found);
    }
    found.throw_if_errors();
    options.partitioner = *partitioner;
    options.placer = *placer;
    options.dump_after = dump_after;
}

}  // namespace seamount::compiler
