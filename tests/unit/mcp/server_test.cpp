#include "mcp/server.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>

#include "base/fd.hpp"

namespace gitplan::mcp {
namespace {

struct Pipe {
  explicit Pipe(int flags = 0) {
    std::array<int, 2> ends{-1, -1};
    REQUIRE(::pipe2(ends.data(), flags) == 0);
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
  Fd read;
  Fd write;
};

TEST_CASE("replies wait for a reader that is slow, also where the output does not block") {
  Pipe in;
  Pipe out(O_NONBLOCK);
  constexpr std::size_t asked = 20;  // each list of tools is some 20 KB: more than a pipe takes
  std::string requests;
  for (std::size_t i = 0; i < asked; ++i)
    requests += R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})"
                "\n";
  REQUIRE(::write(in.write.get(), requests.data(), requests.size()) ==
          static_cast<ssize_t>(requests.size()));
  in.write.reset();

  std::thread server([&] {
    serve(in.read.get(), out.write.get(), Options{});
    out.write.reset();
  });
  REQUIRE(::fcntl(out.read.get(), F_SETFL, 0) == 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::string heard;
  std::array<char, 4096> chunk;
  for (ssize_t length = 0; (length = ::read(out.read.get(), chunk.data(), chunk.size())) > 0;)
    heard.append(chunk.data(), static_cast<std::size_t>(length));
  server.join();
  CHECK(std::count(heard.begin(), heard.end(), '\n') == asked);
}

}  // namespace
}  // namespace gitplan::mcp
