/**
 * Pointer, wheel and keys over a plot: hover reads, drag zooms, Shift-drag pans, double-click goes live,
 * Mod-wheel zooms; every drag has its keys. The address follows when a gesture ends, not with every pixel.
 */
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { ChartBoard, TimeSpan } from './chart-board.ts';
import type { MomentView } from '../format/time.ts';
import type { PlotArea } from './plot-marks.ts';
import { nearestSample } from './stretches.ts';

/** What the canvas shows at the moment: hover must follow the picture, not the clock. */
export interface DrawnPlot {
  area: PlotArea;
  span: TimeSpan;
  times: ArrayLike<number>;
  /** Distance of two of them. */
  intervalMs: number;
  /** How its moments are told. */
  moments: MomentView;
}

export interface PlotGestures {
  /** The stretch being dragged over; null while there is none. */
  readonly selection: ComputedRef<{ left: number; width: number } | null>;
  /** The pointer or the keyboard is on this plot, so it shows the readout. */
  readonly isActive: Ref<boolean>;
  /** Grows with every step made by key: a reason to read the values aloud. */
  readonly keySteps: Ref<number>;
  /** After each drawing: a resting pointer reads what moved under it. */
  followPointer(): void;
  readonly listeners: Record<string, (event: never) => void>;
}

/** Movement that makes a press a drag, in pixels. */
const DRAG_THRESHOLD = 4;
const WHEEL_ZOOM = 1.25;
const KEY_ZOOM = 2;
/** Share of the span that one Shift-arrow pans. */
const KEY_PAN = 0.25;

