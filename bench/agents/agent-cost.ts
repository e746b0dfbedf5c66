/**
 * What an agent costs the machine it observes, and the network: the built one, at 1 Hz with 100 processes and a log of 100
 * lines a second, paired with a real hub in another process, over TLS through a relay that counts bytes. Linux only.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hubNodeFlags } from '../../cli/launcher/node-flags.mjs';
import { invitationAnswer, type InvitationAnswer } from '../../shared/schema/servers.ts';
import { barRow, plainRow, type BenchRow } from '../bench-row.ts';
import { countProcesses, cpuNanoseconds, residentBytes } from '../process-cost.ts';
import { startCountingRelay } from './counting-relay.ts';

const command = join(import.meta.dirname, '..', '..', 'dist', 'cli', 'watchline.cjs');
const MEBIBYTE = 1024 * 1024;
const BARS = { cpuPercent: 0.7, residentMebibytes: 65, wireBytesPerSecond: 1.2 * 1024 };
const LINES_PER_SECOND = 100;
const PROCESSES = 100;

export async function agentCostRows({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  if (!existsSync(command)) throw new Error('The agents bench needs a build: run "npm run build" first.');
  const [warmupMs, windowMs] = quick ? [8_000, 12_000] : [20_000, 60_000];
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'watchline-bench-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  // The system's own processes, the bench's and the agent's are among the hundred.
  for (let each = countProcesses(); each < PROCESSES; each++)
    open(opened, spawn('sleep', ['600'], { stdio: 'ignore' }));

  const hub = await startHub(join(folder, 'hub'), opened);
  const quiet = await startAgent('quiet', folder, hub, opened);
  await sleep(warmupMs);
  const quietCost = await measure(quiet, windowMs);
  quiet.child.kill('SIGTERM');
  await once(quiet.child, 'exit');

  const busy = await startAgent('busy', folder, hub, opened);
  using _writer = writeLines(busy.logFile);
  await sleep(warmupMs);
  const busyCost = await measure(busy, windowMs);

  const what = `agent at 1 Hz, ${PROCESSES} processes`;
  const lines = `${LINES_PER_SECOND} log lines/s`;
  return [
    barRow(`${what}, ${lines}: CPU`, busyCost.cpuPercent, '% of one core', BARS.cpuPercent),
    barRow(`${what}, ${lines}: memory`, busyCost.mebibytes, 'MiB RSS', BARS.residentMebibytes),
    plainRow(`${what}, ${lines}: wire`, busyCost.bytesPerSecond, 'bytes/s both ways'),
    plainRow(`${what}: CPU`, quietCost.cpuPercent, '% of one core'),
    plainRow(`${what}: memory`, quietCost.mebibytes, 'MiB RSS'),
    barRow(`${what}: wire`, quietCost.bytesPerSecond, 'bytes/s both ways', BARS.wireBytesPerSecond),
  ];
}

interface BenchHub {
  port: number;
  token: string;
  certificate: string;
}

/** As the launcher starts it. */
async function startHub(dataDir: string, opened: AsyncDisposableStack): Promise<BenchHub> {
  const words = [
    ...hubNodeFlags,
    command,
    'hub',
    '--port',
    '0',
    '--tls',
    '--no-open',
    '--no-journal',
    '--data',
    dataDir,
  ];
  const child = open(opened, spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] }));
  let printed = '';
  for await (const text of child.stdout!.setEncoding('utf8')) {
    printed += text as string;
    const line = /Bearer (\S+)" https:\/\/[^:]+:(\d+)\S*\n/.exec(printed);
    if (line === null) continue;
    const certificate = readFileSync(join(dataDir, 'tls-cert.pem'), 'utf8');
    return { port: Number(line[2]), token: line[1]!, certificate };
  }
  throw new Error('The hub ended before it served.');
}

interface BenchAgent {
  child: ChildProcess;
  logFile: string;
  wire: { readonly bytes: number };
}

async function startAgent(
  name: string,
  folder: string,
  hub: BenchHub,
  opened: AsyncDisposableStack,
): Promise<BenchAgent> {
  const { code, pin } = await invite(hub);
  const wire = opened.use(await startCountingRelay(hub.port));
  const logFile = join(folder, `${name}.log`);
  appendFileSync(logFile, '');
  const words = [
    ...['--hub', `https://127.0.0.1:${wire.port}`, '--code', code, '--pin', pin!],
    ...['--data', join(folder, name), '--name', name, '--logs', logFile, '--no-journal'],
  ];
  const child = open(
    opened,
    spawn(process.execPath, [...hubNodeFlags, command, 'agent', ...words], {
      stdio: ['ignore', 'inherit', 'pipe'],
    }),
  );
  let printed = '';
  for await (const text of child.stderr!.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    printed += text as string;
    if (printed.includes('Connected (HTTP/2)')) break;
  }
  child.stderr!.resume();
  return { child, logFile, wire };
}

/** As the dashboard asks for a line to paste. */
async function invite({ port, token, certificate }: BenchHub): Promise<InvitationAnswer> {
  const asking = request({
    host: '127.0.0.1',
    port,
    path: '/api/v1/invitations',
    method: 'POST',
    ca: certificate,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
  asking.end('{}');
  const [response] = (await once(asking, 'response')) as [NodeJS.ReadableStream];
  let body = '';
  for await (const text of response.setEncoding('utf8')) body += text as string;
  return invitationAnswer.parse(JSON.parse(body));
}

/** Ten at a time, as a web server writes them. */
function writeLines(file: string): Disposable {
  let count = 0;
  const timer = setInterval(() => {
    const lines = Array.from({ length: LINES_PER_SECOND / 10 }, () => accessLine(count++));
    appendFileSync(file, lines.join(''));
  }, 100);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** nginx's combined format, with what changes from request to request. */
function accessLine(count: number): string {
  const spread = (count * 7_919) % 10_007;
  const time = new Date().toISOString();
  const status = spread % 50 === 0 ? 404 : 200;
  return `192.0.2.${spread % 200} - - [${time}] "GET /api/items/${spread} HTTP/1.1" ${status} ${spread * 3} "-" "Mozilla/5.0 (X11; Linux x86_64)"\n`;
}

interface Cost {
  cpuPercent: number;
  mebibytes: number;
  bytesPerSecond: number;
}

async function measure({ child, wire }: BenchAgent, windowMs: number): Promise<Cost> {
  const before = { cpu: cpuNanoseconds(child.pid!), bytes: wire.bytes };
  const began = performance.now();
  await sleep(windowMs);
  const elapsedMs = performance.now() - began;
  return {
    cpuPercent: (cpuNanoseconds(child.pid!) - before.cpu) / 1e4 / elapsedMs,
    mebibytes: residentBytes(child.pid!) / MEBIBYTE,
    bytesPerSecond: (1_000 * (wire.bytes - before.bytes)) / elapsedMs,
  };
}

function open(opened: AsyncDisposableStack, child: ChildProcess): ChildProcess {
  const exited = once(child, 'exit');
  opened.defer(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exited;
  });
  return child;
}
