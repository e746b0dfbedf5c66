/** Who takes lines may have no room for more of them: then their sources wait, where they can. */
import type { Readable } from 'node:stream';

/** Null: go on. Else it resolves when there may be room again, so ask again then. Never rejects. */
export type Room = () => Promise<void> | null;

/** Resolves when there is room; takes no turn of the event loop where there is. */
export async function untilRoom(room: Room): Promise<void> {
  for (let wait = room(); wait !== null; wait = room()) await wait;
}

/** Asked after each chunk: a stream is not read on while there is no room, so that its writer waits. */
export function holdBack(input: Readable, room: Room): void {
  if (input.isPaused() || room() === null) return;
  input.pause();
  void untilRoom(room).then(() => input.resume());
}
