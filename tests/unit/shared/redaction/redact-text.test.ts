/** Every row of the table does what its example says, finds nothing where nothing is, and takes linear time. */
import { expect, test } from 'vitest';
import { redactionPatterns } from '../../../../shared/redaction/patterns.ts';
import { textRedactor } from '../../../../shared/redaction/redact-text.ts';

const nothing = { secrets: false, emails: false, addresses: false };
const all = { secrets: true, emails: true, addresses: true };

test.each(redactionPatterns.map((row) => [row.name, row] as const))('%s', (_name, row) => {
  const only = textRedactor({ ...nothing, [row.choice]: true });
  expect(only(row.example)).toBe(row.redacted);
  expect(only(row.redacted)).toBe(row.redacted);
  expect(textRedactor(nothing)(row.example)).toBe(row.example);
});

const secrets = textRedactor({ ...nothing, secrets: true });

test.each([
  ['{"user":"ana","password":"hun\\"ter2","ok":true}', '{"user":"ana","password":[secret],"ok":true}'],
  ['msg="{\\"api_key\\":\\"k-1\\",\\"n\\":1}"', 'msg="{\\"api_key\\":[secret]\\",\\"n\\":1}"'],
  ['GET /cb?code=1&access_token=abc&state=2', 'GET /cb?code=1&access_token=[secret]&state=2'],
  ['PGPASSWORD=hunter2 psql -h db', 'PGPASSWORD=[secret] psql -h db'],
  ["client-secret: 'a b', next", 'client-secret: [secret], next'],
  ['redis://:p@ss:w0rd@cache:6379/0', 'redis://:[secret]@cache:6379/0'],
  ['"Cookie": "sid=1; theme=dark", "x": 1', '"Cookie": "[secret]", "x": 1'],
  ['cut -----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1', 'cut [secret]'],
  ['amex 3782 822463 10005 gone', 'amex [secret] gone'],
])('hides %s', (text, redacted) => {
  expect(secrets(text)).toBe(redacted);
});

test.each([
  'password authentication failed for user "ana"',
  'took 1700000000000 ms since 1700000000000000000',
  'order 4111111111111112 shipped',
  'hotplug: usb 1-1 ready, laptop: fine',
  'GET https://example.net:8443/a@b HTTP/1.1',
  'commit 9fceb02d0ae598e95dc970b74767f19372d61af8',
])('leaves %s', (text) => {
  expect(secrets(text)).toBe(text);
});

test.each([
  ['mapped ::ffff:192.0.2.1 here', 'mapped ::ffff:[address] here'],
  ['fe80::1%eth0 up', '[address] up'],
  ['at 12:30:45 version 1.2.3 of std::vector', 'at 12:30:45 version 1.2.3 of std::vector'],
  ['999.1.1.1 is none', '999.1.1.1 is none'],
])('addresses: %s', (text, redacted) => {
  expect(textRedactor({ ...nothing, addresses: true })(text)).toBe(redacted);
});

test('styles of a terminal do not hide a secret; a text without one keeps them', () => {
  expect(secrets('\u001b[36mtoken=\u001b[0mabc123')).toBe('token=[secret]');
  expect(secrets('\u001b[36mready\u001b[0m')).toBe('\u001b[36mready\u001b[0m');
});

// With time that grows by the square each of these takes minutes, and the test its whole limit.
test.each([
  'a',
  'eyJ',
  'eyJaaaaaaaaaaaa.',
  'aaaa@',
  '://a:',
  'password',
  'password="',
  'token: \\"',
  '-----BEGIN PRIVATE KEY-----',
  '4111 ',
  '1.',
  'a:',
  '--token ',
  'cookie: ',
  'wls_',
  '/s/abcdefghijkl#',
])('a megabyte of %j takes linear time', (piece) => {
  const text = piece.repeat(Math.ceil(2 ** 20 / piece.length));
  expect(textRedactor(all)(text).length).toBeGreaterThan(0);
});
