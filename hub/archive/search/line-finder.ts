/** Finds in one piece of the archive the lines that pass a filter, within bounds, as they may be seen. */
import type { LogLine } from '../../../shared/schema/logs.ts';
import { linePredicate, literalPattern, type LinePredicate } from '../../../shared/filter/evaluate.ts';
import { regexesOf, type FilterNode } from '../../../shared/filter/tree.ts';
import { shownEvent } from '../../access/shown-event.ts';
import type { Sight } from '../../access/sight.ts';
import type { ArchivedLine } from '../../../shared/schema/log-search.ts';
import { isBefore, type BlockPiece, type Place, type TapePiece } from './archive-reader.ts';
import type { BlockContent } from '../volume/block.ts';
import { codeOfLevel, type BlockHead } from '../volume/block-head.ts';
import { isOneWord, wordsIn, type BlockWords } from '../volume/block-words.ts';
import { idOf } from '../archived.ts';
import type { Range } from '../volume/volume-reader.ts';

export interface FinderOptions {
  filter: FilterNode;
  /** As the hub knows them; null: all. */
  hosts: ReadonlySet<string> | null;
  range: Range;
  /** From this place, and up to that one, which is not included. */
  first: Place;
  end: Place;
  /** Null: everything, as it is. */
  sight: Sight | null;
  hostName: (host: string) => string | undefined;
  /** Called now and then; throws where the search is to end. */
  breathe: () => void;
}

export interface Found {
  time: number;
  /** `codeOfLevel`. */
  level: number;
  /** The whole line, as it may be seen. */
  read: () => ArchivedLine;
}

/** Lines looked at between two breaths; with a regular expression, one. */
const LINES_PER_BREATH = 256;

/** A filter, or a part of it, and what of a line it looks at. */
interface Part {
  passes: LinePredicate;
  needs: { text: boolean; fields: boolean };
}

/** So few lines are looked at one by one. */
const FEW = 64;

export class LineFinder {
  readonly #options: FinderOptions;
  readonly #whole: Part;
  /** What of the filter the words of a block do not answer. */
  readonly #besidesWords: Part;
  /** Each is part of a word of every line that passes. */
  readonly #words: readonly string[];
  /** The longest text that every passing line has; of those that words do not answer. Null: there is none. */
  readonly #needles: { any: RegExp | null; besidesWords: RegExp | null };
  readonly #breathEvery: number;

