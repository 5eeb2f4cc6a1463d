#pragma once

#include <string>

#include "isa/base/diagnostic.hpp"

namespace seamount::session {

/// Hears what goes on while a session works. This one keeps silent; derived ones show it.
class Listener {
public:
    Listener() = default;
    virtual ~Listener() = default;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Something that may take long begins, "compiling net.yaml"; it ends before anything else is
    /// told.
    virtual void phase_begins(const std::string& /*what*/) {}
    /// What is being done in the phase now, "mapping by metis, 43 cores".
    virtual void phase_says(const std::string& /*what*/) {}
    virtual void phase_ends() {}
    /// A finding that stops nothing.
    virtual void warning(const Diagnostic& /*warning*/) {}
};

/// Tells of a phase for as long as it lives.
class Phase {
public:
    Phase(Listener& listener, const std::string& what) : listener_{listener} {
        listener_.phase_begins(what);
    }
    ~Phase() { listener_.phase_ends(); }
    Phase(const Phase&) = delete;
    Phase& operator=(const Phase&) = delete;

private:
    Listener& listener_;
};

}  // namespace seamount::session
