/** The lines of a bundle that pass a filter. Regular expressions are tried under guard, as everywhere on the page. */
import { plainText } from '../../../shared/ansi-text.ts';
import { linePredicate } from '../../../shared/filter/evaluate.ts';
import { regexesOf, type FilterNode, type RegexNode } from '../../../shared/filter/tree.ts';
import type { ArchivedLine } from '../../../shared/schema/log-search.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';
import { batchLength, batchTexts, type RegexGuard } from '../../store/regex-guard.ts';

export interface LineFilter {
  filter: FilterNode;
  hostName: (host: string) => string | undefined;
  guard: RegexGuard;
}

/** In the order given. Null: an expression takes too long, and was stopped. */
export async function passingLines(
  lines: readonly ArchivedLine[],
  { filter, hostName, guard }: LineFilter,
): Promise<ArchivedLine[] | null> {
  const regexes = regexesOf(filter);
  if (regexes.length === 0) {
    const passes = linePredicate(filter, { hostName });
    return lines.filter(({ line }) => passes(line));
  }
  const passing: ArchivedLine[] = [];
  for (const batch of batchesOf(lines)) {
    const matches = await guard.test(
      regexes,
      batch.map(({ line }) => plainText(line.text)),
    );
    if (matches === null) return null;
    const places = new Map(batch.map(({ line }, index) => [line, index]));
    const regexMatches = (regex: RegexNode, line: LogLine) =>
      matches[regexes.indexOf(regex)]![places.get(line)!] === 1;
    const passes = linePredicate(filter, { hostName, regexMatches });
    for (const each of batch) if (passes(each.line)) passing.push(each);
  }
  return passing;
}

function* batchesOf(lines: readonly ArchivedLine[]): Generator<ArchivedLine[]> {
  let batch: ArchivedLine[] = [];
  let length = 0;
  for (const each of lines) {
    const isFull = batch.length >= batchTexts || length + each.line.text.length > batchLength;
    if (isFull && batch.length > 0) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(each);
    length += each.line.text.length;
  }
  if (batch.length > 0) yield batch;
}
