#include "base/fd.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <thread>

#include "base/error.hpp"

using namespace gitplan;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "git-plan-fd-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }

  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::ptrdiff_t entries() const {
    return std::distance(fs::directory_iterator(path_), fs::directory_iterator());
  }

 private:
  std::string path_;
};

bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a descriptor closes itself, once, and moves") {
  int raw = open("/dev/null", O_RDONLY | O_CLOEXEC);
  REQUIRE(raw >= 0);
  {
    Fd first(raw);
    Fd second(std::move(first));
    CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move): what a moved-from one is
    CHECK(second.get() == raw);
    first = std::move(second);
    CHECK(first.get() == raw);
    first.reset(raw);
    CHECK(is_open(raw));
  }
  CHECK_FALSE(is_open(raw));
}

TEST_CASE("a released descriptor stays open") {
  Fd owner(open("/dev/null", O_RDONLY | O_CLOEXEC));
  const int raw = owner.release();
  CHECK_FALSE(owner);
  CHECK(is_open(raw));
  close(raw);
}

TEST_CASE("what was written is what is read") {
  const Folder folder;
  const std::string bytes("line\n\0\xff", 7);
  for (const std::string& content : {std::string(), bytes, std::string(300'000, 'x')}) {
    write_file_atomically(folder / "file", content);
    CHECK(read_file(folder / "file") == content);
    CHECK(read_named_file(folder / "file") == content);
  }
  CHECK(folder.entries() == 1);
}

TEST_CASE("a file that is not there reads as nothing") {
  const Folder folder;
  write_file_atomically(folder / "file", "");
  CHECK(read_file(folder / "missing") == std::nullopt);
  CHECK(read_file(folder / "file/below") == std::nullopt);
  CHECK_THROWS_AS(read_named_file(folder / "missing"), Error);
}

TEST_CASE("a file of exactly the largest size is read, one byte more is refused") {
  const Folder folder;
  write_file_atomically(folder / "file", "12345");
  CHECK(read_file(folder / "file", 5) == "12345");
  CHECK(message_of([&] { read_file(folder / "file", 4); }) ==
        "'" + (folder / "file") + "' is larger than 4 bytes");
}

TEST_CASE("a symbolic link is never read, but one that the user named is") {
  const Folder folder;
  write_file_atomically(folder / "file", "secret");
  fs::create_symlink("file", folder / "link");
  CHECK(message_of([&] { read_file(folder / "link"); }) ==
        "'" + (folder / "link") + "' is a symbolic link");
  CHECK(read_named_file(folder / "link") == "secret");
}

TEST_CASE("a folder or a pipe in the place of a file is refused, not waited for") {
  const Folder folder;
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK(message_of([&] { read_file(folder / "pipe"); }) ==
        "'" + (folder / "pipe") + "' is not a regular file");
  CHECK(message_of([&] { read_file(folder.path()); }) ==
        "'" + folder.path() + "' is not a regular file");
  CHECK(message_of([&] { read_named_file(folder.path()); }) ==
        "could not read '" + folder.path() + "': Is a directory");
}

TEST_CASE("a pipe is read to its end") {
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  const Fd reading(ends[0]);
  const std::string content(200'000, 'p');
  std::thread writer([fd = ends[1], &content] {
    const Fd writing(fd);
    for (std::size_t done = 0; done < content.size();) {
      const ssize_t wrote = write(writing.get(), content.data() + done, content.size() - done);
      if (wrote <= 0) break;
      done += static_cast<std::size_t>(wrote);
    }
  });
  CHECK(read_all(reading.get(), "<stdin>") == content);
  writer.join();
}

TEST_CASE("a write replaces the whole file, and a link rather than what it points to") {
  const Folder folder;
  write_file_atomically(folder / "target", "old");
  fs::create_symlink("target", folder / "link");
  write_file_atomically(folder / "link", "new");
  CHECK_FALSE(is_symlink(folder / "link"));
  CHECK(read_file(folder / "link") == "new");
  CHECK(read_file(folder / "target") == "old");
}

TEST_CASE("a write that cannot be finished leaves nothing behind") {
  const Folder folder;
  fs::create_directory(folder / "taken");
  CHECK(message_of([&] { write_file_atomically(folder / "taken", "x"); }) ==
        "could not write '" + (folder / "taken") + "': Is a directory");
  CHECK(folder.entries() == 1);
  CHECK(message_of([&] { write_file_atomically(folder / "no/file", "x"); }) ==
        "could not create '" + (folder / "no/file") + "': No such file or directory");
}

TEST_CASE("the umask and the mode decide on who may read a file") {
  const Folder folder;
  const mode_t before = umask(027);
  write_file_atomically(folder / "shared", "");
  write_file_atomically(folder / "private", "", 0600);
  umask(before);
  struct stat info {};
  REQUIRE(stat((folder / "shared").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0640);
  REQUIRE(stat((folder / "private").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("many writers of one file leave one whole text and no litter") {
  const Folder folder;
  std::vector<std::thread> writers;
  for (char c = 'a'; c < 'e'; ++c) {
    writers.emplace_back([&folder, c] {
      for (int i = 0; i < 50; ++i) write_file_atomically(folder / "file", std::string(10'000, c));
    });
  }
  for (std::thread& writer : writers) writer.join();
  const std::string content = read_file(folder / "file").value_or("");
  CHECK(content.size() == 10'000);
  CHECK(content == std::string(10'000, content.front()));
  CHECK(folder.entries() == 1);
}

TEST_CASE("folders are made with their parents, and may be there already") {
  const Folder folder;
  make_folders(folder / "a/b/c");
  CHECK(fs::is_directory(folder / "a/b/c"));
  make_folders(folder / "a/b/c");
  make_folders(folder / "a//d/");
  CHECK(fs::is_directory(folder / "a/d"));
  make_folders("/");
}

TEST_CASE("a file in the way of a folder is an error") {
  const Folder folder;
  write_file_atomically(folder / "file", "");
  CHECK(message_of([&] { make_folders(folder / "file"); }) ==
        "could not create folder '" + (folder / "file") + "': Not a directory");
  CHECK_THROWS_AS(make_folders(folder / "file/below"), Error);
  CHECK_THROWS_AS(make_folders(""), Error);
}

TEST_CASE("a dangling link exists, as a link") {
  const Folder folder;
  fs::create_symlink("nowhere", folder / "link");
  CHECK(exists(folder / "link"));
  CHECK(is_symlink(folder / "link"));
  CHECK_FALSE(exists(folder / "nowhere"));
  CHECK_FALSE(is_symlink(folder.path()));
}

TEST_CASE("a joined path stays below its folder") {
  CHECK(join_path("a", "b") == "a/b");
  CHECK(join_path("a/", "b") == "a/b");
  CHECK(join_path("/", "b") == "/b");
  CHECK(join_path("", "b") == "b");
  CHECK(join_path("a", "/b") == "a/b");
}
