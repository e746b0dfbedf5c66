/** The program of hub-process.ts: a hub that publishes numbered lines and samples, at the rate its parent asks for. */
import { startHub } from '../../hub/start-hub.ts';
import { logLineOf, observedHost, sampleOf } from './observations.ts';
import type { HubProcessOptions, HubOrder } from './hub-process.ts';

const TICK_MS = 10;

const { hub: options, textLength = 40 } = JSON.parse(process.argv[2]!) as HubProcessOptions & {
  hub: Parameters<typeof startHub>[0];
};
const hub = await startHub(options);
hub.sink.describe(observedHost());
const filling = 'x'.repeat(textLength);
let linesPerSecond = 0;
let lines = 0;
let samples = 0;
let owed = 0;
let tickedAt = performance.now();

/** By the time that has passed: a late tick catches up. */
function tick(): void {
  const now = performance.now();
  owed += (linesPerSecond * (now - tickedAt)) / 1_000;
  tickedAt = now;
  if (linesPerSecond > 0) hub.sink.observe({ name: 'sample', data: sampleOf('web-1', samples++) });
  for (; owed >= 1; owed--) {
    hub.sink.observe({
      name: 'log',
      data: logLineOf('web-1', lines, { text: `line ${lines++} ${filling}` }),
    });
  }
}

const timer = setInterval(tick, TICK_MS);
process.on('message', (order: HubOrder) => {
  linesPerSecond = order.linesPerSecond;
  owed = 0;
  process.send!({ lines });
});
process.on('disconnect', () => {
  clearInterval(timer);
  void hub[Symbol.asyncDispose]();
});
// As the program does it: lines go on while the streams are drained.
process.on('SIGTERM', () => {
  void hub[Symbol.asyncDispose]().then(() => {
    clearInterval(timer);
    if (process.connected) process.disconnect();
  });
});
process.send!({ origin: hub.origin, port: hub.port, ownerToken: hub.ownerToken });
