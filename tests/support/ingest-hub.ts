/** A hub with paired agents, for tests of what they send. */
import type { HubOptions } from '../../hub/start-hub.ts';
import { BatchSender, pairedToken } from './batch-sender.ts';
import { startTestHub, type TestHub } from './start-test-hub.ts';
import { makeTempFolder } from './temp-folder.ts';

export interface IngestHub extends AsyncDisposable {
  readonly hub: TestHub;
  /** Of the first host. */
  readonly agent: BatchSender;
  /** Of another run, or of another host that was paired. */
  sender(run: string, host?: string): BatchSender;
}

/** `hosts` are paired before the hub starts. */
export async function startIngestHub(
  options: Partial<HubOptions> = {},
  hosts: readonly string[] = ['web-1'],
): Promise<IngestHub> {
  await using opened = new AsyncDisposableStack();
  const dataDir = options.dataDir ?? opened.use(await makeTempFolder()).path;
  const tokens = new Map(hosts.map((host) => [host, pairedToken(dataDir, host)]));
  const hub = opened.use(await startTestHub({ ...options, dataDir }));
  const sender = (run: string, host = hosts[0]!) =>
    new BatchSender({ origin: hub.origin, token: tokens.get(host)!, run });
  const closing = opened.move();
  return {
    hub,
    agent: sender('run0001'),
    sender,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
