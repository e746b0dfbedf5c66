/** Two ends of a real connection over loopback. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface ConnectedSockets extends AsyncDisposable {
  /** The end that accepted. */
  near: Socket;
  /** The end that connected; it reads nothing yet. */
  far: Socket;
}

export async function connectSockets(address = '127.0.0.1'): Promise<ConnectedSockets> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const far = connect((server.address() as AddressInfo).port, address).pause();
  const [[near]] = (await Promise.all([once(server, 'connection'), once(far, 'connect')])) as [[Socket], []];
  // A test may reset the connection; that is no fault of it.
  far.on('error', () => undefined);
  return {
    near,
    far,
    [Symbol.asyncDispose]: async () => {
      far.destroy();
      near.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
