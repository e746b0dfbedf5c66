/**
 * When charts are drawn: the first request after quiet in the very next frame, further ones at most four
 * times a second, all charts of a screen in one frame. A hidden page draws nothing, since browsers give it no frames.
 */

/** Shortest time between two redraws that data asked for. */
const REDRAW_GAP_MS = 250;

export class RedrawLoop {
  private readonly drawers = new Set<() => void>();
  private frame: number | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private lastDrawn = Number.NEGATIVE_INFINITY;

  /** Calls `draw` in every redraw until the returned function is called. */
  add(draw: () => void): () => void {
    this.drawers.add(draw);
    this.requestNow();
    return () => this.drawers.delete(draw);
  }

  /** New data came. */
  request(): void {
    if (this.frame !== null || this.timer !== null) return;
    const wait = this.lastDrawn + REDRAW_GAP_MS - performance.now();
    if (wait <= 0) this.requestNow();
    else this.timer = setTimeout(() => this.requestNow(), wait);
  }

  /** A person did something: drawn in the next frame. */
  requestNow(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.frame ??= requestAnimationFrame(() => this.draw());
  }

  /** Milliseconds since the last redraw. */
  quietMs(): number {
    return performance.now() - this.lastDrawn;
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    this.drawers.clear();
  }

  private draw(): void {
    this.frame = null;
    this.lastDrawn = performance.now();
    for (const draw of this.drawers) draw();
  }
}
