/** Parameters that several addresses read alike. All throw a 400 `ProblemError` that names the parameter and what it may hold. */
import { shareParameter } from '../../shared/share-terms.ts';
import { ProblemError } from './problem.ts';

/** `ofDoor`: those that the door has looked at before; they may be there, and are not told of. */
export function refuseUnknown(
  query: URLSearchParams,
  known: readonly string[],
  ofDoor: readonly string[] = [shareParameter],
): void {
  for (const name of query.keys()) {
    if (!known.includes(name) && !ofDoor.includes(name))
      throw badParameter(name, `is not known here; known are ${known.join(', ')}`);
    if (query.getAll(name).length > 1) throw badParameter(name, 'is given twice');
  }
}

/** Epoch milliseconds; null: not given. */
export function timeIn(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (!/^\d{1,15}$/.test(text)) throw badParameter(name, 'may be milliseconds since 1970');
  return Number(text);
}

/** A whole number; null: not given. */
export function numberIn(query: URLSearchParams, name: string, least: number, most: number): number | null {
  const text = query.get(name);
  if (text === null) return null;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Infinity;
  if (value < least || value > most) throw badParameter(name, `may be ${least} to ${most}`);
  return value;
}

/** `fault` goes on behind the parameter's name: "may be 1 to 100". */
export function badParameter(name: string, fault: string): ProblemError {
  return new ProblemError(
    400,
    'bad-parameter',
    `The parameter ${JSON.stringify(name.slice(0, 64))} ${fault}.`,
    {
      remedy: 'Correct the address; docs/protocol.md lists every parameter.',
    },
  );
}
