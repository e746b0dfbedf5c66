/** The way from an agent to its hub, which can be cut and mended: a relay, or a pair of network namespaces. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttableLink extends AsyncDisposable {
  /** Where the hub has to listen. */
  readonly hubAddress: string;
  /** What the agent has to call, once the hub's port is known. */
  agentTarget(hubPort: number): string;
  /** Program and words that start the agent on its side. */
  readonly agentSide: readonly string[];
  cut(): void;
  mend(): void;
}

/** Cut, it either holds all bytes or closes all connections, in turn: a silent link and a loud one. */
export async function startRelayLink(): Promise<CuttableLink> {
  const open = new Set<Socket>();
  let hubPort = 0;
  let cuts = 0;
  let state: 'open' | 'holding' | 'closing' = 'open';
  const server = createServer((agent) => {
    if (state === 'closing') return void agent.destroy();
    const hub = connect(hubPort, '127.0.0.1');
    for (const [socket, other] of [
      [agent, hub],
      [hub, agent],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.on('data', (chunk) => void other.write(chunk));
      if (state === 'holding') socket.pause();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    hubAddress: '127.0.0.1',
    agentTarget(port_) {
      hubPort = port_;
      return `127.0.0.1:${port}`;
    },
    agentSide: [],
    cut() {
      state = cuts++ % 2 === 0 ? 'holding' : 'closing';
      for (const socket of open) {
        if (state === 'holding') socket.pause();
        else socket.destroy();
      }
    },
    mend() {
      state = 'open';
      for (const socket of open) socket.resume();
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** A cable between two machines, as far as the kernel goes: pulled, packets vanish. Null: making one is not allowed here. */
export function layCable(): CuttableLink | null {
  const name = `wl${process.pid}`;
  const [near, far] = [`${name}a`, `${name}b`];
  const ip = (words: string) => execFileSync('ip', words.split(' '), { stdio: 'ignore' });
  // From the addresses that are kept for tests of networks (RFC 2544).
  const subnet = `198.18.${process.pid % 256}`;
  try {
    ip(`netns add ${name}`);
    ip(`link add ${near} type veth peer name ${far} netns ${name}`);
    ip(`addr add ${subnet}.1/24 dev ${near}`);
    ip(`link set ${near} up`);
    ip(`-n ${name} addr add ${subnet}.2/24 dev ${far}`);
    ip(`-n ${name} link set ${far} up`);
    ip(`-n ${name} link set lo up`);
  } catch {
    removeCable(name, near);
    return null;
  }
  return {
    hubAddress: `${subnet}.1`,
    agentTarget: (hubPort) => `${subnet}.1:${hubPort}`,
    agentSide: ['ip', 'netns', 'exec', name],
    cut: () => ip(`-n ${name} link set ${far} down`),
    mend: () => ip(`-n ${name} link set ${far} up`),
    async [Symbol.asyncDispose]() {
      removeCable(name, near);
    },
  };
}

function removeCable(name: string, near: string): void {
  for (const words of [
    ['link', 'del', near],
    ['netns', 'del', name],
  ]) {
    try {
      execFileSync('ip', words, { stdio: 'ignore' });
    } catch {
      // There is none.
    }
  }
}
