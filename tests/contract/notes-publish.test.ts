/** What may be put on the timeline and how: every easy way of a script, every limit, and what is refused. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { problem } from '../../shared/snapshot.ts';
import { accepted, postJson, postText, withdrawNote } from '../support/post-note.ts';
import { ScriptedObserver } from '../support/scripted-observer.ts';
import { startTestHub, type TestHub } from '../support/start-test-hub.ts';
import { getRequest, exchangeRaw } from '../support/raw-request.ts';

const notes = '/api/v1/notes';
const events = '/api/v1/events';

function startHub(): Promise<TestHub> {
  return startTestHub({ observers: [new ScriptedObserver()] });
}

async function refusal(response: Promise<Response>): Promise<[number, string]> {
  const answer = await response;
  return [answer.status, problem.parse(await answer.json()).error.code];
}

async function curl(hub: TestHub, ...words: string[]): Promise<unknown> {
  const child = spawn('curl', [
    '-s',
    '-H',
    `Authorization: Bearer ${hub.ownerToken}`,
    ...words,
    hub.origin + events,
  ]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  return JSON.parse(output);
}

/** The cookie of a page that came with a launch ticket. */
async function sessionOf(hub: TestHub): Promise<string> {
  const ticket = new URL(hub.launchUrl()).hash.replace('#ticket=', '');
  const session = await fetch(`${hub.origin}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ticket }),
  });
  return session.headers.get('set-cookie')!.split(';')[0]!;
}

test('a note says who, when and about whom', async () => {
  await using hub = await startHub();
  const before = Date.now();
  const { note, unkeptReason } = await accepted(
    postJson(hub, notes, { text: '  Swapped the disk.\nAll well. ', hosts: ['web-1.example.net', 'web-1'] }),
  );
  expect(note).toMatchObject({
    kind: 'note',
    author: 'owner',
    hosts: ['web-1'],
    title: null,
    text: 'Swapped the disk.\nAll well.',
    level: 'info',
    tags: [],
    link: null,
  });
  expect(note.time).toBeGreaterThanOrEqual(before);
  expect(unkeptReason).toBeNull();
});

describe('curl -d takes a marker however it is written', () => {
  const marker = (fields: object) => ({ note: { kind: 'marker', title: 'Deployed 1.2', ...fields } });

  test.for<[string, string[], object]>([
    ['as its title', ['-d', 'Deployed 1.2'], { text: null, hosts: null, level: 'info' }],
    ['with signs a form would take apart', ['-d', '100% of a=b & c+d'], { title: '100% of a=b & c+d' }],
    [
      'as fields',
      ['-d', 'title=Deployed 1.2', '-d', 'host=web-1', '-d', 'tags=ci, api'],
      { hosts: ['web-1'], tags: ['ci', 'api'] },
    ],
    [
      'as encoded fields',
      ['-d', 'title=Deployed 1.2', '--data-urlencode', 'text=a & b\nc'],
      { text: 'a & b\nc' },
    ],
    ['as JSON without its type', ['-d', '{"title":"Deployed 1.2","level":"warn"}'], { level: 'warn' }],
    [
      'as JSON',
      ['--json', '{"title":"Deployed 1.2","link":"https://ci.example.net/7?x=1#log"}'],
      { link: 'https://ci.example.net/7?x=1#log' },
    ],
    [
      'as the message of a commit',
      ['--data-binary', 'Deployed 1.2\n\nWith two lines\nof text.\n'],
      { text: 'With two lines\nof text.' },
    ],
    [
      'as plain text',
      ['-H', 'Content-Type: text/plain; charset=utf-8', '-d', 'title=x'],
      { title: 'title=x' },
    ],
  ])('%s', async ([, words, fields]) => {
    await using hub = await startHub();
    expect(await curl(hub, ...words)).toMatchObject(marker(fields));
  });

  test('with its time in milliseconds or as a date', async () => {
    await using hub = await startHub();
    const time = Math.floor(Date.now() / 1000) * 1000 - 3_600_000;
    const date = new Date(time).toISOString().replace('Z', '+00:00');
    expect(await curl(hub, '-d', 'title=Deployed 1.2', '-d', `time=${time}`)).toMatchObject(marker({ time }));
    expect(await curl(hub, '-d', 'title=Deployed 1.2', '--data-urlencode', `time=${date}`)).toMatchObject(
      marker({ time }),
    );
  });
});

describe('what does not fit is refused, with what is wrong', () => {
  test.for<[string, string, unknown, number, string]>([
    ['an empty note', notes, { text: '   ' }, 400, 'bad-body'],
    ['a note that is too long', notes, { text: 'x'.repeat(2_001) }, 400, 'bad-body'],
    ['a field that does not exist', notes, { text: 'x', author: 'somebody' }, 400, 'bad-body'],
    ['a host nobody knows', notes, { text: 'x', hosts: ['web-9'] }, 400, 'unknown-host'],
    ['a time in seconds', notes, { text: 'x', time: Math.floor(Date.now() / 1000) }, 400, 'bad-time'],
    [
      'a time of three years ago',
      events,
      { title: 'x', time: Date.now() - 1_096 * 86_400_000 },
      400,
      'bad-time',
    ],
    ['a time to come', events, { title: 'x', time: Date.now() + 600_000 }, 400, 'bad-time'],
    ['no title', events, { text: 'x' }, 400, 'bad-body'],
    ['a title that is too long', events, { title: 'x'.repeat(201) }, 400, 'bad-body'],
    ['a level nobody knows', events, { title: 'x', level: 'loud' }, 400, 'bad-body'],
    ['too many tags', events, { title: 'x', tags: Array.from({ length: 17 }, String) }, 400, 'bad-body'],
    ['a script for a link', events, { title: 'x', link: 'javascript:alert(1)' }, 400, 'bad-body'],
    ['a link that is not encrypted', events, { title: 'x', link: 'http://example.net/' }, 400, 'bad-body'],
    [
      'a link under another name',
      events,
      { title: 'x', link: 'https://good.example@evil.example/' },
      400,
      'bad-body',
    ],
    [
      'a link with a backslash',
      events,
      { title: 'x', link: 'https://good.example\\@evil.example' },
      400,
      'bad-body',
    ],
    ['a body that is too large', events, { title: 'x', text: 'x'.repeat(65_536) }, 413, 'body-too-large'],
  ])('%s', async ([, path, value, status, code]) => {
    await using hub = await startHub();
    expect(await refusal(postJson(hub, path as typeof notes, value))).toEqual([status, code]);
  });

  test.for<[string, Record<string, string>]>([
    ['a picture', { 'Content-Type': 'image/png' }],
    ['a compressed body', { 'Content-Type': 'text/plain', 'Content-Encoding': 'gzip' }],
  ])('%s', async ([, headers]) => {
    await using hub = await startHub();
    expect(await refusal(postText(hub, 'x', { headers }))).toEqual([415, 'not-an-event']);
  });

  test('an empty body, and JSON that is none', async () => {
    await using hub = await startHub();
    expect(await refusal(postText(hub, ''))).toEqual([400, 'bad-body']);
    expect(await refusal(postText(hub, '{"title": "x"'))).toEqual([400, 'bad-body']);
    expect(await refusal(postText(hub, 'x', { path: notes }))).toEqual([415, 'not-json']);
  });

  test('without a token, and from a page of another origin', async () => {
    await using hub = await startHub();
    expect(await refusal(fetch(hub.origin + events, { method: 'POST', body: 'x' }))).toEqual([
      401,
      'unauthorised',
    ]);
    const cookie = await sessionOf(hub);
    const request = getRequest(events, {
      Host: `127.0.0.1:${hub.port}`,
      Cookie: cookie,
      Origin: 'http://127.0.0.1:1',
    });
    expect(await exchangeRaw(hub.port, request.replace('GET', 'POST'))).toMatch(/ 403 [\s\S]*foreign-page/);
  });
});

test('a token that posts too often has to wait, and the others do not', async () => {
  await using hub = await startTestHub({ maxNotesPerMinute: 3, observers: [new ScriptedObserver()] });
  for (let post = 0; post < 2; post++) await accepted(postText(hub, `marker ${post}`));
  expect(await refusal(postText(hub, ''))).toEqual([400, 'bad-body']);
  const answer = await postText(hub, 'one too many');
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(problem.parse(await answer.json()).error.code).toBe('too-many-notes');
  expect(await withdrawNote(hub, 'abcdefgh')).toBe(429);
  const headers = { Cookie: await sessionOf(hub) };
  const other = await fetch(hub.origin + events, { method: 'POST', headers, body: 'from a page' });
  expect([other.status, (await hub.get('/api/v1/hosts')).status]).toEqual([201, 200]);
});
