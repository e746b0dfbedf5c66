/** Lines copied and exported: text, NDJSON, and CSV that no spreadsheet runs. */
import { describe, expect, it } from 'vitest';
import { csvCell } from '../../../../renderer/format/csv.ts';
import { exportLines, textLine, type ExportFormat } from '../../../../renderer/screens/logs/export-lines.ts';
import { fieldTree } from '../../../../renderer/screens/logs/field-tree.ts';
import { visibleLines } from '../../../../shared/visible-text.ts';
import { firstLineOf, messageParts } from '../../../../renderer/screens/logs/message-parts.ts';
import { columnsOf, rowsOf } from '../../../../renderer/screens/logs/row-layout.ts';
import { fullTime, lineClock } from '../../../../renderer/screens/logs/time-text.ts';
import type { LogLine } from '../../../../shared/schema/logs.ts';

const line: LogLine = {
  host: '4bdf3f9a',
  time: Date.UTC(2026, 10, 21, 14, 3, 12, 45),
  level: 'error',
  source: 'app',
  text: 'a "b", c',
  fields: { 'http.status': 500 },
};

const hostName = (id: string): string => (id === '4bdf3f9a' ? 'web-1' : id);
const exported = (lines: readonly LogLine[], format: ExportFormat): string =>
  exportLines(lines, format, hostName);

describe('export', () => {
  it('writes one line each', () => {
    expect(exported([line, line], 'log')).toBe(
      '2026-11-21T14:03:12.045Z ERROR web-1 app: a "b", c\n'.repeat(2),
    );
  });

  it('writes one line each also where a line holds several, as a stack trace does', () => {
    const trace = { ...line, text: 'Error: broke\n    at run\r\n    at main' };
    const text = exported([trace, line], 'log');
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toContain('app: Error: broke\u240a    at run\u240d\u240a    at main\n');
    const [first, ...rest] = exported([trace], 'ndjson').trimEnd().split('\n');
    expect([JSON.parse(first!) as LogLine, rest]).toMatchObject([{ text: trace.text }, []]);
    expect(exported([trace], 'csv')).toContain('"Error: broke\n    at run\n    at main"');
  });

  it('writes JSON that reads back', () => {
    const [first] = exported([line], 'ndjson').trim().split('\n');
    expect(JSON.parse(first!)).toEqual({ ...line, at: '2026-11-21T14:03:12.045Z', hostName: 'web-1' });
  });

  it('writes CSV with its cells quoted where they must be', () => {
    expect(exported([line], 'csv')).toBe(
      'time,level,host,source,message,fields\r\n' +
        '2026-11-21T14:03:12.045Z,error,web-1,app,"a ""b"", c","{""http.status"":500}"\r\n',
    );
  });

  it.each([
    ['=1+1', `"'=1+1"`],
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    ['\t=1', `"'\t=1"`],
    ['\r=1', `"'\r=1"`],
    ['\uff1d1', `"'\uff1d1"`],
    ['1=1', '1=1'],
    ['plain', 'plain'],
  ])('neutralises %j', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it('makes escapes visible in text, so that pasting it into a terminal does nothing', () => {
    const coloured = '\u001b[31mred\u001b[0m \u001b]0;title\u0007';
    expect(textLine({ ...line, text: coloured }, hostName)).toMatch(/: red ␛]0;title␇$/);
    expect(exported([{ ...line, text: coloured }], 'csv')).toContain(',red ␛]0;title␇,');
  });
});

describe('messageParts', () => {
  it('keeps the lines of a stack trace where there is room, and shows where they end where there is none', () => {
    const trace = 'Error: broke\n    at run\u001b]8;;x\u0007';
    expect(messageParts(trace, [], Infinity, visibleLines)[0]!.text).toBe('Error: broke\n    at run␛]8;;x␇');
    expect(messageParts(trace, [], Infinity)[0]!.text).toBe('Error: broke␊    at run␛]8;;x␇');
  });

  it('marks matches across styles', () => {
    const parts = messageParts('ab\u001b[31mcd\u001b[0mef', [1, 5], 100);
    expect(parts).toEqual([
      { text: 'a', style: '', isMark: false },
      { text: 'b', style: '', isMark: true },
      { text: 'cd', style: 'ansi-1', isMark: true },
      { text: 'e', style: '', isMark: true },
      { text: 'f', style: '', isMark: false },
    ]);
  });

  it('cuts at the limit, counted in what is shown', () => {
    const parts = messageParts('ab\u001b[1mcdef', [], 4);
    expect(parts.map((part) => part.text)).toEqual(['ab', 'cd']);
  });

  it('swaps colours where they are inverse', () => {
    expect(messageParts('\u001b[7;31mx', [], 10)[0]!.style).toBe('ansi-on-1');
    expect(messageParts('\u001b[7mx', [], 10)[0]!.style).toBe('ansi-inverse');
  });
});

it('knows the first line of a trace, without its styles', () => {
  expect(firstLineOf('\u001b[31mError\u001b[0m\n    at run\n    at main')).toEqual({
    units: 5,
    lineCount: 3,
  });
  expect(firstLineOf('one')).toEqual({ units: 3, lineCount: 1 });
});

describe('rowsOf', () => {
  it.each([
    ['', 0, 0, 1],
    ['0123456789', 0, 0, 1],
    ['0123456789', 1, 0, 2],
    ['0123456789\n0123456789\n\n01234567890', 0, 0, 5],
    ['0123456\n0123456', 4, 0, 3],
    ['0123456\n0123456', 0, 4, 3],
  ])('%j with %i columns before and %i behind', (text, before, behind, rows) => {
    expect(rowsOf(text, 10, before, behind)).toBe(rows);
  });
});

describe('columnsOf', () => {
  it.each([
    ['plain', 5],
    ['a\tb', 9],
    ['漢字', 4],
    ['e\u0301', 1],
    ['🙂', 2],
    ['é', 1],
  ])('%j', (text, columns) => {
    expect(columnsOf(text)).toBe(columns);
  });
});

describe('times', () => {
  it('are to the millisecond and name their zone', () => {
    expect(lineClock(line.time, true)).toBe('14:03:12.045');
    expect(fullTime(line.time, true)).toBe('2026-11-21 14:03:12.045 UTC');
    expect(fullTime(line.time, false)).toMatch(/[+-]\d\d:\d\d$/);
  });
});

describe('fieldTree', () => {
  it('takes joined keys apart, and leaves odd ones alone', () => {
    const tree = fieldTree({
      a: 1,
      'http.request.method': 'GET',
      'http.request.path': '/',
      '.x': true,
      'y.': null,
    });
    expect(tree.leaves.map((leaf) => leaf.name)).toEqual(['a', '.x', 'y.']);
    expect(tree.branches).toEqual([
      {
        name: 'http.request',
        branches: [],
        leaves: [
          { name: 'method', key: 'http.request.method', value: 'GET' },
          { name: 'path', key: 'http.request.path', value: '/' },
        ],
      },
    ]);
  });
});
