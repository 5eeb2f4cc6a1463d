#include <utility>

#include "isa/input/input_file.hpp"
#include "isa/yaml/yaml_paths.hpp"

namespace seamount {

YamlFile YamlFile::load(const std::filesystem::path& path, const Settings& settings,
                        Diagnostics& diagnostics) {
    return parse(yaml::read_text(path), path.string(), settings, diagnostics);
}

YamlFile YamlFile::parse(const std::string& text, const std::string& name, const Settings& settings,
                         Diagnostics& diagnostics) {
    auto root = yaml::parse(text, name, diagnostics);
    yaml::substitute(*root, settings, diagnostics);
    return of_tree(std::move(root), name, diagnostics);
}

YamlFile YamlFile::load_network(const std::filesystem::path& path, const Settings& settings,
                                const yaml::Form& form, Diagnostics& diagnostics) {
    std::vector<std::filesystem::path> files;
    auto tree = yaml::network_tree(path, settings, form, diagnostics, files);
    YamlFile file = of_tree(std::move(tree), path, diagnostics);
    file.files_ = std::move(files);
    return file;
}

YamlFile YamlFile::of_tree(std::unique_ptr<yaml::Node> root, const std::filesystem::path& path,
                           Diagnostics& diagnostics) {
    YamlFile file;
    file.root_ = yaml::reader(std::move(root), diagnostics);
    file.folder_ = folder_of(path);
    return file;
}

std::filesystem::path YamlFile::resolve(const std::string& path) const {
    const std::filesystem::path given{path};
    return given.is_absolute() ? given : folder_ / given;
}

}  // namespace seamount