  constructor(options: FinderOptions) {
    this.#options = options;
    const { filter } = options;
    const nodes = filter.kind === 'and' ? filter.nodes : [filter];
    const texts = nodes.filter((node) => node.kind === 'text').map(({ text }) => text);
    const others = nodes.filter((node) => node.kind !== 'text' || !isOneWord(node.text));
    this.#whole = this.#partOf(filter);
    this.#besidesWords = this.#partOf({ kind: 'and', nodes: others });
    this.#words = [...new Set(texts.flatMap(wordsIn))];
    this.#needles = {
      any: needleOf(texts),
      besidesWords: needleOf(texts.filter((text) => !isOneWord(text))),
    };
    this.#breathEvery = regexesOf(options.filter).length > 0 ? 1 : LINES_PER_BREATH;
  }

  /** In the order they came. */
  inTape({ file, entries }: TapePiece): Found[] {
    const found: Found[] = [];
    const [first, end] = this.#within(file, 0, entries.length);
    for (let at = first; at < end; at++) {
      const entry = entries[at]!;
      if (!this.#isInTime(entry.line.time) || !this.#holdsHost(entry.line.host)) continue;
      if (at % this.#breathEvery === 0) this.#options.breathe();
      const shown = this.#shown(entry.line);
      if (shown === null || !this.#whole.passes(shown)) continue;
      found.push({
        time: shown.time,
        level: codeOfLevel(shown.level),
        read: () => ({ id: idOf(entry), line: shown }),
      });
    }
    return found;
  }

  /** In the order they came. */
  inBlock({ file, reader, summary: { id } }: BlockPiece): Found[] {
    const head = reader.head(id);
    const content = reader.content(id, head);
    // The index of words knows lines as they are kept, not as they are seen.
    const words = this.#options.sight === null ? head.words : null;
    const candidates = this.#candidates(head, this.#within(file, id, head.count), words);
    if (candidates.length === 0) return [];
    const needle = words === null ? this.#needles.any : this.#needles.besidesWords;
    if (this.#options.sight !== null || needle === null || head.isStyled || candidates.length < FEW)
      return this.#passing(head, content, candidates);
    return this.#passing(head, content, withNeedle(needle, head.offsets, content.joined, candidates));
  }

  /** By place, words, time and host, which the head tells. */
  #candidates(head: BlockHead, [first, end]: [number, number], words: BlockWords | null): number[] {
    const marks = words === null ? [] : this.#words.map((word) => words.linesWith(word));
    const isHeld = head.origins.map(([host]) => this.#holdsHost(host));
    const candidates: number[] = [];
    for (let at = first; at < end; at++) {
      if (!hasAll(marks, at)) continue;
      if (isHeld[head.originOf(at)] && this.#isInTime(head.times[at]!)) candidates.push(at);
    }
    return candidates;
  }

  #passing(head: BlockHead, content: BlockContent, candidates: readonly number[]): Found[] {
    const { sight, breathe } = this.#options;
    const { passes, needs } = head.words === null || sight !== null ? this.#whole : this.#besidesWords;
    const found: Found[] = [];
    for (const [index, at] of candidates.entries()) {
      if (index % this.#breathEvery === 0) breathe();
      const seen = sight === null ? content.part(at, needs) : this.#shown(content.line(at));
      if (seen === null || !passes(seen)) continue;
      found.push({
        time: seen.time,
        level: codeOfLevel(seen.level),
        read: () => ({ id: head.idAt(at), line: sight === null ? content.line(at) : seen }),
      });
    }
    return found;
  }

  /** Which lines of a block are within the bounds of places: from the first to the second, which is not. */
  #within(file: number, block: number, lines: number): [first: number, end: number] {
    const { first, end } = this.#options;
    const isOf = (place: Place) => place[0] === file && place[1] === block;
    const start: Place = [file, block, 0];
    if (!isOf(first) && isBefore(start, first)) return [0, 0];
    if (!isOf(end) && !isBefore(start, end)) return [0, 0];
    return [isOf(first) ? first[2] : 0, isOf(end) ? Math.min(lines, end[2]) : lines];
  }

  #isInTime(time: number): boolean {
    return time >= this.#options.range.from && time < this.#options.range.to;
  }

  #holdsHost(host: string): boolean {
    const { hosts, sight } = this.#options;
    return (hosts === null || hosts.has(host)) && (sight === null || sight.holdsHost(host));
  }

  #partOf(filter: FilterNode): Part {
    return {
      passes: linePredicate(filter, { hostName: this.#options.hostName }),
      needs: needsOf(filter),
    };
  }

  #shown(line: LogLine): LogLine | null {
    const { sight } = this.#options;
    if (sight === null) return line;
    const event = shownEvent(sight, { name: 'log', data: line });
    return event?.name === 'log' ? event.data : null;
  }
}

/** Looks for the longest of them, as the evaluator does, in many lines at once. */
function needleOf(texts: readonly string[]): RegExp | null {
  const longest = texts.toSorted((a, b) => b.length - a.length)[0];
  return longest === undefined ? null : new RegExp(literalPattern(longest), 'gi');
}

function hasAll(marks: readonly Uint8Array[], at: number): boolean {
  for (const mark of marks) if (mark[at] === 0) return false;
  return true;
}

/** Which of the lines have it; a find across the end of a line is none. */
function withNeedle(
  needle: RegExp,
  offsets: Uint32Array,
  joined: string,
  candidates: readonly number[],
): number[] {
  const having: number[] = [];
  let next = 0;
  needle.lastIndex = offsets[candidates[0]!]!;
  for (let match = needle.exec(joined); match !== null; match = needle.exec(joined)) {
    while (next < candidates.length && offsets[candidates[next]! + 1]! <= match.index) next++;
    if (next === candidates.length) break;
    const at = candidates[next]!;
    const [begin, end] = [offsets[at]!, offsets[at + 1]!];
    if (match.index < begin) needle.lastIndex = begin;
    else if (needle.lastIndex > end) needle.lastIndex = match.index + 1;
    else {
      having.push(at);
      needle.lastIndex = end;
      next++;
    }
  }
  needle.lastIndex = 0;
  return having;
}

function needsOf(node: FilterNode): { text: boolean; fields: boolean } {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const needs = node.nodes.map(needsOf);
      return { text: needs.some(({ text }) => text), fields: needs.some(({ fields }) => fields) };
    }
    case 'not':
      return needsOf(node.node);
    case 'text':
    case 'regex':
      return { text: true, fields: false };
    case 'level':
      return { text: false, fields: false };
    case 'field': {
      const isOfLine = node.key === 'host' || node.key === 'source';
      return { text: !isOfLine, fields: !isOfLine };
    }
  }
}
