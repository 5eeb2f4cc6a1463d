#include "tools/import/sonata/sonata_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <span>

#include "compiler/frontend/data/storage.hpp"
#include "compiler/frontend/data/text_table.hpp"
#include "tools/import/sonata/sonata_config.hpp"

namespace seamount::importer::sonata {
namespace {

constexpr double kLargestId = 9007199254740992.0;  ///< 2^53
constexpr const char* kNone = "NULL";

template <class Number>
std::optional<Number> parsed(const std::string& text) {
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && stop == end) return value;
    return std::nullopt;
}

[[noreturn]] void fail(const char* code, SourceLocation where, std::string message,
                       std::string hint = {}) {
    throw InputError{Diagnostic{code, std::move(where), std::move(message), std::move(hint)}};
}

}  // namespace

std::vector<std::uint64_t> whole_numbers(const Hdf5File& file, const std::string& object) {
    const auto array = file.numbers(object);
    if (array.shape.size() != 1) {
        fail("IMP-VALUE", file.at(object),
             fmt::format("{} dimensions, must be one", array.shape.size()));
    }
    std::vector<std::uint64_t> result;
    result.reserve(array.values.size());
    for (const double value : array.values) {
        if (!(value >= 0 && value <= kLargestId && std::floor(value) == value)) {
            fail(
                "IMP-VALUE", file.at(object),
                fmt::format("value {} is {}, must be a whole number from 0", result.size(), value));
        }
        result.push_back(static_cast<std::uint64_t>(value));
    }
    return result;
}

std::map<std::uint64_t, Attributes> read_types(const std::filesystem::path& file,
                                               const std::string& id) {
    std::map<std::uint64_t, Attributes> types;
    if (file.empty()) return types;
    using compiler::frontend::DataError;
    using compiler::frontend::TextTable;
    const auto read = [&] {
        const TextTable table{compiler::frontend::read_csv_text(file.string()), true};
        const std::vector<std::string>& names = table.columns();
        const auto column = std::find(names.begin(), names.end(), id);
        if (column == names.end()) {
            fail("IMP-KEY", {file.string(), 1, 1}, fmt::format("no column '{}'", id));
        }
        const auto place = static_cast<std::size_t>(column - names.begin());
        table.for_each_row([&](std::span<const std::string> fields, std::size_t line) {
            const SourceLocation where{file.string(), static_cast<std::uint32_t>(line), 1};
            const auto number = parsed<std::uint64_t>(fields[place]);
            if (!number) {
                fail("IMP-VALUE", where,
                     fmt::format("'{}' is '{}', must be a whole number", id, fields[place]));
            }
            const auto [row, added] = types.try_emplace(*number);
            if (!added) fail("IMP-VALUE", where, fmt::format("{} {} is there twice", id, *number));
            for (std::size_t k = 0; k < names.size(); ++k) {
                if (fields[k] != kNone && !fields[k].empty()) row->second[names[k]] = fields[k];
            }
        });
    };
    try {
        read();
    } catch (const DataError& error) {
        fail(error.code().c_str(), {file.string(), 0, 0}, error.what(), error.hint());
    }
    return types;
}

Records::Records(std::shared_ptr<const Hdf5File> file, std::string object, std::string kind,
                 std::shared_ptr<const std::map<std::uint64_t, Attributes>> types,
                 std::filesystem::path models)
    : file_{std::move(file)},
      object_{std::move(object)},
      kind_{std::move(kind)},
      types_{std::move(types)},
      models_{std::move(models)},
      types_of_{whole_numbers(*file_, fmt::format("{}/{}_type_id", object_, kind_))} {
    const auto indices = [&](const char* name) {
        const std::string key = fmt::format("{}/{}_group_{}", object_, kind_, name);
        if (!file_->has(key)) return std::vector<std::uint64_t>{};
        std::vector<std::uint64_t> values = whole_numbers(*file_, key);
        if (values.size() != size()) {
            fail("IMP-VALUE", file_->at(key),
                 fmt::format("{} values for {} {}s", values.size(), size(), kind_));
        }
        return values;
    };
    groups_ = indices("id");
    places_ = indices("index");
    require_groups();
    for (std::size_t i = 0; i < size(); ++i) {
        if (types_->contains(types_of_[i])) continue;
        if (types_->empty() && i > 0) break;
        fail("IMP-VALUE", file_->at(fmt::format("{}/{}_type_id", object_, kind_)),
             fmt::format("{} {} has the type {}, of which the table of types has no row", kind_, i,
                         types_of_[i]));
    }
}

