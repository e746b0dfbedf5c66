/** Commands and events over WebDriver BiDi (https://w3c.github.io/webdriver-bidi): what Firefox is driven by. */

type Values = Readonly<Record<string, unknown>>;

interface Answer extends Values {
  id?: number;
  type: 'success' | 'error' | 'event';
  method?: string;
  params?: Values;
  result?: Values;
  message?: string;
}

export class BidiConnection implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Values>>();
  readonly #onEvent: (method: string, params: Values) => void;
  #next = 1;

  constructor(socket: WebSocket, onEvent: (method: string, params: Values) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data)) as Answer));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The browser has gone'));
      this.#waiting.clear();
    });
  }

  static async open(url: string, onEvent: (method: string, params: Values) => void): Promise<BidiConnection> {
    const socket = new WebSocket(url);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error(`No answer from ${url}`)), { once: true });
    await promise;
    return new BidiConnection(socket, onEvent);
  }

  /** Rejects with the browser's words. */
  command(method: string, params: Values = {}): Promise<Values> {
    const id = this.#next++;
    const waiting = Promise.withResolvers<Values>();
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return waiting.promise;
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }

  #take({ id, type, method, params, result, message }: Answer): void {
    if (type === 'event') {
      this.#onEvent(method!, params!);
      return;
    }
    const waiting = this.#waiting.get(id!);
    this.#waiting.delete(id!);
    if (type === 'success') waiting?.resolve(result!);
    else waiting?.reject(new Error(message));
  }
}
