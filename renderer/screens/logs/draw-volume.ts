/** Draws the volume of lines as bars: errors at the foot, where a single one still shows, warnings above, then the rest. */
import type { Volume } from './volume.ts';

/** Bar and gap, pixels. */
export const binWidth = 4;

/** A bin with an error or a warning shows it, however many other lines there are. */
const leastHeight = 2;

export function drawVolume(canvas: HTMLCanvasElement, volume: Volume): void {
  const ratio = devicePixelRatio;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const context = canvas.getContext('2d');
  if (context === null || width === 0) return;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);

  const style = getComputedStyle(canvas);
  const colors = ['--control', '--warn', '--crit'].map((name) => style.getPropertyValue(name).trim());
  const peak = Math.max(1, ...volume.bins.map(([others, warnings, errors]) => others + warnings + errors));
  const step = width / volume.bins.length;
  volume.bins.forEach((bin, index) => {
    let bottom = height;
    for (const kind of [2, 1, 0] as const) {
      if (bin[kind] === 0) continue;
      const tall = Math.max(leastHeight, (bin[kind] / peak) * height);
      context.fillStyle = colors[kind]!;
      context.globalAlpha = kind === 0 ? 0.55 : 1;
      context.fillRect(index * step, Math.max(0, bottom - tall), step - 1, tall);
      bottom -= tall;
    }
  });
  context.globalAlpha = 1;
}
