/** What stands in the address of a question to a bundle, as far as it can be answered; the rest is left at its default. */
import type { Problem } from '../../../shared/snapshot.ts';

/** Refused as a hub would: `status` and the body of a problem. */
export class RefusedQuestion extends Error {
  readonly status: number;
  readonly body: Problem;

  constructor(status: number, code: string, message: string, remedy: string | null = null) {
    super(message);
    this.name = new.target.name;
    this.status = status;
    this.body = { error: { code, message, remedy } };
  }
}

/** Epoch milliseconds; null: not given. */
export function timeIn(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (!/^\d{1,15}$/.test(text))
    throw new RefusedQuestion(400, 'bad-parameter', `"${name}" is not a time in milliseconds.`);
  return Number(text);
}

/** Both ends of a window, in epoch milliseconds; what is left out is the bundle's. */
export function windowIn(
  query: URLSearchParams,
  whole: { from: number; to: number },
): { from: number; to: number } {
  const window = { from: timeIn(query, 'from') ?? whole.from, to: timeIn(query, 'to') ?? whole.to };
  if (window.from >= window.to)
    throw new RefusedQuestion(400, 'bad-parameter', 'The window ends before it begins.');
  return window;
}

/** 0 to `most`. */
export function countIn(query: URLSearchParams, name: string, usual: number, most: number): number {
  const text = query.get(name);
  if (text === null) return usual;
  const count = /^\d{1,6}$/.test(text) ? Number(text) : Infinity;
  if (count > most) throw new RefusedQuestion(400, 'bad-parameter', `"${name}" may be 0 to ${most}.`);
  return count;
}

/** The words of a list, by commas; null: not given. */
export function listIn(query: URLSearchParams, name: string): string[] | null {
  return query.get(name)?.split(',').filter(Boolean) ?? null;
}
