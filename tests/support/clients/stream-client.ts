/** A program that others wrote to read event streams, as the tests see it. */
export interface ClientTask {
  /** The stream, without a cursor. */
  url: string;
  token: string;
  /** The page's address with its launch ticket, for what signs in like a browser. */
  launchUrl: string;
  /** Called with the data of every `log` event. */
  onLog: (data: string) => void;
}

export interface StreamClient {
  readonly name: string;
  /** Null: it can run here. Else what is missing. */
  readonly missing: string | null;
  /** Where its connection may break without its own fault losing an event: see fetch-event-source.ts. */
  readonly survivesCuts: 'within' | 'after';
  /** Reads, and connects anew with its cursor whenever the stream ends, until disposed. */
  readonly read: (task: ClientTask) => Promise<AsyncDisposable>;
}
