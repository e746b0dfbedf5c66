/** Draws the alerts of a plot on its canvas: a tint behind the series; over them a rule along the top, signs, and the amounts fired above. */
import { alertMessages } from '../alerts/alert-messages.ts';
import { alertLook, formatLimit } from '../alerts/alert-words.ts';
import { filledShapes } from '../components/status.ts';
import type { AlertBands, AlertLimit, AlertSign } from './alert-bands.ts';
import type { Plot } from './plot-axes.ts';
import { withAlpha } from './theme-colours.ts';

/** How high the rule and its signs stand above the plot: each plot keeps as much room there, in pixels. */
export const ALERT_ROOM = 8;

const BAND_ALPHA = 0.08;
/** Of the time before it fired. */
const LEAD_ALPHA = 0.04;
const RULE_HEIGHT = 2;
/** As large as the shapes of a status are. */
const SIGN_SIZE = 12;
/** Who is so close to where it fired, in pixels, is on its sign. */
export const SIGN_REACH = SIGN_SIZE / 2;
/** Signs closer than this, in pixels, are one. */
const SIGN_DISTANCE = 14;
const LABEL_HEIGHT = 16;
const LABEL_PADDING = 5;

/** Behind the series. */
export function drawAlertBands({ context, area, colours, x }: Plot, { segments }: AlertBands): void {
  for (const { from, to, level, isLead } of segments) {
    context.fillStyle = withAlpha(colours.levels[level], isLead ? LEAD_ALPHA : BAND_ALPHA);
    context.fillRect(x(from), area.top, widthOf(x(from), x(to)), area.bottom - area.top);
  }
}

/** Over the series, where nothing hides them. `yOf`: where an amount in percent lies; null: the chart has no place for it. */
export function drawAlertMarks(
  plot: Plot,
  { segments, limits, signs }: AlertBands,
  yOf: ((percent: number) => number) | null,
): void {
  const { context, area, colours, x } = plot;
  if (segments.length === 0) return;
  context.save();
  if (yOf !== null) for (const limit of limits) drawLimit(plot, limit, yOf(limit.above));
  for (const { from, to, level, isLead } of segments) {
    if (isLead) continue;
    context.fillStyle = colours.levels[level];
    context.fillRect(x(from), area.top - RULE_HEIGHT, widthOf(x(from), x(to)), RULE_HEIGHT);
  }
  for (const place of signPlaces(signs, plot)) drawSign(plot, place);
  context.restore();
}

/** What lasted for less than a pixel is seen all the same. */
function widthOf(left: number, right: number): number {
  return Math.max(1, right - left);
}

function drawLimit(
  { context, area, colours, x }: Plot,
  { from, to, above, level }: AlertLimit,
  y: number,
): void {
  const line = Math.round(y) + 0.5;
  const [left, right] = [x(from), x(to)];
  if (line < area.top || line > area.bottom) return;
  context.strokeStyle = colours.levels[level];
  context.lineWidth = 1;
  context.setLineDash([4, 3]);
  context.beginPath();
  context.moveTo(left, line);
  context.lineTo(right, line);
  context.stroke();
  context.setLineDash([]);
  const label = alertMessages.above(formatLimit(above));
  const width = context.measureText(label).width + 2 * LABEL_PADDING;
  if (width + 2 * LABEL_PADDING > right - left) return;
  const top = line + LABEL_HEIGHT + 4 <= area.bottom ? line + 3 : line - LABEL_HEIGHT - 3;
  context.fillStyle = withAlpha(colours.surface, 0.85);
  context.beginPath();
  context.roundRect(left + LABEL_PADDING, top, width, LABEL_HEIGHT, 4);
  context.fill();
  context.fillStyle = colours.levels[level];
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(label, left + 2 * LABEL_PADDING, top + LABEL_HEIGHT / 2 + 0.5);
}

interface SignPlace extends Pick<AlertSign, 'level'> {
  /** Pixels of the canvas: its middle. */
  x: number;
}

/** Left to right, all of each within the plot. The worst of several in one place. */
export function signPlaces(signs: readonly AlertSign[], { area, x }: Pick<Plot, 'area' | 'x'>): SignPlace[] {
  const places: SignPlace[] = [];
  for (const { time, level } of signs) {
    const middle = Math.min(area.right - SIGN_REACH, Math.max(area.left + SIGN_REACH, x(time)));
    const before = places.at(-1);
    if (before === undefined || middle - before.x >= SIGN_DISTANCE) places.push({ x: middle, level });
    else if (level === 'crit') before.level = 'crit';
  }
  return places;
}

function drawSign({ context, area, colours }: Plot, { x, level }: SignPlace): void {
  const path = new Path2D(filledShapes[alertLook({ level }).shape]);
  context.save();
  context.translate(x - SIGN_REACH, area.top - RULE_HEIGHT / 2 - SIGN_REACH);
  // An edge of the surface's colour sets it apart from the rule it stands on.
  context.strokeStyle = colours.surface;
  context.lineWidth = 3;
  context.stroke(path);
  context.fillStyle = colours.levels[level];
  context.fill(path);
  context.restore();
}
