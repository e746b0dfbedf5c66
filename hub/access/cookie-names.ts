/** Names of cookies. Browsers do not tell ports apart: two hubs on one machine must not overwrite each other's. */

/** The owner's. */
export function sessionCookie(port: number): string {
  return `watchline_session_${port}`;
}

/** One per share: a browser may watch several, beside being the owner's. */
export function shareCookie(share: string, port: number): string {
  return `watchline_share_${share}_${port}`;
}
