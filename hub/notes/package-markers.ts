/** Markers of what was installed, upgraded and removed on a host: one for each run of its package manager, made of its log. */
import { createHash } from 'node:crypto';
import { MAX_NOTE_TEXT, MAX_NOTE_TITLE, NOTES_PAST_MS } from '../../shared/schema/notes.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import type { NoteDraft } from './notes.ts';
import { isPackageLog, packageChangeOf, type PackageChange } from './package-log.ts';

/** Changes further apart than this, by their own times, are of two runs. */
const RUN_GAP_MS = 5 * 60_000;
/** A run that said nothing for so long is over. */
const QUIET_MS = 10_000;
/** Packages a marker names; the rest is counted. */
const MAX_NAMED = 24;
/** Runs gathered at a time, over all hosts; further ones are told at once. */
const MAX_RUNS = 256;
/** Changes gathered of one run; further ones are counted. */
const MAX_CHANGES = 1_000;

export interface PackageMarkersOptions {
  post: (draft: NoteDraft, id: string) => Promise<unknown>;
  /** Default 10,000. */
  quietMs?: number;
}

interface Run {
  host: string;
  /** Epoch milliseconds of its first and its newest line. */
  from: number;
  to: number;
  changes: PackageChange[];
  count: number;
}

export class PackageMarkers implements AsyncDisposable {
  readonly #options: PackageMarkersOptions;
  /** By host. */
  readonly #runs = new Map<string, Run>();
  #timer: NodeJS.Timeout | null = null;
  #lastPost: Promise<unknown> = Promise.resolve();

  constructor(options: PackageMarkersOptions) {
    this.#options = options;
  }

  /** Takes every line of every host: all but a few are passed over after a look at their source. */
  take({ host, source, text, time }: LogLine): void {
    if (!isPackageLog(source)) return;
    const change = packageChangeOf(source, text);
    if (change === null || time < Date.now() - NOTES_PAST_MS) return;
    let run = this.#runs.get(host);
    if (run !== undefined && Math.abs(time - run.to) > RUN_GAP_MS) {
      this.#tell(run);
      run = undefined;
    }
    if (run === undefined) {
      if (this.#runs.size >= MAX_RUNS) this.#tellAll();
      run = { host, from: time, to: time, changes: [], count: 0 };
      this.#runs.set(host, run);
    }
    run.to = Math.max(run.to, time);
    run.count++;
    if (run.changes.length < MAX_CHANGES) run.changes.push(change);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tellAll(), this.#options.quietMs ?? QUIET_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#tellAll();
    await this.#lastPost;
  }

  #tellAll(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const run of [...this.#runs.values()]) this.#tell(run);
  }

  #tell(run: Run): void {
    this.#runs.delete(run.host);
    this.#lastPost = this.#options.post(markerOf(run), idOf(run));
  }
}

/** The same whenever the same log is read again, as after a restart: then the marker takes its own place. */
function idOf({ host, from, changes }: Run): string {
  const [{ name, to }] = changes as [PackageChange];
  return createHash('sha256').update(`${host}\n${from}\n${name}\n${to}`).digest('hex').slice(0, 16);
}

function markerOf({ host, from, changes, count }: Run): NoteDraft {
  const named = changes.slice(0, MAX_NAMED).map(lineOf);
  const more = count - named.length;
  const text = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
  return {
    kind: 'marker',
    time: Math.min(from, Date.now()),
    author: 'hub',
    hosts: [host],
    title: titleOf(changes, count).slice(0, MAX_NOTE_TITLE),
    text: count === 1 ? null : text.slice(0, MAX_NOTE_TEXT),
    level: 'info',
    tags: ['packages'],
    link: null,
    channel: 'logs',
  };
}

function titleOf(changes: readonly PackageChange[], count: number): string {
  const [first] = changes as [PackageChange];
  if (count === 1) return lineOf(first);
  const isAlike = changes.every(({ what }) => what === first.what);
  return `${count} packages ${isAlike ? first.what : 'changed'}: ${[...new Set(changes.map(({ name }) => name))].join(', ')}`;
}

function lineOf({ what, name, from, to }: PackageChange): string {
  if (what === 'removed') return `${name} ${from ?? ''} removed`.replace('  ', ' ');
  if (what === 'installed' || to === null) return `${name} ${to ?? ''} installed`.replace('  ', ' ');
  return from === null ? `${name} upgraded to ${to}` : `${name} upgraded from ${from} to ${to}`;
}
