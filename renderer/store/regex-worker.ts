/**
 * Tries regular expressions off the page's thread, where one that never ends can be stopped. It answers
 * each `RegexTask` with a `RegexAnswer`, and says it is ready by a first answer of number 0.
 */

export interface RegexPattern {
  pattern: string;
  flags: string;
}

export interface RegexTask {
  number: number;
  patterns: RegexPattern[];
  texts: string[];
  /** `test`: does it match; `find`: where, each pattern in each text. */
  kind: 'test' | 'find';
}

export interface RegexAnswer {
  number: number;
  /** For `test`: per pattern, per text, 1 where it matches. */
  matches: Uint8Array[];
  /** For `find`: per text, [start, end, start, end ...] of all patterns. */
  places: number[][];
  tookMs: number;
}

/** Marks found in one text at most: more would only be noise. */
const maxPlaces = 200;

function answer(task: RegexTask): RegexAnswer {
  const began = performance.now();
  const patterns = task.patterns.map(({ pattern, flags }) => new RegExp(pattern, `${flags}g`));
  const matches = task.kind === 'test' ? patterns.map((pattern) => test(pattern, task.texts)) : [];
  const places = task.kind === 'find' ? task.texts.map((text) => find(patterns, text)) : [];
  return { number: task.number, matches, places, tookMs: performance.now() - began };
}

function test(pattern: RegExp, texts: readonly string[]): Uint8Array {
  return Uint8Array.from(texts, (text) => {
    pattern.lastIndex = 0;
    return pattern.test(text) ? 1 : 0;
  });
}

function find(patterns: readonly RegExp[], text: string): number[] {
  const places: number[] = [];
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      if (match[0] !== '') places.push(match.index, match.index + match[0].length);
      if (places.length >= 2 * maxPlaces) return places;
    }
  }
  return places;
}

addEventListener('message', (event: MessageEvent<RegexTask>) => {
  postMessage(answer(event.data));
});
postMessage({ number: 0, matches: [], places: [], tookMs: 0 } satisfies RegexAnswer);
