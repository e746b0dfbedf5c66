/** The audit log: every entry goes to the file and to the owner's streams; what is refused over and over is one entry with a count. */
import type { StreamEvent } from '../../shared/events.ts';
import { WatchlineError } from '../../shared/errors.ts';
import type { AuditAnswer, AuditEntry } from '../../shared/schema/audit.ts';
import type { Audit, AuditDraft } from './audit.ts';
import { AuditFile } from './audit-file.ts';

/** Refusals of one address and kind within this time are one entry; its count is told when the time is over. */
const GATHER_MS = 60_000;
/** Addresses at a time; those beyond it are gathered as one. */
const MAX_GATHERED = 64;
/** Of entries on the disk, at most so many bytes each: a name is a peer's own choice. */
const MAX_TEXT = 200;

export interface AuditLogParts {
  dataDir: string;
  publish: (event: StreamEvent) => void;
  /** Told once when entries cannot be written, and not again before they can. */
  report: (trouble: Error) => void;
}

interface Gathered {
  entry: AuditEntry;
  timer: NodeJS.Timeout;
}

export class AuditLog implements Audit, AsyncDisposable {
  readonly #parts: AuditLogParts;
  readonly #file: AuditFile;
  readonly #gathered = new Map<string, Gathered>();
  #newestId: number;
  #isUnkept = false;

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
    this.#file = new AuditFile(parts.dataDir);
    this.#newestId = this.#file.newestId();
  }

  record(draft: AuditDraft): void {
    if (draft.kind === 'refused' || draft.kind === 'share-refused') this.#gather(draft);
    else this.#tell(this.#entryOf(draft));
  }

  /** Newest first, those older than `before`. */
  async read(before: number, limit: number): Promise<AuditAnswer> {
    const entries = await this.#file.read(before, limit + 1);
    const shown = entries.slice(0, limit);
    return { entries: shown, next: entries.length > limit ? shown.at(-1)!.id : null };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const key of [...this.#gathered.keys()]) this.#endGathering(key);
    await this.#file.settled();
  }

  #gather(draft: AuditDraft): void {
    const key = `${draft.kind} ${draft.actor.address} ${String(draft.details?.['code'])}`;
    const isCrowd = !this.#gathered.has(key) && this.#gathered.size >= MAX_GATHERED;
    const where = isCrowd ? `${draft.kind} others` : key;
    const gathered = this.#gathered.get(where);
    if (gathered) {
      gathered.entry = { ...gathered.entry, count: gathered.entry.count + 1 };
      return;
    }
    const entry = this.#entryOf(isCrowd ? { ...draft, actor: { ...draft.actor, address: null } } : draft);
    this.#gathered.set(where, {
      entry,
      timer: setTimeout(() => this.#endGathering(where), GATHER_MS).unref(),
    });
    this.#tell(entry);
  }

  #endGathering(key: string): void {
    const { entry, timer } = this.#gathered.get(key)!;
    clearTimeout(timer);
    this.#gathered.delete(key);
    if (entry.count > 1) this.#tell(entry);
  }

  #entryOf({ kind, actor, subject = null, details = {} }: AuditDraft): AuditEntry {
    return {
      id: ++this.#newestId,
      time: Date.now(),
      kind,
      actor: {
        ...actor,
        name: actor.name && actor.name.slice(0, MAX_TEXT),
        address: actor.address && actor.address.slice(0, 64),
      },
      subject: subject && { id: subject.id.slice(0, MAX_TEXT), name: subject.name.slice(0, MAX_TEXT) },
      details: Object.fromEntries(
        Object.entries(details)
          .slice(0, 16)
          .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, MAX_TEXT) : value]),
      ),
      count: 1,
    };
  }

  #tell(entry: AuditEntry): void {
    this.#parts.publish({ name: 'audit', data: entry });
    void this.#file.append(entry).then((trouble) => {
      if (trouble !== null && !this.#isUnkept) this.#parts.report(unkept(trouble));
      this.#isUnkept = trouble !== null;
    });
  }
}

function unkept(cause: Error): WatchlineError {
  return new WatchlineError('audit-unkept', `The audit log cannot be written: ${cause.message}.`, {
    remedy: 'Make room on the disk of the hub; what is done meanwhile is told on its stream alone.',
    cause,
  });
}
