/** Flags the hub's Node is started with. Plain JavaScript, shared by the launchers. */

/** Measured by bench/hub; each flag says what it is for. */
export const hubNodeFlags = [
  // Node 24 warns that node:sqlite and friends are experimental: of no use to who runs a finished program.
  '--disable-warning=ExperimentalWarning',
];
