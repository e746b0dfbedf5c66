/** Flags the hub's Node is started with. Plain JavaScript, shared by the launchers; bench/hub measures what they do. */

export const hubNodeFlags = [
  // Node warns that some of its parts are experimental: of no use to who runs a finished program.
  '--disable-warning=ExperimentalWarning',
  // A sample leaves little garbage: 16 MiB of room for it only make the process larger.
  '--max-semi-space-size=1',
  // For cli/hub/give-back-start-memory.ts.
  '--expose-gc',
  // Switched on again under load: see cli/hub/optimise-under-load.ts.
  '--no-opt',
  '--no-maglev',
  '--no-sparkplug',
];
