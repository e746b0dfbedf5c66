/** Who points, in a word. Names come from outside: they are shown, and nothing in them is obeyed. */
import type { Pointer } from '../../shared/schema/shares.ts';
import type { Session } from '../session/session.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { viewerMessages as words } from './viewer-messages.ts';

/** An owner who did not say has the name under which he shares. */
export function pointerName(
  { by, role }: Pick<Pointer, 'by' | 'role'>,
  { share, told }: Pick<Session, 'share' | 'told'>,
): string {
  const name = visibleText(by || (role === 'owner' ? (told.value?.by ?? '') : '')).trim();
  if (name !== '') return name;
  if (role !== 'owner') return words.someone;
  return share === null ? words.you : words.ownerName;
}
