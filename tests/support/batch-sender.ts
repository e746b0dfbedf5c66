/** An agent without a machine: sends batches of whatever a test puts together, each as one request. */
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { Agents } from '../../hub/agents/agents.ts';
import { paths } from '../../shared/protocol.ts';
import {
  UPLINK_PROTOCOL,
  type BatchAnswer,
  type BatchHead,
  type UplinkRecord,
} from '../../shared/schema/uplink.ts';
import type { Problem } from '../../shared/snapshot.ts';

/** The token of a new agent of this host, as pairing would give it: before the hub is started on this folder. */
export function pairedToken(dataDir: string, host: string): string {
  const agents = new Agents(dataDir, (trouble) => {
    throw trouble;
  });
  return agents.pair({ host, name: host, version: '0.0.0-test' });
}

/** A run is as old as this when a test begins. */
const UPTIME_MS = 10 * 3_600_000;

export interface BatchSenderOptions {
  origin: string;
  token: string;
  run?: string;
}

export interface SendOptions {
  head?: Partial<BatchHead>;
  /** Default: as it is. */
  encoding?: 'gzip' | 'zstd';
  headers?: Record<string, string>;
}

export interface SendAnswer {
  status: number;
  headers: Headers;
  /** Of a 200. */
  answer: BatchAnswer;
  /** Of anything else. */
  problem: Problem['error'];
}

export class BatchSender {
  readonly run: string;
  origin: string;
  /** By which the agent's clock is ahead of the hub's. */
  skewMs = 0;
  readonly #token: string;
  readonly #startedAt = performance.now();
  #seq = 0;

  constructor({ origin, token, run = 'run0001' }: BatchSenderOptions) {
    this.origin = origin;
    this.run = run;
    this.#token = token;
  }

  get mono(): number {
    return UPTIME_MS + performance.now() - this.#startedAt;
  }

  /** A line with the run's next sequence, observed when its data says, or now where that was not in this run. */
  line(name: UplinkRecord['name'], data: unknown, changes: Partial<UplinkRecord> = {}): string {
    const mono = this.#monoOf(data);
    return JSON.stringify({ run: this.run, seq: ++this.#seq, mono, name, data, ...changes });
  }

  #monoOf(data: unknown): number {
    const { time } = data as { time?: number };
    const ahead = time === undefined ? 0 : time - (Date.now() + this.skewMs);
    return ahead < -UPTIME_MS || ahead > 0 ? this.mono : this.mono + ahead;
  }

  body(lines: readonly string[], head: Partial<BatchHead> = {}): Buffer {
    const whole: BatchHead = {
      protocol: UPLINK_PROTOCOL,
      agentVersion: '0.0.0-test',
      run: this.run,
      sentAt: Date.now() + this.skewMs,
      sentMono: this.mono,
      kind: 'live',
      waiting: { records: 0, since: null },
      ...head,
    };
    return Buffer.from([JSON.stringify(whole), ...lines].map((line) => `${line}\n`).join(''));
  }

  send(lines: readonly string[], { head, encoding, headers }: SendOptions = {}): Promise<SendAnswer> {
    const body = this.body(lines, head);
    const sent = encoding === 'gzip' ? gzipSync(body) : encoding === 'zstd' ? zstdCompressSync(body) : body;
    return this.sendBytes(sent, { ...(encoding && { 'Content-Encoding': encoding }), ...headers });
  }

  async sendBytes(body: Buffer, headers: Record<string, string> = {}): Promise<SendAnswer> {
    const response = await fetch(this.origin + paths.ingest, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${this.#token}`,
        'Content-Type': 'application/x-ndjson',
        ...headers,
      },
      body: new Uint8Array(body),
    });
    const parsed = (await response.json()) as BatchAnswer & Problem;
    return { status: response.status, headers: response.headers, answer: parsed, problem: parsed.error };
  }
}
