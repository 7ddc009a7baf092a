#include "kill_at_filter.hpp"

#include <elf.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace kill_at {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t native_arch = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t native_arch = AUDIT_ARCH_AARCH64;
#else
#error "kill_at knows x86_64 and aarch64"
#endif

constexpr int none = -1;

/// When a call counts as a change.
enum class When {
  always,
  rearranging,       ///< always; and it needs no space
  to_regular_file,   ///< if its first argument is open on a regular file
  creating,          ///< if the flags at `flags` hold O_CREAT or O_TRUNC
  creating_openat2,  ///< the same, the flags being in a struct
  cloning,           ///< an ioctl that shares blocks between files
};

/// One system call. Arguments by number, `none` where there is no such thing.
struct Call {
  long number;
  std::string_view name;
  When when = When::always;
  int path = none;
  int other_path = none;
  int fd = none;
  int flags = none;
};

constexpr std::array calls = {
#if defined(__x86_64__)
    Call{SYS_open, "open", When::creating, 0, none, none, 1},
    Call{SYS_creat, "creat", When::always, 0},
    Call{SYS_rename, "rename", When::rearranging, 0, 1},
    Call{SYS_link, "link", When::always, 0, 1},
    Call{SYS_unlink, "unlink", When::rearranging, 0},
    Call{SYS_mkdir, "mkdir", When::always, 0},
    Call{SYS_rmdir, "rmdir", When::rearranging, 0},
    Call{SYS_symlink, "symlink", When::always, 0, 1},
    Call{SYS_mknod, "mknod", When::always, 0},
    Call{SYS_chmod, "chmod", When::rearranging, 0},
    Call{SYS_chown, "chown", When::rearranging, 0},
    Call{SYS_lchown, "lchown", When::rearranging, 0},
    Call{SYS_utime, "utime", When::rearranging, 0},
    Call{SYS_utimes, "utimes", When::rearranging, 0},
    Call{SYS_futimesat, "futimesat", When::rearranging, 1},
#endif
#if defined(SYS_renameat)
    Call{SYS_renameat, "renameat", When::rearranging, 1, 3},
#endif
    Call{SYS_openat, "openat", When::creating, 1, none, none, 2},
    Call{SYS_openat2, "openat2", When::creating_openat2, 1, none, none, 2},
    Call{SYS_write, "write", When::to_regular_file, none, none, 0},
    Call{SYS_pwrite64, "pwrite", When::to_regular_file, none, none, 0},
    Call{SYS_writev, "writev", When::to_regular_file, none, none, 0},
    Call{SYS_pwritev, "pwritev", When::to_regular_file, none, none, 0},
    Call{SYS_pwritev2, "pwritev2", When::to_regular_file, none, none, 0},
    Call{SYS_sendfile, "sendfile", When::to_regular_file, none, none, 0},
    Call{SYS_copy_file_range, "copy_file_range", When::always, none, none, 2},
    Call{SYS_ioctl, "ioctl", When::cloning, none, none, 0},
    Call{SYS_fallocate, "fallocate", When::always, none, none, 0},
    Call{SYS_ftruncate, "ftruncate", When::rearranging, none, none, 0},
    Call{SYS_truncate, "truncate", When::rearranging, 0},
    Call{SYS_renameat2, "renameat2", When::rearranging, 1, 3},
    Call{SYS_linkat, "linkat", When::always, 1, 3},
    Call{SYS_unlinkat, "unlinkat", When::rearranging, 1},
    Call{SYS_mkdirat, "mkdirat", When::always, 1},
    Call{SYS_symlinkat, "symlinkat", When::always, 0, 2},
    Call{SYS_mknodat, "mknodat", When::always, 1},
    Call{SYS_fchmod, "fchmod", When::rearranging, none, none, 0},
    Call{SYS_fchmodat, "fchmodat", When::rearranging, 1},
    Call{SYS_fchown, "fchown", When::rearranging, none, none, 0},
    Call{SYS_fchownat, "fchownat", When::rearranging, 1},
    Call{SYS_utimensat, "utimensat", When::rearranging, 1, none, 0},
};

constexpr std::uint32_t creating_flags = O_CREAT | O_TRUNC;

sock_filter statement(int code, std::uint32_t value) {
  return {static_cast<std::uint16_t>(code), 0, 0, value};
}

sock_filter jump(int code, std::uint32_t value, std::uint8_t if_true, std::uint8_t if_false) {
  return {static_cast<std::uint16_t>(code), if_true, if_false, value};
}

/// Loads the lower half of an argument (both machines are little-endian).
sock_filter load_argument(int index) {
  return statement(BPF_LD | BPF_W | BPF_ABS,
                   static_cast<std::uint32_t>(offsetof(seccomp_data, args) +
                                              static_cast<std::size_t>(index) * sizeof(__u64)));
}

