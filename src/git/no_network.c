/* Takes the place of libgit2.a's TLS stream, SSH transport and Kerberos objects: the linker finds
 * these names here and never pulls those objects in, nor the libraries behind them. Pushing and
 * fetching is left to the git program. */
int git_mbedtls__set_cert_location(const char* file, const char* path);
int git_mbedtls_stream_global_init(void);
int git_mbedtls_stream_new(void** out, const char* host, const char* port);
int git_mbedtls_stream_wrap(void** out, void* in, const char* host);
int git_http_auth_negotiate(void** out, const void* url);
int git_smart_subtransport_ssh(void** out, void* owner, void* param);
int git_transport_ssh_global_init(void);
int git_transport_ssh_with_paths(void** out, void* owner, void* payload);

enum { NOT_SUPPORTED = -1 };

int git_mbedtls__set_cert_location(const char* file, const char* path) {
  (void)file;
  (void)path;
  return NOT_SUPPORTED;
}

int git_mbedtls_stream_global_init(void) { return 0; }

int git_mbedtls_stream_new(void** out, const char* host, const char* port) {
  (void)out;
  (void)host;
  (void)port;
  return NOT_SUPPORTED;
}

int git_mbedtls_stream_wrap(void** out, void* in, const char* host) {
  (void)out;
  (void)in;
  (void)host;
  return NOT_SUPPORTED;
}

int git_http_auth_negotiate(void** out, const void* url) {
  (void)out;
  (void)url;
  return NOT_SUPPORTED;
}

int git_smart_subtransport_ssh(void** out, void* owner, void* param) {
  (void)out;
  (void)owner;
  (void)param;
  return NOT_SUPPORTED;
}

int git_transport_ssh_global_init(void) { return 0; }

int git_transport_ssh_with_paths(void** out, void* owner, void* payload) {
  (void)out;
  (void)owner;
  (void)payload;
  return NOT_SUPPORTED;
}
