/**
 * A hub and an agent as processes of their own, killed at random moments, the way between them cut, their clocks shifted: then
 * every line and every record is counted in what the hub keeps.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { get } from 'node:https';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readRuntimeFile } from '../../../hub/runtime-file.ts';
import { keyPin } from '../../../link/tls/key-pin.ts';
import { pinnedTo } from '../../../link/tls/pinned.ts';
import { agentsAnswer } from '../../../shared/schema/servers.ts';
import { runCommand, type RunningCommand } from '../run-command.ts';
import { makeTempFolder } from '../temp-folder.ts';
import { until } from '../until.ts';
import { layCable, startRelayLink } from './cuttable-link.ts';
import { IntakeHarvest } from './intake-harvest.ts';
import { weigh, type AgentLife, type AgentsSoakResult } from './weigh-harvest.ts';

export interface AgentsSoakOptions {
  seconds: number;
  /** Default 20. */
  linesPerSecond?: number;
  /** `cable`: two network namespaces, where that is allowed; else, and by default, a relay. */
  link?: 'relay' | 'cable';
  /** A `watchline` to run in place of the sources. */
  installed?: string;
  /** Told after each event. */
  onProgress?: (line: string) => void;
}

/** Of Debian's package libfaketime; without it no clock is shifted. */
const FAKETIME_LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1';
const CLOCK_SHIFTS = ['+0', '+0', '+3600', '-7200', '+172800'];
const LONGEST_CUT_MS = 5_000;
const LONGEST_AWAY_MS = 1_500;
const LONGEST_PEACE_MS = 2_500;
const TICK_MS = 10;
/** For whatever is still on its way at the end. */
const DRAIN_PATIENCE_MS = 60_000;

