#pragma once

#include <hdf5.h>

namespace seamount::tools {

/// A handle of libhdf5 that is closed at the end.
class Held {
public:
    Held(hid_t id, herr_t (*close)(hid_t)) : id_{id}, close_{close} {}
    ~Held() {
        if (id_ >= 0) close_(id_);
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    [[nodiscard]] hid_t id() const noexcept { return id_; }
    [[nodiscard]] bool valid() const noexcept { return id_ >= 0; }

private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

/// Texts of any length, to be closed.
[[nodiscard]] inline hid_t variable_text() {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

}  // namespace seamount::tools
