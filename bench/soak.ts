/** `npm run soak -- NAME [--minutes N]`: what only time shows. Prints what it saw; exits 1 where a promise did not hold. */
import { parseArgs } from 'node:util';
import { soakDrain } from '../tests/support/soak/drain-soak.ts';
import { soakAgents } from '../tests/support/soak/agents-soak.ts';
import { liveLogHistory } from '../tests/support/soak/log-history.ts';
import { soakHistory } from '../tests/support/soak/history-soak.ts';
import { soakLogs } from '../tests/support/soak/logs-soak.ts';
import { soakProxies } from '../tests/support/soak/proxy-soak.ts';
import { soakRevoke } from '../tests/support/soak/revoke-soak.ts';
import { MOST_BEHIND_MS } from '../tests/support/soak/weigh-harvest.ts';
import { soakSlow } from '../tests/support/soak/slow-soak.ts';
import { soakStream } from '../tests/support/soak/stream-soak.ts';

const MIB = 1024 * 1024;
/** What a heap may breathe in the long run, besides a tenth of itself. */
const BREATH_BYTES = 16 * MIB;

const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string', default: '10' } },
  allowPositionals: true,
});
const [name] = positionals;
const minutes = Number(values.minutes);

const soaks: Readonly<Record<string, () => Promise<void>>> = {
  stream: runStream,
  proxies: runProxies,
  drain: runDrain,
  agents: runAgents,
  revoke: runRevoke,
  slowhttp: runSlow,
  logs: runLogs,
  histories: runHistories,
  history: runHistory,
};
const soak = soaks[name ?? ''];

if (!(minutes > 0)) refuse(`--minutes ${values.minutes} is no time: give a number above 0.`);
else if (soak === undefined)
  refuse(`There is no soak "${name ?? ''}". There are: ${Object.keys(soaks).join(', ')}.`);
else await soak();

async function runStream(): Promise<void> {
  const seen = await soakStream({ seconds: minutes * 60, onProgress: (line) => console.log(line) });
  const mib = (bytes: number) => (bytes / MIB).toFixed(1);
  console.log(
    `${seen.lines} lines published, ${seen.read} read, ${seen.reconnects} connections anew, ${seen.stalls} stalls, ${seen.cuts} cuts, ${seen.counted} lines counted in gaps`,
  );
  console.log(`${seen.lost} lost, ${seen.doubled} doubled, ${seen.resets} resets`);
  console.log(`memory ${mib(seen.earlyBytes)} MiB early, ${mib(seen.lateBytes)} MiB late`);
  const isFlat = seen.lateBytes < seen.earlyBytes * 1.1 + BREATH_BYTES;
  if (seen.lost + seen.doubled + seen.resets > 0 || !isFlat) process.exitCode = 1;
}

async function runProxies(): Promise<void> {
  const rows = await soakProxies(minutes);
  for (const { name: proxy, firstEventMs, medianMs, maxMs, pings, isAlive } of rows) {
    const times = `first event ${firstEventMs.toFixed(0)} ms, then median ${medianMs.toFixed(1)} ms, max ${maxMs.toFixed(1)} ms`;
    console.log(
      `${proxy.padEnd(28)} ${times}; ${isAlive ? `alive after ${minutes} idle minutes` : 'CUT'}, ${pings} pings`,
    );
  }
  if (rows.some(({ isAlive, firstEventMs }) => !isAlive || firstEventMs > 200)) process.exitCode = 1;
}

async function runLogs(): Promise<void> {
  const seen = await soakLogs({ seconds: minutes * 60, onProgress: (line) => console.log(line) });
  const ways = Object.entries(seen.rotated).map(([way, times]) => `${way} ${times}`);
  console.log(
    `${seen.lines} lines; ${seen.kills} kills, ${seen.stops} stops; ${ways.join(', ')}; ${seen.compressed} compressed`,
  );
  console.log(`${told(seen.lost)} lost, ${told(seen.doubled)} doubled, ${seen.gaps} gaps`);
  if (seen.lost.length + seen.doubled.length + seen.gaps > 0) process.exitCode = 1;
}

/** How many, and which: "1198 (4000 to 5197)". `numbers` ascend. */
function told(numbers: readonly number[]): string {
  const begins = numbers.filter((number, at) => number - 1 !== numbers[at - 1]);
  const ends = numbers.filter((number, at) => number + 1 !== numbers[at + 1]);
  const ranges = begins.slice(0, 5).map((begin, at) => `${begin} to ${ends[at]}`);
  return ranges.length === 0 ? '0' : `${numbers.length} (${ranges.join(', ')})`;
}

