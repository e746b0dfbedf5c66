/** Moments of a bundle, with their day: it is opened on another one. */

const instant = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** "21 Nov 2026, 14:03:12" in the reader's time zone. */
export function formatInstant(time: number): string {
  return instant.format(time);
}

/** "21 Nov 2026, 14:00:00 – 15:00:00": the day once where it is one. */
export function formatWindow(from: number, to: number): string {
  return instant.formatRange(from, to);
}
