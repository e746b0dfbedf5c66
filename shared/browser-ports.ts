/** Ports that browsers never connect to. */

/**
 * Those above 1023 of the Fetch standard ("port blocking", https://fetch.spec.whatwg.org/#port-blocking): of old protocols that a
 * page could otherwise be made to speak to.
 */
const blocked: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
  10080,
]);

/** A hub on another port is never seen by a browser, whatever certificate and firewall say. */
export function isOpenToBrowsers(port: number): boolean {
  return !blocked.has(port);
}
