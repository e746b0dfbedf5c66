/** The one place that decides how many digits a measured number carries: samples are encoded every second. */

/** 0-100, two decimals. */
export function percent(value: number): number {
  return Math.min(100, Math.max(0, twoDecimals(value)));
}

export function twoDecimals(value: number): number {
  return Math.round(value * 100) / 100;
}

export function whole(value: number): number {
  return Math.round(value);
}
