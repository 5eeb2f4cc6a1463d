#pragma once

#include "isa/yaml/yaml_tree.hpp"

namespace seamount::yaml {

/// Replaces `templates:` and `use:` of a network by what they stand for: each use of a template
/// adds its populations, inputs, projections and probes under names that begin with that of the
/// use, "c1.exc"; names that the template does not define are those of the file. `${parameter}` is
/// the value of the use or the template's default, which may be a map or a list where it stands
/// alone; other variables are left for substitute(). Nodes know by which use they are there
/// (Node::use). Reports NET-TEMPLATE and YML-UNKNOWN.
void expand_templates(Node& root, Diagnostics& diagnostics);

}  // namespace seamount::yaml
