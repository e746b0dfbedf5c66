/** Of the words a desktop program is started with, only its own flags and its own links are obeyed. */
import { describe, expect, it } from 'vitest';
import { deepLinkPath } from '../../electron/deep-link.ts';
import { programFlags } from '../../electron/program-flags.ts';

describe('flags', () => {
  it('of a packaged program start at once', () => {
    expect(programFlags(['/opt/watchline', '--port', '7500'], true)).toEqual(['--port', '7500']);
  });
  it('of an unpackaged one start after the app', () => {
    expect(programFlags(['electron', '--no-sandbox', '/src', '--port', '7500'], false)).toEqual([
      '--port',
      '7500',
    ]);
  });
  it.each([
    '--no-sandbox',
    '--ozone-platform-hint=auto',
    '--disable-gpu',
    '--enable-features=X',
    '--inspect=9229',
    '--remote-debugging-port=0',
  ])("%s is the runtime's", (word) =>
    expect(programFlags(['watchline', word, '--port', '1'], true)).toEqual(['--port', '1']),
  );
  it('a link is no flag', () => {
    expect(programFlags(['watchline', 'watchline://logs'], true)).toEqual([]);
  });
  it.each(['--prot', '--no-open', '--logs', '--data'])('%s is left for our own parser', (word) => {
    expect(programFlags(['watchline', word], true)).toEqual([word]);
  });
});

describe('a deep link', () => {
  it.each([
    ['watchline://overview', '/'],
    ['watchline://logs', '/logs'],
    ['watchline://logs/?q=level%3Aerror', '/logs?q=level%3Aerror'],
    ['watchline://host/web-1', '/host/web-1'],
    ['watchline://host/web-1?from=1&to=2', '/host/web-1?from=1&to=2'],
    // The URL parser has made both harmless before they are looked at: they stay in the page, as text.
    ['watchline://host/../../etc', '/host/etc'],
    ['watchline://logs?q=<script>', '/logs?q=%3Cscript%3E'],
  ])('%s leads to %s', (link, path) => expect(deepLinkPath(link)).toBe(path));

  it.each([
    'https://host/web-1',
    'watchline://settings',
    'watchline://host/',
    'watchline://host/a/b',
    'watchline://host/%2e%2e',
    'watchline://user@host/web-1',
    'watchline://host:80/web-1',
    'watchline://host/web-1#x',
    'watchline://host/<b>',
    'watchline:host/web-1',
    '',
  ])('%s leads nowhere', (link) => expect(deepLinkPath(link)).toBeNull());

  it('longer than any of ours leads nowhere', () => {
    expect(deepLinkPath(`watchline://logs?q=${'a'.repeat(3000)}`)).toBeNull();
  });
});
