/**
 * Which file is followed by whom, and how far files were read that are no longer open. It keeps a file
 * that has several names from being followed twice, and a renamed one from being read again.
 */
import type { FilePosition } from './kept-positions.ts';

/** Positions of closed files kept; the oldest is forgotten first. */
const MAX_POSITIONS = 1024;

export class PositionLedger<Follower> {
  readonly #followed = new Map<string, Follower>();
  readonly #positions = new Map<string, FilePosition>();

  /** Null where the file is the follower's now; otherwise who follows it already. */
  claim(id: string, follower: Follower): Follower | null {
    const owner = this.#followed.get(id) ?? follower;
    this.#followed.set(id, owner);
    return owner === follower ? null : owner;
  }

  isFollowed(id: string): boolean {
    return this.#followed.has(id);
  }

  /** The file was closed; it may go on from here under this or another name. */
  release(position: FilePosition): void {
    this.#followed.delete(position.id);
    this.learn(position);
  }

  /** An earlier start of this program read a file so far. */
  learn(position: FilePosition): void {
    this.#positions.delete(position.id);
    this.#positions.set(position.id, position);
    if (this.#positions.size > MAX_POSITIONS) {
      for (const oldest of this.#positions.keys()) {
        this.#positions.delete(oldest);
        break;
      }
    }
  }

  position(id: string): FilePosition | null {
    return this.#positions.get(id) ?? null;
  }
}
