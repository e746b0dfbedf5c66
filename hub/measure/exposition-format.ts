/** The two text formats that /metrics is written in, and which of them a scraper asks for. */
import { acceptedWeights } from '../http/accepted-weights.ts';

export type ExpositionFormat = 'text' | 'openmetrics';

export const expositionTypes: Record<ExpositionFormat, string> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** `accept`: the request's header. Who asks for nothing in particular gets the older format, which every tool reads. */
export function expositionFormatFor(accept: string | undefined): ExpositionFormat {
  const weights = acceptedWeights(accept);
  const open = weights.get('application/openmetrics-text') ?? 0;
  const text = weights.get('text/plain') ?? weights.get('text/*') ?? 0;
  return open > 0 && open >= text ? 'openmetrics' : 'text';
}
