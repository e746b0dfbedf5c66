/** What every server of the stream bench publishes: the same payload at the same pace, from within its own process. */

/** Arguments every server takes: `EVENTS_PER_SECOND PAYLOAD_BYTES`. */
export function publishedLoad(): { eventsPerSecond: number; payloadBytes: number } {
  const [eventsPerSecond, payloadBytes] = process.argv.slice(2).map(Number);
  if (!eventsPerSecond || !payloadBytes) throw new Error('usage: SERVER EVENTS_PER_SECOND PAYLOAD_BYTES');
  return { eventsPerSecond, payloadBytes };
}

/** The text of one event: when it was made, in epoch microseconds between `@`, filled up to its size. */
export function eventText(payloadBytes: number): string {
  const madeAt = Math.round((performance.timeOrigin + performance.now()) * 1000);
  return `@${String(madeAt).padStart(16, '0')}@`.padEnd(payloadBytes, 'x');
}

/** Calls `publish` at an even pace; a late timer catches up, so that the rate holds. */
export function publishEvenly(eventsPerSecond: number, publish: () => void): NodeJS.Timeout {
  const startedAt = performance.now();
  let published = 0;
  const periodMs = Math.max(1, 1000 / eventsPerSecond);
  return setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) * eventsPerSecond) / 1000);
    while (published < due) {
      published++;
      publish();
    }
  }, periodMs);
}
