/** The texts of the settings about metrics for other tools. */
import { counted } from '../../../messages.ts';

export const metricsMessages = {
  text: 'What is measured here, for Prometheus and its kin: they fetch it, or this hub writes it to them.',
  scrape: {
    title: 'To be fetched',
    text: 'The newest values of all hosts and of the hub itself. Fetching takes a token that may read; make one under Sharing.',
    address: 'Address',
    config: 'For prometheus.yml',
  },
  write: {
    title: 'To be written',
    text: 'Samples of all hosts are sent by remote write, to Prometheus, VictoriaMetrics, Mimir and others. What could not be sent is made up for from the history.',
    none: 'Nothing is written anywhere.',
    add: 'Add a place',
    addTitle: 'Write samples to another place',
    adding: 'Adding',
    place: 'Place',
    url: 'Address',
    urlPlaceholder: 'https://metrics.example.net/api/v1/write',
    urlHint: 'Prometheus and VictoriaMetrics: /api/v1/write. Mimir: /api/v1/push.',
    every: 'A value every',
    everyHint: 'Longer steps hold the mean of what was measured.',
    seconds: (count: number) => `${count} s`,
    labels: 'Labels',
    labelsHint: 'Put on every series: site=north, team=web.',
    badLabel: (text: string) => `“${text}” is no label. Write name=value.`,
    tenant: 'Tenant',
    tenantHint: 'X-Scope-OrgID, for Mimir and others.',
    more: 'Password or token, labels, tenant',
    sent: 'Sent',
    behind: 'Behind',
    inStep: 'no',
    refused: 'Refused there',
    refusal: (count: number, said: string) =>
      `${counted(count, 'value was', 'values were')} refused: ${said}`,
    remove: 'Stop writing',
    removeTitle: (url: string) => `Stop writing to ${url}?`,
    removeText:
      'What was written stays there. Added again, it begins anew: what is measured meanwhile is not sent.',
  },
} as const;
