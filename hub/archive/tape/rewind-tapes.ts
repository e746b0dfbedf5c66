/** Takes lines out of tapes that are handed over again: after a kill, which lines an observer had got to is known later than the lines. */
import { readFileSync, rmSync } from 'node:fs';
import { parseCursor } from '../../../shared/cursor.ts';
import { writeFileAtomically } from '../../../link/atomic-file.ts';
import { tapesIn } from '../archive-folder.ts';
import { tapeBlocks } from './tape.ts';

/** Of all tapes there are, those of this host behind `place`, in the start of the hub that the place is of. `once`: not of this source. */
export function rewindTapes(folder: string, host: string, place: string, once: string | null): void {
  const from = parseCursor(place);
  if (from === null) return;
  for (const { path } of tapesIn(folder)) {
    const text = readFileSync(path, 'utf8');
    if (!text.includes(`id: ${from.epoch}-`)) continue;
    const blocks = [...tapeBlocks(text)];
    const kept = blocks.filter(
      ({ entry }) =>
        entry?.epoch !== from.epoch ||
        entry.sequence <= from.sequence ||
        entry.line.host !== host ||
        entry.line.source === once,
    );
    if (kept.length === blocks.length) continue;
    if (kept.length === 0) rmSync(path, { force: true });
    else writeFileAtomically(path, kept.map((block) => `${block.text}\n\n`).join(''));
  }
}
