/** Pressing on a row: a click opens it, a drag inside one selects its text, a drag across several selects rows. */
import { onScopeDispose } from 'vue';
import type { Follow } from './use-follow.ts';
import type { RowCursor } from './use-row-cursor.ts';

export interface RowPressOptions {
  follow: Follow;
  cursor: RowCursor;
  scroller: () => HTMLElement;
  /** The row at a height of the window. */
  ordinalUnder: (clientY: number) => number;
  open: () => void;
}

/** Pixels a pointer may tremble in a click. */
const clickSlack = 4;

/** Answers what to call when a pointer goes down on the list. */
export function useRowPress(options: RowPressOptions): (event: PointerEvent) => void {
  const { follow, cursor, scroller, ordinalUnder } = options;
  let pressed: { ordinal: number; x: number; y: number } | null = null;
  let isRowDrag = false;
  let dragY = 0;
  let dragFrame = 0;

  onScopeDispose(end);
  return onPointerDown;

  function onPointerDown(event: PointerEvent): void {
    if (event.button !== 0 || !(event.target as Element).closest('.row')) return;
    // At once, not when the selection shows: what is pressed must not move away under the pointer.
    follow.pause('selection');
    const ordinal = ordinalUnder(event.clientY);
    if (event.shiftKey) {
      event.preventDefault();
      cursor.set(ordinal, true);
      return;
    }
    pressed = { ordinal, x: event.clientX, y: event.clientY };
    window.addEventListener('pointermove', onPointerMove);
    window.addEventListener('pointerup', onPointerUp);
    window.addEventListener('pointercancel', end);
  }

  function onPointerMove(event: PointerEvent): void {
    if (event.pointerType === 'touch' || pressed === null) return;
    dragY = event.clientY;
    if (!isRowDrag) {
      if (ordinalUnder(dragY) === pressed.ordinal) return;
      isRowDrag = true;
      cursor.set(pressed.ordinal);
      dragFrame = requestAnimationFrame(dragOn);
    }
    getSelection()?.removeAllRanges();
  }

  /** Extends the selection to the pointer, and scrolls while it is beyond an edge. */
  function dragOn(): void {
    const box = scroller().getBoundingClientRect();
    const beyond = dragY < box.top ? dragY - box.top : dragY > box.bottom ? dragY - box.bottom : 0;
    if (beyond !== 0) scroller().scrollTop += Math.sign(beyond) * Math.min(60, 4 + Math.abs(beyond) / 4);
    cursor.set(ordinalUnder(Math.min(Math.max(dragY, box.top), box.bottom - 1)), true);
    dragFrame = requestAnimationFrame(dragOn);
  }

  function onPointerUp(event: PointerEvent): void {
    if (pressed === null) return;
    const { ordinal, x, y } = pressed;
    const isClick = !isRowDrag && Math.hypot(event.clientX - x, event.clientY - y) < clickSlack;
    end();
    if (!isClick || getSelection()?.isCollapsed === false) return;
    cursor.set(ordinal);
    options.open();
  }

  function end(): void {
    pressed = null;
    isRowDrag = false;
    cancelAnimationFrame(dragFrame);
    window.removeEventListener('pointermove', onPointerMove);
    window.removeEventListener('pointerup', onPointerUp);
    window.removeEventListener('pointercancel', end);
  }
}
