/** A chart as an image that speaks for itself: its title, host, time and legend above the plot, and notes as lines. In the page's theme. */
import { formatStretch } from '../../format/time.ts';
import type { Note } from '../../../shared/schema/notes.ts';
import { visibleText } from '../../../shared/visible-text.ts';
import { themeColours, type ThemeColours } from '../theme-colours.ts';
import { readToken } from '../../theme/theme.ts';
import type { ChartCopy } from './chart-copy.ts';
import { imageHead, type ImageHead } from './image-head.ts';

/** Pixels of the image for one of the page. */
const SCALE = 2;
const PADDING = 16;
const TITLE_HEIGHT = 26;
/** Of the time, where it stands under the title. */
const STRETCH_HEIGHT = 18;
const LEGEND_HEIGHT = 20;
const SWATCH = 9;
const ENTRY_GAP = 16;

/** Rejects where the browser makes no image, as of a canvas that is too large. */
export async function chartImage(copy: ChartCopy, notes: readonly Note[]): Promise<Blob> {
  const colours = themeColours();
  const width = copy.canvas.width / SCALE;
  const image = document.createElement('canvas');
  const context = image.getContext('2d')!;
  const head = headOf(context, copy, width, colours.font);
  const headEnd = PADDING + TITLE_HEIGHT + (head.isInTwo ? STRETCH_HEIGHT : 0);
  const lines = legendLines(context, copy, width, colours.font);
  const top = headEnd + lines.length * LEGEND_HEIGHT;
  image.width = (width + 2 * PADDING) * SCALE;
  image.height = (top + copy.canvas.height / SCALE + PADDING) * SCALE;
  context.scale(SCALE, SCALE);
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, image.width, image.height);
  drawHead(context, head, colours, width);
  lines.forEach((line, index) => drawLegend(context, line, colours, headEnd + index * LEGEND_HEIGHT));
  context.drawImage(copy.canvas, PADDING, top, width, copy.canvas.height / SCALE);
  drawNotes(context, copy, notes, { left: PADDING, top });
  return new Promise((resolve, reject) => {
    image.toBlob((blob) => {
      if (blob === null) reject(new Error('The browser made no image of this chart'));
      else resolve(blob);
    }, 'image/png');
  });
}

interface DrawnHead extends ImageHead {
  /** The time that is shown. */
  stretch: string;
}

function headOf(
  context: CanvasRenderingContext2D,
  { title, subject, drawn }: ChartCopy,
  width: number,
  font: string,
): DrawnHead {
  const { from, to } = drawn.span;
  // Seen on another day: the day is always told.
  const stretch = formatStretch(from, to, { stepMs: drawn.moments.stepMs, now: 0 });
  context.font = stretchFont(font);
  const stretchWidth = context.measureText(stretch).width;
  context.font = titleFont(font);
  const measure = (text: string) => context.measureText(text).width;
  const full = subject === '' ? title : `${title} · ${visibleText(subject)}`;
  return { ...imageHead({ title: full, stretchWidth, width, measure }), stretch };
}

function drawHead(
  context: CanvasRenderingContext2D,
  { title, stretch, isInTwo }: DrawnHead,
  colours: ThemeColours,
  width: number,
): void {
  context.textBaseline = 'middle';
  const y = PADDING + TITLE_HEIGHT / 2 - 4;
  context.fillStyle = readToken('--fg');
  context.font = titleFont(colours.font);
  context.fillText(title, PADDING, y);
  context.fillStyle = colours.muted;
  context.font = stretchFont(colours.font);
  if (isInTwo) context.fillText(stretch, PADDING, y + STRETCH_HEIGHT + 2);
  else {
    context.textAlign = 'end';
    context.fillText(stretch, PADDING + width, y);
    context.textAlign = 'start';
  }
}

function titleFont(family: string): string {
  return `600 14px ${family}`;
}

function stretchFont(family: string): string {
  return `12px ${family}`;
}

interface LegendEntry {
  label: string;
  value: string;
  colour: ChartCopy['series'][number]['colour'];
  left: number;
}

/** As many entries in a line as there is room for. */
function legendLines(
  context: CanvasRenderingContext2D,
  { series, legend }: ChartCopy,
  width: number,
  font: string,
): LegendEntry[][] {
  const lines: LegendEntry[][] = [];
  if (legend === null) return lines;
  let left = Infinity;
  context.font = `12px ${font}`;
  for (const [index, { label, colour }] of series.entries()) {
    const value = legend[index] ?? '';
    const length = SWATCH + 6 + context.measureText(`${label} ${value}`).width + ENTRY_GAP;
    if (left + length > PADDING + width) {
      lines.push([]);
      left = PADDING;
    }
    lines.at(-1)!.push({ label, value, colour, left });
    left += length;
  }
  return lines;
}

function drawLegend(
  context: CanvasRenderingContext2D,
  entries: readonly LegendEntry[],
  colours: ThemeColours,
  top: number,
): void {
  context.textBaseline = 'middle';
  context.font = `12px ${colours.font}`;
  const y = top + LEGEND_HEIGHT / 2;
  for (const { label, value, colour, left } of entries) {
    context.fillStyle = colours.series[colour];
    context.fillRect(left, y - SWATCH / 2, SWATCH, SWATCH);
    context.fillStyle = colours.muted;
    context.fillText(`${label} `, left + SWATCH + 6, y);
    context.fillStyle = readToken('--fg');
    context.fillText(value, left + SWATCH + 6 + context.measureText(`${label} `).width, y);
  }
}

function drawNotes(
  context: CanvasRenderingContext2D,
  { drawn }: ChartCopy,
  notes: readonly Note[],
  offset: { left: number; top: number },
): void {
  const { area, span } = drawn;
  context.strokeStyle = readToken('--accent');
  context.setLineDash([3, 3]);
  for (const { time } of notes) {
    if (time < span.from || time > span.to) continue;
    const share = (time - span.from) / (span.to - span.from);
    const x = offset.left + area.left + share * (area.right - area.left);
    context.beginPath();
    context.moveTo(x, offset.top + area.top);
    context.lineTo(x, offset.top + area.bottom);
    context.stroke();
  }
  context.setLineDash([]);
}
