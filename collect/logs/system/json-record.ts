/** Reads what a program printed as JSON, without trusting it. */

/** Empty where the line is no JSON object. */
export function record(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
