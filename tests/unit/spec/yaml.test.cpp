#include "isa/yaml/yaml.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <limits>

#include "tests/support/temporary_folder.hpp"

using namespace seamount;
using Catch::Contains;

namespace {

struct Read {
    Diagnostics found;
    YamlFile file;
    explicit Read(const std::string& text, const Settings& settings = {})
        : file{YamlFile::parse(text, "f.yaml", settings, found)} {}

    /// Code and position of every finding: "YML-TYPE@2:3 ...".
    std::string summary() const {
        std::string out;
        for (const Diagnostic& d : found.all()) {
            if (!out.empty()) out += ' ';
            out +=
                d.code + '@' + std::to_string(d.where.line) + ':' + std::to_string(d.where.column);
        }
        return out;
    }
};

std::string failure(const std::string& text) {
    try {
        Read read{text};
    } catch (const InputError& e) {
        return e.what();
    }
    return {};
}

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

/// The integer that `text` means, or the code of its fault.
std::string integer(const std::string& text) {
    Read read{"x: " + text + "\n"};
    const auto value = read.file.root()["x"].integer("x", kLowest, kHighest);
    return value ? std::to_string(*value) : read.found.all().at(0).code;
}

std::string number(const std::string& text) {
    Read read{"x: " + text + "\n"};
    const auto value = read.file.root()["x"].number("x", -1e300, 1e300);
    return value ? std::to_string(*value) : read.found.all().at(0).code;
}

}  // namespace

TEST_CASE("integers are decimal or hexadecimal and exact to 64 bits", "[yaml]") {
    CHECK(integer("12") == "12");
    CHECK(integer("-12") == "-12");
    CHECK(integer("+7") == "7");
    CHECK(integer("0") == "0");
    CHECK(integer("0x1F") == "31");
    CHECK(integer("9223372036854775807") == "9223372036854775807");
    CHECK(integer("-9223372036854775808") == "-9223372036854775808");
    CHECK(integer("2.0") == "2");
    CHECK(integer("-1.5e3") == "-1500");
    CHECK(integer("9007199254740992.0") == "9007199254740992");
    CHECK(integer("9007199254740994.0") == "YML-TYPE");  // beyond it not every number is exact
    CHECK(integer("1e400") == "YML-TYPE");
    CHECK(integer("9223372036854775808") == "YML-RANGE");
    CHECK(integer("99999999999999999999999") == "YML-RANGE");
    for (const char* bad : {"010", "1.5", "1e-3", "12a", "0x", "0x1G", "\"12\"", "--1", "true",
                            "[1]", "{a: 1}", "", ".nan", "1_000", "+-1"}) {
        CAPTURE(bad);
        CHECK(integer(bad) == "YML-TYPE");
    }
}

TEST_CASE("numbers are finite decimals", "[yaml]") {
    CHECK(number("1.5") == "1.500000");
    CHECK(number("-.5") == "-0.500000");
    CHECK(number("1e3") == "1000.000000");
    CHECK(number("+2") == "2.000000");
    CHECK(number("0.25") == "0.250000");
    CHECK(number("0x10") == "16.000000");
    CHECK(number("1e999") == "YML-RANGE");
    for (const char* bad : {".nan", ".inf", "-.inf", "nan", "inf", "infinity", "-infinity", "010",
                            "00.5", "1.5.2", "e5", ".", "'1.5'"}) {
        CAPTURE(bad);
        CHECK(number(bad) == "YML-TYPE");
    }
}

TEST_CASE("a quoted number is text, and the message says so", "[yaml]") {
    Read read{"x: \"12\"\n"};
    CHECK_FALSE(read.file.root()["x"].is_number());
    CHECK(read.file.root()["x"].text() == "12");
    CHECK_FALSE(read.file.root()["x"].integer("x", 0, 20));
    CHECK(read.found.all().at(0).hint == "remove the quotes");
}

