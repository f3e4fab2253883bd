// Tests the JSON file with an SSH connection that commands take in place of a stack: it gets the defaults of an intent,
// and each wrong key is refused by its path.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConnectionFile } from '../../cli/connection-file';
import { Refusal } from '../../lib/problems/problem';
import { temporaryFolder } from '../temporary-folder';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const GOOD = { host: '192.0.2.2', hostKeys: [KEY] };

const path = join(temporaryFolder(), 'gw.json');
const read = (json: unknown) => {
  writeFileSync(path, typeof json === 'string' ? json : JSON.stringify(json));
  return readConnectionFile(path);
};
const said = (json: unknown): readonly string[] => {
  try {
    read(json);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problems.map(
      ({ code, where, what, instead }) => `${code} at ${where.replace(path, 'gw.json')}: ${what} ${instead}`,
    );
  }
};

test("accepts the intent's connection with its defaults, and the platform of the device", () => {
  expect(read(GOOD)).toEqual({ ...GOOD, port: 22, user: 'root', userConfiguration: false });
  const all = {
    ...GOOD,
    port: 2222,
    user: 'admin',
    identityFile: '~/.ssh/id',
    agentVariable: 'MY_AGENT',
    userConfiguration: true,
  };
  expect(read({ ...all, jump: GOOD, platform: 'pfsense' })).toEqual({
    ...all,
    platform: 'pfsense',
    jump: { ...GOOD, port: 22, user: 'root', userConfiguration: false },
  });
});

test('accepts a file as Windows editors write it', () => {
  for (const bytes of [`\ufeff${JSON.stringify(GOOD)}\r\n`, Buffer.from(`\ufeff${JSON.stringify(GOOD)}`, 'utf16le')]) {
    writeFileSync(path, bytes);
    expect(readConnectionFile(path)).toMatchObject(GOOD);
  }
  writeFileSync(path, Buffer.from([1, 2, 3, 0, 0]));
  expect(() => readConnectionFile(path)).toThrow('It is not JSON, or not all of it.');
});

test('names a wrong key by its path, with the expected value', () => {
  expect(said({ ...GOOD, prt: 22 })).toEqual([
    'intent/unknown-key at gw.json: There is no "prt" here, so it would have no effect. port, if that was meant.',
  ]);
  expect(said({ ...GOOD, os: 'pfsense' })).toEqual([
    expect.stringMatching(/^intent\/unknown-key at gw\.json: .* host, port, user, .*, platform\.$/),
  ]);
  expect(said({ ...GOOD, plattform: 'pfsense' })).toEqual([expect.stringMatching(/platform, if that was meant\.$/)]);
  expect(said({ ...GOOD, port: '22', jump: { ...GOOD, user: 7, x: 1 } })).toEqual([
    'intent/wrong-type at gw.json port: This is the text "22". A number from 1 to 65535.',
    expect.stringMatching(/^intent\/unknown-key at gw\.json jump: There is no "x" here/),
    'intent/wrong-type at gw.json jump.user: This is the number 7. The name of a user, as text.',
  ]);
  expect(said({ hostKeys: [KEY] })).toEqual([
    'intent/missing at gw.json: "host" is not set, and it has no default. host: its name or address.',
  ]);
  expect(said({ host: '192.0.2.2' })).toEqual([expect.stringMatching(/^intent\/host-keys-missing at gw\.json: /)]);
  expect(said({ ...GOOD, platform: 'tin' })).toEqual([
    expect.stringMatching(
      /^intent\/unknown-choice at gw\.json platform: "tin" is not one of the choices\. .*"pfsense"/,
    ),
  ]);
  expect(said({ ...GOOD, password: 'hunter2' })).toEqual([
    expect.stringMatching(/^intent\/secret-as-value at gw\.json password: /),
  ]);
  expect(said('[]')).toEqual([
    expect.stringMatching(/^intent\/wrong-type at gw\.json: This is a list\. An object with host and hostKeys/),
  ]);
  expect(said('{"host":')).toEqual([
    expect.stringMatching(
      /^cli\/connection-unreadable at gw\.json: It is not JSON, or not all of it\. JSON: \{ "host"/,
    ),
  ]);
});

test('checks host keys like those of a stack', () => {
  const [type, base64] = KEY.split(' ') as [string, string];
  expect(said({ ...GOOD, hostKeys: [KEY, `${type} ${base64.slice(0, -8)}`, `ssh-rsa ${base64}`] })).toEqual([
    expect.stringMatching(/^intent\/bad-host-key at gw\.json hostKeys\[1\]: This key is not whole: it was cut short/),
    expect.stringMatching(
      /^intent\/bad-host-key at gw\.json hostKeys\[2\]: This key is of the type "ssh-ed25519", and "ssh-rsa" stands before it/,
    ),
  ]);
});
