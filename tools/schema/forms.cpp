#include "tools/schema/forms.hpp"

#include "compiler/frontend/network_keys.hpp"
#include "isa/base/assert.hpp"
#include "isa/chip/chip_form.hpp"
#include "tools/explore/sweep/sweep_keys.hpp"

namespace seamount::tools {

const yaml::Form& form_of(yaml::FileKind kind) {
    switch (kind) {
        case yaml::FileKind::kNetwork:
            return compiler::network_form();
        case yaml::FileKind::kChip:
            return isa::chip_form();
        case yaml::FileKind::kSweep:
            return explore::sweep_form();
    }
    assertion_failed("kind", __FILE__, __LINE__, "a kind of file has no form");
}

}  // namespace seamount::tools
