#include "mcp/line_reader.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.hpp"

namespace gitplan::mcp {
namespace {

class Pipe {
 public:
  Pipe() {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe(ends) == 0);
    read_.reset(ends[0]);
    write_.reset(ends[1]);
  }
  void write(std::string_view text) const {
    REQUIRE(::write(write_.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  void close() { write_.reset(); }
  [[nodiscard]] int fd() const { return read_.get(); }

 private:
  Fd read_;
  Fd write_;
};

std::vector<std::string> lines_of(LineReader& reader) {
  std::vector<std::string> lines;
  reader.fill(LineReader::Wait::for_input);
  while (const auto line = reader.next()) lines.push_back(line->too_long ? "<long>" : line->text);
  return lines;
}

using Lines = std::vector<std::string>;

TEST_CASE("a line may come in pieces, and several at once") {
  Pipe pipe;
  LineReader reader(pipe.fd());
  pipe.write("on");
  CHECK(lines_of(reader).empty());
  pipe.write("e\ntwo\nth");
  CHECK(lines_of(reader) == Lines{"one", "two"});
  pipe.write("ree\r\n\n");
  CHECK(lines_of(reader) == Lines{"three", ""});
  CHECK_FALSE(reader.ended());
}

TEST_CASE("what stands after the last line end is a line too, once the input has ended") {
  Pipe pipe;
  LineReader reader(pipe.fd());
  pipe.write("one\nla");
  pipe.write("st");
  CHECK(lines_of(reader) == Lines{"one"});
  pipe.close();
  CHECK(lines_of(reader) == Lines{"last"});
  CHECK(reader.ended());
  CHECK_FALSE(reader.next());
}

TEST_CASE("a line that is too long is skipped to its end, and said to be too long") {
  Pipe pipe;
  LineReader reader(pipe.fd(), 8);
  pipe.write("123456789");
  CHECK(lines_of(reader).empty());
  pipe.write("123456789");
  CHECK(lines_of(reader).empty());
  pipe.write("9\nshort\n123456789\n12345678\n");
  CHECK(lines_of(reader) == Lines{"<long>", "short", "<long>", "12345678"});
}

TEST_CASE("nothing there is not the end") {
  Pipe pipe;
  LineReader reader(pipe.fd());
  reader.fill(LineReader::Wait::not_at_all);
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.ended());
}

TEST_CASE("a descriptor that cannot be read has ended") {
  LineReader reader(-1);
  reader.fill(LineReader::Wait::not_at_all);
  LineReader closed(9999);
  closed.fill(LineReader::Wait::for_input);
  CHECK(closed.ended());
}

}  // namespace
}  // namespace gitplan::mcp
