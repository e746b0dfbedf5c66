/** /proc/self/mountinfo as the kernel writes it, from lines "device mount type options" of filesystems. */
export function mountinfo(lines: string): string {
  return lines.replace(
    /^(\S+) (\S+) (\S+) (\S+).*$/gm,
    (_, device, mount, type, options) =>
      `36 35 98:0 / ${mount} rw,noatime shared:1 master:2 - ${type} ${device} ${options}`,
  );
}
