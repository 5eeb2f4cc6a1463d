#pragma once

#include <vector>

#include "tools/cli/options/option.hpp"
#include "tools/session/host/host_link.hpp"

namespace seamount::cli {

/// Options of a program that plays the host; `host` must outlive them.
[[nodiscard]] std::vector<Option> host_options(session::HostLink::Params& host);

}  // namespace seamount::cli
