/** The name of a browser, out of what it calls itself. */
import { expect, test } from 'vitest';
import { browserOf } from '../../../../hub/access/browser-of.ts';

const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0';

test.for([
  ['Firefox on Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
  ['Chrome on Windows', `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36`],
  ['Edge on Windows', `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/156.0.0.0`],
  ['Chrome on Android', `Mozilla/5.0 (Linux; Android 15; Pixel 9) ${chrome} Mobile Safari/537.36`],
  [
    'Safari on iPhone',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
  ],
  [
    'Safari on macOS',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15',
  ],
  ['Watchline on Linux', `Mozilla/5.0 (X11; Linux x86_64) ${chrome} Electron/45.4.1 Safari/537.36`],
])('%s', ([name, userAgent]) => {
  expect(browserOf(userAgent)).toBe(name);
});

test('what is no browser is not guessed', () => {
  expect([browserOf(undefined), browserOf('curl/8.0'), browserOf('<script>')]).toEqual([null, null, null]);
});
