#pragma once

// What programs that drive Seamount include: #include <seamount.hpp>, after find_package(Seamount).
// See configs/cpp.

#include "isa/base/diagnostic.hpp"
#include "tools/session/bind_inputs.hpp"
#include "tools/session/drive/simulation.hpp"
#include "tools/session/image_stats.hpp"
#include "tools/session/observer.hpp"
#include "tools/session/open.hpp"
#include "tools/session/state.hpp"
