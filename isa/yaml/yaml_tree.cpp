#include "isa/yaml/yaml_tree.hpp"

#include "isa/base/text.hpp"
#include "isa/input/input_file.hpp"
#include "isa/yaml/yaml_syntax.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace seamount::yaml {
namespace {

[[noreturn]] void fail(std::string code, SourceLocation where, std::string message,
                       std::string hint = {}) {
    throw InputError{Diagnostic{std::move(code), std::move(where), std::move(message),
                                std::move(hint), Severity::kError}};
}

/// A tag as the file writes it; empty for the marks that the parser gives untagged scalars.
std::string written_tag(const std::string& tag) {
    constexpr std::string_view kOwn = "tag:yaml.org,2002:";
    if (tag.empty() || tag == "?" || tag == "!") return {};
    if (tag.starts_with(kOwn)) return "!!" + tag.substr(kOwn.size());
    return tag.starts_with('!') ? tag : "!<" + tag + ">";
}

std::size_t depth_of(const Node& node) {
    std::size_t deepest = 0;
    for (const auto& item : node.items) deepest = std::max(deepest, depth_of(*item));
    if (node.map) {
        for (const Entry& e : node.map->entries) deepest = std::max(deepest, depth_of(*e.value));
    }
    return deepest + 1;
}

/// Builds the tree from the parser's events, so that repeated keys and all positions survive.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(const std::string& name, Diagnostics& diagnostics)
        : file_{std::make_shared<const std::string>(name)}, diagnostics_{diagnostics} {}

    [[nodiscard]] std::unique_ptr<Node> take_root() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ != 0) {
            fail("YML-SYNTAX", place(mark).location(), "content after the end of the document",
                 "a file holds one document; check the indentation of this line");
        }
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        auto node = make(Kind::kNull, mark);
        node->text = "null";
        remember(anchor, *node);
        put(std::move(node));
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) {
            fail("YML-SYNTAX", place(mark).location(), "an alias stands inside the node it names",
                 "move the anchor to a node outside");
        }
        const auto& [original, nodes, depth] = found->second;
        if (open_.size() + depth > kMaxDepth) too_deep(mark);
        count(mark, nodes);
        put(original->clone());
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        auto node = make(Kind::kScalar, mark);
        node->text = value;
        node->tag = written_tag(tag);
        // YAML's own tags of numbers and booleans say what plain text is read as anyway.
        node->plain = tag.empty() || tag == "?" || node->tag == "!!int" || node->tag == "!!float" ||
                      node->tag == "!!bool";
        remember(anchor, *node);
        put(std::move(node));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open(Kind::kSequence, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open(Kind::kMap, mark, anchor);
        open_.back().node->map = std::make_unique<Map>();
    }
    void OnMapEnd() override {
        merge_keys(*open_.back().node->map);
        close();
    }

