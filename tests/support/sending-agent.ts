/** An agent without a machine, paired with a hub: describes its host and sends the samples a test makes up, as of now or late. */
import { pairAnswer } from '../../shared/schema/uplink.ts';
import type { RunningHub } from '../../hub/start-hub.ts';
import { askToPair, invite } from './agent-client.ts';
import { BatchSender } from './batch-sender.ts';
import { logLineOf, observedHost, sampleOf } from './observations.ts';

type Hub = Pick<RunningHub, 'origin' | 'ownerToken'>;

export interface SendingAgent {
  readonly host: string;
  /** The first batch: who it is. */
  describe(): Promise<void>;
  /** A sample of now. `cpu` is its busy share. */
  sample(cpu: number): Promise<void>;
  /** One sample a second, the first of them `fromAgoMs` ago, sent out of the spool. */
  backfill(fromAgoMs: number, count: number): Promise<void>;
  /** A line written that long ago, sent out of the spool. */
  lateLine(text: string, agoMs: number): Promise<void>;
  /** The status of the hub's answer to a sample of now. */
  trySample(): Promise<number>;
}

/** `code`: of an invitation. Default: one made for it. */
export async function pairSendingAgent(hub: Hub, id: string, code?: string): Promise<SendingAgent> {
  const answer = await askToPair(hub, { code: code ?? (await invite(hub)).code, id, name: id });
  const { token, host } = pairAnswer.parse(await answer.json());
  const sender = new BatchSender({ origin: hub.origin, token });
  const late = { head: { kind: 'backfill' as const } };

  async function send(lines: readonly string[], options = {}): Promise<void> {
    const { status, problem } = await sender.send(lines, options);
    if (status !== 200) throw new Error(`The hub refused the batch: ${status} ${problem.message}`);
  }

  return {
    host,
    describe: () => send([sender.line('describe', observedHost(host, { name: id }))]),
    sample: (cpu) => send([sender.line('sample', sampleOf(host, cpu, { time: Date.now() }))]),
    backfill: (fromAgoMs, count) => {
      const from = Date.now() - fromAgoMs;
      const samples = Array.from({ length: count }, (_, at) =>
        sampleOf(host, 50, { time: from + at * 1_000 }),
      );
      return send(
        samples.map((sample) => sender.line('sample', sample)),
        late,
      );
    },
    lateLine: (text, agoMs) =>
      send([sender.line('log', logLineOf(host, 0, { text, time: Date.now() - agoMs }))], late),
    trySample: async () =>
      (await sender.send([sender.line('sample', sampleOf(host, 1, { time: Date.now() }))])).status,
  };
}
