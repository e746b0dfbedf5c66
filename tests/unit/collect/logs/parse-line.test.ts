/** Every format's example says what the table claims; and what must not be taken for a level or a field. */
import { describe, expect, it } from 'vitest';
import { createLineParser } from '../../../../collect/logs/parse-line.ts';
import { lineFormats } from '../../../../collect/logs/formats/line-formats.ts';

const parse = createLineParser(() => new Date('2026-06-01T12:00:00').getTime());

describe('the table of formats', () => {
  for (const { name, example, says } of lineFormats) {
    it(name, () => {
      const { time, level } = parse(example);
      expect({ time, level }).toEqual({
        time: says.time === null ? null : new Date(says.time).getTime(),
        level: says.level,
      });
    });
  }

  // Several rows share a recogniser: each row must be reachable by its own example's first character.
  it('offers every format to its own example', () => {
    for (const { name, example, starts } of lineFormats) {
      expect(starts === null || starts.includes(example[0]!), name).toBe(true);
    }
  });
});

describe('time', () => {
  const times: [string, string | null][] = [
    ['2026-02-30T99:00:00Z nonsense', null],
    ['2026-13-01 00:00:00 no such month', null],
    ['2026-01-02 03:04 minutes only', '2026-01-02T03:04:00'],
    ['2026-01-02T03:04:05.678901-0330 far west', '2026-01-02T06:34:05.678Z'],
    ['2026-01-02 03:04:05.123 UTC [7] LOG:  ready', '2026-01-02T03:04:05.123Z'],
    ['2026-01-02 03:04:05+01 mac installer', '2026-01-02T02:04:05Z'],
    ['Jun  2 11:00:00 host a: tomorrow is this year', '2026-06-02T11:00:00'],
    ['Jun  3 11:00:00 host a: later than that was last year', '2025-06-03T11:00:00'],
    ['23:30:00 yesterday evening', '2026-05-31T23:30:00'],
    ['1767323045678 in milliseconds', '2026-01-02T03:04:05.678Z'],
    ['1767323045 in seconds', '2026-01-02T03:04:05Z'],
    ['17673230456 has too many digits', null],
    ['1767323045x is an id', null],
    ['{"ts":1767323045.678,"msg":"zap"}', '2026-01-02T03:04:05.678Z'],
    ['{"time":1767323045678,"level":30}', '2026-01-02T03:04:05.678Z'],
    ['{"@timestamp":"2026-01-02T03:04:05.678Z"}', '2026-01-02T03:04:05.678Z'],
    ['time="2026-01-02T03:04:05Z" level=info msg=x', '2026-01-02T03:04:05Z'],
    ['{"t":{"$date":"2026-01-02T03:04:05.678Z"},"s":"I"}', '2026-01-02T03:04:05.678Z'],
    ['\u001b[90m2026-01-02T03:04:05Z\u001b[0m coloured', '2026-01-02T03:04:05Z'],
    ['', null],
    ['just words', null],
  ];
  for (const [line, time] of times) {
    it(JSON.stringify(line), () =>
      expect(parse(line).time).toBe(time === null ? null : new Date(time).getTime()),
    );
  }
});

describe('level', () => {
  const levels: [string, string | null][] = [
    ['no error found in the file', null],
    ['\u001b[32mINFO\u001b[0m[0001] started', 'info'],
    ['[\u001b[1;31mERROR\u001b[0m] it broke', 'error'],
    ['2026-01-02 03:04:05 \u001b[33mwarn\u001b[39m: slow', 'warn'],
    ['2026-01-02 03:04:05 \u001b[31merror\u001b[39m it broke', 'error'],
    ['\u001b[1merrors are rare\u001b[0m', null],
    ['{"ts":1767323045.678,"status":404}', 'warn'],
    ['method=GET path=/x status=503', 'error'],
    ['{"http":{"response":{"status_code":200}}}', 'info'],
    ['{"status":"ok","msg":"x"}', null],
    ['{"Level":"Warning","Message":"x"}', 'warn'],
    ['{"priority":"3","msg":"x"}', 'error'],
    ['{"s":"E","c":"NETWORK","msg":"it broke"}', 'error'],
    ['GET /ERROR/index.html', null],
    ['MAX_ERROR_COUNT reached', null],
    ['ERROR42', null],
    ['error: cannot open', 'error'],
    ['[warn] low on space', 'warn'],
    ['[E] single letter', 'error'],
    ['I am no level', null],
    ['WARNING:root:from Python', 'warn'],
    ['npm ERR! code E404', 'error'],
    ['panic: runtime error: index out of range', 'fatal'],
    ['{"level":50,"msg":"pino"}', 'error'],
    ['{"level":10,"msg":"pino"}', 'trace'],
    ['{"severity":"WARNING"}', 'warn'],
    ['{"severity":3}', 'error'],
    ['{"level":"nonsense","msg":"x"}', null],
    ['level=debug msg="a b"', 'debug'],
    ['Jan  2 03:04:05 host app: {"level":"fatal","msg":"x"}', 'fatal'],
    ['10.0.0.7 - - [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 200 5', 'info'],
    ['10.0.0.7 - - [02/Jan/2026:03:04:05 +0000] "GET /?q=\\"x HTTP/1.1" 503 5', 'error'],
    [`${'x'.repeat(300)} ERROR too far into the line`, null],
  ];
  for (const [line, level] of levels) {
    it(JSON.stringify(line.slice(0, 60)), () => expect(parse(line).level).toBe(level));
  }
});

