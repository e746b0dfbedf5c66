/** Labels as people write them: "site=north, team=web". */

export type ReadLabels = { labels: Record<string, string>; bad: null } | { labels: null; bad: string };

/** `bad`: the first that is none. Names as Prometheus has them; values without a comma. */
export function readLabels(text: string): ReadLabels {
  const labels: Record<string, string> = {};
  for (const part of text.split(',').map((each) => each.trim())) {
    if (part === '') continue;
    const match = /^([a-zA-Z_][a-zA-Z0-9_]{0,63})\s*=\s*(?:"([^"]{1,256})"|([^"]{1,256}))$/.exec(part);
    const name = match?.[1];
    const value = match?.[2] ?? match?.[3];
    if (name === undefined || value === undefined) return { labels: null, bad: part };
    labels[name] = value;
  }
  return { labels, bad: null };
}
