/** Finds in one piece of the archive the lines that pass a filter, within bounds, as they may be seen. */
import type { LogLine } from '../../shared/schema/logs.ts';
import { linePredicate, literalPattern, type LinePredicate } from '../../shared/filter/evaluate.ts';
import { regexesOf, type FilterNode, type TextNode } from '../../shared/filter/tree.ts';
import { shownEvent } from '../access/shown-event.ts';
import type { Sight } from '../access/sight.ts';
import type { ArchivedLine } from '../../shared/schema/log-search.ts';
import { isBefore, type BlockPiece, type Place, type TapePiece } from './archive-reader.ts';
import { codeOfLevel, idAt, lineAt, textAt, type FieldsOf, type Head, type Texts } from './block.ts';
import { idOf } from './archived.ts';
import type { Range } from './volume-reader.ts';

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

export class LineFinder {
  readonly #options: FinderOptions;
  readonly #passes: LinePredicate;
  readonly #needle: RegExp | null;
  readonly #needs: { text: boolean; fields: boolean };
  readonly #breathEvery: number;

  constructor(options: FinderOptions) {
    this.#options = options;
    this.#passes = linePredicate(options.filter, { hostName: options.hostName });
    this.#needle = needleOf(options.filter);
    this.#needs = needsOf(options.filter);
    this.#breathEvery = regexesOf(options.filter).length > 0 ? 1 : LINES_PER_BREATH;
  }

  /** In the order they came. */
  inTape({ file, entries }: TapePiece): Found[] {
    const found: Found[] = [];
    for (const [at, entry] of entries.entries()) {
      const { line } = entry;
      if (!this.#isWithin([file, 0, at], line.time) || !this.#holdsHost(line.host)) continue;
      if (at % this.#breathEvery === 0) this.#options.breathe();
      const shown = this.#shown(line);
      if (shown === null || !this.#passes(shown)) continue;
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
    let candidates = this.#candidates(head, file, id);
    if (candidates.length === 0) return [];
    const content = new Content(
      head,
      () => reader.texts(id, head),
      (texts) => reader.fields(id, texts),
    );
    // What is shown may hold other texts than what is kept.
    if (this.#needle !== null && !head.isStyled && this.#options.sight === null)
      candidates = withNeedle(this.#needle, head, content.texts.joined, candidates);
    return this.#passing(head, content, candidates);
  }

  #passing(head: Head, content: Content, candidates: readonly number[]): Found[] {
    const { sight, breathe } = this.#options;
    const found: Found[] = [];
    for (const [index, at] of candidates.entries()) {
      if (index % this.#breathEvery === 0) breathe();
      const seen = sight === null ? content.part(at, this.#needs) : this.#shown(content.whole(at));
      if (seen === null || !this.#passes(seen)) continue;
      const id = idAt(head, at);
      found.push({
        time: seen.time,
        level: codeOfLevel(seen.level),
        read: () => ({ id, line: sight === null ? content.whole(at) : seen }),
      });
    }
    return found;
  }

  /** By place, time and host, which the head tells. */
  #candidates(head: Head, file: number, block: number): number[] {
    const isHeld = head.origins.map(([host]) => this.#holdsHost(host));
    const candidates: number[] = [];
    for (let at = 0; at < head.count; at++) {
      if (isHeld[head.originOf[at]!] && this.#isWithin([file, block, at], head.times[at]!))
        candidates.push(at);
    }
    return candidates;
  }

  #isWithin(place: Place, time: number): boolean {
    const { range, first, end } = this.#options;
    return time >= range.from && time < range.to && !isBefore(place, first) && isBefore(place, end);
  }

  #holdsHost(host: string): boolean {
    const { hosts, sight } = this.#options;
    return (hosts === null || hosts.has(host)) && (sight === null || sight.holdsHost(host));
  }

  #shown(line: LogLine): LogLine | null {
    const { sight } = this.#options;
    if (sight === null) return line;
    const event = shownEvent(sight, { name: 'log', data: line });
    return event?.name === 'log' ? event.data : null;
  }
}

/** Texts and fields of a block, unpacked when they are asked for. */
class Content {
  readonly #head: Head;
  readonly #readTexts: () => Texts;
  readonly #readFields: (texts: Texts) => FieldsOf;
  #texts: Texts | null = null;
  #fields: FieldsOf | null = null;

  constructor(head: Head, readTexts: () => Texts, readFields: (texts: Texts) => FieldsOf) {
    this.#head = head;
    this.#readTexts = readTexts;
    this.#readFields = readFields;
  }

  get texts(): Texts {
    return (this.#texts ??= this.#readTexts());
  }

  whole(at: number): LogLine {
    return this.part(at, { text: true, fields: true });
  }

  /** What is not needed is empty. */
  part(at: number, needs: { text: boolean; fields: boolean }): LogLine {
    const text = needs.text ? textAt(this.#head, this.texts, at) : '';
    const fields = needs.fields ? (this.#fields ??= this.#readFields(this.texts))(at) : undefined;
    return lineAt(this.#head, at, text, fields);
  }
}

/** The longest text that every passing line holds, to be looked for in many lines at once; null: there is none. */
function needleOf(filter: FilterNode): RegExp | null {
  const nodes = filter.kind === 'and' ? filter.nodes : [filter];
  const texts = nodes.filter((node): node is TextNode => node.kind === 'text').map(({ text }) => text);
  const longest = texts.sort((a, b) => b.length - a.length)[0];
  // As the evaluator looks for it.
  return longest === undefined ? null : new RegExp(literalPattern(longest), 'gi');
}

/** Which of the lines have it; a find across the end of a line is none. */
function withNeedle(
  needle: RegExp,
  { offsets }: Head,
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