describe('fields', () => {
  it('flattens JSON with dots', () => {
    expect(parse('{"a":{"b":[1,{"c":null}]},"d":true,"e":"x"}').fields).toEqual({
      'a.b.0': 1,
      'a.b.1.c': null,
      d: true,
      e: 'x',
    });
  });

  it.each([
    [
      '10.0.0.7 - ana [02/Jan/2026:03:04:05 +0100] "GET /a b?q=\\"x HTTP/1.1" 404 153 "-" "curl/8"',
      { method: 'GET', path: '/a b?q=\\"x', status: 404, bytes: 153 },
    ],
    [
      '10.0.0.7 - - [02/Jan/2026 03:04:05] "POST / HTTP/1.1" 500 -',
      { method: 'POST', path: '/', status: 500 },
    ],
    ['10.0.0.7 - - [02/Jan/2026:03:04:05 +0100] "\\x16\\x03" 400 0 "-" "-"', { status: 400, bytes: 0 }],
    ['10.0.0.7 - - [02/Jan/2026:03:04:05 +0100] "-" 408 - "a HTTP/1.1" "-"', { status: 408 }],
  ])('reads request and answer of an access log: %s', (line, fields) => {
    expect(parse(line).fields).toEqual(fields);
  });

  it('keeps at most 64 fields', () => {
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i])));
    expect(Object.keys(parse(wide).fields!)).toHaveLength(64);
    const logfmt = Array.from({ length: 100 }, (_, i) => `k${i}=${i}`).join(' ');
    expect(Object.keys(parse(logfmt).fields!)).toHaveLength(64);
  });

  it('lets no line set a prototype', () => {
    for (const line of ['{"__proto__":{"isAdmin":true},"a":1}', '__proto__=x a=1 b=2']) {
      const { fields } = parse(line);
      expect(Object.getPrototypeOf(fields)).toBe(Object.prototype);
      expect((fields as Record<string, unknown>)['isAdmin']).toBeUndefined();
      expect(fields).toHaveProperty('a', 1);
    }
  });

  it('stands nesting of any depth', () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    expect(parse(deep).fields).toEqual({ 'a.a.a.a.a.a.a.a': '{...}' });
  });

  it('reads logfmt: quotes, escapes, numbers, words between', () => {
    expect(parse('msg="a \\"b\\" c" n=12 f=-0.5 ok=true id=007 empty= path=/x?a=b').fields).toEqual({
      msg: 'a "b" c',
      n: 12,
      f: -0.5,
      ok: true,
      id: '007',
      empty: '',
      path: '/x?a=b',
    });
    expect(parse('accepted from 10.0.0.7 port=22 user=ana').fields).toEqual({ port: 22, user: 'ana' });
  });

  it('takes neither one pair nor a query string for logfmt', () => {
    expect(parse('see a=b for details').fields).toBeNull();
    expect(parse('GET /?a=1&b=2&c=3 HTTP/1.1').fields).toBeNull();
  });

  it('leaves broken JSON as text', () => {
    expect(parse('{"a":1').fields).toBeNull();
    expect(parse('{not json}').fields).toBeNull();
  });
});

it('neither throws nor hangs on hostile lines', () => {
  // A parser that backtracks would outlast the test's timeout on these.
  for (const piece of ['a=', '=', '"', '\\"', 'ERROR_', '[', '{"', 'a="', ' [', '<1']) {
    expect(() => parse(piece.repeat(32_768))).not.toThrow();
  }
});