/// Flags and ioctl requests are judged in the kernel, so that reading files stops nothing.
void append_call(std::vector<sock_filter>& program, const Call& call) {
  const auto trace = statement(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
  const auto allow = statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const auto number = static_cast<std::uint32_t>(call.number);
  switch (call.when) {
    case When::creating:
      program.insert(program.end(),
                     {jump(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4), load_argument(call.flags),
                      jump(BPF_JMP | BPF_JSET | BPF_K, creating_flags, 0, 1), trace, allow});
      return;
    case When::cloning:
      program.insert(program.end(),
                     {jump(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 5), load_argument(1),
                      jump(BPF_JMP | BPF_JEQ | BPF_K, FICLONE, 1, 0),
                      jump(BPF_JMP | BPF_JEQ | BPF_K, FICLONERANGE, 0, 1), trace, allow});
      return;
    default:
      program.insert(program.end(), {jump(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), trace});
  }
}

std::string link_target(const std::string& path) {
  std::array<char, 4096> buffer{};
  const ssize_t length = readlink(path.c_str(), buffer.data(), buffer.size());
  return length < 0 ? "?" : std::string(buffer.data(), static_cast<std::size_t>(length));
}

std::string fd_path(pid_t pid, std::uint64_t fd) {
  return "/proc/" + std::to_string(pid) + "/fd/" + std::to_string(static_cast<int>(fd));
}

bool is_regular_file(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

/// Reads the memory of another process; the number of bytes that could be read.
std::size_t read_memory(pid_t pid, std::uint64_t address, void* to, std::size_t size) {
  iovec local{to, size};
  iovec remote{reinterpret_cast<void*>(address), size};  // NOLINT: an address over there
  const ssize_t n = process_vm_readv(pid, &local, 1, &remote, 1, 0);
  return n < 0 ? 0 : static_cast<std::size_t>(n);
}

std::string read_path(pid_t pid, std::uint64_t address) {
  std::string path;
  while (path.size() < 4096) {
    // Never across a page: the next one may not be there.
    std::array<char, 256> piece{};
    const std::size_t to_page_end = 4096 - (address + path.size()) % 4096;
    const std::size_t n =
        read_memory(pid, address + path.size(), piece.data(), std::min(piece.size(), to_page_end));
    const std::string_view read(piece.data(), n);
    const std::size_t end = read.find('\0');
    path += read.substr(0, end);
    if (n == 0 || end != std::string_view::npos) {
      break;
    }
  }
  return path;
}

std::uint64_t open_flags(pid_t pid, const Call& call, const std::uint64_t* args) {
  if (call.when == When::creating) return args[call.flags];
  open_how how{};
  return read_memory(pid, args[call.flags], &how, sizeof how) == sizeof how ? how.flags : 0;
}

bool changes(pid_t pid, const Call& call, const std::uint64_t* args) {
  switch (call.when) {
    case When::to_regular_file:
      return is_regular_file(fd_path(pid, args[call.fd]));
    case When::creating_openat2:
      return (open_flags(pid, call, args) & creating_flags) != 0;
    default:
      return true;
  }
}

/// An open without O_EXCL may be of a file that is there: that one is let pass.
bool needs_space(pid_t pid, const Call& call, const std::uint64_t* args) {
  switch (call.when) {
    case When::rearranging:
      return false;
    case When::creating:
    case When::creating_openat2:
      return (open_flags(pid, call, args) & O_EXCL) != 0;
    default:
      return true;
  }
}

}  // namespace

bool install_filter() {
  std::vector<sock_filter> program = {
      statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      jump(BPF_JMP | BPF_JEQ | BPF_K, native_arch, 1, 0),
      statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
  };
  for (const Call& call : calls) {
    append_call(program, call);
  }
  program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<std::uint16_t>(program.size()), program.data()};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

std::optional<Change> describe_change(pid_t pid, const __ptrace_syscall_info& info) {
  for (const Call& call : calls) {
    const std::uint64_t* args = info.seccomp.args;
    if (static_cast<std::uint64_t>(call.number) != info.seccomp.nr || !changes(pid, call, args)) {
      continue;
    }
    const std::string file = call.path != none ? read_path(pid, args[call.path])
                                               : link_target(fd_path(pid, args[call.fd]));
    if (file.starts_with("/dev/") && !file.starts_with("/dev/shm/")) {
      return std::nullopt;  // shells "create" /dev/null
    }
    std::string text = std::string(call.name) + "(" + file;
    if (call.other_path != none) {
      text += ", " + read_path(pid, args[call.other_path]);
    }
    return Change{text + ")", needs_space(pid, call, args)};
  }
  return std::nullopt;
}

void fail_call(pid_t pid, int error) {
#if defined(__x86_64__)
  user_regs_struct registers{};
  iovec all{&registers, sizeof registers};
  ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &all);
  registers.orig_rax = static_cast<unsigned long long>(-1);  // no call at all
  registers.rax = static_cast<unsigned long long>(-error);
  ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &all);
#else
  int number = -1;  // no call at all
  iovec call{&number, sizeof number};
  ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &call);
  user_regs_struct registers{};
  iovec all{&registers, sizeof registers};
  ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &all);
  registers.regs[0] = static_cast<unsigned long long>(-error);
  ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &all);
#endif
}

}  // namespace kill_at