private:
    struct Open {
        std::unique_ptr<Node> node;
        YAML::anchor_t anchor = 0;
        bool has_key = false;
        std::string key;
        Place key_place;
    };
    struct Anchored {
        std::unique_ptr<Node> node;
        std::size_t nodes = 1;
        std::size_t depth = 1;
    };

    Place place(const YAML::Mark& mark) const {
        if (mark.line < 0) return {file_, 0, 0};
        return {file_, static_cast<std::uint32_t>(mark.line) + 1,
                static_cast<std::uint32_t>(mark.column) + 1};
    }

    void count(const YAML::Mark& mark, std::size_t nodes) {
        nodes_ += nodes;
        if (nodes_ > kMaxNodes) {
            fail("YML-SYNTAX", place(mark).location(),
                 fmt::format("the file holds more than {} values, aliases included", kMaxNodes),
                 "put bulk data into .npy or .csv files");
        }
    }

    [[noreturn]] void too_deep(const YAML::Mark& mark) const {
        fail("YML-SYNTAX", place(mark).location(),
             fmt::format("maps and lists are nested deeper than {}", kMaxDepth),
             "look for an unclosed bracket");
    }

    std::unique_ptr<Node> make(Kind kind, const YAML::Mark& mark) {
        count(mark, 1);
        auto node = std::make_unique<Node>();
        node->kind = kind;
        node->where = place(mark);
        return node;
    }

    void remember(YAML::anchor_t anchor, const Node& node) {
        if (anchor == 0) return;
        const std::size_t nodes = size_of(node);
        nodes_ += nodes;  // the copy kept for aliases counts too
        anchors_[anchor] = {node.clone(), nodes, depth_of(node)};
    }

    void open(Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (open_.size() >= kMaxDepth) too_deep(mark);
        open_.push_back({make(kind, mark), anchor, false, {}, {}});
    }

    void close() {
        Open done = std::move(open_.back());
        open_.pop_back();
        remember(done.anchor, *done.node);
        put(std::move(done.node));
    }

    void put(std::unique_ptr<Node> node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& parent = open_.back();
        if (parent.node->kind == Kind::kSequence) {
            parent.node->items.push_back(std::move(node));
        } else if (!parent.has_key) {
            take_key(parent, *node);
        } else {
            parent.has_key = false;
            add_entry(parent, std::move(node));
        }
    }

    void take_key(Open& parent, const Node& node) const {
        if (node.kind == Kind::kMap || node.kind == Kind::kSequence) {
            fail("YML-SYNTAX", node.where.location(), "a key must be a name, not a map or a list",
                 "text with ${...} inside braces needs quotes: {size: \"${n}\"}");
        }
        parent.has_key = true;
        parent.key = node.text;
        parent.key_place = node.where;
    }

    void add_entry(Open& parent, std::unique_ptr<Node> value) {
        Map& map = *parent.node->map;
        // The parser places an empty value at whatever comes next.
        if (value->kind == Kind::kNull) value->where = parent.key_place;
        if (const Entry* first = map.find(parent.key)) {
            diagnostics_.error("YML-DUPLICATE", parent.key_place.location(),
                               fmt::format("key '{}' is given twice", parent.key),
                               fmt::format("first given at line {}, column {}; keep one of them",
                                           first->where.line, first->where.column));
            return;
        }
        map.append({std::move(parent.key), parent.key_place, std::move(value)});
    }

    /// `<<: *defaults` adds the entries of another map, or of the maps of a list, that this one
    /// does not have.
    void merge_keys(Map& map) {
        static const std::string kMerge = "<<";
        Entry* const entry = map.find(kMerge);
        if (entry == nullptr) return;
        const Place where = entry->where;
        std::vector<std::unique_ptr<Node>> defaults;
        if (entry->value->kind == Kind::kSequence) {
            defaults = std::move(entry->value->items);
        } else {
            defaults.push_back(std::move(entry->value));
        }
        map.erase(kMerge);
        for (const auto& one : defaults) {
            if (one->kind != Kind::kMap) {
                diagnostics_.error("YML-TYPE", where.location(),
                                   "what '<<' adds must be a map, or a list of maps",
                                   "<<: *name, where another map has the anchor &name");
                return;
            }
            for (Entry& e : one->map->entries) {
                if (map.find(e.key) == nullptr) map.append(std::move(e));
            }
        }
    }

    std::shared_ptr<const std::string> file_;
    Diagnostics& diagnostics_;
    std::unique_ptr<Node> root_;
    std::vector<Open> open_;
    std::unordered_map<YAML::anchor_t, Anchored> anchors_;
    std::size_t nodes_ = 0;
    std::size_t documents_ = 0;
};

}  // namespace

std::size_t size_of(const Node& node) {
    std::size_t nodes = 1;
    for (const auto& item : node.items) nodes += size_of(*item);
    if (node.map) {
        for (const Entry& e : node.map->entries) nodes += size_of(*e.value);
    }
    return nodes;
}

namespace {

/// Refuses text in another encoding where it stands: a name would come back to us in reports, which
/// must be UTF-8. Text in UTF-16 or UTF-32 is for the parser, which converts it.
void require_utf8(const std::string& text, const std::string& name) {
    if (text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE") ||
        text.substr(0, 4).find('\0') != std::string::npos) {
        return;
    }
    const std::size_t at = first_not_utf8(text);
    if (at == text.size()) return;
    const auto before = std::string_view{text}.substr(0, at);
    const std::size_t line_start = before.rfind('\n') + 1;
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    std::uint32_t column = 1;
    for (const char c : before.substr(line_start)) {
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) ++column;
    }
    fail("YML-UTF8", {name, static_cast<std::uint32_t>(line), column},
         fmt::format("byte 0x{:02X} is not UTF-8 text", static_cast<unsigned char>(text[at])),
         "save the file as UTF-8 (iconv -f latin1 -t utf-8)");
}

}  // namespace

