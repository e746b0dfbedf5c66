/**
 * PING and SETTINGS frames that a client may send in a time. Each has to be answered, and costs the client nothing (CVE-2019-9512, -9515).
 * nghttp2 bounds only the answers that wait at one moment, which a flood in small portions stays below.
 */
import type { ServerHttp2Session } from 'node:http2';

/** Clients send one ping in some seconds, and settings once. */
const MAX_FRAMES = 200;
const WINDOW_MS = 10_000;

/** A session that passes the bound ends at once. */
export function limitControlFrames(session: ServerHttp2Session): void {
  let beganAt = performance.now();
  let frames = 0;
  const count = (): void => {
    const now = performance.now();
    if (now - beganAt > WINDOW_MS) {
      beganAt = now;
      frames = 0;
    }
    if (++frames > MAX_FRAMES) session.destroy();
  };
  session.on('ping', count);
  session.on('remoteSettings', count);
}
