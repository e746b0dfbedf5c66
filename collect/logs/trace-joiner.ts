/**
 * Joins the lines of a stack trace to the line they belong to: one event, its lines parted by LF. Only the last line of what was read at
 * once is held back, and only for a moment, and only where more of it may come.
 */
import { levelRank } from '../../shared/log-level.ts';
import { MAX_LOG_LINE_BYTES } from '../../shared/protocol.ts';
import type { LogLine } from '../../shared/schema/logs.ts';
import {
  isExceptionOf,
  isMessageAfter,
  mayHaveTrace,
  traceBegunBy,
  type TraceFormat,
} from './formats/stack-traces.ts';

/** A writer that takes longer between two lines of one trace has written two events. */
const HOLD_MS = 100;
/** Characters of one event; what is more becomes the next one. */
const MAX_LENGTH = MAX_LOG_LINE_BYTES / 4;

export interface TraceJoinerOptions {
  /** What a line says of itself. */
  parse: (text: string, isTruncated: boolean, time: number | undefined) => LogLine;
  emit: (line: LogLine) => void;
  /** Default 100 ms. */
  holdMs?: number;
}

export class TraceJoiner {
  readonly #options: TraceJoinerOptions;
  #held: LogLine | null = null;
  #last = '';
  #trace: TraceFormat | null = null;
  /** An exception ended a traceback; another one may follow behind an empty line. */
  #isEnded = false;
  /** Empty lines after a trace: part of it only where it goes on behind them. */
  #blanks = 0;
  #turn: NodeJS.Immediate | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: TraceJoinerOptions) {
    this.#options = options;
  }

  /** `time`: see `OpenLines`. */
  line(text: string, isTruncated: boolean, time?: number): void {
    const begun = traceBegunBy(text);
    if (this.#held !== null && !isTruncated && this.#join(this.#held, text, begun)) return;
    this.#release();
    this.#held = this.#options.parse(text, isTruncated, time);
    // "Traceback (most recent call last):" with no other line before it.
    this.#trace = begun?.goesOn !== undefined && text.charCodeAt(0) > 32 ? begun : null;
    this.#last = text;
    if (isTruncated) this.#release();
    else this.#turn ??= setImmediate(() => this.#endTurn());
  }

  /** Hands over what is held: nothing waits after this. */
  flush(): void {
    this.#release();
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#turn !== null) clearImmediate(this.#turn);
    this.#timer = this.#turn = null;
  }

  /** True where the line is part of what is held, or may be. */
  #join(held: LogLine, text: string, begun: TraceFormat | null): boolean {
    if (held.text.length + text.length >= MAX_LENGTH) return false;
    if (text === '') return this.#mayPartTrace(held) && ++this.#blanks === 1;
    const goesOn = this.#trace !== null && !this.#isEnded && (this.#trace.goesOn?.(text) ?? false);
    if (goesOn || this.#begin(held, text, begun)) {
      this.#append(held, text);
      return true;
    }
    if (this.#trace === null || this.#isEnded || this.#blanks > 0 || !isExceptionOf(this.#trace, text))
      return false;
    this.#append(held, text);
    this.#isEnded = true;
    return true;
  }

  #begin(held: LogLine, text: string, begun: TraceFormat | null): boolean {
    if (this.#blanks === 0 && isMessageAfter(this.#last)) return true;
    if (begun === null) return false;
    // "java.lang.X: ..." alone is a line as any other, unless a line that tells of trouble stands before it.
    const isHeadOfItsOwn =
      text.charCodeAt(0) > 32 && begun.name.startsWith('Java') && !text.startsWith('Caused');
    if (isHeadOfItsOwn && (this.#trace !== null || levelRank(held.level) < levelRank('warn'))) return false;
    if (text.startsWith('Traceback') && this.#trace === null && levelRank(held.level) < levelRank('warn'))
      return false;
    this.#trace = begun;
    this.#isEnded = false;
    return true;
  }

  #append(held: LogLine, text: string): void {
    held.text += `${'\n'.repeat(this.#blanks + 1)}${text}`;
    held.level ??= 'error';
    this.#blanks = 0;
    this.#last = text;
    this.#turn ??= setImmediate(() => this.#endTurn());
  }

  /** Go and Python put empty lines between the parts. */
  #mayPartTrace(held: LogLine): boolean {
    const isTraced = this.#trace?.name === 'Python' || this.#trace?.name === 'Go';
    return isTraced || held.text.startsWith('panic:');
  }

  #release(): void {
    const held = this.#held;
    if (held === null) return;
    const { parse, emit } = this.#options;
    const blanks = this.#blanks;
    this.#held = null;
    // A slice of all that was read with it: it would stay in memory until the next line comes here.
    this.#last = '';
    this.#trace = null;
    this.#isEnded = false;
    this.#blanks = 0;
    emit(held);
    for (let i = 0; i < blanks; i++) emit(parse('', false, held.time));
  }

  /** All that was read at once has come. */
  #endTurn(): void {
    this.#turn = null;
    const held = this.#held;
    if (held === null) return;
    if (this.#trace === null && !isTrouble(held)) {
      this.#release();
      return;
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#release();
    }, this.#options.holdMs ?? HOLD_MS);
  }
}

function isTrouble({ level, text }: LogLine): boolean {
  return level === null ? mayHaveTrace(text) : levelRank(level) >= levelRank('warn');
}
