#include "compiler/frontend/context/content.hpp"

namespace seamount::compiler::frontend {

void add_content(const YamlFile& yaml, const YamlNode& node, Content& content) {
    std::string& text = content.text;
    const auto add_text = [&text](const std::string& scalar) {
        text += std::to_string(scalar.size()) + ':' + scalar;
    };
    if (node.is_map()) {
        text += '{';
        for (const auto& [key, value] : node.entries()) {
            add_text(key);
            if ((key == "file" || key == "learned") && value.is_scalar()) {
                content.files.push_back(yaml.resolve(value.text()));
            }
            add_content(yaml, value, content);
        }
        text += '}';
    } else if (node.is_sequence()) {
        text += '[';
        for (const YamlNode& item : node.items()) add_content(yaml, item, content);
        text += ']';
    } else if (node.is_scalar()) {
        add_text(node.text());
    } else {
        text += '~';
    }
}

}  // namespace seamount::compiler::frontend
