/** The hub in this process, with this machine's agent as its observer: what the window and every browser read from. */
import path from 'node:path';
import { app } from 'electron';
import { createMachineAgent } from '../agent/machine-agent.ts';
import type { Config } from '../hub/config/config.ts';
import type { Keyring } from '../hub/access/keyring.ts';
import { ConfigError } from '../hub/config/config-error.ts';
import { hubOptionsOf } from '../hub/config/hub-options-of.ts';
import { startHub, type RunningHub } from '../hub/start-hub.ts';
import { WatchlineError } from '../shared/errors.ts';
import type { Sample } from '../shared/schema/sample.ts';
import { observeSamples } from './observe-samples.ts';

/** Ports tried when another program has the wanted one: 7400 to 7409. */
const PORTS_TRIED = 10;

export interface ObservedHub extends AsyncDisposable {
  /** "http://127.0.0.1:7400": where the page lives, and the only place it may go. */
  origin: string;
  /** The page's address with a fresh one-time launch ticket. */
  launchUrl: () => string;
  /** The origin that share links lead to now. */
  linkOrigin: () => string;
  /** This machine's newest sample; null before the first. */
  newestSample: () => Sample | null;
}

export async function setupObservedHub(config: Config, keyring: Keyring): Promise<ObservedHub> {
  let newest: Sample | null = null;
  const hub = await startOnFreePort(config, keyring, (sample) => (newest = sample));
  return {
    origin: hub.origin,
    launchUrl: () => hub.launchUrl(),
    linkOrigin: () => new URL(hub.base().url).origin,
    newestSample: () => newest,
    [Symbol.asyncDispose]: () => hub[Symbol.asyncDispose](),
  };
}

async function startOnFreePort(
  config: Config,
  keyring: Keyring,
  see: (sample: Sample) => void,
): Promise<RunningHub> {
  const version = app.getVersion();
  const { port, dataDir } = config.hub;
  const options = withoutTls(hubOptionsOf(config.hub));
  for (let tried = 1; ; tried++) {
    const agent = createMachineAgent({ version, dataDir, keepsPositions: true, ...config.agent });
    try {
      return await startHub({
        ...options,
        keyring,
        version,
        port: port === 0 ? 0 : port + tried - 1,
        pageDir: path.join(app.getAppPath(), 'dist/renderer'),
        observers: [observeSamples(agent, see)],
      });
    } catch (trouble) {
      const isTaken = trouble instanceof WatchlineError && trouble.code === 'port-in-use';
      if (!isTaken || tried === PORTS_TRIED || port + tried > 65_535) throw trouble;
    }
  }
}

/** The window trusts certificates as Chromium does, and so none that a hub made itself. */
function withoutTls<Options extends { tls?: unknown }>(options: Options): Options {
  if (options.tls === null) return options;
  throw new ConfigError(
    'The desktop app serves its window without TLS, but hub.tls is set.',
    'Run a hub with TLS as "watchline hub" or "npm start -- --headless", or take hub.tls out.',
    null,
    'hub.tls',
  );
}
