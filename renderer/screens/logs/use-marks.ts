/** Where the filter's texts and expressions are in the lines on the screen. Expressions are tried under guard. */
import { shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { plainText } from '../../../shared/ansi-text.ts';
import { literalPattern } from '../../../shared/filter/evaluate.ts';
import { marksOf, type FilterNode } from '../../../shared/filter/tree.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';
import type { RegexGuard } from '../../store/regex-guard.ts';
import type { RegexPattern } from '../../store/regex-worker.ts';

export interface Marks {
  /** Grows when marks of lines already asked for have changed. */
  readonly revision: ShallowRef<number>;
  /** [start, end, start, end ...] in the line's text without styles. */
  of(line: LogLine): readonly number[];
}

const none: readonly number[] = [];
/** Marks of one text in one line at most. */
const maxPerText = 100;

export function useMarks(filter: Ref<FilterNode>, guard: RegexGuard): Marks {
  const revision = shallowRef(0);
  let texts: RegExp[] = [];
  let patterns: RegexPattern[] = [];
  let known = new WeakMap<LogLine, readonly number[]>();
  let asked: LogLine[] = [];
  let isStopped = false;

  watch(filter, prepare, { immediate: true });
  return { revision, of: marksIn };

  function prepare(): void {
    const marks = marksOf(filter.value);
    texts = marks
      .filter((mark) => mark.kind === 'text')
      .map((mark) => new RegExp(literalPattern(mark.text), 'gi'));
    patterns = marks.filter((mark) => mark.kind === 'regex');
    known = new WeakMap();
    asked = [];
    isStopped = false;
    revision.value++;
  }

  function marksIn(line: LogLine): readonly number[] {
    if (texts.length === 0 && patterns.length === 0) return none;
    const before = known.get(line);
    if (before !== undefined) return before;
    const places = placesOfTexts(plainText(line.text));
    known.set(line, places);
    if (patterns.length > 0 && !isStopped) ask(line);
    return places;
  }

  function placesOfTexts(text: string): number[] {
    const places: number[] = [];
    for (const pattern of texts) {
      let found = 0;
      for (const match of text.matchAll(pattern)) {
        places.push(match.index, match.index + match[0].length);
        if (++found === maxPerText) break;
      }
    }
    return places;
  }

  /** Lines asked for in one go make one batch. */
  function ask(line: LogLine): void {
    asked.push(line);
    if (asked.length === 1) queueMicrotask(() => void findAsked());
  }

  async function findAsked(): Promise<void> {
    const lines = asked;
    const table = known;
    asked = [];
    if (lines.length === 0) return;
    const places = await guard.find(
      patterns,
      lines.map((line) => plainText(line.text)),
    );
    if (table !== known) return;
    if (places === null) {
      isStopped = true;
      return;
    }
    lines.forEach((line, index) => table.set(line, [...(table.get(line) ?? none), ...places[index]!]));
    revision.value++;
  }
}