TEST_CASE("positions are those of the value for values and of the key for unknown keys", "[yaml]") {
    Read read{"a:   99\nlist:\n  - 1\n  - two\nodd: 3\nneuron: cuba\n"};
    const YamlNode root = read.file.root();
    std::uint32_t a = 5;
    CHECK_FALSE(root.read("a", a, 0, 10));
    CHECK(a == 5);
    for (const YamlNode& item : root["list"].items()) (void)item.integer("item", 0, 9);
    CHECK(root["nuron"].where() == SourceLocation{});
    (void)root["neurons"];
    root.finish();
    CHECK(read.summary() == "YML-RANGE@1:6 YML-TYPE@4:5 YML-UNKNOWN@5:1 YML-UNKNOWN@6:1");
    CHECK(read.found.all()[0].message == "'a' is 99, must be in [0, 10]");
    CHECK(read.found.all()[3].hint == "did you mean 'neurons'?");
}

TEST_CASE("repeated keys are reported at any depth and the first one counts", "[yaml]") {
    Read read{"a: {b: 1, c: 2, b: 3}\nl:\n  - {x: 1,\n     x: 2}\na: 4\n"};
    CHECK(read.summary() == "YML-DUPLICATE@1:17 YML-DUPLICATE@4:6 YML-DUPLICATE@5:1");
    CHECK_THAT(read.found.all()[0].hint, Contains("line 1, column 5"));
    CHECK(read.file.root()["a"]["b"].integer("b", 0, 9) == 1);
}

TEST_CASE("absent, empty and misshapen values are told apart", "[yaml]") {
    Read read{"empty:\nscalar: 5\nlist: [1]\n"};
    const YamlNode root = read.file.root();
    CHECK_FALSE(root["absent"]);
    CHECK_FALSE(root["absent"]["deeper"].integer("x", 0, 1));
    CHECK(root["absent"].text().empty());
    CHECK(read.found.all().empty());
    CHECK(root["empty"]);
    (void)root["empty"].integer("empty", 0, 1);
    (void)root.require("needed");
    (void)root["scalar"].require("inside");
    root["scalar"].finish();
    (void)root["list"].text();
    CHECK(read.summary() == "YML-TYPE@1:1 YML-MISSING@1:1 YML-TYPE@2:9 YML-TYPE@3:7");
}

TEST_CASE("booleans and choices are exact words", "[yaml]") {
    Read read{"a: true\nb: false\nc: yes\nd: wavefrnt\n"};
    const YamlNode root = read.file.root();
    CHECK(root["a"].boolean("a") == true);
    CHECK(root["b"].boolean("b") == false);
    CHECK_FALSE(root["c"].boolean("c"));
    CHECK(root["a"].choice("a", {"false", "true"}) == 1U);
    CHECK_FALSE(root["d"].choice("d", {"wavefront", "table"}));
    CHECK(read.summary() == "YML-TYPE@3:4 YML-CHOICE@4:4");
    CHECK(read.found.all()[1].hint == "did you mean 'wavefront'?");
}

TEST_CASE("readers of 32-bit values never clip", "[yaml]") {
    Read read{"a: 4294967296\nb: -1\nc: 2147483648\nd: 9223372036854775807\n"};
    const YamlNode root = read.file.root();
    std::uint32_t u = 1;
    std::int32_t i = 1;
    std::uint64_t big = 1;
    CHECK_FALSE(root.read("a", u, kLowest, kHighest));
    CHECK_FALSE(root.read("b", u, kLowest, kHighest));
    CHECK_FALSE(root.read("c", i, kLowest, kHighest));
    CHECK_FALSE(root.read("b", big, kLowest, kHighest));
    CHECK(root.read("d", big, kLowest, kHighest));
    CHECK(big == 9223372036854775807U);
    CHECK((u == 1 && i == 1));
}

TEST_CASE("variables are replaced everywhere, may use earlier ones and stay numbers", "[yaml]") {
    const std::string text =
        "vars:\n  n: 12\n  dir: data\n  file: ${dir}/edges\nsize: ${n}\nflow: {size: \"${n}\"}\n"
        "path: ${file}_${n}.npy\nlist: [\"${n}\", 3]\n";
    Settings settings;
    settings.add("dir=/tmp=x");
    Read read{text, settings};
    const YamlNode root = read.file.root();
    CHECK(root["size"].integer("size", 0, 99) == 12);
    CHECK(root["flow"]["size"].integer("size", 0, 99) == 12);
    CHECK(root["flow"]["size"].is_number());
    CHECK(root["list"].items()[0].integer("item", 0, 99) == 12);
    CHECK(root["path"].text() == "/tmp=x/edges_12.npy");
    CHECK_FALSE(root["vars"]);
    CHECK(read.found.all().empty());
    CHECK(settings.unused().empty());
}

