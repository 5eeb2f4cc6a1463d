#pragma once

#include <string>

#include "compiler/driver/driver.hpp"

namespace seamount::compiler {

/// What a user calls by its name.
struct OptionNames {
    std::string partitioner;  ///< --partitioner, of kPartitionerNames
    std::string placer;       ///< --placer, of kPlacerNames
    std::string dump_after;   ///< --dump-after, of kPassNames; empty: no pass
};

/// Sets the options of these names. Throws InputError with all names that nothing has
/// (CLI-PARTITIONER, CLI-PLACER, CLI-PASS).
void take_names(const OptionNames& names, CompileOptions& options);

}  // namespace seamount::compiler
