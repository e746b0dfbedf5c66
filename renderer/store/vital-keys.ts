/** The series that every host's vital signs are made of: what the page keeps of hosts nobody looks at closely. */
export const vitalKeys = [
  'cpu.idle',
  'cpu.iowait',
  'memory.used',
  'memory.total',
  'disk.read',
  'disk.write',
  'net.receive',
  'net.transmit',
  'swap.used',
  'swap.total',
  'load.one',
  'load.five',
  'load.fifteen',
] as const;
export type VitalKey = (typeof vitalKeys)[number];
