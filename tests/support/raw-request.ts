/** HTTP by hand over a bare socket: what no well-behaved client would send. */
import { connect, type Socket } from 'node:net';

export interface RawConnection extends Disposable {
  readonly socket: Socket;
  /** Everything received so far. */
  text(): string;
  /** Resolves when the other end has closed the connection. */
  readonly closed: Promise<void>;
}

export function connectRaw(port: number, firstText = ''): RawConnection {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  // A reset is one of the ways a hub closes a connection.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  if (firstText !== '') socket.write(firstText);
  return {
    socket,
    text: () => Buffer.concat(chunks).toString('utf8'),
    closed,
    [Symbol.dispose]: () => socket.destroy(),
  };
}

/** Sends `text` and resolves with all of the answer once the hub has closed the connection. */
export async function exchangeRaw(port: number, text: string): Promise<string> {
  using connection = connectRaw(port, text);
  await connection.closed;
  return connection.text();
}

/** Head of a GET with the given headers, its empty line included. */
export function getRequest(path: string, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
