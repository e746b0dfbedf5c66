/** Numbers as a terminal line shows them: three digits or so, memory in IEC units, network in SI bits. */

export function bytes(value: number): string {
  return scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);
}

/** Of bytes per second. */
export function bitsPerSecond(bytesPerSecond: number): string {
  return scaled(bytesPerSecond * 8, 1000, ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s']);
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let power = 0;
  // 999.5 would be shown as "1000".
  while (value >= 999.5 && power < units.length - 1) {
    value /= base;
    power += 1;
  }
  const digits = power === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[power]!}`;
}