export async function soakAgents(options: AgentsSoakOptions): Promise<AgentsSoakResult> {
  const { seconds, linesPerSecond = 20, installed, onProgress } = options;
  await using opened = new AsyncDisposableStack();
  const folder = opened.use(await makeTempFolder()).path;
  const [hubDir, agentDir, logFile] = ['hub', 'agent', 'numbered.log'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  await Promise.all([mkdir(hubDir), mkdir(agentDir), appendFile(logFile, '')]);
  const cable = options.link === 'cable' ? layCable() : null;
  const link = opened.use(cable ?? (await startRelayLink()));
  const harvest = new IntakeHarvest();
  const lives: AgentLife[] = [];
  const counts = { agentKills: 0, hubKills: 0, cuts: 0, shifts: 0 };
  let hubPort = 0;

  const run = (words: string[], shift: string, through: readonly string[] = []) => {
    const isShifted = shift !== '+0' && existsSync(FAKETIME_LIBRARY);
    if (isShifted) counts.shifts++;
    const env = {
      LD_PRELOAD: FAKETIME_LIBRARY,
      FAKETIME: `${shift}s`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
    return runCommand(words, { through, ...(isShifted && { env }), ...(installed && { installed }) });
  };
  const startHub = async (shift: string) => {
    const words = ['hub', '--data', hubDir, '--host', link.hubAddress, '--port', String(hubPort), '--tls'];
    const hub = run([...words, '--no-open', '--no-journal', '--logs', path.join(folder, 'none.log')], shift);
    await until(
      `the hub to listen, but: ${hub.stderr}`,
      () => readRuntimeFile(hubDir)?.pid === hub.child.pid,
      30_000,
    );
    hubPort = Number(new URL(readRuntimeFile(hubDir)!.url).port);
    return hub;
  };
  const startAgent = (shift: string, words: string[] = []) => {
    lives.push({ from: performance.now(), to: Infinity, isKilled: false });
    const all = ['agent', '--data', agentDir, '--no-journal', '--logs', logFile, ...words];
    return run(all, shift, link.agentSide);
  };
  const endAgent = async (agent: RunningCommand, signal: 'SIGKILL' | 'SIGTERM') => {
    Object.assign(lives.at(-1)!, { to: performance.now(), isKilled: signal === 'SIGKILL' });
    agent.child.kill(signal);
    await agent.ended;
  };

  let hub = await startHub('+0');
  const target = `https://${link.agentTarget(hubPort)}`;
  const invitation = run(['invite', '--data', hubDir, '--url', target], '+0');
  await invitation.ended;
  const code = /--code (\S+)/.exec(invitation.stdout)![1]!;
  // For an address that is not its own the hub does not vouch; what stands between here is its own key all the same.
  const pin = keyPin(new X509Certificate(readFileSync(readRuntimeFile(hubDir)!.certificateFile!)));
  let agent = startAgent('+0', ['--hub', target, '--code', code, '--pin', pin]);
  opened.defer(() => agent[Symbol.asyncDispose]());
  opened.defer(() => hub[Symbol.asyncDispose]());
  await until(`the agent to connect, but: ${agent.stderr}`, () => agent.stderr.includes('Connected'), 30_000);

  using lines = new NumberedLines(logFile, linesPerSecond);
  await until('its first records', async () => (await agentOf(hubDir))?.lastSeen != null, 30_000);
  await sleep(1_000);
  const warmUp = lines.written.length;

  const end = performance.now() + seconds * 1_000;
  const pick = <Choice>(choices: readonly Choice[]) => choices[Math.floor(Math.random() * choices.length)]!;
  const deeds = {
    async killAgent() {
      counts.agentKills++;
      await endAgent(agent, 'SIGKILL');
      await sleep(Math.random() * LONGEST_AWAY_MS);
      agent = startAgent(pick(CLOCK_SHIFTS));
    },
    async killHub() {
      counts.hubKills++;
      hub.child.kill('SIGKILL');
      await hub.ended;
      // The next one may have a clock by which all of it is too old to be kept.
      await harvest.read(path.join(hubDir, 'intake'));
      await sleep(Math.random() * LONGEST_AWAY_MS);
      hub = await startHub(pick(CLOCK_SHIFTS));
    },
    async cutLink() {
      counts.cuts++;
      link.cut();
      await sleep(Math.random() * LONGEST_CUT_MS);
      link.mend();
    },
    async killBothAtOnce() {
      await Promise.all([deeds.killAgent(), deeds.killHub()]);
    },
    async killAgentWhileCut() {
      await Promise.all([deeds.killAgent(), deeds.cutLink()]);
    },
  };
  // In a new order every time, and at least one of each kind.
  const isOver = () =>
    performance.now() >= end && Math.min(counts.agentKills, counts.hubKills, counts.cuts) > 0;
  let queue: (keyof typeof deeds)[] = [];
  while (!isOver()) {
    await sleep(Math.random() * LONGEST_PEACE_MS);
    if (queue.length === 0) queue = shuffled(Object.keys(deeds) as (keyof typeof deeds)[]);
    const deed = queue.pop()!;
    await deeds[deed]();
    onProgress?.(`${deed}: ${lines.written.length} lines, ${lives.length} agents`);
    const crashed = [agent, hub].find(({ child }) => child.exitCode !== null);
    if (crashed) throw new Error(`One of them ended by itself: ${crashed.stderr}`);
  }

  lines.stop();
  // What the hub knows of the life before says nothing of one that is still starting.
  await until(`the agent to connect, but: ${agent.stderr}`, () => agent.stderr.includes('Connected'), 30_000);
  await untilDrained(hubDir, agent);
  await endAgent(agent, 'SIGTERM');
  hub.child.kill('SIGTERM');
  await hub.ended;
  await harvest.read(path.join(hubDir, 'intake'));
  return { ...counts, link: cable ? 'cable' : 'relay', ...weigh(harvest, lines.written, lives, warmUp) };
}

/** All lines are read, and the spool is empty, for some time on end. */
async function untilDrained(hubDir: string, agent: RunningCommand): Promise<void> {
  let emptySince: number | null = null;
  await until(
    `everything to arrive, but: ${agent.stderr}`,
    async () => {
      const entry = await agentOf(hubDir).catch(() => null);
      const isEmpty = entry?.waiting === 0;
      emptySince = isEmpty ? (emptySince ?? performance.now()) : null;
      await sleep(200);
      return emptySince !== null && performance.now() - emptySince > 4_000;
    },
    DRAIN_PATIENCE_MS,
  );
}

async function agentOf(hubDir: string) {
  const { url, token, certificateFile } = readRuntimeFile(hubDir)!;
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers = { Authorization: `Bearer ${token}` };
  get(
    `${url}/api/v1/agents`,
    { headers, agent: false, timeout: 5_000, ...pinnedTo(certificateFile!) },
    (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => (body += text));
      answer.on('end', () => resolve(body)).on('error', reject);
    },
  ).on('error', reject);
  return agentsAnswer.parse(JSON.parse(await promise)).agents[0] ?? null;
}

/** Writes `line 0 ...`, `line 1 ...` at a steady rate, and remembers when. */
class NumberedLines implements Disposable {
  /** When each line was written, by `performance.now()`. */
  readonly written: number[] = [];
  readonly #timer: NodeJS.Timeout;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(file: string, perSecond: number) {
    const startedAt = performance.now();
    this.#timer = setInterval(() => {
      const due = ((performance.now() - startedAt) / 1_000) * perSecond;
      let text = '';
      while (this.written.length < due) {
        text += `line ${this.written.length} of those that are counted\n`;
        this.written.push(performance.now());
      }
      this.#lastWrite = this.#lastWrite.then(() => (text === '' ? undefined : appendFile(file, text)));
    }, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}
