/** Where a viewer is, in the words of the screens. */
import { expect, test } from 'vitest';
import { screenName } from '../../../../renderer/screens/share/screen-name.ts';

test.each([
  ['/', 'Overview'],
  ['/host/web-1', 'web-1.example'],
  ['/logs', 'Logs'],
  ['/events', 'Events'],
  ['/elsewhere/x', '/elsewhere/x'],
])('%s is %s', (path, name) => {
  expect(screenName(path, (id) => `${id}.example`)).toBe(name);
});
