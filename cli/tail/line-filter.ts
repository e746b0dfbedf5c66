/** Which lines `watchline tail` prints: the filter language of the page, with expressions that cannot hang the terminal. */
import { createContext, Script } from 'node:vm';
import { plainText } from '../../shared/ansi-text.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { linePredicate, type LinePredicate } from '../../shared/filter/evaluate.ts';
import { FilterSyntaxError } from '../../shared/filter/filter-syntax-error.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import type { RegexNode } from '../../shared/filter/tree.ts';

export interface LineFilterOptions {
  /** The name people know a host by. */
  hostName: (id: string) => string | undefined;
  /** Milliseconds that one expression may take on one line. Default 250. */
  regexMs?: number;
}

/** Throws a `WatchlineError` for a text that is no filter; what it answers throws one where an expression takes too long. */
export function lineFilter(text: string, { hostName, regexMs = 250 }: LineFilterOptions): LinePredicate {
  try {
    return linePredicate(parseFilter(text), {
      hostName,
      regexMatches: boundedRegexes(regexMs),
    });
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    throw new WatchlineError(
      'usage',
      `The filter ${JSON.stringify(text)} cannot be read: ${error.message} (character ${error.position + 1}).`,
      {
        remedy: 'Put it in single quotes, so that the shell leaves it alone: \'level>=warn -"GET /health"\'.',
      },
    );
  }
}

/** A regular expression cannot be stopped from the thread it runs in, Ctrl+C included, but for a script that has a time limit. */
function boundedRegexes(regexMs: number): (regex: RegexNode, line: { text: string }) => boolean {
  const place = createContext({ pattern: null as RegExp | null, text: '' });
  const script = new Script('pattern.test(text)');
  const patterns = new Map<RegexNode, RegExp>();
  return (regex, { text }) => {
    let pattern = patterns.get(regex);
    if (pattern === undefined) patterns.set(regex, (pattern = new RegExp(regex.pattern, regex.flags)));
    place['pattern'] = pattern;
    place['text'] = plainText(text);
    try {
      return script.runInContext(place, { timeout: regexMs }) as boolean;
    } catch (error) {
      throw new WatchlineError(
        'slow-pattern',
        `/${regex.pattern}/ took more than ${regexMs} ms on one line and was stopped.`,
        { remedy: 'Make it simpler, or look for a plain text.', cause: error },
      );
    }
  };
}
