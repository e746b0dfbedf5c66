/** Stands between a reader and its hub, byte for byte, and cuts connections where it hurts: in the middle of an event. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingRelay extends AsyncDisposable {
  readonly port: number;
  readonly origin: string;
  /** Connections passed on so far. */
  readonly connections: number;
  /** Every open connection ends with the next bytes that come for it. */
  cut(): void;
}

/** `where`: within an event, or after the last whole one. */
export async function startCuttingRelay(hubPort: number, where: 'within' | 'after'): Promise<CuttingRelay> {
  const toCut = new Set<Socket>();
  const open = new Set<Socket>();
  let connections = 0;
  const server = createServer((reader) => {
    connections++;
    const hub = connect(hubPort, '127.0.0.1');
    open.add(reader);
    for (const socket of [reader, hub]) socket.on('error', () => undefined);
    reader.on('data', (chunk) => hub.write(chunk));
    reader.on('close', () => {
      open.delete(reader);
      toCut.delete(reader);
      hub.destroy();
    });
    hub.on('data', (chunk: Buffer) => {
      if (!toCut.has(reader)) return void reader.write(chunk);
      const end = where === 'within' ? middleOfAnEvent(chunk) : endOfWholeEvents(chunk);
      if (end === 0) return void reader.write(chunk);
      toCut.delete(reader);
      reader.end(chunk.subarray(0, end));
      hub.destroy();
    });
    hub.on('close', () => reader.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    cut: () => open.forEach((socket) => toCut.add(socket)),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Its id and name are whole, its data is not. 0 where there is no such place. */
function middleOfAnEvent(chunk: Buffer): number {
  const last = chunk.lastIndexOf('\ndata: {');
  return last < 0 ? 0 : last + '\ndata: {'.length;
}

/** 0 where no event ends in it. */
function endOfWholeEvents(chunk: Buffer): number {
  const last = chunk.lastIndexOf('\n\n');
  return last < 0 ? 0 : last + 2;
}
