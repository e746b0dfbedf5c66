/** How to trust the hub's own authority, system by system. */
import { paths } from '../../shared/protocol.ts';
import type { TrustGuide } from '../../shared/schema/reach.ts';

/**
 * `origin`: where links lead to. The download itself is over a connection that is not trusted yet, so each guide begins with the
 * comparison of the fingerprint, which the owner tells by another way.
 */
export function trustGuides(origin: string, fingerprint: string): TrustGuide[] {
  const url = origin + paths.authority;
  const compare = `Compare its SHA-256 fingerprint with the one the owner tells you: ${fingerprint}`;
  const fetchIt = `$ curl -k -o watchline-ca.crt ${url}`;
  const look = '$ openssl x509 -in watchline-ca.crt -noout -fingerprint -sha256';
  return [
    {
      platform: 'linux',
      steps: [
        fetchIt,
        look,
        compare,
        '$ sudo cp watchline-ca.crt /usr/local/share/ca-certificates/watchline.crt && sudo update-ca-certificates',
        'Chromium and Chrome keep a list of their own:',
        '$ certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Watchline -i watchline-ca.crt',
      ],
    },
    {
      platform: 'macos',
      steps: [
        fetchIt,
        look,
        compare,
        '$ security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db watchline-ca.crt',
      ],
    },
    {
      platform: 'windows',
      steps: [
        `$ curl.exe -k -o watchline-ca.crt ${url}`,
        '$ certutil -dump watchline-ca.crt',
        `Compare the line "Cert Hash(sha256)" with the fingerprint the owner tells you: ${fingerprint}`,
        '$ certutil -user -addstore Root watchline-ca.crt',
      ],
    },
    {
      platform: 'android',
      steps: [
        `Open ${url} and keep the file.`,
        'Settings > Security > Encryption & credentials > Install a certificate > CA certificate, and choose it.',
        compare,
      ],
    },
    {
      platform: 'ios',
      steps: [
        `Open ${url} in Safari and allow the download.`,
        'Settings > General > VPN & Device Management: choose the profile.',
        `More Details shows it: ${compare[0]!.toLowerCase()}${compare.slice(1)}`,
        'Install it, then switch it on in Settings > General > About > Certificate Trust Settings.',
      ],
    },
    {
      platform: 'firefox',
      steps: [
        `Open ${url} and keep the file.`,
        'Settings > Privacy & Security > View Certificates > Authorities > Import, for websites.',
        `View shows it: ${compare[0]!.toLowerCase()}${compare.slice(1)}`,
      ],
    },
    {
      platform: 'curl',
      steps: [fetchIt, look, compare, `$ curl --cacert watchline-ca.crt ${origin}/healthz`],
    },
  ];
}
