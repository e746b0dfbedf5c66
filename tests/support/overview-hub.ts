/** A hub that serves the built page, and hosts whose samples a test makes up, as of now. */
import type { Sample } from '../../shared/schema/sample.ts';
import { builtPageDir } from './dashboard-page.ts';
import { observedHost, sampleOf } from './observations.ts';
import { ScriptedObserver } from './scripted-observer.ts';
import { startTestHub, type TestHub } from './start-test-hub.ts';
import { makeTempFolder } from './temp-folder.ts';

export interface OverviewHub extends AsyncDisposable {
  /** The running one; another after `restart`. */
  readonly hub: TestHub;
  readonly observers: readonly ScriptedObserver[];
  /** Hands over a sample of a host, measured now; `cpu` is its busy share. Returns its time. */
  feed(id: string, cpu: number, changes?: Partial<Sample>): number;
  stop(): Promise<void>;
  /** Another hub in the place of the stopped one: same address, same sessions. */
  restart(): Promise<void>;
}

/** `intervalMs`: a host that is fed less often than three times this grows stale. Default a minute: not within a test. */
export async function startOverviewHub(ids: readonly string[], intervalMs = 60_000): Promise<OverviewHub> {
  await using opened = new AsyncDisposableStack();
  const { path: dataDir } = opened.use(await makeTempFolder());
  const pageDir = builtPageDir();
  const observers = new Map(
    ids.map((id) => [
      id,
      new ScriptedObserver(observedHost(id, { name: id, intervalMs }), [
        { name: 'sample', data: sampleNow(id, 1) },
      ]),
    ]),
  );
  const options = { observers: [...observers.values()], pageDir, dataDir };
  let hub: TestHub | null = await startTestHub(options);
  const { port } = hub;
  opened.defer(() => hub?.[Symbol.asyncDispose]());
  const closing = opened.move();

  return {
    get hub() {
      if (!hub) throw new Error('The hub is stopped');
      return hub;
    },
    observers: options.observers,
    feed(id, cpu, changes) {
      const sample = sampleNow(id, cpu, changes);
      observers.get(id)!.observe({ name: 'sample', data: sample });
      return sample.time;
    },
    async stop() {
      await hub?.[Symbol.asyncDispose]();
      hub = null;
    },
    async restart() {
      hub = await startTestHub({ ...options, port });
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function sampleNow(id: string, cpu: number, changes: Partial<Sample> = {}): Sample {
  return { ...sampleOf(id, cpu), time: Date.now(), ...changes };
}
