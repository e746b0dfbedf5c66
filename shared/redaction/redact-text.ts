/** Takes secrets, e-mail addresses or IP addresses out of a text. Pure, and in time linear in the text's length. */
import { plainText } from '../ansi-text.ts';
import type { Redaction } from '../schema/shares.ts';
import { marks, redactionPatterns, type RedactionPattern } from './patterns.ts';

export type TextRedactor = (text: string) => string;

/** Shorter than anything that is sought. */
const SHORTEST = 3;

/** A text in which nothing is found comes back as it is. */
export function textRedactor(choice: Redaction): TextRedactor {
  const rows = redactionPatterns.filter((row) => choice[row.choice]);
  if (rows.length === 0) return (text) => text;
  return (text) => {
    if (text.length < SHORTEST) return text;
    // Terminal styles may stand in the middle of what is sought: they are given up where something is found.
    const plain = plainText(text);
    const redacted = rows.reduce(without, plain);
    return redacted === plain ? text : redacted;
  };
}

function without(text: string, { pattern, choice, isMeant }: RedactionPattern): string {
  const mark = marks[choice];
  return text.replace(pattern, (found: string, ...rest: unknown[]) => {
    if (isMeant && !isMeant(found)) return found;
    const groups = groupsOf(rest);
    return (groups[0] ?? '') + mark + (groups.length > 1 ? (groups.at(-1) ?? '') : '');
  });
}

/** What `replace` hands over behind the match: the groups, then the offset and the whole text. */
function groupsOf(rest: readonly unknown[]): (string | undefined)[] {
  const end = rest.findIndex((value) => typeof value === 'number');
  return rest.slice(0, end) as (string | undefined)[];
}
