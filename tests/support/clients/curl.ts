/** `curl -N` in a loop that hands its last id back, as a shell script would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createParser } from 'eventsource-parser';
import { hasTool } from '../system-tools.ts';
import type { ClientTask, StreamClient } from './stream-client.ts';

export const curl: StreamClient = {
  name: 'curl -N',
  missing: hasTool('curl') ? null : 'curl',
  survivesCuts: 'within',
  read: (task) => Promise.resolve(readInLoop(task)),
};

function readInLoop({ url, token, onLog }: ClientTask): AsyncDisposable {
  let lastEventId = '';
  let child: ChildProcess | null = null;
  let isDone = false;
  const reading = (async () => {
    while (!isDone) {
      const cursor = lastEventId === '' ? [] : ['-H', `Last-Event-ID: ${lastEventId}`];
      const started = spawn('curl', ['-sN', '-H', `Authorization: Bearer ${token}`, ...cursor, url]);
      child = started;
      const parser = createParser({
        onEvent: ({ id, event, data }) => {
          lastEventId = id ?? lastEventId;
          if (event === 'log') onLog(data);
        },
      });
      started.stdout.setEncoding('utf8');
      for await (const text of started.stdout) parser.feed(text as string);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      isDone = true;
      child?.kill();
      await reading;
    },
  };
}