export function usePlotGestures(
  board: ChartBoard,
  drawn: Readonly<ShallowRef<DrawnPlot | null>>,
): PlotGestures {
  const pointerX: Ref<number | null> = ref(null);
  const isActive = ref(false);
  const keySteps = ref(0);
  const drag: ShallowRef<{
    startX: number;
    x: number;
    isPan: boolean;
    hasPanned: boolean;
    span: TimeSpan;
  } | null> = shallowRef(null);

  const selection = computed(() => {
    const current = drag.value;
    const area = drawn.value?.area;
    if (current === null || current.isPan || area === undefined) return null;
    if (Math.abs(current.x - current.startX) < DRAG_THRESHOLD) return null;
    const left = Math.max(area.left, Math.min(current.startX, current.x));
    const right = Math.min(area.right, Math.max(current.startX, current.x));
    return { left, width: right - left };
  });

  function timeAt(x: number): number | null {
    if (drawn.value === null) return null;
    const { area, span } = drawn.value;
    const share = (x - area.left) / (area.right - area.left);
    return span.from + Math.min(1, Math.max(0, share)) * (span.to - span.from);
  }

  /** Hover rests on a sample where one is near, so that every chart reads the same instant. */
  function hoverAt(time: number | null): void {
    if (time === null || drawn.value === null) {
      board.hover.value = time;
      return;
    }
    const { times, intervalMs } = drawn.value;
    const nearest = nearestSample(times, time, intervalMs);
    board.hover.value = nearest >= 0 ? times[nearest]! : time;
  }

  function followPointer(): void {
    if (pointerX.value !== null) hoverAt(timeAt(pointerX.value));
  }

  function onPointerMove(event: PointerEvent): void {
    isActive.value = true;
    const x = placeOf(event);
    const current = drag.value;
    if (current !== null) {
      const isMove = current.hasPanned || Math.abs(x - current.startX) >= DRAG_THRESHOLD;
      drag.value = { ...current, x, hasPanned: current.isPan && isMove };
      if (current.isPan && isMove && drawn.value !== null) panTo(x, current);
    }
    pointerX.value = x;
    followPointer();
  }

  function panTo(x: number, from: { startX: number; span: TimeSpan; hasPanned: boolean }): void {
    const { area } = drawn.value!;
    const length = from.span.to - from.span.from;
    const moved = ((from.startX - x) / (area.right - area.left)) * length;
    board.drag(from.span.to + moved - board.span().to, from.hasPanned);
  }

  function onPointerDown(event: PointerEvent): void {
    // A finger reads where it is put, and pans the page: nothing is dragged.
    if (event.pointerType === 'touch') onPointerMove(event);
    if (event.button !== 0 || event.pointerType === 'touch') return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const x = placeOf(event);
    drag.value = {
      startX: x,
      x,
      isPan: event.shiftKey,
      hasPanned: false,
      span: board.span(),
    };
  }

  function onPointerUp(event: PointerEvent): void {
    const current = drag.value;
    drag.value = null;
    if (current?.hasPanned) board.settle();
    const x = placeOf(event);
    if (current === null || current.isPan || Math.abs(x - current.startX) < DRAG_THRESHOLD) return;
    const [start, end] = [timeAt(current.startX), timeAt(x)];
    if (start !== null && end !== null) board.zoom(Math.min(start, end), Math.max(start, end));
  }

  function endDrag(): void {
    if (drag.value?.hasPanned) board.settle();
    drag.value = null;
  }

  /** What a finger has read stays when it is lifted, until it is put elsewhere. */
  function onPointerLeave(event: PointerEvent): void {
    if (event.pointerType !== 'touch') leave();
  }

  function leave(): void {
    pointerX.value = null;
    isActive.value = false;
    board.hover.value = null;
  }

  function onWheel(event: WheelEvent): void {
    const time = timeAt(placeOf(event));
    if (!(event.ctrlKey || event.metaKey) || time === null) return;
    event.preventDefault();
    // With Shift some browsers turn the wheel sideways.
    board.dragScale(event.deltaY + event.deltaX > 0 ? WHEEL_ZOOM : 1 / WHEEL_ZOOM, time);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || drawn.value === null) return;
    const action = keyAction(event, drawn.value);
    if (action === null) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  function keyAction(event: KeyboardEvent, { span }: DrawnPlot): (() => void) | null {
    const length = span.to - span.from;
    const middle = board.hover.value ?? (span.from + span.to) / 2;
    switch (event.key) {
      case 'ArrowLeft':
        return event.shiftKey ? () => board.pan(-KEY_PAN * length) : () => step(-1);
      case 'ArrowRight':
        return event.shiftKey ? () => board.pan(KEY_PAN * length) : () => step(1);
      case '+':
      case '=':
      case 'Enter':
        return () => board.scale(1 / KEY_ZOOM, middle);
      case '-':
        return () => board.scale(KEY_ZOOM, middle);
      case '0':
        return () => board.resumeLive();
      case 'Escape':
        return board.hover.value === null ? null : leave;
      default:
        return null;
    }
  }

  /** One sample on, or one interval where there are none; from the newest where nothing was read yet. */
  function step(direction: 1 | -1): void {
    const { span, times, intervalMs } = drawn.value!;
    const last = times[times.length - 1] ?? span.to;
    const start = board.hover.value ?? last + intervalMs;
    const target = start + direction * intervalMs;
    pointerX.value = null;
    isActive.value = true;
    hoverAt(Math.min(span.to, Math.max(span.from, target)));
    keySteps.value++;
  }

  return {
    selection,
    isActive,
    keySteps,
    followPointer,
    listeners: {
      pointermove: onPointerMove,
      pointerdown: onPointerDown,
      pointerup: onPointerUp,
      pointercancel: endDrag,
      pointerleave: onPointerLeave,
      blur: leave,
      dblclick: () => board.resumeLive(),
      wheel: onWheel,
      keydown: onKeyDown,
    },
  };
}

/** Pixels from the plot's left edge, also where the pointer is on a flag within it. */
function placeOf({ clientX, currentTarget }: MouseEvent): number {
  return clientX - (currentTarget as Element).getBoundingClientRect().left;
}