/** Made-up lives of a log, one after the other, each from another seed. */
async function runHistories(): Promise<void> {
  const endAt = performance.now() + minutes * 60_000;
  const firstSeed = Date.now();
  let seed = firstSeed;
  for (; performance.now() < endAt; seed++) {
    const { lost, doubled, gaps, events } = await liveLogHistory(seed);
    if (lost.length + doubled.length + gaps === 0) continue;
    process.exitCode = 1;
    console.log(
      `seed ${seed}: ${lost.length} lost, ${doubled.length} doubled, ${gaps} gaps; ${events.join('; ')}`,
    );
  }
  console.log(`${seed - firstSeed} histories`);
}

/** Twenty kills a minute: the promise is of 200. */
async function runHistory(): Promise<void> {
  const seen = await soakHistory({
    kills: Math.ceil(minutes * 20),
    onProgress: (line) => console.log(line),
  });
  console.log(
    `${seen.kills} kills, ${seen.samples} samples: ${seen.lost} lost, ${seen.doubled} doubled; integrity: ${seen.damaged[0] ?? 'ok each time'}`,
  );
  for (const trouble of new Set(seen.troubles)) console.log(`told: ${trouble}`);
  if (seen.lost + seen.doubled + seen.damaged.length + seen.troubles.length > 0) process.exitCode = 1;
}

/** Takes seconds, whatever --minutes says. */
async function runDrain(): Promise<void> {
  const { streams, byes, unclean, drainMs, returns } = await soakDrain({ streams: 5_000 });
  console.log(
    `${streams} streams: ${byes} heard bye, ${unclean} missed a line before it; drained in ${drainMs.toFixed(0)} ms`,
  );
  console.log(
    `told to return ${returns.firstMs.toFixed(0)} to ${returns.lastMs.toFixed(0)} ms after the signal, ${returns.mostIn100Ms} at most within 100 ms`,
  );
  if (byes < streams || unclean > 0 || returns.mostIn100Ms > streams / 20) process.exitCode = 1;
}

/** Takes seconds, whatever --minutes says. */
async function runRevoke(): Promise<void> {
  for (const kind of ['token', 'share'] as const) {
    const { streams, byes, lastMs, medianMs, answerMs, othersEnded } = await soakRevoke(kind, 5_000);
    console.log(
      `${streams} streams of a ${kind} that was revoked: ${byes} heard bye; half over after ${medianMs.toFixed(0)} ms, the last after ${lastMs.toFixed(0)} ms; ` +
        `the owner was answered after ${answerMs.toFixed(0)} ms; ${othersEnded} streams of others ended`,
    );
    if (lastMs > 1_000 || othersEnded > 0) process.exitCode = 1;
  }
}

/** A third of the time each: heads, bodies and reads that trickle. */
async function runSlow(): Promise<void> {
  for (const slowness of ['heads', 'bodies', 'reads'] as const) {
    const seen = await soakSlow({ slowness, connections: 1_000, seconds: Math.ceil(minutes * 20) });
    const { mostConnected, looks, unavailable, answers, slowestMs, lost, grownBytes } = seen;
    console.log(
      `slow ${slowness}: ${mostConnected} connections; found the hub away ${unavailable} times of ${looks}; ` +
        `${answers} answers to others, the slowest after ${slowestMs.toFixed(0)} ms; ${lost} lines lost; ${(grownBytes / MIB).toFixed(1)} MiB more memory`,
    );
    if (looks === 0 || unavailable > 0 || lost > 0 || slowestMs > 1_000) process.exitCode = 1;
  }
}

/** Half of the time over a relay, half over a cable, where a cable can be laid. */
async function runAgents(): Promise<void> {
  for (const link of ['relay', 'cable'] as const) {
    const seen = await soakAgents({ seconds: minutes * 30, link, onProgress: (line) => console.log(line) });
    const {
      agentKills,
      hubKills,
      cuts,
      shifts,
      lines,
      samples,
      runs,
      worstBehindMs,
      killsWeighed,
      ...faults
    } = seen;
    console.log(
      `${seen.link}: ${agentKills} kills of the agent, ${hubKills} of the hub, ${cuts} cuts, ${shifts} starts with a wrong clock; ` +
        `${lines} lines, ${samples} samples, ${runs} runs; its disk at most ${worstBehindMs.toFixed(0)} ms behind the log at each of ${killsWeighed} kills`,
    );
    console.log(JSON.stringify(faults));
    const { linesLost, linesDoubled, recordsDoubled, holes, damaged } = faults;
    const isOnce = [linesLost, linesDoubled, recordsDoubled, holes].every((list) => list.length === 0);
    if (!isOnce || damaged > 0 || worstBehindMs > MOST_BEHIND_MS) process.exitCode = 1;
  }
}

function refuse(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 2;
}
