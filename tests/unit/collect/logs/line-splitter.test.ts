/** Bytes to lines, whatever the pieces they come in. */
import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { LineSplitter, type LineSplitterOptions } from '../../../../collect/logs/line-splitter.ts';

function splitter(options: Omit<LineSplitterOptions, 'onLine'> = {}) {
  const lines: string[] = [];
  const truncated: boolean[] = [];
  const made = new LineSplitter({
    ...options,
    onLine: (text, isTruncated) => {
      lines.push(text);
      truncated.push(isTruncated);
    },
  });
  return { lines, truncated, splitter: made };
}

const text = Buffer.from('one\ntwo\r\n\nthrée €\u0000 \u{1f600}\r\r\nwith \u2028 and \u001b[31m\n');
const expected = ['one', 'two', '', 'thrée €\u0000 \u{1f600}\r', 'with \u2028 and \u001b[31m'];

describe('LineSplitter', () => {
  it('gives the same lines for pieces of every size', () => {
    for (let size = 1; size <= text.length; size++) {
      const { lines, splitter: split } = splitter();
      for (let at = 0; at < text.length; at += size) {
        // The piece is overwritten afterwards, as a reused read buffer is.
        const piece = Buffer.from(text.subarray(at, at + size));
        split.push(piece);
        piece.fill(0x58);
      }
      expect(lines, `pieces of ${size}`).toEqual(expected);
    }
  });

  it('holds a half line until its end comes', () => {
    const { lines, splitter: split } = splitter();
    split.push(Buffer.from('half'));
    expect(lines).toEqual([]);
    split.push(Buffer.from(' a line\nnext'));
    expect(lines).toEqual(['half a line']);
    split.flush();
    expect(lines).toEqual(['half a line', 'next']);
  });

  it('turns bad UTF-8 into U+FFFD', () => {
    const { lines, splitter: split } = splitter();
    split.push(Buffer.from([0x61, 0xff, 0x62, 0xc3, 0x0a, 0xe2, 0x82, 0x0a, 0xed, 0xa0, 0x80, 0x0a]));
    expect(lines.map((line) => line.replace(/\ufffd+/g, '?'))).toEqual(['a?b?', '?', '?']);
    expect(lines.join('')).not.toMatch(/[\ud800-\udfff]/);
  });

  it('cuts a long line at the limit, marks it, and goes on with the next', () => {
    for (const size of [1, 3, 7, 10, 11, 12, 64]) {
      const { lines, truncated, splitter: split } = splitter({ maxLineBytes: 10 });
      const long = Buffer.from(`0123456789\n0123456789\r\n0123456789a\n${'y'.repeat(99)}\nshort\n`);
      for (let at = 0; at < long.length; at += size) split.push(long.subarray(at, at + size));
      expect(lines, `pieces of ${size}`).toEqual([
        '0123456789',
        '0123456789',
        '0123456789',
        'y'.repeat(10),
        'short',
      ]);
      expect(truncated).toEqual([false, false, true, true, false]);
    }
  });

  it('does not cut through a character', () => {
    const { lines, splitter: split } = splitter({ maxLineBytes: 10 });
    split.push(Buffer.from('12345678€€€€\n'));
    expect(lines).toEqual(['12345678']);
  });

  it('holds no more than the limit of an endless line', () => {
    const { lines, splitter: split } = splitter({ maxLineBytes: 1024 });
    for (let i = 0; i < 1000; i++) {
      split.push(Buffer.alloc(1000, 'x'));
      expect(split.heldBytes).toBeLessThanOrEqual(1026);
    }
    split.push(Buffer.from('\nafter\n'));
    expect(lines.map((line) => line.length)).toEqual([1024, 5]);
  });

  it('leaves out a first half line, and the hole that a truncation left', () => {
    const late = splitter({ skipsFirstLine: true });
    late.splitter.push(Buffer.from('half a '));
    late.splitter.push(Buffer.from('line\nwhole\n'));
    expect(late.lines).toEqual(['whole']);

    const hole = splitter({ skipsLeadingNuls: true });
    hole.splitter.push(Buffer.alloc(100_000));
    hole.splitter.push(Buffer.from('\0\0after\n\0kept\n'));
    expect(hole.lines).toEqual(['after', '\0kept']);
  });
});
