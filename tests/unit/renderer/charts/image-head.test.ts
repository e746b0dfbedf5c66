/** The head of a chart's image: on one line where there is room, never pressed together. */
import { describe, expect, test } from 'vitest';
import { imageHead } from '../../../../renderer/charts/copy/image-head.ts';

const measure = (text: string) => 8 * [...text].length;
const title = 'Network \u00b7 web-1';

describe('imageHead', () => {
  test('title and time share a line where both have room, with a gap between them', () => {
    const room = measure(title) + 16 + 180;
    expect(imageHead({ title, stretchWidth: 180, width: room, measure })).toEqual({ title, isInTwo: false });
    expect(imageHead({ title, stretchWidth: 180, width: room - 1, measure }).isInTwo).toBe(true);
  });

  test('the title alone may fill the image, and what is wider is cut and says so', () => {
    expect(imageHead({ title, stretchWidth: 180, width: measure(title), measure }).title).toBe(title);
    const cut = imageHead({ title, stretchWidth: 180, width: measure(title) - 1, measure });
    expect(cut).toEqual({ title: 'Network \u00b7 web\u2026', isInTwo: true });
    expect(measure(cut.title)).toBeLessThan(measure(title));
  });

  test('no letter is cut in two, and there is always something to read', () => {
    expect(
      imageHead({ title: '\u{1f5a5}\u{1f5a5}\u{1f5a5}', stretchWidth: 0, width: 16, measure }).title,
    ).toBe('\u{1f5a5}\u2026');
    expect(imageHead({ title, stretchWidth: 180, width: 1, measure }).title).toBe('N\u2026');
  });
});
