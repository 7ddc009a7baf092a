#include "commands/report/escape.hpp"

#include <catch2/catch.hpp>

namespace gitplan::commands {
namespace {

constexpr std::string_view hostile =
    "<script>alert('x')</script> \"q\" --> ]]> & ` | # ; % [a](http://x) {b} \x1b[31m\x07 \xff "
    "\xe2\x80\xae end";

TEST_CASE("nothing is markup in HTML") {
  CHECK(html("<b a='1'>\"&\"</b>") == "&lt;b a=&#39;1&#39;&gt;&quot;&amp;&quot;&lt;/b&gt;");
  const std::string safe = html(hostile);
  CHECK(safe.find_first_of("<>\"'") == std::string::npos);
  CHECK(safe.find('\x1b') == std::string::npos);
  CHECK(safe.find("\xe2\x80\xae") == std::string::npos);
  CHECK(html("a\nb") == "a b");
  CHECK(html("a\nb", Breaks::keep) == "a\nb");
}

TEST_CASE("nothing is markup in Markdown") {
  CHECK(markdown("# *a* _b_ `c` [d](e) <f> | g") ==
        "\\# \\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) &lt;f\\> \\| g");
  CHECK(markdown("- a") == "\\- a");
  CHECK(markdown("1. a") == "1\\. a");
  CHECK(markdown("12345") == "12345");
  CHECK(markdown("2-3 + 4") == "2-3 + 4");
  CHECK(markdown("@ada http://x.org a:b &amp;") == "&#64;ada http&#58;//x.org a:b &amp;amp;");
  CHECK(markdown("a\n# b") == "a \\# b");
  CHECK(markdown(hostile).find("<script") == std::string::npos);
}

TEST_CASE("a label of Mermaid stays within its quotes and its line") {
  const std::string safe = mermaid(hostile);
  CHECK(safe.find_first_of("\"<>`|%[](){}:&'\\\n\x1b") == std::string::npos);
  CHECK(mermaid("a: \"b\"") == "a#58; #34;b#34;");
  CHECK(mermaid("Größe, v1.2/x-y_z") == "Größe, v1.2/x-y_z");
}

TEST_CASE("a string of DOT stays within its quotes") {
  CHECK(dot("a \"b\" \\n &lt;") == R"("a \"b\" \\n &amp;lt;")");
  CHECK(dot("\\") == R"("\\")");
}

}  // namespace
}  // namespace gitplan::commands
