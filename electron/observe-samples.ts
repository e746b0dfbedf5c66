/** Listens in on an observer: whoever shows the newest sample (the tray) sees it on its way to the hub. */
import type { HostObserver } from '../shared/observer.ts';
import type { Sample } from '../shared/schema/sample.ts';

export function observeSamples(observer: HostObserver, see: (sample: Sample) => void): HostObserver {
  return {
    start: (sink) =>
      observer.start({
        ...(sink.keeping && { keeping: sink.keeping }),
        describe: (host) => sink.describe(host),
        observe(observation) {
          sink.observe(observation);
          if (observation.name === 'sample') see(observation.data);
        },
      }),
    [Symbol.asyncDispose]: () => observer[Symbol.asyncDispose](),
  };
}