Entry* Map::find(const std::string& key) {
    const auto found = index.find(key);
    return found == index.end() ? nullptr : &entries[found->second];
}

void Map::append(Entry entry) {
    index.emplace(entry.key, entries.size());
    entries.push_back(std::move(entry));
}

void Map::erase(const std::string& key) {
    const auto found = index.find(key);
    if (found == index.end()) return;
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(found->second));
    index.clear();
    for (std::size_t i = 0; i < entries.size(); ++i) index.emplace(entries[i].key, i);
}

const std::string& Node::home() const {
    static const std::string kNone;
    const Place& place = use && use->is_value ? use->where : where;
    return place.file ? *place.file : kNone;
}

std::unique_ptr<Node> Node::clone() const {
    auto copy = std::make_unique<Node>();
    copy->kind = kind;
    copy->tag = tag;
    copy->plain = plain;
    copy->bad = bad;
    copy->where = where;
    copy->text = text;
    copy->use = use;
    for (const auto& item : items) copy->items.push_back(item->clone());
    if (map) {
        copy->map = std::make_unique<Map>();
        for (const Entry& e : map->entries) {
            copy->map->append({e.key, e.where, e.value->clone()});
        }
    }
    return copy;
}

std::string read_text(const std::filesystem::path& path) {
    std::error_code status;
    const SourceLocation where{path.string(), 0, 0};
    const std::filesystem::path readable = readable_path(path);
    if (!std::filesystem::exists(readable, status)) {
        fail("YML-FILE", where, "file does not exist",
             "relative paths inside a YAML file are relative to that file");
    }
    if (!std::filesystem::is_regular_file(readable, status)) {
        fail("YML-FILE", where, "is not a regular file", "give the path of a YAML file");
    }
    std::ifstream in{readable, std::ios::binary};
    const std::uintmax_t bytes = std::filesystem::file_size(readable, status);
    if (!in || status) fail("YML-FILE", where, "file cannot be read");
    std::string text;
    text.resize(static_cast<std::size_t>(std::min<std::uintmax_t>(bytes, kMaxFileBytes)) + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) fail("YML-FILE", where, "file cannot be read");
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

std::unique_ptr<Node> parse(const std::string& text, const std::string& name,
                            Diagnostics& diagnostics) {
    if (text.size() > kMaxFileBytes) {
        fail("YML-FILE", {name, 0, 0},
             fmt::format("file is larger than {} bytes, the most a YAML file may have",
                         kMaxFileBytes),
             "put bulk data into .npy or .csv files");
    }
    require_utf8(text, name);
    TreeBuilder builder{name, diagnostics};
    try {
        std::istringstream in{text};
        YAML::Parser parser{in};
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& e) {
        const bool is_placed = e.mark.line >= 0;
        const SyntaxFault fault =
            explain_syntax(text, is_placed ? static_cast<std::uint32_t>(e.mark.line) + 1 : 0,
                           is_placed ? static_cast<std::uint32_t>(e.mark.column) + 1 : 0, e.msg);
        fail("YML-SYNTAX", {name, fault.line, fault.column}, fault.message, fault.hint);
    }
    if (const auto fault = quote_without_end(text)) {
        fail("YML-SYNTAX", {name, fault->line, fault->column}, fault->message, fault->hint);
    }
    auto root = builder.take_root();
    if (!root || root->kind == Kind::kNull) {
        root = std::make_unique<Node>();
        root->kind = Kind::kMap;
        root->where = {std::make_shared<const std::string>(name), 1, 1};
        root->map = std::make_unique<Map>();
    } else if (root->kind != Kind::kMap) {
        fail("YML-SYNTAX", root->where.location(), "the file must be a map of keys to values");
    }
    return root;
}

void merge(Node& base, std::unique_ptr<Node> over) {
    for (Entry& e : over->map->entries) {
        Entry* const under = base.map->find(e.key);
        if (under == nullptr) {
            base.map->append(std::move(e));
        } else if (under->value->kind == Kind::kMap && e.value->kind == Kind::kMap) {
            merge(*under->value, std::move(e.value));
        } else {
            under->where = e.where;
            under->value = std::move(e.value);
        }
    }
    base.where = over->where;
}

}  // namespace seamount::yaml
