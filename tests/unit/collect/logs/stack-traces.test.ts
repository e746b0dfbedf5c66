/** Stack traces joined to their line: the examples of the table, and what must not be joined. */
import { afterEach, describe, expect, it } from 'vitest';
import { traceFormats } from '../../../../collect/logs/formats/stack-traces.ts';
import { createLineEmitter, type OpenLines } from '../../../../collect/logs/line-emitter.ts';
import { createLogRecorder } from './support/log-recorder.ts';

const recorder = createLogRecorder();
const emitter = createLineEmitter('web-1', (observation) => recorder.emit(observation));
let places: OpenLines[] = [];

function open(label = 'app.log'): OpenLines {
  const place = emitter.open(label);
  places.push(place);
  return place;
}

function tell(place: OpenLines, lines: readonly string[]): void {
  for (const line of lines) place.onLine(line, false);
}

afterEach(() => {
  for (const place of places) place[Symbol.dispose]();
  places = [];
  recorder.lines.length = 0;
});

const before = '2026-01-02T03:04:05Z INFO before';
const after = '2026-01-02T03:04:06Z INFO after';

describe('each format of the table', () => {
  for (const { name, example } of traceFormats) {
    it(`${name}: its lines are one event between two others`, () => {
      const place = open();
      tell(place, [before, ...example, after]);
      emitter.flush();
      expect(recorder.texts()).toEqual([before, example.join('\n'), after]);
      expect(recorder.lines[1]!.level).toMatch(/error|fatal/);
    });

    it(`${name}: the same where the lines come in two reads`, async () => {
      for (let cut = 1; cut < example.length; cut++) {
        const place = open();
        tell(place, example.slice(0, cut));
        // Two turns: the first one ends the read.
        await new Promise(setImmediate);
        await new Promise(setImmediate);
        tell(place, [...example.slice(cut), after]);
        place[Symbol.dispose]();
        expect(recorder.texts(), `cut behind "${example[cut - 1]}"`).toEqual([example.join('\n'), after]);
        recorder.lines.length = 0;
      }
    });
  }
});

it('a Python traceback is one event with no line before it, too', () => {
  const traceback = [
    'Traceback (most recent call last):',
    '  File "a.py", line 1, in <module>',
    'ValueError: no',
  ];
  tell(open(), [before, ...traceback, 'all is well']);
  emitter.flush();
  expect(recorder.texts()).toEqual([before, traceback.join('\n'), 'all is well']);
});

describe('what is no part of a trace', () => {
  const apart: [string, string[]][] = [
    [
      'lines as any others',
      [before, after, '10.0.0.7 - - [02/Jan/2026:03:04:05 +0100] "GET / HTTP/1.1" 200 1'],
    ],
    ['indented text', ['Start-Date: 2026-01-02  03:04:05', '  Install: curl', '\tname: value']],
    ['an empty line', ['2026-01-02 03:04:05 ERROR it broke', '', 'next']],
    ['exceptions that are named one after another', ['java.io.IOException: one', 'java.io.IOException: two']],
  ];
  for (const [name, lines] of apart) {
    it(name, () => {
      tell(open(), lines);
      emitter.flush();
      expect(recorder.texts()).toEqual(lines);
    });
  }

  it('an empty line behind a finished traceback stays, as its own', () => {
    tell(open(), [
      'ERROR it broke',
      'Traceback (most recent call last):',
      '  File "x"',
      'KeyError: 7',
      '',
      after,
    ]);
    emitter.flush();
    expect(recorder.texts().slice(1)).toEqual(['', after]);
  });

  it('lines of two places are kept apart', () => {
    const [one, two] = [open('one'), open('two')];
    one.onLine('ERROR it broke', false);
    two.onLine('INFO fine', false);
    one.onLine('\tat org.example.Main.main(Main.java:7)', false);
    emitter.flush();
    expect(recorder.texts().sort()).toEqual([
      'ERROR it broke\n\tat org.example.Main.main(Main.java:7)',
      'INFO fine',
    ]);
  });
});

describe('waiting', () => {
  it('a line that nothing can follow is told at the end of its read, a line of trouble soon after', async () => {
    const place = open();
    tell(place, [before]);
    await recorder.untilLine(before);
    tell(place, ['ERROR it broke']);
    await recorder.untilLine('ERROR it broke');
  });

  it('a trace without end becomes several events, and nothing of it is lost', () => {
    const frames = Array.from({ length: 2_000 }, (_, i) => `\tat org.example.Main.frame${i}(Main.java:${i})`);
    tell(open(), ['ERROR it broke', ...frames]);
    emitter.flush();
    expect(recorder.lines.length).toBeGreaterThan(1);
    expect(recorder.texts().join('\n').split('\n')).toEqual(['ERROR it broke', ...frames]);
  });
});
