/** Every client a stream is tried with. */
import { chromium } from './chromium.ts';
import { curl } from './curl.ts';
import { eventsourceClient } from './eventsource-client.ts';
import { eventsource } from './eventsource.ts';
import { microsoftFetchEventSource } from './fetch-event-source.ts';
import { python } from './python.ts';
import type { StreamClient } from './stream-client.ts';
import { undici } from './undici.ts';

export const streamClients: readonly StreamClient[] = [
  curl,
  eventsource,
  eventsourceClient,
  microsoftFetchEventSource,
  undici,
  chromium,
  python,
];
