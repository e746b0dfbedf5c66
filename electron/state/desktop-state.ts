/** What the shell keeps between two starts: where the window stood on each display, and the page's theme. */
import * as z from 'zod/mini';
import { themeSource } from '../../shared/bridge.ts';

const rectangle = z.object({
  x: z.int(),
  y: z.int(),
  /** Device-independent pixels; a smaller window cannot show the page. */
  width: z.int().check(z.minimum(320), z.maximum(16_384)),
  height: z.int().check(z.minimum(240), z.maximum(16_384)),
});
export type Rectangle = z.infer<typeof rectangle>;

const placement = z.object({ bounds: rectangle, isMaximized: z.boolean() });
export type Placement = z.infer<typeof placement>;

const desktopState = z.object({
  theme: themeSource,
  /** The display the window was last on; null before the first move. */
  lastDisplay: z.nullable(z.string()),
  /** By display: a laptop that is docked and undocked finds its window where it was left on each. */
  placements: z.record(z.string().check(z.maxLength(64)), placement),
  /** True once it was explained that closing the window leaves Watchline in the tray. */
  isTrayExplained: z.boolean(),
});
export type DesktopState = z.infer<typeof desktopState>;

export const firstState: DesktopState = {
  theme: 'system',
  lastDisplay: null,
  placements: {},
  isTrayExplained: false,
};

/** Anything unreadable, of another version or edited by hand into nonsense counts as a first start. */
export function parseDesktopState(text: string): DesktopState {
  try {
    return desktopState.parse(JSON.parse(text));
  } catch {
    return firstState;
  }
}
