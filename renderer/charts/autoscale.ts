/** The top of a value axis that follows the data: it grows at once and shrinks after a while of calm. */
import { niceStep, type StepBase } from './nice-step.ts';

/** How long the data must have stayed below a lower top before the axis comes down to it. */
const CALM_MS = 10_000;
/** Room above the peak, so that the line never runs along the frame. */
const HEADROOM = 1.04;

export interface AutoscaleOptions {
  base: StepBase;
  /** The axis never ends below this, so that noise near zero stays small. */
  floor: number;
  /** Nor above this, which no value exceeds. Default: there is no such value. */
  ceiling?: number;
  /** Most steps between zero and the top. */
  maxSteps: number;
}

export interface AutoscaleAxis {
  min: number;
  max: number;
  step: number;
}

export class Autoscale {
  private readonly options: AutoscaleOptions;
  private top = 0;
  private bottom = 0;
  private calmSince: number | null = null;
  /** The tallest axis wanted since the calm began. */
  private calmTop = 0;
  private calmBottom = 0;

  constructor(options: AutoscaleOptions) {
    this.options = options;
  }

  /** `peak` >= 0 above and `trough` <= 0 below the zero line, as seen in the window now; `now` in ms. */
  update(peak: number, trough: number, now: number): AutoscaleAxis {
    const { floor, ceiling = Infinity } = this.options;
    const wantedTop = Math.min(Math.max(peak * HEADROOM, floor), ceiling);
    const wantedBottom = trough < 0 ? Math.min(trough * HEADROOM, -floor) : 0;
    const fits = wantedTop <= this.top && wantedBottom >= this.bottom;
    if (!fits) {
      this.top = Math.max(this.top, wantedTop);
      this.bottom = Math.min(this.bottom, wantedBottom);
      this.calmSince = null;
    } else if (this.calmSince === null) {
      this.calmSince = now;
      this.calmTop = wantedTop;
      this.calmBottom = wantedBottom;
    } else {
      this.calmTop = Math.max(this.calmTop, wantedTop);
      this.calmBottom = Math.min(this.calmBottom, wantedBottom);
      if (now - this.calmSince >= CALM_MS) {
        this.top = this.calmTop;
        this.bottom = this.calmBottom;
        this.calmSince = null;
      }
    }
    return this.axis();
  }

  /** Forgets the past: the next update fits its data at once. For a change of window, not of data. */
  reset(): void {
    this.top = 0;
    this.bottom = 0;
    this.calmSince = null;
  }

  private axis(): AutoscaleAxis {
    const { base, maxSteps } = this.options;
    const step = niceStep(Math.max(this.top, -this.bottom), maxSteps, base);
    return {
      min: this.bottom < 0 ? Math.floor(this.bottom / step + 1e-9) * step : 0,
      max: Math.ceil(this.top / step - 1e-9) * step,
      step,
    };
  }
}
