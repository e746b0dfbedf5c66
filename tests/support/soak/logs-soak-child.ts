/**
 * The tailer of logs-soak.ts, to be killed at any moment: what an agent does between its files and its hub, with the hub's part over
 * stdin and stdout. Arguments: the folder of the spool, a glob.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogProgress } from '../../../agent/log-progress.ts';
import { openSpool } from '../../../agent/spool/spool.ts';
import { createLogCollector } from '../../../collect/logs/log-collector.ts';

const LIMITS = { records: 5_000, bytes: 512 * 1024 };
const IDLE_MS = 50;

const [dir = '', glob = ''] = process.argv.slice(2);
const progress = new LogProgress();
const spool = await openSpool({ dir, run: randomBytes(6).toString('hex'), host: 'soak', state: progress });
const collector = createLogCollector({
  host: 'soak',
  files: [glob],
  exclude: [],
  journal: 'off',
  positions: progress.positions,
  room: () => spool.room(),
});
progress.follow(collector);
await collector.start((observation) => spool.append(observation.name, observation.data));

let isEnding = false;
process.once('SIGTERM', () => (isEnding = true));
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
while (!isEnding) {
  await progress.catchUp();
  await spool.flush();
  const batch = spool.takeFresh(LIMITS) ?? (await spool.takeKept(LIMITS));
  if (batch === null) {
    await sleep(IDLE_MS);
    continue;
  }
  const text = `${batch.lines.map((line) => line.toString('utf8')).join('\n')}\n.\n`;
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  const answer = await answers.next();
  if (answer.done) break;
  spool.acknowledge(batch);
}
await collector[Symbol.asyncDispose]();
await spool[Symbol.asyncDispose]();
process.exit(0);
