/**
 * Many agents in one process: each with a TLS connection of its own, sending a sample a second in zstd with a dictionary, as
 * agents do. Told to by its parent, some of them also send a day of samples that their spools kept, as fast as the hub takes them.
 * A stream of the hub is read as well: what counts is when a sample reaches a reader.
 */
import { readFileSync } from 'node:fs';
import { connect, type ClientHttp2Session } from 'node:http2';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdCompressSync, type ZstdOptions } from 'node:zlib';
import { BatchDictionary } from '../../link/batches/batch-dictionary.ts';
import { paths } from '../../shared/protocol.ts';
import { dictionaryHeader, UPLINK_PROTOCOL, type BatchHead } from '../../shared/schema/uplink.ts';
import { describedHost, hostIdOf, sampleAt } from './agent-load.ts';

export interface LoadOrder {
  port: number;
  certificate: string;
  ownerToken: string;
  /** One per agent. */
  tokens: string[];
}

/** `backfill`: so many agents send so many kept samples each. `lags`: those since the last time this was asked. */
export type LoadCommand = { backfill: number; samples: number } | { lags: true };
export type LoadAnswer =
  | { ready: true }
  | { backfilled: number; seconds: number; sentBack: number }
  | { lagsMs: number[]; failures: number; latest: number };

/** Records of one late batch: about 2.6 MB before compression. */
const LATE_RECORDS = 2_000;
/** Made without a pause: what is measured beside them must not wait for them. */
const LINES_PER_TURN = 50;
const compressLater = promisify(zstdCompress);
const compression = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

let lagsMs: number[] = [];
let failures = 0;

class BenchAgent {
  readonly id: string;
  readonly #session: ClientHttp2Session;
  readonly #token: string;
  readonly #dictionary = new BatchDictionary();
  readonly #startedAt = performance.now();
  readonly #run: string;
  #seq = 0;
  #isSending = false;
  #fresh: Buffer[] = [];

  constructor(agent: number, order: LoadOrder, ca: Buffer) {
    this.id = hostIdOf(agent);
    this.#run = `run${agent}`.padEnd(8, '0');
    this.#token = order.tokens[agent]!;
    this.#session = connect(`https://localhost:${order.port}`, { ca });
    this.#session.on('error', () => failures++);
  }

  get mono(): number {
    return performance.now() - this.#startedAt;
  }

  line(name: string, data: unknown, mono = this.mono): Buffer {
    return Buffer.from(JSON.stringify({ run: this.#run, seq: ++this.#seq, mono, name, data }));
  }

  async describe(): Promise<void> {
    await this.#send([this.line('describe', describedHost(this.id))], 'live', 0, null);
  }

  /** A sample of this moment. While one is on its way the next ones wait, and go together, as from an uplink. */
  async tick(): Promise<void> {
    this.#fresh.push(this.line('sample', sampleAt(this.id, Date.now())));
    if (this.#isSending) return;
    this.#isSending = true;
    const lines = this.#fresh;
    this.#fresh = [];
    const dictionary = this.#dictionary.current;
    const status = await this.#send(lines, 'live', 0, dictionary);
    if (status === 200) this.#dictionary.learn(lines, dictionary === null);
    else failures++;
    this.#isSending = false;
  }

  /** Answers how often the hub sent a batch back. */
  async backfill(samples: number): Promise<number> {
    const since = Date.now() - samples * 1_000;
    let sentBack = 0;
    for (let from = 0; from < samples; from += LATE_RECORDS) {
      const count = Math.min(LATE_RECORDS, samples - from);
      const lines: Buffer[] = [];
      for (let at = 0; at < count; at++) {
        if (at % LINES_PER_TURN === 0) await nextTurn();
        lines.push(this.line('sample', sampleAt(this.id, since + (from + at) * 1_000), at));
      }
      while ((await this.#send(lines, 'backfill', samples - from - count, null)) !== 200) {
        sentBack++;
        await sleep(1_000);
      }
    }
    return sentBack;
  }

  close(): void {
    this.#session.destroy();
  }

  async #send(
    lines: readonly Buffer[],
    kind: BatchHead['kind'],
    waiting: number,
    dictionary: { name: string; bytes: Buffer } | null,
  ): Promise<number> {
    const head: BatchHead = {
      protocol: UPLINK_PROTOCOL,
      agentVersion: '0.0.0-bench',
      run: this.#run,
      sentAt: Date.now(),
      sentMono: this.mono,
      kind,
      waiting: { records: waiting, since: null },
    };
    const end = Buffer.from('\n');
    const body = Buffer.concat([
      Buffer.from(JSON.stringify(head)),
      end,
      ...lines.flatMap((line) => [line, end]),
    ]);
    const options: ZstdOptions = { ...compression, ...(dictionary && { dictionary: dictionary.bytes }) };
    const compressed = kind === 'live' ? zstdCompressSync(body, options) : await compressLater(body, options);
    const stream = this.#session.request({
      ':method': 'POST',
      ':path': paths.ingest,
      authorization: `Bearer ${this.#token}`,
      'content-type': 'application/x-ndjson',
      'content-encoding': 'zstd',
      ...(dictionary && { [dictionaryHeader]: dictionary.name }),
    });
    stream.end(compressed);
    return new Promise((resolve) => {
      let status = 0;
      stream.on('response', (headers) => (status = headers[':status'] ?? 0));
      stream.on('error', () => resolve(0));
      stream.on('end', () => resolve(status));
      stream.resume();
    });
  }
}

/** Notes how old each sample is when its block has come. */
function readStream(order: LoadOrder, ca: Buffer): ClientHttp2Session {
  const session = connect(`https://localhost:${order.port}`, { ca });
  const stream = session.request({
    ':path': `${paths.stream}?channels=metrics&recent=0`,
    authorization: `Bearer ${order.ownerToken}`,
  });
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const time = /\nevent: sample\ndata: \{"host":"[^"]+","time":(\d+)/.exec(block)?.[1];
      if (time !== undefined) lagsMs.push(Date.now() - Number(time));
    }
  });
  return session;
}

const order = JSON.parse(process.argv[2]!) as LoadOrder;
const ca = readFileSync(order.certificate);
const reader = readStream(order, ca);
const agents = order.tokens.map((_, agent) => new BenchAgent(agent, order, ca));
for (const agent of agents) await agent.describe();
// Spread evenly over the second, as agents that were started by themselves are. By the time that has passed: a late turn catches up.
const startedAt = performance.now();
let ticks = 0;
const timer = setInterval(() => {
  for (const due = ((performance.now() - startedAt) / 1_000) * agents.length; ticks < due; ticks++) {
    void agents[ticks % agents.length]!.tick();
  }
}, 5);

async function follow(command: LoadCommand): Promise<LoadAnswer> {
  if ('lags' in command) {
    const answer = { lagsMs, failures, latest: lagsMs.length };
    lagsMs = [];
    failures = 0;
    return answer;
  }
  const from = performance.now();
  const chosen = agents.slice(0, command.backfill);
  const sentBack = await Promise.all(chosen.map((agent) => agent.backfill(command.samples)));
  return {
    backfilled: command.backfill * command.samples,
    seconds: (performance.now() - from) / 1_000,
    sentBack: sentBack.reduce((sum, count) => sum + count, 0),
  };
}

process.on('message', (command: LoadCommand) => {
  void follow(command).then((answer) => process.send!(answer));
});
process.once('disconnect', () => {
  clearInterval(timer);
  for (const agent of agents) agent.close();
  reader.destroy();
  process.exit();
});
process.send!({ ready: true } satisfies LoadAnswer);
