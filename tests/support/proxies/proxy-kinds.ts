/** The proxies a stream must pass, each with the configuration it is tried with. */
import { haproxyArguments } from './haproxy.ts';
import { caddyArguments } from './caddy.ts';
import { nginxArguments } from './nginx.ts';

export interface ProxyOptions {
  /** Port of the hub. */
  hubPort: number;
  /** Time after which the proxy cuts a silent connection, in milliseconds. Default: the proxy's own. */
  silenceMs?: number;
  /** Address to listen on. Default 127.0.0.1. */
  address?: string;
  /** PEM files: TLS towards readers. Default: none. */
  tls?: { certificateFile: string; keyFile: string };
}

/** What a configuration is made from. */
export interface ProxyPlace extends ProxyOptions {
  port: number;
  /** For the configuration and whatever else the program writes. */
  folder: string;
}

export interface ProxyKind {
  readonly name: string;
  readonly program: 'nginx' | 'haproxy' | 'caddy';
  /** What it answers while the hub is away. */
  readonly awayStatus: 502 | 503;
  /** Writes the configuration and returns the program's arguments. */
  readonly prepare: (place: ProxyPlace) => Promise<string[]>;
}

export const proxyKinds: readonly ProxyKind[] = [
  {
    name: 'nginx',
    program: 'nginx',
    awayStatus: 502,
    prepare: (place) => nginxArguments(place, ''),
  },
  {
    name: 'nginx with gzip',
    program: 'nginx',
    awayStatus: 502,
    prepare: (place) => nginxArguments(place, 'gzip on; gzip_types text/event-stream; gzip_proxied any;'),
  },
  {
    name: 'HAProxy',
    program: 'haproxy',
    awayStatus: 503,
    prepare: (place) => haproxyArguments(place, []),
  },
  {
    name: 'HAProxy with http-no-delay',
    program: 'haproxy',
    awayStatus: 503,
    prepare: (place) => haproxyArguments(place, ['option http-no-delay']),
  },
  {
    name: 'HAProxy with compression',
    program: 'haproxy',
    awayStatus: 503,
    prepare: (place) =>
      haproxyArguments(place, ['compression algo gzip', 'compression type text/event-stream']),
  },
  {
    name: 'Caddy',
    program: 'caddy',
    awayStatus: 502,
    prepare: (place) => caddyArguments(place, ''),
  },
  {
    name: 'Caddy with encode',
    program: 'caddy',
    awayStatus: 502,
    prepare: (place) => caddyArguments(place, 'encode zstd gzip'),
  },
];
