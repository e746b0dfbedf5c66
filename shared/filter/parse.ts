/**
 * The filter language, from text to tree.
 *
 *   filter := all ( 'OR' all )*
 *   all    := one+                          side by side, or with 'AND' between: both
 *   one    := ( '-' | 'NOT' ) one | '(' filter ')' | "phrase" | /pattern/flags | key comparison value | word
 *
 * `OR`, `AND` and `NOT` count in capitals only. What merely looks like more is taken as text, since most
 * filters are pasted from logs: `/var/log`, `http://x`, `12:30`, `error:`, `a::b`, `--flag` and `->`.
 */
import { logLevels, type LogLevel } from '../log-level.ts';
import { FilterSyntaxError } from './filter-syntax-error.ts';
import { everyLine, type Comparison, type FilterNode } from './tree.ts';

/** In UTF-16 units. */
export const maxFilterLength = 1_000;
const maxDepth = 32;

const levelAliases = new Map<string, LogLevel | null>([
  ...logLevels.map((level) => [level, level] as const),
  ['none', null],
  ['information', 'info'],
  ['notice', 'info'],
  ['warning', 'warn'],
  ['err', 'error'],
  ['critical', 'fatal'],
  ['crit', 'fatal'],
]);

/** A key that a comparison follows at once. */
const comparedKey = /([A-Za-z_@](?:[\w.@/-]*\w)?)(>=|<=|!=|==|[:=<>])/y;
/** A regular expression between slashes, its flags, and then nothing that would make it a path. */
const slashed = /\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([imsu]*)(?=[\s)]|$)/y;
const word = /[^\s()"]+/y;
const space = /\s*/y;

/** Text of only spaces is the filter that every line passes. Throws FilterSyntaxError. */
export function parseFilter(text: string): FilterNode {
  if (text.length > maxFilterLength) {
    throw new FilterSyntaxError(`A filter has at most ${maxFilterLength} characters`, maxFilterLength, 0);
  }
  return new Parser(text).parse();
}

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): FilterNode {
    this.#skipSpace();
    if (this.#isAtEnd()) return everyLine;
    const node = this.#either();
    if (!this.#isAtEnd()) throw this.#fault('There is no ( for this )', 1);
    return node;
  }

  #either(): FilterNode {
    const nodes = [this.#all()];
    while (this.#takeWord('OR')) nodes.push(this.#all());
    return nodes.length === 1 ? nodes[0]! : { kind: 'or', nodes };
  }

  #all(): FilterNode {
    const nodes: FilterNode[] = [];
    for (;;) {
      this.#skipSpace();
      if (nodes.length > 0 && this.#takeWord('AND')) this.#skipSpace();
      else if (this.#isAtEnd() || this.#peek() === ')' || this.#seesWord('OR')) break;
      nodes.push(this.#one());
    }
    if (nodes.length === 0) throw this.#missing();
    return nodes.length === 1 ? nodes[0]! : { kind: 'and', nodes };
  }

  #one(): FilterNode {
    if (this.#isAtEnd() || this.#peek() === ')' || this.#seesWord('OR') || this.#seesWord('AND')) {
      throw this.#missing();
    }
    if (++this.#depth > maxDepth) throw this.#fault(`A filter nests at most ${maxDepth} deep`, 1);
    const node =
      this.#negated() ?? this.#group() ?? this.#phrase() ?? this.#regex() ?? this.#compared() ?? this.#word();
    this.#depth--;
    return node;
  }

  #negated(): FilterNode | null {
    if (this.#takeWord('NOT')) {
      this.#skipSpace();
      return { kind: 'not', node: this.#one() };
    }
    const after = this.#text[this.#at + 1];
    if (this.#peek() !== '-' || after === undefined || /[\s\->]/.test(after)) return null;
    this.#at++;
    return { kind: 'not', node: this.#one() };
  }

  #group(): FilterNode | null {
    if (this.#peek() !== '(') return null;
    const start = this.#at++;
    const node = this.#either();
    if (this.#peek() !== ')') throw new FilterSyntaxError('This ( is never closed', start, 1);
    this.#at++;
    return node;
  }

  #phrase(): FilterNode | null {
    const start = this.#at;
    const text = this.#quoted();
    if (text === '') throw new FilterSyntaxError('This phrase is empty', start, 2);
    return text === null ? null : { kind: 'text', text };
  }

  #regex(): FilterNode | null {
    const start = this.#at;
    const match = this.#take(slashed);
    if (match === null) return null;
    const [whole, pattern, flags] = match as unknown as [string, string, string];
    try {
      new RegExp(pattern, flags);
    } catch (error) {
      const reason = (error as Error).message.replace(/^Invalid regular expression: .*\/[a-z]*: /, '');
      throw new FilterSyntaxError(`Not a regular expression: ${reason}`, start, whole.length);
    }
    return { kind: 'regex', pattern, flags };
  }

  #compared(): FilterNode | null {
    const start = this.#at;
    const match = this.#take(comparedKey);
    if (match === null) return null;
    const key = match[1]!;
    const comparison = (match[2] === '==' ? '=' : match[2]) as Comparison;
    const quoted = this.#quoted();
    const value = quoted ?? this.#take(word)?.[0] ?? '';
    const looksLikeText =
      comparison === ':' && quoted === null && (value === '' || /^(?:[:\\]|\/\/)/.test(value));
    if (looksLikeText) {
      this.#at = start;
      return null;
    }
    if (value === '' && quoted === null) throw this.#fault(`Say what ${key} is compared with`, 0);
    if (key === 'level') return this.#level(comparison, value, start);
    const isOrder = comparison !== ':' && comparison !== '=' && comparison !== '!=';
    if (isOrder && !isNumber(value)) {
      throw new FilterSyntaxError(`${key}${comparison} needs a number`, start, this.#at - start);
    }
    return { kind: 'field', key, comparison, value, isQuoted: quoted !== null };
  }

  #level(comparison: Comparison, value: string, start: number): FilterNode {
    const level = levelAliases.get(value.toLowerCase());
    if (level === undefined) {
      const known = [...logLevels, 'none'].join(', ');
      throw new FilterSyntaxError(
        `There is no level "${value}"; levels are ${known}`,
        start,
        this.#at - start,
      );
    }
    return { kind: 'level', comparison, level };
  }

  #word(): FilterNode {
    return { kind: 'text', text: this.#take(word)![0] };
  }

  /** Null where no quote begins. Inside, `\"` and `\\` stand for `"` and `\`. */
  #quoted(): string | null {
    if (this.#peek() !== '"') return null;
    const start = this.#at++;
    let content = '';
    while (!this.#isAtEnd()) {
      const character = this.#text[this.#at++]!;
      if (character === '"') {
        return content;
      }
      const next = this.#peek();
      if (character === '\\' && (next === '"' || next === '\\')) {
        content += next;
        this.#at++;
      } else {
        content += character;
      }
    }
    throw new FilterSyntaxError('This " is never closed', start, 1);
  }

  #missing(): FilterSyntaxError {
    const isEmptyGroup = this.#peek() === ')' && this.#text[this.#at - 1] === '(';
    if (isEmptyGroup)
      return this.#fault('Nothing stands in these ( ); to find them, put the text in quotes', 1);
    return this.#fault(this.#at === 0 ? 'Something is missing before this' : 'Something is missing here', 0);
  }

  #fault(message: string, length: number): FilterSyntaxError {
    return new FilterSyntaxError(message, this.#at, length);
  }

  #takeWord(expected: string): boolean {
    this.#skipSpace();
    if (!this.#seesWord(expected)) return false;
    this.#at += expected.length;
    return true;
  }

  #seesWord(expected: string): boolean {
    const end = this.#at + expected.length;
    return this.#text.startsWith(expected, this.#at) && /^(?:[\s(]|$)/.test(this.#text.slice(end, end + 1));
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #skipSpace(): void {
    this.#take(space);
  }

  #peek(): string | undefined {
    return this.#text[this.#at];
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }
}

export function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
