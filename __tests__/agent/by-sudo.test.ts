// Tests that the agent, started by sudo, runs as a systemd service with nothing of the caller's environment. Runs on a
// test device with the real nft.

import { sent, tableText } from './stream';
import { CONFIRMED, Step, gateway, underShells, wordOf } from './under-shell';
import { DEVICE_SHELLS } from '../tier';

jest.setTimeout(60_000);

const PROGRAM = '/usr/local/sbin/cpanel-edge-device';

underShells(DEVICE_SHELLS, 'a command that a login runs under sudo', ({ run, device, fresh, ports, shell }) => {
  afterEach(() => fresh());
  const called = (words: string, input = ''): string =>
    wordOf(run(`SUDO_UID=1000 SUDO_USER=deploy ${shell} ${PROGRAM} ${words}`, input).trimEnd());

  test('runs as a systemd service, waits for it, and delivers', () => {
    const release = gateway(1001);
    const words = (step: Step): string =>
      step === 'arm' ? `arm ${release.identity} 300` : `${step} ${release.identity}`;
    expect([
      called(release.upload, release.file),
      ...(['check', 'arm', 'confirm'] as const).map((step) => called(words(step))),
    ]).toEqual(CONFIRMED);
    expect(ports()).toEqual(['1001']);
    const services = run('cat /run/cpanel-edge/services').trimEnd().split('\n');
    expect(services).toEqual(
      [release.upload, ...(['check', 'arm', 'confirm'] as const).map(words)].map(
        (line) => `/bin/sh ${PROGRAM} served 1000 deploy ${line}`,
      ),
    );
  });

  test('is refused if there is no systemd, except in a session of root', () => {
    const without = (variables: string): string =>
      wordOf(device().apart(`umount /run/systemd; ${variables} ${shell} ${PROGRAM} status`).trimEnd());
    expect([without('SUDO_UID=1000'), without('')]).toEqual(['refused no-systemd', 'ok status']);
  });

  test('is refused if it names a login itself, or has words that systemd would expand', () => {
    const { upload, file } = sent({ text: tableText(1001) });
    expect([
      called('served 0 root status'),
      called(`served 0 root ${upload}`, file),
      called("check gateway '$HOME' abcdabcdabcdabcd"),
      called("check gateway 'web;id' abcdabcdabcdabcd"),
      called('nothing'),
    ]).toEqual([
      'refused not-by-sudo',
      'refused not-by-sudo',
      'refused wrong-argument',
      'refused wrong-argument',
      'refused unknown-command',
    ]);
  });
});
