// The MCP server in a repository whose plan is under way, as a client talks to it: every request
// gets its reply, whatever the lines hold; the plans stay readable, the user's checkout clean.
#include <fcntl.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "base/fd.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/scratch.hpp"
#include "git/repository.hpp"
#include "mcp/server.hpp"
#include "mcp/tools/table.hpp"
#include "store/plan_store.hpp"

namespace gitplan::fuzz {
namespace {

namespace fs = std::filesystem;
using mcp::Parameter;
using mcp::Tool;
using Value = nlohmann::json;

std::string quoted(const std::string& text) {
  return Value(text).dump(-1, ' ', false, Value::error_handler_t::replace);
}

// --- the repository ---

// Named as in the examples of the tools. The first task has a commit, the second none.
constexpr const char* kPlan = R"({"session_id": "session-20250112-143000", "user_request": "Work",
"tasks": [
{"id": "001", "description": "Create it", "slug": "user-model", "provides": ["User model class"]},
{"id": "002", "description": "Change it", "slug": "change", "files": ["a.txt"]},
{"id": "003", "description": "Use it", "preconditions": ["User model class"]},
{"id": "004", "description": "End it", "depends_on": ["002", "003"]}]})";

std::string request(const std::string& method, const std::string& params) {
  return R"({"jsonrpc":"2.0","id":7,"method":)" + quoted(method) + R"(,"params":)" + params + "}";
}

std::string call(std::string_view tool, const std::string& arguments) {
  const std::string name = quoted(std::string(tool));
  return request("tools/call", R"({"name":)" + name + R"(,"arguments":)" + arguments + "}");
}

// The folder that holds the repository, the file that is read, and the one that is written.
const Scratch& scratch() {
  static const Scratch made;
  return made;
}

// What the server writes when it reads this.
std::string served(const std::string& text) {
  scratch().write("in", text);
  scratch().write("out", "");
  const Fd in(::open(scratch().path("in").c_str(), O_RDONLY | O_CLOEXEC));
  const Fd out(::open(scratch().path("out").c_str(), O_WRONLY | O_CLOEXEC));
  mcp::serve(in.get(), out.get(), {});
  return read_file(scratch().path("out")).value();
}

void must(bool done) {
  if (!done) std::abort();
}

// Kept aside, to be copied for each input.
void make_template() {
  scratch().make_repository("repo");
  fs::current_path(scratch().path("repo"));
  std::string compact(kPlan);
  std::ranges::replace(compact, '\n', ' ');
  served(call("create_plan_branch", compact) + "\n" + call("start_wave", "{}") + "\n");
  const std::string slot = "repo/.worktrees/worker-1";
  scratch().write(slot + "/a.txt", "one\n");
  must(scratch().git(slot, {"add", "."}).ok() &&
       scratch().git(slot, {"commit", "-q", "-m", "Create it"}).ok());
  fs::current_path(scratch().path("."));
  fs::remove_all(scratch().path("repo/.git/hooks"));
  fs::rename(scratch().path("repo"), scratch().path("template"));
}

void begin() {
  static const bool made = (make_template(), true);
  static_cast<void>(made);
  fs::current_path(scratch().path("."));
  fs::remove_all(scratch().path("repo"));
  fs::copy(scratch().path("template"), scratch().path("repo"), fs::copy_options::recursive);
  fs::current_path(scratch().path("repo"));
}

// --- what the client says ---

constexpr std::array<const char*, 14> kWords = {"001",
                                                "002",
                                                "003",
                                                "004",
                                                "005",
                                                "task/001-user-model",
                                                "task/002-change",
                                                "flow",
                                                "main",
                                                "HEAD",
                                                "worker-02",
                                                "v1",
                                                "plan/x",
                                                "session-20250112-143000"};

// The example, a word that means something here, any text, or whatever the input holds.
std::string value(const Parameter& parameter, Input& input) {
  const std::size_t kind = input.below(4);
  if (kind == 0) return std::string(parameter.example);
  if (kind == 1) return quoted(input.one_of(kWords));
  const std::string piece = input.piece();
  return kind == 2 ? quoted(piece) : piece;
}

std::string member(const Parameter& parameter, const std::string& value) {
  return quoted(std::string(parameter.name)) + ":" + value;
}

// What is needed is there; what the input chooses stands behind it, and counts.
std::string tool_call(Input& input) {
  const auto tools = mcp::all_tools();
  const Tool& tool = *input.one_of(tools);
  std::vector<std::string> members;
  for (const Parameter& parameter : tool.parameters) {
    if (parameter.needed == mcp::Needed::yes)
      members.push_back(member(parameter, std::string(parameter.example)));
  }
  while (const std::size_t chosen = input.below(tool.parameters.size() + 1)) {
    const Parameter& parameter = tool.parameters[chosen - 1];
    members.push_back(member(parameter, value(parameter, input)));
  }
  return call(tool.name, "{" + text::join(members, ",") + "}");
}

std::string message(Input& input) {
  const std::size_t kind = input.below(4);
  if (kind == 0) return tool_call(input);
  if (kind == 1) return request("initialize", R"({"protocolVersion":"2025-03-26"})");
  const std::string piece = input.piece();
  return kind == 2 ? request(piece, input.piece()) : piece;
}

std::string line(Input& input) {
  if (!input.flag()) return message(input);
  const std::string first = message(input);
  return "[" + first + "," + message(input) + "]";
}

