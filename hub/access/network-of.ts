/** What limits per address go by: whoever has one IPv6 address mostly has all of its /64, and could guess from each in turn. */

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/** An IPv4 address as it is; of an IPv6 address the first 64 bits, "2001:db8:0:7::/64". */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [before, after] = address.split('%', 1)[0]!.split('::') as [string, string | undefined];
  const groups = groupsOf(before);
  if (after !== undefined) {
    const behind = groupsOf(after);
    while (groups.length + behind.length < GROUPS) groups.push('0');
    groups.push(...behind);
  }
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
