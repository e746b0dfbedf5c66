/** Terms written for a person: what a click on a value adds to the filter. */
import type { LogFieldValue } from '../schema/logs.ts';

/** `key=value`, quoted where the value would read as something else. Keys no term can name become a phrase. */
export function fieldTerm(key: string, value: LogFieldValue): string {
  const text = String(value);
  if (!/^[A-Za-z_@](?:[\w.@/-]*\w)?$/.test(key)) return phrase(text);
  return `${key}=${/^[\w.@%+,/:-]+$/.test(text) ? text : phrase(text)}`;
}

/** Adds a term to a filter, keeping what is there as it is; not twice. */
export function withTerm(filter: string, term: string): string {
  const before = filter.trim();
  if (before === '') return term;
  if (` ${before} `.includes(` ${term} `)) return before;
  return /(?:^|\s)OR(?:\s|$)/.test(before) ? `(${before}) ${term}` : `${before} ${term}`;
}

function phrase(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
