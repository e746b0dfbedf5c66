/** What the log said in a window that it had not said in the time before: lines are alike that differ in numbers and names of things only. */
import { levelRank, type LogLevel } from '../../../../shared/log-level.ts';
import type { LogLine } from '../../../../shared/schema/logs.ts';
import { newsWords } from './news-words.ts';

export interface LineNews {
  level: LogLevel | null;
  source: string;
  /** What the first line of its kind in the window says. */
  text: string;
  /** Lines of its kind in the window. */
  count: number;
  /** The longest part that they share, to filter by; '' where it would say little. */
  shared: string;
}

/** Longer texts are compared by their beginning. */
const MAX_UNITS = 300;
/** Kinds of news that are told at most. */
const MAX_NEWS = 4;
/** Where more kinds of plain lines are new than this, saying new things is what this log always does. */
const MAX_PLAIN = 3;
/** A shorter part would be found in everything. */
const MIN_SHARED = 8;

const warnRank = levelRank('warn');

/** What stands in the place of one number, id, address or quoted word is the same as what stands there next time. */
const changing =
  /"[^"]*"|'[^']*'|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[a-z]*\d)[0-9a-z]{6,}\b|\/\S+|\d+(?:[.,:_-]\d+)*/gi;
/** Of no alphabet: in no line of a log. */
const placeholder = '\uE000';

/** The gravest first, then what was said most. Nothing where nothing is known of before. */
export function lineNews(now: readonly LogLine[], before: readonly LogLine[]): LineNews[] {
  if (before.length === 0) return [];
  const known = new Set(before.map((line) => kindOf(line, newsWords(line))));
  const news = new Map<string, LineNews>();
  for (const line of now) {
    const words = newsWords(line);
    const kind = kindOf(line, words);
    if (known.has(kind)) continue;
    const told = news.get(kind);
    if (told !== undefined) told.count++;
    else {
      const { level, source } = line;
      news.set(kind, { level, source, text: words, count: 1, shared: sharedPart(words) });
    }
  }
  const all = [...news.values()].sort((a, b) => levelRank(b.level) - levelRank(a.level) || b.count - a.count);
  const grave = all.filter(({ level }) => levelRank(level) >= warnRank);
  const plain = all.filter(({ level }) => levelRank(level) < warnRank);
  return [...grave, ...(plain.length <= MAX_PLAIN ? plain : [])].slice(0, MAX_NEWS);
}

function kindOf({ source, level }: LogLine, words: string): string {
  return `${source}\n${level}\n${patternOf(words)}`;
}

function patternOf(words: string): string {
  return words.slice(0, MAX_UNITS).replace(changing, placeholder);
}

/** Without quotes and backslashes, which mean something in a filter. */
function sharedPart(words: string): string {
  const longest = patternOf(words)
    .split(/[\uE000"\\\n\r\t]/)
    .map((part) => part.trim())
    .reduce((best, part) => (part.length > best.length ? part : best), '');
  return longest.length >= MIN_SHARED ? longest : '';
}
