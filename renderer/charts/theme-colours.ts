/** The theme's colours in the shape canvas needs them. */
import type { AlertLevel } from '../../shared/schema/alerts.ts';
import { readToken } from '../theme/theme.ts';
import type { SeriesColour } from './chart-spec.ts';

export interface ThemeColours {
  series: Record<SeriesColour, string>;
  surface: string;
  sunken: string;
  muted: string;
  subtle: string;
  control: string;
  line: string;
  hatch: string;
  /** Of alerts, by their level. */
  levels: Record<AlertLevel, string>;
  font: string;
}

/** Reads the tokens (theme/tokens.css) as they are worn now. */
export function themeColours(): ThemeColours {
  return {
    series: {
      s1: readToken('--s1'),
      s2: readToken('--s2'),
      s3: readToken('--s3'),
      s4: readToken('--s4'),
      s5: readToken('--s5'),
      s6: readToken('--s6'),
    },
    surface: readToken('--surface'),
    sunken: readToken('--sunken'),
    muted: readToken('--muted'),
    subtle: readToken('--subtle'),
    control: readToken('--control'),
    line: readToken('--line'),
    hatch: readToken('--hatch'),
    levels: { warn: readToken('--warn'), crit: readToken('--crit') },
    font: readToken('--font'),
  };
}

/** A `#rrggbb` token with an opacity of 0-1. */
export function withAlpha(colour: string, alpha: number): string {
  const [red, green, blue] = channelsOf(colour);
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}

/** Red, green and blue, 0-255, of a `#rrggbb` token (the build shortens some to `#rgb`); grey for anything else. */
export function channelsOf(colour: string): [number, number, number] {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(colour);
  const long = short ? `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}` : colour;
  const match = /^#([0-9a-f]{6})$/i.exec(long);
  if (match === null) return [128, 128, 128];
  const value = Number.parseInt(match[1]!, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
