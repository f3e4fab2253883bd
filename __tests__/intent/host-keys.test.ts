// Tests which texts are taken as SSH host keys in intents, and that keys which are cut off or of another type than they
// name are refused.

import { compileConnection } from '../../lib/intent/connection';
import { printProblem } from '../../lib/problems/problem';

// Made by ssh-keygen. The first one has 4 + 11 + 4 + 32 bytes: 68 characters.
const ED25519 = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ0nMjkDYDAvGqBjHC7bTmXbEaMFKLJmJcqxkZfWvT9d';
const RSA =
  'AAAAB3NzaC1yc2EAAAADAQABAAABAQC5xLNE1ATiVE+5jihed/eou4GaBsqe4Sj3cy9m6k8RS6ekV0WxZgzM40mJoIGE4IIdvvJn1E0nMALf8Y' +
  'OAll56sYRzm2ql7ew3eNwqupUy7JKXQMJolKmB70qeHm1QRx3oEIYukPofcVV5tCSrhdJH5kfII06Z1vndSYctiT7EYOkVlQ5EG/zk4ndQlgzp' +
  '7TRC3txEGdaOyNsNHjLCEUCMIM6Ps0rVxkXAXq3mxeH59SxW4fKL7BQw2fUjVdgfDJCwfWHwOEXKkJB4s2wyOao7emIw9R+6V14h+BHdZSSTa5' +
  '7KyD5A8TKzNfx0Ixckt3V90XK2epH1GdLRY1UF8wTv';
const P256 =
  'AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBOI57kYZqsDAW6JbCge7newNcFOoSvv/42LXUuHHvroy9wnYWjmY9l2RBn' +
  'bmo7/w9YeIfCTTWHlMQc451FDKCeI=';
const P384 =
  'AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBLhY65gTjNUjxD0g0K+kgodmWepxGP1P9rQYgNMu6uglkKh9EGAoOF54we' +
  'ySa+xqKm/GrSnAKBHpCcka6rcSlJkbjLxsOMo6gmNkcDoJZBE/094QPyw0mAbwtCU5K8Aj/Q==';
const P521 =
  'AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAEPR4eDUS9HCmQxzj3umsCd8zS0HKyh+OmGcsmDmqCvz77JQLJfl3b9+S' +
  '+cTbouA35xKXV/8S6mBO8w2/DGXEXlDwHdnuwmlyP2qgkwF0HOMopiKaEXWMVdIVGLOW6YiuW7cSRixREG0K3XPEeHL7YvaHBxpHllbG+4cnMu' +
  'YBkSx4kjag==';

const WHOLE = [
  `ssh-ed25519 ${ED25519}`,
  `ssh-rsa ${RSA}`,
  `ecdsa-sha2-nistp256 ${P256}`,
  `ecdsa-sha2-nistp384 ${P384}`,
  `ecdsa-sha2-nistp521 ${P521}`,
];

const said = (...hostKeys: readonly string[]): readonly string[] =>
  compileConnection('edge', { host: '192.0.2.2', hostKeys }).problems.map(printProblem);

const INSTEAD = '\n  instead: The whole line, as "cat /etc/ssh/ssh_host_ed25519_key.pub" prints it on the device.';
const CUT = `intent/bad-host-key at edge hostKeys[0]: This key is not whole: it was cut short, or something was added to it.${INSTEAD}`;

test('accepts whole keys of hosts and authorities, with and without a comment', () => {
  expect(said(...WHOLE, ...WHOLE.map((key) => `@cert-authority ${key} root@edge`))).toEqual([]);
});

test('compares an unknown type with the type inside the key and checks nothing else', () => {
  // "ssh-ed448", followed by nine bytes that are no field.
  expect(said('ssh-ed448 AAAACXNzaC1lZDQ0OP///////////w==')).toEqual([]);
  expect(said('ssh-ed449 AAAACXNzaC1lZDQ0OP///////////w==')).toEqual([
    `intent/bad-host-key at edge hostKeys[0]: This key is of the type "ssh-ed448", and "ssh-ed449" stands before it.${INSTEAD}`,
  ]);
});

test.each(WHOLE)('%.30s is refused wherever it is cut', (key) => {
  const [type, base64] = key.split(' ') as [string, string];
  const cuts = Array.from({ length: base64.length - 24 }, (_, cut) => `${type} ${base64.slice(0, 24 + cut)}`);
  expect(cuts.filter((text) => !said(text).includes(CUT))).toEqual([]);
});

test('refuses a key whose stated type differs from the type inside', () => {
  expect(said(`ssh-rsa ${ED25519}`)).toEqual([
    `intent/bad-host-key at edge hostKeys[0]: This key is of the type "ssh-ed25519", and "ssh-rsa" stands before it.${INSTEAD}`,
  ]);
  expect(said(`ssh-ed25519 ${P256} root@edge`)).toEqual([
    `intent/bad-host-key at edge hostKeys[0]: This key is of the type "ecdsa-sha2-nistp256", and "ssh-ed25519" stands before it.${INSTEAD}`,
  ]);
});

test.each([
  ['a byte too many', `ssh-ed25519 ${ED25519}AA==`],
  ['a field too many', `ssh-ed25519 ${ED25519}AAAAAA==`],
  // The length field says 31, and 31 bytes follow.
  ['31 bytes for 32', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAH50nMjkDYDAvGqBjHC7bTmXbEaMFKLJmJcqxkZfWvT8='],
  ['no type', 'ssh-ed25519 AAAA////////////////////////'],
])('%s', (_, key) => {
  expect(said(key)).toEqual([CUT]);
});

test('refuses a line break at the end of a file', () => {
  for (const end of ['\n', '\r\n']) {
    expect(said(`ssh-ed25519 ${ED25519}${end}`)).toEqual([
      `intent/control-characters at edge hostKeys[0]: "ssh-ed25519 ${ED25519.slice(0, 65)}..." ends with a line break, as files do.\n  instead: Plain text on one line: .trim() takes it off.`,
    ]);
  }
  for (const end of ['\n\n', '\n ', '\t\n', '\r']) {
    expect(said(`ssh-ed25519 ${ED25519}${end}`)).toEqual([
      expect.stringContaining(' has control characters, line breaks or '),
    ]);
  }
});

test('refuses the empty last part of a file that was split at line breaks', () =>
  expect(said(WHOLE[0]!, '')).toEqual([
    'intent/empty-text at edge hostKeys[1]: The text is empty.\n  instead: Leave the entry out, or write what is meant.',
  ]));

test.each([
  [
    'SHA256:uNiVztksCsDhcc0u9e8BrKXTvSIgqBgpuVBH3lNxsfI',
    `This is a fingerprint: a digest of a key can be compared with one, and does not stand in for it.${INSTEAD}`,
  ],
  [
    '256 MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48 root@gw (ED25519)',
    `This is a fingerprint: a digest of a key can be compared with one, and does not stand in for it.${INSTEAD}`,
  ],
  [
    `[gw.example.net]:2222 ssh-ed25519 ${ED25519}`,
    `This is a line of known_hosts: "[gw.example.net]:2222" stands before the key.\n  instead: "ssh-ed25519 ${ED25519}".`,
  ],
  [P256, `This is a key without its type before it.\n  instead: "ecdsa-sha2-nistp256 ${P256}".`],
  [
    '/etc/ssh/ssh_host_ed25519_key.pub',
    `This is the path of a file, and the key itself stands in the release.${INSTEAD}`,
  ],
])('recognises %.40s and says what it is', (text, words) => {
  expect(said(text)).toEqual([`intent/bad-host-key at edge hostKeys[0]: ${words}`]);
});
