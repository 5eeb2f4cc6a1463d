#pragma once

#include "tools/base/console.hpp"
#include "tools/cli/options/option.hpp"

namespace seamount::cli {

// Commands that read what runs recorded, or look into them. Each is a file of its own; `console`
// outlives it.
[[nodiscard]] Command export_command(tools::Console& console);
[[nodiscard]] Command plot_command(tools::Console& console);
[[nodiscard]] Command report_command(tools::Console& console);
[[nodiscard]] Command watch_command(tools::Console& console);
[[nodiscard]] Command diff_command(tools::Console& console);
[[nodiscard]] Command debug_command(tools::Console& console);
[[nodiscard]] Command explain_command(tools::Console& console);

}  // namespace seamount::cli
