/** The QR code of a link, read back from what the page draws: every rectangle of its outline painted, then decoded. */
import decodeQR from 'qr/decode.js';
import { expect, test } from 'vitest';
import { qrPath, type QrPath } from '../../../../renderer/share/qr-path.ts';

/** Pixels on a side of a module, as on a phone at arm's length. */
const SCALE = 4;

/** The path as a camera sees it: dark on white, RGBA. */
function picture({ size, path }: QrPath) {
  const side = size * SCALE;
  const data = new Uint8Array(side * side * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row++) {
      for (let column = Number(x) * SCALE; column < (Number(x) + Number(width)) * SCALE; column++)
        data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
    }
  }
  return { width: side, height: side, data };
}

test.each([
  'https://192.168.1.20:7443/s/abcdefghijkl#' + 'aZ09_-x'.repeat(7).slice(0, 43),
  'https://[fd12:3456:789a::20]:7443/s/000000000000#' + 'Q'.repeat(43),
  `https://${'sub.'.repeat(40)}example.net/s/abcdefghijkl#${'_'.repeat(43)}`,
])('a camera reads %s', (link) => {
  expect(decodeQR(picture(qrPath(link)))).toBe(link);
});

test('it has four modules of white around it', () => {
  const { size, path } = qrPath('https://web-1/s/abcdefghijkl#x');
  const places = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, width]) =>
    [x, y, width].map(Number),
  );
  expect(Math.min(...places.map(([x]) => x!))).toBe(4);
  expect(Math.min(...places.map(([, y]) => y!))).toBe(4);
  expect(Math.max(...places.map(([x, , width]) => x! + width!))).toBe(size - 4);
});
