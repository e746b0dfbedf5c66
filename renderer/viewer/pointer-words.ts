/** Who points, in a word. Names come from outside: they are shown, and nothing in them is obeyed. */
import type { Pointer } from '../../shared/schema/shares.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { viewerMessages as words } from './viewer-messages.ts';

export function pointerName({ by, role }: Pick<Pointer, 'by' | 'role'>): string {
  const name = visibleText(by).trim();
  if (name !== '') return name;
  return role === 'owner' ? words.ownerName : words.someone;
}
