/*
 * Many event-stream readers in one thread: opens N connections, reads all of them as fast as they come,
 * and measures how long each event was under way. Counts are of whole events.
 *
 *   readers HOST PORT N STALLED REQUEST_FILE
 *
 * REQUEST_FILE holds the request head, sent as it is on each connection. STALLED further connections are opened
 * that never read. An event carries `@<16 digits: epoch microseconds>@` in its payload. Prints `ready` once every
 * reader has had its first bytes; `start` on stdin opens the measured window, `stop` closes it and prints
 * one line of JSON: events, bytes, latency percentiles in microseconds, connections lost.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define STEP_US 20
#define STEPS 250000 /* 5 s; later ones count as 5 s */

struct reader {
  int socket;
  int is_stalled;
  int has_bytes;
  int digits; /* -1 outside a mark, else how many of its digits were read */
  uint64_t value;
};

static uint32_t histogram[STEPS];
static uint64_t events, bytes;
static int is_measuring, lost;

static uint64_t now_us(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return (uint64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void record(uint64_t sent) {
  if (!is_measuring) return;
  int64_t latency = (int64_t)(now_us() - sent);
  if (latency < 0) latency = 0;
  uint64_t step = (uint64_t)latency / STEP_US;
  histogram[step < STEPS ? step : STEPS - 1]++;
  events++;
}

static void scan(struct reader *reader, const char *at, size_t left) {
  while (left > 0) {
    if (reader->digits < 0) {
      const char *mark = memchr(at, '@', left);
      if (!mark) return;
      left -= (size_t)(mark - at) + 1;
      at = mark + 1;
      reader->digits = 0;
      reader->value = 0;
      continue;
    }
    char c = *at++;
    left--;
    if (c >= '0' && c <= '9' && reader->digits < 16) {
      reader->value = reader->value * 10 + (uint64_t)(c - '0');
      reader->digits++;
    } else {
      if (c == '@' && reader->digits == 16) record(reader->value);
      reader->digits = -1;
    }
  }
}

static uint64_t percentile(double share) {
  uint64_t wanted = (uint64_t)(share * (double)events), seen = 0;
  for (int step = 0; step < STEPS; step++) {
    seen += histogram[step];
    if (seen > wanted) return (uint64_t)step * STEP_US;
  }
  return 0;
}

static void report(void) {
  printf("{\"events\":%llu,\"bytes\":%llu,\"p50\":%llu,\"p99\":%llu,\"max\":%llu,\"lost\":%d}\n", (unsigned long long)events,
         (unsigned long long)bytes, (unsigned long long)percentile(0.5), (unsigned long long)percentile(0.99),
         (unsigned long long)percentile(0.999999), lost);
  fflush(stdout);
}

static int open_connection(const char *host, int port, int receive_buffer) {
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (s < 0) { perror("socket"); exit(1); }
  if (receive_buffer) setsockopt(s, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  inet_pton(AF_INET, host, &address.sin_addr);
  if (connect(s, (struct sockaddr *)&address, sizeof address) < 0) { perror("connect"); exit(1); }
  return s;
}

/* Spread evenly among the healthy ones: the order of arrival tells a server nothing. */
static int is_stalled_at(int i, int total, int stalled) {
  return (long)(i + 1) * stalled / total != (long)i * stalled / total;
}

int main(int argc, char **argv) {
  if (argc != 6) { fprintf(stderr, "readers HOST PORT N STALLED REQUEST_FILE\n"); return 2; }
  int healthy = atoi(argv[3]), stalled = atoi(argv[4]), total = healthy + stalled;
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);

  static char request[8192];
  FILE *file = fopen(argv[5], "r");
  size_t request_length = file ? fread(request, 1, sizeof request, file) : 0;
  if (request_length == 0) { fprintf(stderr, "readers: empty request\n"); return 2; }
  fclose(file);

  int poll = epoll_create1(0);
  struct reader *readers = calloc((size_t)total, sizeof *readers);
  for (int i = 0; i < total; i++) {
    int is_stalled = is_stalled_at(i, total, stalled);
    readers[i] = (struct reader){.socket = open_connection(argv[1], atoi(argv[2]), is_stalled ? 4096 : 0), .is_stalled = is_stalled, .digits = -1};
    if (write(readers[i].socket, request, request_length) < 0) { perror("write"); return 1; }
    fcntl(readers[i].socket, F_SETFL, O_NONBLOCK);
    if (is_stalled) continue;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &readers[i]};
    epoll_ctl(poll, EPOLL_CTL_ADD, readers[i].socket, &event);
  }
  struct epoll_event commands = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(poll, EPOLL_CTL_ADD, 0, &commands);

  static char buffer[262144];
  static struct epoll_event batch[1024];
  int waiting = healthy;
  if (waiting == 0) { puts("ready"); fflush(stdout); }
  for (;;) {
    int count = epoll_wait(poll, batch, 1024, -1);
    for (int i = 0; i < count; i++) {
      struct reader *reader = batch[i].data.ptr;
      if (!reader) {
        char line[64];
        ssize_t length = read(0, line, sizeof line - 1);
        if (length <= 0) return 0;
        line[length] = 0;
        if (strstr(line, "start")) { memset(histogram, 0, sizeof histogram); events = bytes = 0; is_measuring = 1; }
        if (strstr(line, "stop")) { is_measuring = 0; report(); }
        continue;
      }
      ssize_t length = read(reader->socket, buffer, sizeof buffer);
      if (length > 0) {
        if (is_measuring) bytes += (uint64_t)length;
        if (!reader->has_bytes) {
          reader->has_bytes = 1;
          if (--waiting == 0) { puts("ready"); fflush(stdout); }
        }
        scan(reader, buffer, (size_t)length);
      } else if (length == 0 || errno != EAGAIN) {
        close(reader->socket);
        lost++;
      }
    }
  }
}