TEST_CASE("unknown, malformed and unused variables are reported", "[yaml]") {
    Settings settings{{{"prefx", "x"}}};
    Read read{
        "vars: {prefix: a, list: [1], 1x: 2}\na: ${prefx}\nb: ${prefix\nc: ${q}\n${prefix}: 1\n"
        "d: ${list}\n",
        settings};
    CHECK(read.summary() ==
          "YML-VAR@1:25 YML-VAR@1:30 YML-VAR@2:4 YML-VAR@3:4 YML-VAR@4:4 YML-VAR@5:1");
    CHECK(read.found.all()[2].hint == "did you mean 'prefix'?");
    CHECK(settings.unused() == std::vector<std::string>{"prefx"});
    const YamlNode root = read.file.root();
    CHECK_FALSE(root["a"].integer("a", 0, 1));
    CHECK(read.found.all().size() == 6);  // nothing is reported twice
}

TEST_CASE("variables cannot blow up the text", "[yaml]") {
    std::string text = "vars:\n  v0: aaaaaaaaaaaaaaaa\n";
    for (int i = 1; i < 40; ++i) {
        const std::string before = "${v" + std::to_string(i - 1) + "}";
        text += "  v" + std::to_string(i) + ": " + before + before + "\n";
    }
    Read read{text + "x: ${v39}\n"};
    CHECK(read.found.all().at(0).code == "YML-VAR");
    CHECK_THAT(failure("vars: {a: \"${a}\"}\n") + Read{"vars: {a: \"${a}\"}\n"}.summary(),
               Contains("YML-VAR"));
}

TEST_CASE("settings must be NAME=VALUE", "[yaml]") {
    Settings settings;
    CHECK_THROWS_WITH(settings.add("novalue"), Contains("CLI-SET"));
    CHECK_THROWS_WITH(settings.add("=3"), Contains("CLI-SET"));
    settings.add("empty=");
    REQUIRE(settings.find("empty") != nullptr);
    CHECK(settings.find("empty")->empty());
    CHECK(settings.find("other") == nullptr);
}

TEST_CASE("syntax errors have their position", "[yaml]") {
    CHECK_THAT(failure("a: [1, 2\nb: 3\n"), Contains("f.yaml:1:4:") && Contains("YML-SYNTAX"));
    CHECK_THAT(failure("a: 1\n---\nb: 2\n"), Contains("YML-SYNTAX"));
    CHECK_THAT(failure("- 1\n- 2\n"), Contains("f.yaml:1:1") && Contains("must be a map"));
    CHECK_THAT(failure("{[1]: 2}\n"), Contains("f.yaml:1:2") && Contains("a key must be a name"));
    CHECK_THAT(failure("x: {size: ${n}}\n"), Contains("YML-SYNTAX"));
    CHECK_THAT(failure("a: &a [*a]\n"), Contains("f.yaml:1:8") && Contains("alias"));
    CHECK(failure("").empty());
    CHECK(failure("# nothing\n").empty());
}

TEST_CASE("anchors are copied and << merges without repeating keys", "[yaml]") {
    Read read{"d: &d {a: 1, b: 2}\nx: {<<: *d, b: 3}\ny: *d\n"};
    const YamlNode root = read.file.root();
    CHECK(root["x"]["a"].integer("a", 0, 9) == 1);
    CHECK(root["x"]["b"].integer("b", 0, 9) == 3);
    (void)root["y"]["a"];
    root["y"].finish();  // what is known in `y` says nothing about `d`
    root["d"].finish();
    CHECK(read.summary() == "YML-UNKNOWN@1:14 YML-UNKNOWN@1:8 YML-UNKNOWN@1:14");
}

