/** Terminal styles in log lines: shown as colours, never obeyed. */
import { describe, expect, it } from 'vitest';
import { plainText, styledRuns } from '../../../shared/ansi-text.ts';

describe('styledRuns', () => {
  it('leaves text without styles alone', () => {
    expect(styledRuns('plain [1m] text')).toEqual([{ text: 'plain [1m] text', style: null }]);
    expect(styledRuns('')).toEqual([{ text: '', style: null }]);
  });

  it.each([
    ['\u001b[31m', { color: 1 }],
    ['\u001b[91m', { color: 9 }],
    ['\u001b[1;32m', { color: 2, isBold: true }],
    ['\u001b[44;97m', { color: 15, background: 4 }],
    ['\u001b[38;5;9m', { color: 9 }],
    ['\u001b[38;5;196m', { color: 9 }],
    ['\u001b[38;5;244m', { color: 8 }],
    ['\u001b[38;2;20;200;20m', { color: 2 }],
    ['\u001b[48;5;4;1m', { background: 4, isBold: true }],
    ['\u001b[3;4;7;2m', { isItalic: true, isUnderlined: true, isInverse: true, isDim: true }],
  ])('reads %j', (escape, style) => {
    const [run] = styledRuns(`${escape}text\u001b[0m`);
    expect(run!.text).toBe('text');
    expect(run!.style).toMatchObject(style);
  });

  it('ends styles where they end', () => {
    const runs = styledRuns('a\u001b[1;31mb\u001b[22mc\u001b[39md');
    expect(runs.map(({ text, style }) => [text, style?.color ?? null, style?.isBold ?? false])).toEqual([
      ['a', null, false],
      ['b', 1, true],
      ['c', 1, false],
      ['d', null, false],
    ]);
    expect(runs[3]!.style).toBeNull();
  });

  it('keeps every other escape in the text', () => {
    const hostile = '\u001b]8;;http://evil\u0007click\u001b]8;;\u0007 \u001b[2J\u001b]52;c;ZXZpbA==\u0007';
    expect(plainText(hostile)).toBe(hostile);
    expect(styledRuns(hostile)).toEqual([{ text: hostile, style: null }]);
  });

  it('joined is the plain text', () => {
    const text = '\u001b[33mWARN\u001b[0m a \u001b[38;5;300mb\u001b[38m c\u001b[;m\u001b[99999m';
    expect(
      styledRuns(text)
        .map((run) => run.text)
        .join(''),
    ).toBe(plainText(text));
  });
});
