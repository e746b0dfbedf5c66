/** An uplink with a real spool, to a hub that a test has started. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { openSpool, type Spool } from '../../agent/spool/spool.ts';
import { openHubConnection } from '../../agent/uplink/hub-connection.ts';
import { createUplink, type Uplink } from '../../agent/uplink/uplink.ts';
import type { UplinkNews } from '../../agent/uplink/uplink-news.ts';
import type { Trust } from '../../link/tls/trust.ts';
import { makeTempFolder } from './temp-folder.ts';

export interface TestUplink extends AsyncDisposable {
  readonly uplink: Uplink;
  readonly spool: Spool;
  readonly news: readonly UplinkNews[];
  readonly pauses: readonly boolean[];
}

export interface TestUplinkOptions {
  url: URL;
  trust?: Trust;
  token?: string;
  host?: string;
  /** Default: a folder of its own. */
  dir?: string;
  random?: () => number;
  beforeLive?: () => Promise<void>;
}

export async function startUplink(options: TestUplinkOptions): Promise<TestUplink> {
  const {
    url,
    trust = { kind: 'system' },
    token = 'a-token-of-a-test',
    host = 'web-1',
    random,
    beforeLive,
  } = options;
  await using opened = new AsyncDisposableStack();
  const dir = options.dir ?? path.join(opened.use(await makeTempFolder()).path, 'spool');
  const run = randomBytes(6).toString('hex');
  const news: UplinkNews[] = [];
  const pauses: boolean[] = [];
  const startedAt = performance.now();
  const mono = (): number => Math.round(performance.now() - startedAt);
  const spool = opened.use(await openSpool({ dir, run, host, mono }));
  const connection = opened.use(await openHubConnection({ url, trust }));
  const uplink = opened.use(
    createUplink({
      spool,
      connection,
      url,
      token,
      run,
      agentVersion: '0.0.0-test',
      mono,
      windowMs: 100,
      report: (item) => news.push(item),
      onPause: (isPaused) => pauses.push(isPaused),
      ...(random && { random }),
      ...(beforeLive && { beforeLive }),
    }),
  );
  const closing = opened.move();
  return { uplink, spool, news, pauses, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}
