/**
 * The font of a canvas' labels, set only when it is not set yet: every assignment to `context.font` makes the
 * browser bring the styles of the whole page up to date, which costs more than drawing the chart.
 */
export class CanvasFont {
  private family: string | null = null;
  /** As the browser writes it back; a resized canvas has lost it. */
  private applied: string | null = null;

  apply(context: CanvasRenderingContext2D, family: string): void {
    if (family === this.family && context.font === this.applied) return;
    context.font = `11px ${family}`;
    this.family = family;
    this.applied = context.font;
  }
}
