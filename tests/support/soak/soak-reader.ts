/** Reads numbered lines for long, keeping nothing of them but how they followed each other. */
import { connect, type Socket } from 'node:net';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { getRequest } from '../raw-request.ts';

/** A cut reader comes back after this time: within it the hub goes on publishing. */
const RECONNECT_MS = 100;

export class SoakReader implements Disposable {
  read = 0;
  reconnects = 0;
  /** Lines that neither came nor were counted in a gap. */
  lost = 0;
  doubled = 0;
  resets = 0;
  counted = 0;
  #skipped = 0;
  #newest: number | null = null;
  /** Once it was, it has a place to go on from. */
  #wasReady = false;
  #lastEventId = '';
  #socket: Socket;
  #isDisposed = false;
  readonly #hub: { port: number; ownerToken: string };

  constructor(hub: { port: number; ownerToken: string }) {
    this.#hub = hub;
    this.#socket = this.#connect();
  }

  get newest(): number {
    return this.#newest ?? -1;
  }

  /** Drops the connection; another one follows with the cursor. */
  drop(): void {
    this.#socket.destroy();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#socket.destroy();
  }

  #connect(): Socket {
    const { port, ownerToken } = this.#hub;
    const socket = connect(port, '127.0.0.1');
    const cursor = this.#lastEventId === '' ? {} : { 'Last-Event-ID': this.#lastEventId };
    const headers = { Host: 'localhost', Authorization: `Bearer ${ownerToken}`, ...cursor };
    socket.write(getRequest('/api/v1/stream?channels=logs', headers));
    const parser = createParser({ onEvent: (event) => this.#take(event) });
    const decoder = new TextDecoder();
    let head: string | null = '';
    socket.on('data', (chunk) => {
      const text = decoder.decode(chunk, { stream: true });
      if (head === null) return parser.feed(text);
      head += text;
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const rest = head.slice(end + 4);
      head = null;
      parser.feed(rest);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#isDisposed) return;
      this.reconnects++;
      setTimeout(() => {
        if (!this.#isDisposed) this.#socket = this.#connect();
      }, RECONNECT_MS);
    });
    return socket;
  }

  /** A reader that was cut within its first snapshot had no place yet: it is told so, and what it saw is void. */
  #beginAnew(): void {
    if (this.#wasReady) this.resets++;
    else this.#newest = null;
  }

  /** A gap comes before the lines around it: at every jump its count must be known. */
  #take({ id, event, data }: EventSourceMessage): void {
    this.#lastEventId = id ?? this.#lastEventId;
    if (event === 'ready') this.#wasReady = true;
    if (event === 'reset') this.#beginAnew();
    if (event === 'gap') this.counted += (JSON.parse(data) as { count: number | null }).count ?? 0;
    if (event !== 'log') return;
    // Without parsing it all: the soak's own load is to be small.
    const number = Number(/"text":"line (\d+)/.exec(data)![1]);
    this.read++;
    if (this.#newest !== null && number <= this.#newest) {
      this.doubled++;
      return;
    }
    if (this.#newest !== null) this.#skipped += number - this.#newest - 1;
    if (this.#skipped > this.counted) {
      this.lost += this.#skipped - this.counted;
      this.#skipped = this.counted;
    }
    this.#newest = number;
  }
}
