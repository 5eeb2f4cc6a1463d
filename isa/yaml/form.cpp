#include "isa/yaml/form.hpp"

#include <algorithm>
#include <utility>

#include "isa/base/output_file.hpp"
#include "isa/input/input_file.hpp"
#include "isa/yaml/yaml_paths.hpp"
#include "isa/yaml/yaml_tree.hpp"

namespace seamount::yaml {

ValueType integer(std::int64_t least, std::int64_t most) {
    return {.kind = ValueKind::kInteger, .least = least, .most = most};
}

ValueType count() {
    return integer(0, std::numeric_limits<std::int64_t>::max());
}

ValueType number(double low, double high) {
    return {.kind = ValueKind::kNumber, .low = low, .high = high};
}

ValueType quantity(std::vector<std::string> units) {
    return {.kind = ValueKind::kQuantity, .choices = std::move(units)};
}

ValueType boolean() {
    return {.kind = ValueKind::kBoolean};
}

ValueType text() {
    return {.kind = ValueKind::kText};
}

ValueType file(std::string_view ending) {
    ValueType type = text();
    type.is_file = true;
    type.ending = ending;
    return type;
}

ValueType anything() {
    return {.kind = ValueKind::kAny};
}

ValueType choice(std::vector<std::string> choices) {
    return {.kind = ValueKind::kChoice, .choices = std::move(choices)};
}

ValueType list(std::vector<ValueType> items, std::int64_t least, std::int64_t most) {
    return {.kind = ValueKind::kList, .least = least, .most = most, .items = std::move(items)};
}

ValueType pair(std::vector<ValueType> first, std::vector<ValueType> second) {
    ValueType type = list(std::move(second), 2, 2);
    type.first = std::move(first);
    return type;
}

ValueType map(const Form& form) {
    return {.kind = ValueKind::kMap, .form = &form};
}

Key& Key::or_else(ValueType type) {
    types.push_back(std::move(type));
    return *this;
}

Key& Key::by_default(std::string_view value) {
    standard = value;
    return *this;
}

Key& Key::in(std::string_view unit_name) {
    unit = unit_name;
    return *this;
}

Key& Key::must() {
    required = true;
    return *this;
}

Key& Key::with(const Form& form_beside) {
    beside = &form_beside;
    return *this;
}

Key& Form::key(std::string_view key_name, ValueType type, std::string_view key_meaning) {
    Key& row = keys.emplace_back();
    row.name = key_name;
    row.types.push_back(std::move(type));
    row.meaning = key_meaning;
    return row;
}

void Form::keys_of(const Form& other) {
    keys.insert(keys.end(), other.keys.begin(), other.keys.end());
}

const Key* Form::find(std::string_view key_name) const {
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [key_name](const Key& key) { return key.name == key_name; });
    return found == keys.end() ? nullptr : &*found;
}

bool Form::knows(std::string_view key_name) const {
    return !others.empty() || find(key_name) != nullptr;
}

namespace {

/// Binds the nodes of one file's tree.
class Binding {
public:
    explicit Binding(const std::string& file) : file_{file}, folder_{folder_of(file)} {}

    void map(Node& node, const Form& form) const {
        if (node.kind != Kind::kMap) return;
        node.map->form = &form;
        for (Entry& entry : node.map->entries) {
            const Key* const key = form.find(entry.key);
            if (key != nullptr && key->beside != nullptr) map(*entry.value, *key->beside);
            value(*entry.value, key != nullptr ? key->types : form.others);
        }
    }

private:
    void value(Node& node, const std::vector<ValueType>& types) const {
        for (const ValueType& type : types) {
            if (node.kind == Kind::kMap && type.kind == ValueKind::kMap) map(node, *type.form);
            if (node.kind == Kind::kScalar && type.is_file) move_path(node, type.ending);
            if (node.kind != Kind::kSequence || type.kind != ValueKind::kList) continue;
            for (std::size_t k = 0; k < node.items.size(); ++k) {
                value(*node.items[k], k == 0 && !type.first.empty() ? type.first : type.items);
            }
        }
    }

    void move_path(Node& scalar, std::string_view ending) const {
        const std::string& home = scalar.home();
        const std::filesystem::path path{scalar.text};
        // Values of the command line are meant as if the file said them.
        if (home == file_ || home.empty() || home == *command_line().file || scalar.text.empty() ||
            path.is_absolute() || is_standard_stream(path) || !scalar.text.ends_with(ending)) {
            return;
        }
        const std::filesystem::path there = folder_of(home) / path;
        const std::filesystem::path seen = there.lexically_relative(folder_);
        scalar.text = (seen.empty() ? std::filesystem::absolute(there) : seen).string();
    }

    const std::string& file_;
    std::filesystem::path folder_;
};

void collect(const std::vector<ValueType>& types, std::vector<const Form*>& forms);

void collect(const Form& form, std::vector<const Form*>& forms) {
    if (std::find(forms.begin(), forms.end(), &form) != forms.end()) return;
    forms.push_back(&form);
    for (const Key& key : form.keys) {
        if (key.beside != nullptr) collect(*key.beside, forms);
        collect(key.types, forms);
    }
    collect(form.others, forms);
}

void collect(const std::vector<ValueType>& types, std::vector<const Form*>& forms) {
    for (const ValueType& type : types) {
        if (type.form != nullptr) collect(*type.form, forms);
        collect(type.first, forms);
        collect(type.items, forms);
    }
}

}  // namespace

void bind(Node& node, const Form& form) {
    Binding{node.home()}.map(node, form);
}

std::vector<const Form*> forms_of(const Form& root) {
    std::vector<const Form*> forms;
    collect(root, forms);
    return forms;
}

}  // namespace seamount::yaml