void Records::require_groups() const {
    std::set<std::uint64_t> known;
    bool any = false;  // attributes
    for (const std::string& name : file_->members(object_)) {
        const auto number = parsed<std::uint64_t>(name);
        const std::string group = fmt::format("{}/{}", object_, name);
        if (!number || file_->kind(group) != Hdf5File::Kind::kGroup) continue;
        known.insert(*number);
        any |= !file_->members(group).empty();
    }
    if (!any || size() == 0) return;
    for (const char* const name : {"id", "index"}) {
        const std::string key = fmt::format("{}/{}_group_{}", object_, kind_, name);
        if (file_->has(key)) continue;
        fail("IMP-KEY", file_->at(key),
             fmt::format("missing: which attributes of the groups are those of which {}", kind_));
    }
    for (std::size_t i = 0; i < size(); ++i) {
        if (known.contains(groups_[i])) continue;
        fail("IMP-VALUE", file_->at(fmt::format("{}/{}_group_id", object_, kind_)),
             fmt::format("{} {} is in group {}, which is not there", kind_, i, groups_[i]));
    }
}

Records::Column Records::load_column(const std::string& group, const std::string& key) const {
    const std::string object = fmt::format("{}/{}", group, key);
    Column result;
    try {
        result.numbers = file_->numbers(object).values;
    } catch (const InputError&) {
        result.texts = file_->texts(object);
        return result;
    }
    const std::string library = fmt::format("{}/@library/{}", group, key);
    if (!file_->has(library)) return result;
    const std::vector<std::string> names = file_->texts(library);
    for (const double code : result.numbers) {
        if (!(code >= 0 && code < static_cast<double>(names.size()))) {
            fail("IMP-VALUE", file_->at(object), fmt::format("{} is no place in @library", code));
        }
        result.texts.push_back(names[static_cast<std::size_t>(code)]);
    }
    result.numbers.clear();
    return result;
}

const Records::Column* Records::column(std::uint64_t group, const std::string& key) const {
    const auto [entry, added] = columns_.try_emplace({group, key});
    if (added) {
        const std::string base = fmt::format("{}/{}", object_, group);
        for (const std::string& folder : {base, base + "/dynamics_params"}) {
            if (file_->kind(folder + "/" + key) != Hdf5File::Kind::kDataset) continue;
            entry->second = load_column(folder, key);
            break;
        }
    }
    return entry->second ? &*entry->second : nullptr;
}

const std::string* Records::value_of_type(std::size_t i, const std::string& key) const {
    const auto row = types_->find(types_of_[i]);
    if (row == types_->end()) return nullptr;
    const auto value = row->second.find(key);
    return value == row->second.end() ? nullptr : &value->second;
}

const Attributes* Records::model_of(std::size_t i) const {
    const std::string* const name = value_of_type(i, "dynamics_params");
    if (name == nullptr) return nullptr;
    const auto [entry, added] = read_models_.try_emplace(*name);
    if (!added) return &entry->second;
    try {
        entry->second = read_model(models_ / *name);
    } catch (const InputError&) {
        read_models_.erase(entry);
        throw;
    }
    return &entry->second;
}

std::optional<std::string> Records::text(std::size_t i, const std::string& key) const {
    if (!groups_.empty() && !places_.empty()) {
        if (const Column* const found = column(groups_[i], key)) {
            const std::size_t place = places_[i];
            if (place < found->texts.size()) return found->texts[place];
            if (place < found->numbers.size()) return fmt::format("{}", found->numbers[place]);
            fail("IMP-VALUE", file_->at(fmt::format("{}/{}/{}", object_, groups_[i], key)),
                 fmt::format("{} {} is number {} of its group, which has fewer", kind_, i, place));
        }
    }
    if (const std::string* const value = value_of_type(i, key)) return *value;
    if (const Attributes* const model = model_of(i)) {
        const auto value = model->find(key);
        if (value != model->end()) return value->second;
    }
    return std::nullopt;
}

std::optional<double> Records::number(std::size_t i, const std::string& key) const {
    const std::optional<std::string> value = text(i, key);
    if (!value) return std::nullopt;
    const std::optional<double> number = parsed<double>(*value);
    if (number && std::isfinite(*number)) return number;
    fail("IMP-VALUE", where(),
         fmt::format("'{}' of {} type {} is '{}', must be a number", key, kind_, types_of_[i],
                     *value));
}

std::vector<std::filesystem::path> Records::models_read() const {
    std::vector<std::filesystem::path> files;
    for (const auto& [name, values] : read_models_) files.push_back(models_ / name);
    return files;
}

}  // namespace seamount::importer::sonata
