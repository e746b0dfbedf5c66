/** Whether what looks like an IP address is one: "12:30:45" and "999.1.1.1" are not. */

export function isAddress(text: string): boolean {
  const bare = text.replace(/%.*$/, '');
  return bare.includes(':') ? isIpv6(bare) : isIpv4(bare);
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** RFC 4291, 2.2: eight groups, or fewer and one "::"; the last two may be an IPv4 address. */
function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  let count = groups.length;
  if (last?.includes('.')) {
    if (!isIpv4(last)) return false;
    groups.pop();
    count++;
  }
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  // "::" by itself stands in texts for other things than "any address".
  return halves.length === 2 ? count > 0 && count < 8 : count === 8;
}