// A few, as each may take some processes.
std::string conversation(Input& input) {
  constexpr int kMostLines = 8;
  std::string all;
  for (int i = 0; i < kMostLines && !input.at_end(); ++i) all += line(input) + "\n";
  return all;
}

// --- what must hold of the replies ---

// How many requests have an id, by the id's text.
using Count = std::map<std::string, int>;

struct Asked {
  Count must_be_answered;
  Count may_be_answered;  // also what is cancelled, no request, in a batch, or nested too deep
};

bool has_id(const Value& message) {
  if (!message.is_object()) return false;
  const Value id = message.value("id", Value());
  return id.is_string() || id.is_number();
}

bool is_request(const Value& message) {
  return has_id(message) && message.value("jsonrpc", Value()) == "2.0" &&
         message.value("method", Value()).is_string();
}

void add(const Value& message, Count& count) { ++count[message["id"].dump()]; }

Asked asked_in(const std::string& conversation) {
  constexpr std::ptrdiff_t kLevels = 64;
  const bool cancels = conversation.find("cancelled") != std::string::npos;
  Asked asked;
  for (const std::string_view line : text::split(conversation, '\n')) {
    const Value parsed = Value::parse(line, nullptr, false);
    const auto opened = std::ranges::count_if(line, [](char c) { return c == '{' || c == '['; });
    if (is_request(parsed) && !cancels && opened <= kLevels) add(parsed, asked.must_be_answered);
    for (const Value& one : parsed.is_array() ? parsed : Value::array({parsed})) {
      if (has_id(one)) add(one, asked.may_be_answered);
    }
  }
  return asked;
}

void require_lines_printable(const std::string& message) {
  for (const std::string_view line : text::split(message, '\n'))
    require_printable(std::string(line));
}

// A refusal is one of ours: no library's exception came through.
void judge_refusal(const Value& error, const std::string& text) {
  const auto message = error.at("message").get<std::string>();
  require(!message.empty(), "a refusal says why", {text});
  require_lines_printable(message);
  require_lines_printable(error.value("hint", ""));
  for (const char* theirs : {"exception", "basic_string", "vector::", "map::at", "std::", "_M_"}) {
    require(message.find(theirs) == std::string::npos, "a refusal is ours", {message});
  }
}

void judge_tool_result(const Value& result, const std::string& text) {
  for (const Value& part : result.at("content")) {
    require(part.at("type") == "text" && part.at("text").is_string(), "content is text", {text});
  }
  const Value& object = result.at("structuredContent");
  require(object.at("schema") == 1, "a result is an object of ours", {text});
  require(result.at("isError") == object.contains("error"), "an error says so", {text});
  if (result.at("isError") == true) judge_refusal(object["error"], text);
}

void judge_reply(const Value& reply, const std::string& text, Count& answered) {
  require(reply.is_object() && reply.value("jsonrpc", "") == "2.0" && reply.contains("id"),
          "a reply is JSON-RPC", {text});
  require(reply.contains("result") != reply.contains("error"), "a reply has one outcome", {text});
  if (reply.contains("error")) {
    require(reply["error"].at("code").is_number_integer(), "an error has a code", {text});
    require_printable(reply["error"].at("message").get<std::string>());
  } else if (reply["result"].contains("content")) {
    judge_tool_result(reply["result"], text);
  }
  if (!reply["id"].is_null()) ++answered[reply["id"].dump()];
}

void judge_line(const std::string& text, Count& answered) {
  require_printable(text);
  const Value reply = Value::parse(text, nullptr, false);
  require(!reply.is_discarded(), "a reply is JSON", {text});
  if (!reply.is_array()) return judge_reply(reply, text, answered);
  require(!reply.empty(), "a batch of replies has some", {text});
  for (const Value& one : reply) judge_reply(one, text, answered);
}

// Each count of one is at most that of the other.
void require_within(const Count& fewer, Count more, const char* property, const std::string& said) {
  for (const auto& [id, count] : fewer) require(count <= more[id], property, {id, said});
}

void judge_replies(const std::string& conversation, const std::string& replies) {
  require(replies.empty() || replies.ends_with('\n'), "a reply is a line", {replies});
  Count answered;
  for (const std::string_view line : text::split(replies, '\n')) {
    if (!line.empty()) judge_line(std::string(line), answered);
  }
  const Asked asked = asked_in(conversation);
  require_within(asked.must_be_answered, answered, "a request is answered", conversation);
  require_within(answered, asked.may_be_answered, "an answer was asked for", conversation);
}

// --- what must hold of the repository ---

void judge_plans(const std::string& conversation) {
  must_accept("plans stay readable", {conversation}, [&] {
    const git::Repository repository = git::Repository::discover();
    const PlanStore store(repository);
    const auto plans = store.list();
    require(!plans.empty(), "no plan goes", {conversation});
    for (const PlanTip& tip : plans) {
      const Plan plan = store.load(tip.session).plan;
      require(plan == store.read_at(tip.session, tip.commit).plan, "the cache tells the truth",
              {tip.session, conversation});
      require(!plan.tasks.empty(), "a plan has tasks", {tip.session, conversation});
    }
  });
}

void judge_checkout(const std::string& conversation) {
  const auto status = scratch().git("repo", {"status", "--porcelain", "--branch"});
  require(status.output == "## main\n", "the user's checkout stays clean",
          {status.output, status.errors, conversation});
}

}  // namespace

void play(Input& input) {
  begin();
  const std::string said = conversation(input);
  const std::string replies = served(said);
  judge_replies(said, replies);
  judge_plans(said);
  judge_checkout(said);
}

}  // namespace gitplan::fuzz
