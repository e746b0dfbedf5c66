/** One reader of a hub that is going to stop: whether it has every line up to its `bye`, and when it is to come back. */
import { connect, type Socket } from 'node:net';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { parseCursor } from '../../../shared/cursor.ts';
import type { Bye } from '../../../shared/schema/stream.ts';
import { getRequest } from '../raw-request.ts';

export class DrainReader implements Disposable {
  /** Number of the newest line. */
  newest = -1;
  /** Lines that did not follow the one before. */
  broken = 0;
  /** Null until it came. `sequence`: the place its cursor tells to resume from. */
  bye: { reason: Bye['reason']; retryMs: number; sequence: number; atMs: number } | null = null;
  isReady = false;
  /** Sequence of the newest line. */
  sequence = 0;
  readonly closed: Promise<void>;
  readonly #socket: Socket;

  constructor({ port, ownerToken }: { port: number; ownerToken: string }) {
    const socket = connect(port, '127.0.0.1');
    this.#socket = socket;
    const headers = { Host: 'localhost', Authorization: `Bearer ${ownerToken}` };
    socket.write(getRequest('/api/v1/stream?channels=logs&recent=0', headers));
    const parser = createParser({ onEvent: (event) => this.#take(event) });
    let head: string | null = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      if (head === null) return parser.feed(String(chunk));
      head += String(chunk);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const rest = head.slice(end + 4);
      head = null;
      parser.feed(rest);
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => void socket.once('close', () => resolve()));
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #take({ event, id, data }: EventSourceMessage): void {
    if (event === 'ready') this.isReady = true;
    const sequence = parseCursor(id ?? '')?.sequence ?? 0;
    if (event === 'bye') {
      const { reason, retryMs } = JSON.parse(data) as Bye;
      this.bye = { reason, retryMs, sequence, atMs: performance.now() };
    }
    if (event !== 'log') return;
    const number = Number(/"text":"line (\d+)/.exec(data)![1]);
    if (this.newest >= 0 && number !== this.newest + 1) this.broken++;
    this.newest = number;
    this.sequence = sequence;
  }
}
