/** A real hub on a free port, with a data folder of its own. */
import { startHub, type HubOptions, type RunningHub } from '../../hub/start-hub.ts';
import { makeTempFolder } from './temp-folder.ts';

export interface TestHub extends RunningHub {
  readonly dataDir: string;
  /** What the hub reported as trouble. */
  readonly troubles: readonly Error[];
  /** `fetch` with the owner's token; `path` begins with "/". */
  get(path: string, headers?: Record<string, string>): Promise<Response>;
}

/** Removes the data folder when disposed, unless `dataDir` was given. */
export async function startTestHub(options: Partial<HubOptions> = {}): Promise<TestHub> {
  await using opened = new AsyncDisposableStack();
  const dataDir = options.dataDir ?? opened.use(await makeTempFolder()).path;
  const troubles: Error[] = [];
  const hub = opened.use(
    await startHub({
      version: '0.0.0-test',
      host: '127.0.0.1',
      port: 0,
      pageDir: null,
      allowedHosts: [],
      observers: [],
      report: (trouble) => troubles.push(trouble),
      ...options,
      dataDir,
    }),
  );
  const closing = opened.move();
  return {
    origin: hub.origin,
    port: hub.port,
    ownerToken: hub.ownerToken,
    certificate: hub.certificate,
    base: () => hub.base(),
    sink: hub.sink,
    launchUrl: () => hub.launchUrl(),
    dataDir,
    troubles,
    get: (path, headers = {}) =>
      fetch(hub.origin + path, { headers: { Authorization: `Bearer ${hub.ownerToken}`, ...headers } }),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
