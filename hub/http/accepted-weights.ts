/** What an `Accept` or `Accept-Encoding` header names, and how much each is wanted (RFC 9110, 12.4.2). */

/** Lower-case names without parameters, 0 (not wanted) to 1. Named twice, as two versions of a type are: the greater. */
export function acceptedWeights(header: string | string[] | undefined): Map<string, number> {
  const weights = new Map<string, number>();
  for (const item of String(header ?? '').split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name, Math.max(weights.get(name) ?? 0, weight === undefined ? 1 : Number(weight.slice(2))));
  }
  return weights;
}
