/** A chart as an image that speaks for itself: its title, host, time and legend above the plot, and notes as lines. In the page's theme. */
import { formatStretch } from '../../format/time.ts';
import type { Note } from '../../../shared/schema/notes.ts';
import { visibleText } from '../../../shared/visible-text.ts';
import { themeColours, type ThemeColours } from '../theme-colours.ts';
import { readToken } from '../../theme/theme.ts';
import type { ChartCopy } from './chart-copy.ts';

/** Pixels of the image for one of the page. */
const SCALE = 2;
const PADDING = 16;
const TITLE_HEIGHT = 26;
const LEGEND_HEIGHT = 20;
const SWATCH = 9;
const ENTRY_GAP = 16;

/** Rejects where the browser makes no image, as of a canvas that is too large. */
export async function chartImage(copy: ChartCopy, notes: readonly Note[]): Promise<Blob> {
  const colours = themeColours();
  const width = copy.canvas.width / SCALE;
  const image = document.createElement('canvas');
  const context = image.getContext('2d')!;
  const lines = legendLines(context, copy, width, colours.font);
  const top = PADDING + TITLE_HEIGHT + lines.length * LEGEND_HEIGHT;
  image.width = (width + 2 * PADDING) * SCALE;
  image.height = (top + copy.canvas.height / SCALE + PADDING) * SCALE;
  context.scale(SCALE, SCALE);
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, image.width, image.height);
  drawHead(context, copy, colours, width);
  lines.forEach((line, index) =>
    drawLegend(context, line, colours, PADDING + TITLE_HEIGHT + index * LEGEND_HEIGHT),
  );
  context.drawImage(copy.canvas, PADDING, top, width, copy.canvas.height / SCALE);
  drawNotes(context, copy, notes, { left: PADDING, top });
  return new Promise((resolve, reject) => {
    image.toBlob((blob) => {
      if (blob === null) reject(new Error('The browser made no image of this chart'));
      else resolve(blob);
    }, 'image/png');
  });
}

function drawHead(
  context: CanvasRenderingContext2D,
  { title, subject, drawn }: ChartCopy,
  colours: ThemeColours,
  width: number,
): void {
  context.textBaseline = 'middle';
  const y = PADDING + TITLE_HEIGHT / 2 - 4;
  // Seen on another day: the day is always told.
  const { from, to } = drawn.span;
  const stretch = formatStretch(from, to, { stepMs: drawn.moments.stepMs, now: 0 });
  context.fillStyle = colours.muted;
  context.font = `12px ${colours.font}`;
  const stretchWidth = Math.min(context.measureText(stretch).width, width / 2);
  context.textAlign = 'end';
  context.fillText(stretch, PADDING + width, y, stretchWidth);
  context.textAlign = 'start';
  // Whichever is long takes what the other leaves, before it is pressed together.
  context.fillStyle = readToken('--fg');
  context.font = `600 14px ${colours.font}`;
  const head = subject === '' ? title : `${title} · ${visibleText(subject)}`;
  context.fillText(head, PADDING, y, width - stretchWidth - ENTRY_GAP);
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
