/** A setting that cannot be used: which, where it was given, what it is and what it must be. */
import { WatchlineError } from '../../shared/errors.ts';

/** Where a value came from. */
export type Origin =
  | { kind: 'flag'; name: string }
  | { kind: 'variable'; name: string }
  | { kind: 'file'; path: string; line: number | null };

export class ConfigError extends WatchlineError {
  readonly origin: Origin | null;
  /** "hub.port"; null where the whole file is meant. */
  readonly field: string | null;

  constructor(message: string, remedy: string, origin: Origin | null, field: string | null, cause?: unknown) {
    super('config', message, { remedy, cause });
    this.origin = origin;
    this.field = field;
  }
}

/** The start of every message: "/etc/watchline.yaml, line 3: hub.port", "WATCHLINE_PORT", "--port". */
export function placeOf(origin: Origin, field: string): string {
  return origin.kind === 'file' ? `${fileLine(origin)}: ${field}` : origin.name;
}

export function fileLine(origin: { path: string; line: number | null }): string {
  return origin.line === null ? origin.path : `${origin.path}, line ${origin.line}`;
}

const SHOWN_CHARACTERS = 80;

/** What was there, short and harmless to print. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;
}
