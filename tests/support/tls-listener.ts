/** A TLS server that notes every byte it is told, and whose certificate a test makes up. */
import { generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { makeSelfSigned } from '../../hub/tls/self-signed.ts';
import { keyPin } from '../../link/tls/key-pin.ts';

export interface TlsListener extends AsyncDisposable {
  readonly url: URL;
  readonly pin: string;
  readonly certificate: string;
  /** Connections that are over. */
  readonly closed: number;
  /** What was written after the handshakes. */
  readonly heard: Buffer;
}

export interface TlsIdentity {
  key: KeyObject;
  certificate: string;
}

/** `now`: the certificate is valid for a year from then. Default: now. */
export function makeTlsIdentity(
  names: readonly string[] = ['127.0.0.1', 'localhost'],
  now = Date.now(),
): TlsIdentity {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { key: privateKey, certificate: makeSelfSigned(privateKey, names, now) };
}

export function pinOf({ certificate }: TlsIdentity): string {
  return keyPin(new X509Certificate(certificate));
}

export async function startTlsListener(
  identity = makeTlsIdentity(),
  protocols: readonly string[] = ['h2', 'http/1.1'],
): Promise<TlsListener> {
  const heard: Buffer[] = [];
  let closed = 0;
  const server = createTlsServer(
    {
      cert: identity.certificate,
      key: identity.key.export({ type: 'pkcs8', format: 'pem' }),
      ALPNProtocols: [...protocols],
    },
    (socket) => {
      socket.on('data', (chunk: Buffer) => heard.push(chunk)).on('error', () => undefined);
    },
  );
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => closed++);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`),
    pin: pinOf(identity),
    certificate: identity.certificate,
    get closed() {
      return closed;
    },
    get heard() {
      return Buffer.concat(heard);
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Takes connections and answers each with the same bytes, or with nothing. */
export async function startBytesListener(bytes: string | null): Promise<{ url: URL } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).resume();
    if (bytes !== null) socket.end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
