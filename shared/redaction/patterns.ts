/**
 * What is taken out of texts before others see them: one row per kind of secret, with an example that is its test. Rows are tried in
 * this order. It is a net with meshes, not a proof: a secret that looks like any other word passes.
 *
 * Every expression takes time in proportion to the text, whatever that is: it begins at a place that few positions of a run can be (a
 * look-behind, or a literal), and what repeats is bounded, or consumed by the match.
 */
import type { Redaction } from '../schema/shares.ts';
import { isAddress } from './address.ts';
import { isCardNumber } from './card-number.ts';

export interface RedactionPattern {
  name: string;
  choice: keyof Redaction;
  /** With the `g` flag. What its first and last group hold stays, where it has groups. */
  pattern: RegExp;
  /** Looks again at what was found. Left out: all of it counts. */
  isMeant?: (found: string) => boolean;
  example: string;
  redacted: string;
}

/** Stands for what was taken out. */
export const marks: Record<keyof Redaction, string> = {
  secrets: '[secret]',
  emails: '[e-mail]',
  addresses: '[address]',
};

/** Words that say that what follows them is nobody's business. */
const secretWord =
  'passw(?:or)?d|passwd|passphrase|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|' +
  'client[_-]?secret|credentials?|session[_-]?id|sessid';

const secretName = new RegExp(`(?:${secretWord}|authorization|cookie)`, 'i');

