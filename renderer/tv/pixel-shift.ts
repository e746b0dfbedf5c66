/**
 * Moves the picture by a few pixels now and then, so that what stands still for weeks does not burn into the screen. A step is too
 * small, and too rare, to be seen.
 */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

export interface Shift {
  /** CSS pixels. */
  x: number;
  y: number;
}

const STEP_MS = 60_000;
/** Farthest from the middle, in pixels: as wide as the thinnest lines and letters that stand still. */
export const MAX_SHIFT = 6;

/** Around the middle in a ring of eight, so that no pixel is lit by the same line all day. */
export const shifts: readonly Shift[] = [
  { x: 0, y: 0 },
  { x: MAX_SHIFT, y: 0 },
  { x: MAX_SHIFT, y: MAX_SHIFT },
  { x: 0, y: MAX_SHIFT },
  { x: -MAX_SHIFT, y: MAX_SHIFT },
  { x: -MAX_SHIFT, y: 0 },
  { x: -MAX_SHIFT, y: -MAX_SHIFT },
  { x: 0, y: -MAX_SHIFT },
];

/** Lives as long as the calling scope. */
export function usePixelShift(stepMs: number = STEP_MS): Readonly<ShallowRef<Shift>> {
  const shift = shallowRef(shifts[0]!);
  let step = 0;
  const timer = setInterval(() => (shift.value = shifts[++step % shifts.length]!), stepMs);
  onScopeDispose(() => clearInterval(timer));
  return shift;
}