TEST_CASE("hostile nesting and alias bombs are refused", "[yaml]") {
    const std::string brackets(100000, '[');
    CHECK_THAT(failure("a: " + brackets), Contains("YML-SYNTAX"));
    std::string dashes;
    for (int i = 0; i < 5000; ++i) dashes += "- ";
    CHECK_THAT(failure("a:\n  " + dashes + "1\n"), Contains("YML-SYNTAX"));
    std::string deep;
    for (int i = 0; i < 200; ++i) deep += std::string(static_cast<std::size_t>(i), ' ') + "k:\n";
    CHECK_THAT(failure(deep), Contains("YML-SYNTAX"));
    std::string bomb = "v0: &v0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n";
    for (int i = 1; i < 12; ++i) {
        std::string name = "v";
        name += std::to_string(i);
        std::string alias = "*v";
        alias += std::to_string(i - 1);
        bomb += name + ": &" + name + " [" + alias;
        for (int j = 0; j < 9; ++j) bomb += ", " + alias;
        bomb += "]\n";
    }
    CHECK_THAT(failure(bomb), Contains("YML-SYNTAX") && Contains("values"));
    std::string chain = "v0: &v0 [1]\n";
    for (int i = 1; i < 100; ++i) {
        const std::string n = std::to_string(i);
        chain.append("v").append(n).append(": &v").append(n);
        chain.append(" [*v").append(std::to_string(i - 1)).append("]\n");
    }
    CHECK_THAT(failure(chain), Contains("nested deeper"));
}

TEST_CASE("many unknown keys do not make many messages", "[yaml]") {
    std::string text;
    for (int i = 0; i < 2000; ++i) text += "key" + std::to_string(i) + ": 1\n";
    Read read{text};
    read.file.root().finish();
    CHECK(read.found.all().size() == 33);
    CHECK_THAT(read.found.all().back().message, Contains("1968 more"));
}

TEST_CASE("missing files, folders and oversized files are reported", "[yaml]") {
    Diagnostics found;
    CHECK_THROWS_WITH(YamlFile::load("no/such/file.yaml", {}, found),
                      Contains("no/such/file.yaml: error: file does not exist [YML-FILE]"));
    const test::TemporaryFolder folder;
    CHECK_THROWS_WITH(YamlFile::load(folder.path(), {}, found), Contains("YML-FILE"));
    CHECK_THROWS_WITH(
        YamlFile::parse(std::string((std::size_t{16} << 20) + 1, ' '), "big.yaml", {}, found),
        Contains("YML-FILE"));
}

TEST_CASE("paths are relative to the file that names them", "[yaml]") {
    Diagnostics found;
    const auto file = YamlFile::parse("a: 1\n", "nets/deep/net.yaml", {}, found);
    CHECK(file.resolve("w.npy") == std::filesystem::path{"nets/deep/w.npy"});
    CHECK(file.resolve("/abs/w.npy") == std::filesystem::path{"/abs/w.npy"});
    CHECK(YamlFile::parse("a: 1\n", "net.yaml", {}, found).resolve("w.npy") ==
          std::filesystem::path{"w.npy"});
}

TEST_CASE("text that is not UTF-8 is refused where it stands, before anything is read", "[yaml]") {
    CHECK(failure("network: caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\n").empty());
    CHECK_THAT(failure("a: 1\nn: \xC3\xA9 caf\xE9-i\n"),
               Contains("f.yaml:2:9: error: byte 0xE9 is not UTF-8 text [YML-UTF8]") &&
                   Contains("save the file as UTF-8"));
    CHECK_THAT(failure("# caf\xE9\na: 1\n"), Contains("f.yaml:1:6"));
    for (const std::string bytes : {"\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82",
                                    "\xF0\x8F\xBF\xBF", "\xE0\x9F\xBF", "\x80", "\xFF"}) {
        CHECK_THAT(failure("n: " + bytes), Contains("f.yaml:1:4") && Contains("[YML-UTF8]"));
    }
    const std::string utf16{"\xFF\xFEn\0:\0 \0x\0", 10};
    CHECK(failure(utf16).empty());
    CHECK(failure("\xEF\xBB\xBFn: x\n").empty());
}

TEST_CASE("YAML's tags of numbers are read, other tags are named", "[yaml]") {
    CHECK(integer("!!int 10") == "10");
    CHECK(number("!!float 2.5") == std::to_string(2.5));
    CHECK(integer("!!int 010") == "YML-TYPE");
    const auto hint = [](const std::string& text) {
        Read read{"x: " + text + "\n"};
        CHECK_FALSE(read.file.root()["x"].integer("x", 0, 100));
        return read.found.all().at(0).hint;
    };
    CHECK(hint("!!str 10") == "remove the tag !!str");
    CHECK(hint("!volt 10") == "remove the tag !volt");
    CHECK(hint("\"10\"") == "remove the quotes");
}
