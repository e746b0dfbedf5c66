/** What is drawn behind the series of every plot, on any canvas: hatched time without samples, and its labels. */
import type { Stretch } from './stretches.ts';
import type { ThemeColours } from './theme-colours.ts';

/** A plot's rectangle on its canvas, in CSS pixels. */
export interface PlotArea {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface LabelledStretch extends Stretch {
  /** The longest that fits is shown. */
  labels: readonly string[];
}

const tile = 8;
const labelPadding = 8;

/** Makes the hatch pattern for a theme once, not in every drawing. */
export class Hatching {
  private pattern: CanvasPattern | null = null;
  private colour: string | null = null;

  /** `xOf` maps epoch ms to canvas x. Uncollected time is hatched lightly; what is not read yet is no gap, and has a word at most. */
  draw(
    context: CanvasRenderingContext2D,
    area: PlotArea,
    stretches: readonly LabelledStretch[],
    xOf: (time: number) => number,
    colours: ThemeColours,
  ): void {
    if (stretches.length === 0) return;
    context.save();
    for (const stretch of stretches) {
      const left = Math.max(area.left, xOf(stretch.from));
      const width = Math.min(area.right, xOf(stretch.to)) - left;
      if (width <= 0) continue;
      if (stretch.kind !== 'unread') {
        context.globalAlpha = stretch.kind === 'gap' ? 1 : 0.45;
        context.fillStyle = this.patternFor(context, colours.hatch);
        context.fillRect(left, area.top, width, area.bottom - area.top);
        context.globalAlpha = 1;
      }
      drawLabel(context, area, left, width, stretch.labels, colours);
    }
    context.restore();
  }

  private patternFor(context: CanvasRenderingContext2D, colour: string): CanvasPattern {
    if (this.pattern === null || this.colour !== colour) {
      this.pattern = context.createPattern(hatchTile(colour), 'repeat')!;
      this.colour = colour;
    }
    // The tile is drawn at twice its size so that it stays sharp on dense screens.
    this.pattern.setTransform(new DOMMatrix([0.5, 0, 0, 0.5, 0, 0]));
    return this.pattern;
  }
}

function hatchTile(colour: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const size = tile * 2;
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d')!;
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  for (const offset of [-size, 0, size]) {
    context.moveTo(offset, size);
    context.lineTo(offset + size, 0);
  }
  context.stroke();
  return canvas;
}

/** Only where it fits: a label never runs into measured time. */
function drawLabel(
  context: CanvasRenderingContext2D,
  area: PlotArea,
  left: number,
  width: number,
  labels: readonly string[],
  colours: ThemeColours,
): void {
  const fits = (text: string): boolean => context.measureText(text).width + 2 * labelPadding <= width;
  const label = labels.find(fits);
  if (label === undefined) return;
  const textWidth = context.measureText(label).width;
  const x = left + width / 2;
  const y = (area.top + area.bottom) / 2;
  context.fillStyle = colours.surface;
  context.beginPath();
  context.roundRect(x - textWidth / 2 - 6, y - 10, textWidth + 12, 20, 4);
  context.fill();
  context.fillStyle = colours.muted;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(label, x, y + 0.5);
}
