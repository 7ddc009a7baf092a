#include "mcp/message.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace gitplan::mcp {
namespace {

using Kind = Message::Kind;

Message only(const std::string& line) {
  const Parcel parcel = parse_parcel(line);
  REQUIRE(parcel.messages.size() == 1);
  return parcel.messages.front();
}

TEST_CASE("a request has an id, a notification has none, a response has no method") {
  CHECK(only(R"({"jsonrpc":"2.0","id":1,"method":"ping"})").kind() == Kind::request);
  CHECK(only(R"({"jsonrpc":"2.0","method":"ping"})").kind() == Kind::notification);
  CHECK(only(R"({"jsonrpc":"2.0","id":1,"result":{}})").kind() == Kind::response);
  CHECK(only(R"({"jsonrpc":"2.0","id":1,"error":{}})").kind() == Kind::response);
}

TEST_CASE("ids are texts or numbers, and come back as they were") {
  CHECK(only(R"({"jsonrpc":"2.0","id":"a","method":"ping"})").id_reply() == "a");
  CHECK(only(R"({"jsonrpc":"2.0","id":-7,"method":"ping"})").id_reply() == -7);
  CHECK(only(R"({"jsonrpc":"2.0","id":18446744073709551615,"method":"ping"})").id_reply() ==
        18446744073709551615U);
  for (const auto* id : {"null", "{}", "[1]", "true"}) {
    const Message message =
        only(std::string(R"({"jsonrpc":"2.0","method":"ping","id":)") + id + "}");
    CHECK(message.kind() == Kind::malformed);
    CHECK(message.error_code() == code::invalid_request);
    CHECK(message.id_reply().is_null());
  }
}

TEST_CASE("what is no JSON is a parse error; what is no message, an invalid request") {
  for (const auto* text : {"", "{", "nonsense", "{\"a\":\"\xff\"}", R"("\ud800")", "{} {}"}) {
    CAPTURE(text);
    CHECK(only(text).error_code() == code::parse_error);
  }
  for (const auto* text :
       {"5", "\"text\"", "null", "{}", R"({"id":1,"method":"ping"})",
        R"({"jsonrpc":"1.0","id":1,"method":"ping"})", R"({"jsonrpc":"2.0","id":1})",
        R"({"jsonrpc":"2.0","id":1,"method":5})"}) {
    CAPTURE(text);
    CHECK(only(text).error_code() == code::invalid_request);
  }
}

TEST_CASE("params are an object or left out") {
  CHECK(only(R"({"jsonrpc":"2.0","id":1,"method":"ping"})").params().is_object());
  CHECK(only(R"({"jsonrpc":"2.0","id":1,"method":"ping","params":null})").params().empty());
  const Message message = only(R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[1]})");
  CHECK(message.error_code() == code::invalid_params);
  CHECK(message.id_reply() == 1);
  // Nobody answers a notification.
  CHECK(only(R"({"jsonrpc":"2.0","method":"ping","params":[1]})").kind() == Kind::notification);
}

TEST_CASE("what nests too deep is refused before it is read") {
  CHECK(only(std::string(10'000'000, '[')).error_code() == code::parse_error);
  CHECK(only(std::string(5'000'000, '{')).error_code() == code::parse_error);
  const auto nested = [](std::size_t levels) {
    return R"({"jsonrpc":"2.0","id":1,"method":"x","params":{"a":)" + std::string(levels, '[') +
           std::string(levels, ']') + "}}";
  };
  CHECK(only(nested(62)).kind() == Kind::request);
  CHECK(only(nested(63)).error_code() == code::parse_error);
  // Brackets in texts do not nest, nor do escaped quotes end a text.
  CHECK(only(R"({"jsonrpc":"2.0","id":1,"method":"\")" + std::string(1000, '[') + "\"}").kind() ==
        Kind::request);
}

TEST_CASE("an object of very many keys is read in good time") {
  std::string line = R"({"jsonrpc":"2.0","id":1,"method":"x","params":{)";
  for (int i = 0; i < 300'000; ++i) line += "\"" + std::to_string(i) + "\":0,";
  line.back() = '}';
  CHECK(only(line + "}").params().size() == 300'000);
}

TEST_CASE("what would take far more memory than its text is refused before it is read") {
  const auto list = [](std::size_t count, std::string_view item) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i) text.append(i == 0 ? "" : ",").append(item);
    return text + "]";
  };
  CHECK(only(list(16'000'002, "1")).error_code() == code::parse_error);
  CHECK(only(list(1'000'001, "{}")).error_code() == code::parse_error);
  CHECK(parse_parcel(list(10'000, "1")).messages.size() == 10'000);
  const Message batch = only(list(10'001, "1"));
  CHECK(batch.error_code() == code::invalid_request);
  CHECK(batch.problem() == "more than 10000 messages in a batch");
}

TEST_CASE("a list of messages is a batch; an empty one is an error") {
  const Parcel parcel = parse_parcel(R"([{"jsonrpc":"2.0","id":1,"method":"ping"},5])");
  CHECK(parcel.is_batch);
  REQUIRE(parcel.messages.size() == 2);
  CHECK(parcel.messages[0].kind() == Kind::request);
  CHECK(parcel.messages[1].kind() == Kind::malformed);
  CHECK_FALSE(parse_parcel("[]").is_batch);
  CHECK(only("[]").error_code() == code::invalid_request);
}

}  // namespace
}  // namespace gitplan::mcp