/** Whether a field, by its name, holds a secret: all of its value is taken out. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

export const redactionPatterns: readonly RedactionPattern[] = [
  {
    name: 'private key',
    choice: 'secrets',
    // To its end, or to the end of the text where it is cut.
    pattern:
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----[^]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----|$)/g,
    example: 'wrote -----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY----- to disk',
    redacted: 'wrote [secret] to disk',
  },
  {
    name: 'line of a private key',
    choice: 'secrets',
    // The body of a key in PEM, one line of it: base64 and nothing else.
    pattern: /^[A-Za-z0-9+/]{60,80}={0,2}$/g,
    example: 'MIIEpAIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MhgHcTz6sE2I2yPB',
    redacted: '[secret]',
  },
  {
    name: 'Authorization and cookie headers',
    choice: 'secrets',
    pattern: /((?:authorization|(?:set-)?cookie)["']?\s{0,4}[:=]\s{0,4}["']?)[^"'\r\n]+/gi,
    example: 'Authorization: Basic dXNlcjpwYXNz',
    redacted: 'Authorization: [secret]',
  },
  {
    name: 'bearer token',
    choice: 'secrets',
    pattern: /(\bbearer\s{1,4})[A-Za-z0-9._~+/=-]{16,}/gi,
    example: 'curl -H "bearer 0123456789abcdef01"',
    redacted: 'curl -H "bearer [secret]"',
  },
  {
    name: 'JSON web token',
    choice: 'secrets',
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,3}/g,
    example: 'jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbmEifQ.dozjgNryP4J3jVmNHl0w5N-XgL0n3I9P was stale',
    redacted: 'jwt [secret] was stale',
  },
  {
    name: 'AWS access key',
    choice: 'secrets',
    pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
    example: 'key AKIAIOSFODNN7EXAMPLE used',
    redacted: 'key [secret] used',
  },
  {
    name: 'tokens of GitHub and GitLab',
    choice: 'secrets',
    pattern: /(?<![A-Za-z0-9_])(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,})/g,
    example: 'push with ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    redacted: 'push with [secret]',
  },
  {
    name: 'tokens and webhooks of Slack',
    choice: 'secrets',
    pattern: /(?<![A-Za-z0-9])(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,}|(hooks\.slack\.com\/services\/)[\w/]{20,}/g,
    example: 'bot xoxb-2345678901-abcdefghij joined',
    redacted: 'bot [secret] joined',
  },
  {
    name: 'keys of Stripe, Google, npm and others',
    choice: 'secrets',
    pattern:
      /(?<![A-Za-z0-9_-])(?:[srp]k_(?:live|test)_[A-Za-z0-9]{16,}|AIza[\w-]{35}|npm_[A-Za-z0-9]{36}|sk-[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|hf_[A-Za-z0-9]{30,})/g,
    example: 'charged with sk_live_4eC39HqLyjWDarjtT1zdp7dc',
    redacted: 'charged with [secret]',
  },
  {
    name: 'share links and tokens of Watchline',
    choice: 'secrets',
    pattern: /(\/s\/[a-z0-9]{12}#)[\w-]{43}|(?<![A-Za-z0-9_])wls_[a-z0-9]{12}_[\w-]{43}/g,
    example: 'see https://hub.example/s/abcdefghijkl#0123456789012345678901234567890123456789abc',
    redacted: 'see https://hub.example/s/abcdefghijkl#[secret]',
  },
  {
    name: 'password in an address',
    choice: 'secrets',
    pattern: /(:\/\/[^\s/:@]{0,256}:)[^\s/]{1,256}(@)/g,
    example: 'connect to postgres://app:hunter2@db/orders',
    redacted: 'connect to postgres://app:[secret]@db/orders',
  },
  {
    name: 'key=value and key: value',
    choice: 'secrets',
    pattern: new RegExp(
      `((?:${secretWord})[\\w.-]{0,20}\\\\{0,4}["']?\\s{0,4}(?:=>|[:=])\\s{0,4})(?!\\[secret\\])(?:\\\\{1,4}["'][^"'\\\\]*|"(?:[^"\\\\]|\\\\.)*"?|'(?:[^'\\\\]|\\\\.)*'?|[^\\s"',;&|)}\\]]+)`,
      'gi',
    ),
    example: 'DB_PASSWORD="correct horse" retries=3',
    redacted: 'DB_PASSWORD=[secret] retries=3',
  },
  {
    name: 'option of a command',
    choice: 'secrets',
    pattern: new RegExp(`(--?[a-z-]{0,20}(?:${secretWord})[\\w-]{0,10}\\s{1,4})(?!-)\\S+`, 'gi'),
    example: 'mysql --password hunter2 --host db',
    redacted: 'mysql --password [secret] --host db',
  },
  {
    name: 'card number',
    choice: 'secrets',
    // Of the networks' own beginnings only: times in milliseconds and nanoseconds begin otherwise.
    pattern:
      /(?<![\d.-])(?:[2-6]\d{13,18}|[2-6]\d{3}[ -]\d{4}[ -]\d{4}[ -]\d{4}|3\d{3}[ -]\d{6}[ -]\d{4,5})(?![\d.-]?\d)/g,
    isMeant: isCardNumber,
    example: 'paid by 4111 1111 1111 1111.',
    redacted: 'paid by [secret].',
  },
  {
    name: 'e-mail address',
    choice: 'emails',
    pattern:
      /(?<![^\s@<>()"',;:=|/\\{}[\]])[^\s@<>()"',;:=|/\\{}[\]]+@[^\s@<>()"',;:=|/\\{}[\].]+(?:\.[^\s@<>()"',;:=|/\\{}[\].]+)+/g,
    example: 'to=<ana.müller@mail.example.net>, relay=none',
    redacted: 'to=<[e-mail]>, relay=none',
  },
  {
    name: 'IPv4 address',
    choice: 'addresses',
    pattern: /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)/g,
    isMeant: isAddress,
    example: 'from 192.0.2.17:51022 port open',
    redacted: 'from [address]:51022 port open',
  },
  {
    name: 'hardware address',
    choice: 'addresses',
    pattern: /(?<![0-9A-Za-z:-])[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}(?![0-9A-Za-z:-])/g,
    example: 'lease of 52:54:00:12:34:56 ended',
    redacted: 'lease of [address] ended',
  },
  {
    name: 'IPv6 address',
    choice: 'addresses',
    pattern:
      /(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{1,4}|:)(?::[0-9A-Fa-f]{0,4}){1,8}(?:\.\d{1,3}){0,3}(?:%[\w-]{1,16})?(?![0-9A-Za-z:])/g,
    isMeant: isAddress,
    example: 'bound to [2001:db8::8a2e:370:7334]:443',
    redacted: 'bound to [[address]]:443',
  },
];
