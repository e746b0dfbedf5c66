/*
 * The machine's own limit: the least a program can do to send events to many readers. One thread, epoll,
 * one write per reader and event, no HTTP beyond a fixed head, nothing kept, slow readers skip.
 *
 *   broadcaster EVENTS_PER_SECOND PAYLOAD_BYTES
 *
 * Prints its port. Each event carries `@<epoch microseconds>@`.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define MAX_READERS 65536

static const char head[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n: hello\n\n";

static int readers[MAX_READERS], reader_count;

static void drop(int reader) {
  for (int i = 0; i < reader_count; i++) {
    if (readers[i] != reader) continue;
    readers[i] = readers[--reader_count];
    break;
  }
  close(reader);
}

static size_t frame_event(char *frame, int payload_bytes, uint64_t sequence) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  int length = sprintf(frame, "id: %llu\nevent: log\ndata: {\"text\":\"@%016llu@", (unsigned long long)sequence,
                       (unsigned long long)time.tv_sec * 1000000ULL + (unsigned long long)time.tv_nsec / 1000);
  memset(frame + length, 'x', (size_t)payload_bytes);
  length += payload_bytes;
  length += sprintf(frame + length, "\"}\n\n");
  return (size_t)length;
}

int main(int argc, char **argv) {
  if (argc != 3) { fprintf(stderr, "broadcaster EVENTS_PER_SECOND PAYLOAD_BYTES\n"); return 2; }
  int rate = atoi(argv[1]), payload_bytes = atoi(argv[2]);
  signal(SIGPIPE, SIG_IGN);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);

  int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 4096) < 0) { perror("listen"); return 1; }
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);

  int timer = timerfd_create(CLOCK_MONOTONIC, 0);
  long period = 1000000000L / rate;
  struct itimerspec every = {.it_interval = {period / 1000000000L, period % 1000000000L}, .it_value = {period / 1000000000L, period % 1000000000L}};
  timerfd_settime(timer, 0, &every, NULL);

  int poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  event.data.fd = timer;
  epoll_ctl(poll, EPOLL_CTL_ADD, timer, &event);

  char *frame = malloc((size_t)payload_bytes + 256), request[8192];
  static struct epoll_event batch[1024];
  uint64_t sequence = 0;
  for (;;) {
    int count = epoll_wait(poll, batch, 1024, -1);
    for (int i = 0; i < count; i++) {
      int ready = batch[i].data.fd;
      if (ready == listener) {
        int reader = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (reader < 0) continue;
        if (reader_count == MAX_READERS) { close(reader); continue; }
        setsockopt(reader, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        event = (struct epoll_event){.events = EPOLLIN, .data.fd = reader};
        epoll_ctl(poll, EPOLL_CTL_ADD, reader, &event);
        readers[reader_count++] = reader;
        if (write(reader, head, sizeof head - 1) < 0) drop(reader);
      } else if (ready == timer) {
        uint64_t ticks;
        if (read(timer, &ticks, sizeof ticks) < 0) continue;
        while (ticks-- > 0) {
          size_t length = frame_event(frame, payload_bytes, ++sequence);
          for (int r = 0; r < reader_count; r++)
            if (write(readers[r], frame, length) < 0) { /* slow: this event is not for it */ }
        }
      } else if (read(ready, request, sizeof request) == 0) {
        drop(ready);
      }
    }
  }
}
