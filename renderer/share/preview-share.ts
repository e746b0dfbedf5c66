/** Opens what viewers of a share see, beside the owner's own page. */
import { desktopBridge } from '../app/desktop.ts';
import { previewShare } from './ask-shares.ts';

/** `blocked`: no window could be opened; `link` works for five minutes wherever it is opened. */
export type PreviewOutcome =
  { kind: 'opened' } | { kind: 'blocked'; link: string } | { kind: 'refused'; sentence: string };

export async function openPreview(id: string): Promise<PreviewOutcome> {
  const answer = await previewShare(id);
  if (!answer.isGood) return { kind: 'refused', sentence: answer.sentence };
  const { link } = answer.value;
  return (await isOpened(link)) ? { kind: 'opened' } : { kind: 'blocked', link };
}

/** In the desktop window the default browser takes it; a preview there would take the owner's window away. */
async function isOpened(link: string): Promise<boolean> {
  const desktop = desktopBridge();
  if (desktop !== undefined) return desktop.openExternal(link).catch(() => false);
  // Not `noopener` as a feature: with it nobody learns whether a window was opened.
  const opened = window.open('about:blank', '_blank');
  if (opened === null) return false;
  opened.opener = null;
  opened.location.replace(link);
  return true;
}
