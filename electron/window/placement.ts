/** Where a window goes: back to where it was on that display, if enough of it can still be seen and grabbed. */
import type { DesktopState, Placement, Rectangle } from '../state/desktop-state.ts';

/** The parts of Electron's `Display` that matter here. */
export interface DisplayArea {
  id: number;
  workArea: Rectangle;
}

const DEFAULT_WIDTH = 1280;
const DEFAULT_HEIGHT = 832;

/** At least this much of a window's top edge must lie on a display, or nobody could drag it back. */
const GRABBABLE = { width: 120, height: 32 };

/** `displays`: those connected now, the primary one first. */
export function choosePlacement(state: DesktopState, displays: readonly DisplayArea[]): Placement {
  const primary = displays[0];
  const last = displays.find(({ id }) => String(id) === state.lastDisplay) ?? primary;
  const saved = last && state.placements[String(last.id)];
  if (saved && displays.some(({ workArea }) => isGrabbable(saved.bounds, workArea))) return saved;
  return { bounds: centred(last?.workArea ?? { x: 0, y: 0, width: 1920, height: 1080 }), isMaximized: false };
}

function isGrabbable(window: Rectangle, area: Rectangle): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const isTopInside = window.y >= area.y && window.y + GRABBABLE.height <= area.y + area.height;
  return width >= GRABBABLE.width && isTopInside;
}

function centred(area: Rectangle): Rectangle {
  const width = Math.min(DEFAULT_WIDTH, area.width);
  const height = Math.min(DEFAULT_HEIGHT, area.height);
  return {
    x: Math.round(area.x + (area.width - width) / 2),
    y: Math.round(area.y + (area.height - height) / 2),
    width,
    height,
  };
}
