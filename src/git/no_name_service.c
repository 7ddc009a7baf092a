/* Takes the place of glibc's name services in a static program, where they would load shared
 * libraries of exactly the glibc that the program was linked with. libgit2 mentions them for the
 * network, which no_network.c leaves out, and for the home of a set-uid program, which these are
 * not: it then finds no global configuration, as git does without HOME. */
#include <errno.h>
#include <netdb.h>
#include <pwd.h>
#include <stddef.h>

int getaddrinfo(const char* node, const char* service, const struct addrinfo* hints,
                struct addrinfo** result) {
  (void)node;
  (void)service;
  (void)hints;
  *result = NULL;
  return EAI_FAIL;
}

void freeaddrinfo(struct addrinfo* addresses) { (void)addresses; }

const char* gai_strerror(int code) {
  (void)code;
  return "built without name services";
}

int getpwuid_r(uid_t uid, struct passwd* entry, char* buffer, size_t size, struct passwd** result) {
  (void)uid;
  (void)entry;
  (void)buffer;
  (void)size;
  *result = NULL;
  return ENOENT;
}
