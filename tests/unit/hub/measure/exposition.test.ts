/** Both text formats of /metrics, and which of them a scraper gets. */
import { expect, test } from 'vitest';
import { expositionFormatFor } from '../../../../hub/measure/exposition-format.ts';
import { Exposition } from '../../../../hub/measure/exposition.ts';

function written(format: 'text' | 'openmetrics'): string {
  const out = new Exposition(format);
  out.add('info', 'app_build_info', 'The version.', [[{ version: '1' }, 1]]);
  out.counter('app_sent_bytes_total', 'What left.', 5);
  out.add('gauge', 'app_hosts', 'Hosts.', [
    [{ name: 'a\\b"c\nd' }, 2],
    [{ name: 'gone' }, null],
  ]);
  out.gauge('app_nothing', 'Left out.', null);
  return out.toString();
}

test('the older format names counters and infos as they are', () => {
  expect(written('text')).toBe(
    '# HELP app_build_info The version.\n# TYPE app_build_info gauge\napp_build_info{version="1"} 1\n' +
      '# HELP app_sent_bytes_total What left.\n# TYPE app_sent_bytes_total counter\napp_sent_bytes_total 5\n' +
      '# HELP app_hosts Hosts.\n# TYPE app_hosts gauge\napp_hosts{name="a\\\\b\\"c\\nd"} 2\n',
  );
});

test('OpenMetrics names their families, their units, and its end', () => {
  expect(written('openmetrics')).toBe(
    '# TYPE app_build info\n# HELP app_build The version.\napp_build_info{version="1"} 1\n' +
      '# TYPE app_sent_bytes counter\n# UNIT app_sent_bytes bytes\n# HELP app_sent_bytes What left.\napp_sent_bytes_total 5\n' +
      '# TYPE app_hosts gauge\n# HELP app_hosts Hosts.\napp_hosts{name="a\\\\b\\"c\\nd"} 2\n# EOF\n',
  );
});

test.each([
  [undefined, 'text'],
  ['*/*', 'text'],
  ['text/plain', 'text'],
  ['application/openmetrics-text', 'openmetrics'],
  // Prometheus 2.42, and one that prefers the older format.
  [
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
    'openmetrics',
  ],
  ['text/plain;version=0.0.4;q=0.8,application/openmetrics-text;version=1.0.0;q=0.5', 'text'],
  ['application/openmetrics-text;q=0', 'text'],
])('who accepts %s gets %s', (accept, format) => {
  expect(expositionFormatFor(accept)).toBe(format);
});
