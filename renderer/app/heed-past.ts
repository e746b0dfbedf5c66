/** What of the stream says that the past, as the page was told it, is no longer all there is to know. */
import type { StreamEvent } from '../../shared/events.ts';
import type { Gap } from '../../shared/schema/stream.ts';
import type { PastSeries } from './past-series.ts';

/** While a host catches up it is asked again this often at most. */
const AGAIN_MS = 2_000;

/** Given every event of the stream. Lives as long as the page. */
export function createPastHeed(
  past: Pick<PastSeries, 'cameLate' | 'begin' | 'renew' | 'clear'>,
): (event: StreamEvent) => void {
  /** Hosts that were catching up when they were last told of. */
  const catchingUp = new Set<string>();
  let isFirst = true;
  const resting = new Map<string, { isDue: boolean }>();

  return (event) => {
    if (event.name === 'reset') past.clear();
    else if (event.name === 'hello') {
      if (isFirst) past.begin();
      else if (!event.data.resumed) past.renew();
      isFirst = false;
    } else if (event.name === 'backfill') cameLate(event.data.host);
    else if (event.name === 'gap') skipped(event.data);
    else if (event.name === 'host') {
      const { id, uplink } = event.data;
      const isCatchingUp = uplink?.backfillPercent != null;
      if (isCatchingUp || catchingUp.has(id)) cameLate(id);
      if (isCatchingUp) catchingUp.add(id);
      else catchingUp.delete(id);
    }
  };

  /** Late samples that a page was too slow for are in the history. */
  function skipped({ host, channel, reason }: Gap): void {
    if (host !== null && channel === 'metrics' && reason === 'slow-reader') cameLate(host);
  }

  /** Of what no page holds any more the hub tells no times: any time of the host may have it. */
  function cameLate(host: string): void {
    const rest = resting.get(host);
    if (rest !== undefined) {
      rest.isDue = true;
      return;
    }
    past.cameLate(host, -Infinity, Infinity);
    resting.set(host, { isDue: false });
    setTimeout(() => {
      const { isDue } = resting.get(host)!;
      resting.delete(host);
      if (isDue) cameLate(host);
    }, AGAIN_MS);
  }
}
