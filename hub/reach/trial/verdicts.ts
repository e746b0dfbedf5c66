/** What the test of an address found, in one sentence each, and what to do about it. */
import type { ReachTestAnswer } from '../../../shared/schema/reach.ts';

export type Verdict = Pick<ReachTestAnswer, 'outcome' | 'code' | 'message' | 'remedy'>;

function blocked(code: string, message: string, remedy: string): Verdict {
  return { outcome: 'blocked', code, message, remedy };
}

function warned(code: string, message: string, remedy: string): Verdict {
  return { outcome: 'warned', code, message, remedy };
}

export const verdicts = {
  reachable: (url: URL, isNetwork: boolean): Verdict => ({
    outcome: 'reachable',
    code: 'reachable',
    message: isNetwork
      ? `${url.origin} answers, as far as this machine can tell: a firewall in front of others shows only when one of them tries.`
      : `${url.origin} leads here, and streams pass as they are sent.`,
    remedy: null,
  }),

  ownMachineOnly: (url: URL): Verdict =>
    blocked(
      'own-machine-only',
      `${url.hostname} leads every reader to their own machine, so nobody elsewhere reaches this hub.`,
      'Open "This network", or name the address of your proxy as the public one.',
    ),

  nameUnknown: (url: URL): Verdict =>
    blocked(
      'name-unknown',
      `The name ${url.hostname} cannot be resolved from this machine.`,
      'Check its spelling and its DNS entry; a new one may take an hour to be known.',
    ),

  forbiddenAddress: (url: URL, address: string): Verdict =>
    blocked(
      'address-forbidden',
      `${url.hostname} leads to ${address}, where no hub can be, so nothing was sent there.`,
      'Correct the DNS entry of the name.',
    ),

  refused: (url: URL, address: string): Verdict =>
    blocked(
      'refused',
      `Nothing listens at ${url.origin} (${address}): the connection was refused.`,
      'Start what should answer there, such as your proxy, or correct the port.',
    ),

  noAnswer: (url: URL, address: string): Verdict =>
    blocked(
      'no-answer',
      `${url.origin} (${address}) does not answer: a firewall drops what is sent there, or the machine is off.`,
      'Open the port in the firewall; for an address outside, forward it on your router. Some routers show their outside to others only: then try from there.',
    ),

  noRoute: (url: URL, address: string): Verdict =>
    blocked(
      'no-route',
      `There is no way from this machine to ${url.hostname} (${address}).`,
      'Check the network of this machine.',
    ),

  broken: (url: URL, why: string): Verdict =>
    blocked(
      'connection-broken',
      `${url.origin} ended the connection without an answer (${why}).`,
      `Check that a proxy or hub listens there, and whether it speaks ${url.protocol === 'https:' ? 'HTTPS' : 'HTTP'}.`,
    ),

  noTls: (url: URL): Verdict =>
    blocked(
      'no-tls',
      `${url.origin} does not speak TLS.`,
      'Check the port, or write the address with http://.',
    ),

  certificateName: (url: URL, names: string): Verdict =>
    blocked(
      'certificate-name',
      `The certificate at ${url.origin} is for ${names}, not for ${url.hostname}, so browsers refuse it.`,
      'Use one of those names, or a certificate for this one.',
    ),

  certificateUntrusted: (url: URL, why: string): Verdict =>
    blocked(
      'certificate-untrusted',
      `The certificate at ${url.origin} is not trusted (${why}), so browsers warn of it.`,
      'Use one of an authority that browsers know, with all certificates in between.',
    ),

  hostRefused: (url: URL, name: string): Verdict =>
    blocked(
      'host-not-allowed',
      `The request reached the hub under the name ${name}, which it does not answer to.`,
      `Let the proxy hand on the name that the browser used (${url.host}), or allow the other with --allow-host.`,
    ),

  redirected: (url: URL, to: string): Verdict =>
    blocked(
      'redirected',
      `${url.origin} sends its readers on to ${to}.`,
      'If that is where your readers end up anyway, name that address as the public one.',
    ),

  proxyFailed: (url: URL, status: number): Verdict =>
    blocked(
      'proxy-without-hub',
      `The proxy at ${url.origin} answers ${status}: it does not reach this hub.`,
      "Correct the address of the hub in the proxy's configuration.",
    ),

  proxyAsks: (url: URL, status: number): Verdict =>
    blocked(
      'proxy-refuses',
      `The proxy at ${url.origin} answers ${status} itself: it lets only those pass that it knows.`,
      'Let requests for this hub pass without a login at the proxy, or give your readers one.',
    ),

  otherServer: (url: URL, status: number): Verdict =>
    blocked(
      'not-this-hub',
      `Something else than this hub answers at ${url.origin} (status ${status}).`,
      'Check where the name leads, and to which hub the proxy hands on.',
    ),

  buffered: (url: URL): Verdict =>
    blocked(
      'buffered',
      `The proxy at ${url.origin} holds back what the hub sends, so readers would see nothing live.`,
      'Switch off response buffering for this hub in the proxy.',
    ),

  hostChanged: (url: URL, authority: string): Verdict =>
    blocked(
      'host-changed',
      `The proxy calls this hub ${authority} instead of ${url.host}, so that signing in is refused as that of a foreign page.`,
      'Let it hand on the name: in nginx "proxy_set_header Host $http_host;".',
    ),

  proxyUntrusted: (url: URL, peer: string): Verdict =>
    warned(
      'proxy-untrusted',
      `${url.origin} works, but the proxy at ${peer} is not trusted, so all its readers count as one address.`,
      `Add ${peer} to the trusted proxies, if it is yours (--trust-proxy ${peer}).`,
    ),

  schemeUnknown: (url: URL): Verdict =>
    warned(
      'scheme-unknown',
      `${url.origin} works, but the hub takes its readers for ones without TLS, so their cookies are not bound to it.`,
      'Name this address as the public one, or let a trusted proxy send X-Forwarded-Proto.',
    ),

  plain: (url: URL): Verdict =>
    warned(
      'plain',
      `${url.origin} works, but without TLS: anybody on the way can read along.`,
      'Choose TLS for "This network", or a proxy that speaks it.',
    ),

  firewall: (url: URL, name: string, command: string): Verdict =>
    warned(
      'firewall',
      `${url.origin} answers this machine itself, but ${name} is on here and may keep others out.`,
      `If they cannot reach it: ${command}`,
    ),
} as const;
