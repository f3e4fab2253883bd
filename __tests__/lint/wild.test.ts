// Compares lint's findings on sample rulesets of other people's devices with a list written by hand.

import { lint } from '../../lib/lint/lint';
import { fileText, foreign, subjectOf } from './samples/lint-subjects';
import { TAMPERED_DEVICES } from '../platforms/nftables/tampered/devices';
import { WILD_DEVICES } from '../platforms/nftables/wild/devices';

/** Findings on rulesets of other people, judged by hand. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  // Its input chain accepts by default, and Docker publishes more.
  docker: ['error ports/everything-open: docker.nft, 198.51.100.20'],
  'docker-nftables': ['error ports/everything-open: docker-nftables.nft, 198.51.100.21'],
  // It rejects what it forwards to guests.
  libvirt: ['error ports/everything-open: libvirt.nft, 198.51.100.30'],
  'libvirt-nftables': ['error ports/everything-open: libvirt-nftables.nft, 198.51.100.31'],
  fail2ban: [
    'warning access/ssh-open: fail2ban.nft, 198.51.100.40, 2001:db8:40::2',
    'warning ports/plaintext-open: fail2ban.nft, 198.51.100.40, 2001:db8:40::2',
  ],
  // The program's own rules close nothing.
  cpanel: ['error ports/everything-open: cpanel.nft, 198.51.100.50, 2001:db8:50::2'],
  // Host Access Control closes one port.
  'cpanel-el9': ['error ports/everything-open: cpanel-el9.nft, 198.51.100.51, 2001:db8:51::2'],
  firewalld: ['warning access/ssh-open: firewalld.nft, 198.51.100.60'],
  // Only the helper opens the passive ports, and its expectations aren't known.
  'firewalld-public': [
    'warning access/ssh-open: firewalld-public.nft, 198.51.100.61, 2001:db8:61::2',
    'warning ports/ftp-passive-closed: firewalld-public.nft, 198.51.100.61, 2001:db8:61::2',
    'warning ports/ftp-prefer-sftp: firewalld-public.nft, 198.51.100.61, 2001:db8:61::2',
  ],
  // It allows DHCPv6 replies only, udp 546.
  openwrt: ['warning ports/ipv6-wider: openwrt.nft, 2001:db8:90::2, 2001:db8:91::1'],
  // The external port 2200 is the shop's SSH.
  handmade: ['warning access/ssh-open: handmade.nft, 198.51.100.70'],
  // Its lists of friends are allowed everything, as intended.
  csf: [],
};

describe('unmanaged rulesets', () => {
  it('are all listed', () => expect(Object.keys(SAID).sort()).toEqual(Object.keys(WILD_DEVICES).sort()));

  it.each(Object.keys(SAID))('%s', (name) => {
    const owner = foreign(`${name}.nft`, fileText(`wild/${name}.nft`), WILD_DEVICES[name]!);
    expect(lint(subjectOf(owner)).map(({ severity, code, where }) => `${severity} ${code}: ${where}`)).toEqual(
      SAID[name],
    );
  });

  it("a gateway and a host by hand: a ban on the host isn't reported as a disagreement, IPv6 past the gateway is", () => {
    const gateway = foreign('gateway.nft', fileText('tampered/gateway.nft'), TAMPERED_DEVICES.gateway);
    const host = foreign('host.nft', fileText('tampered/host.nft'), TAMPERED_DEVICES.host);
    expect(lint(subjectOf(gateway, host)).map(({ code, where }) => `${code}: ${where}`)).toEqual([
      'ports/ipv6-wider: host.nft, 2001:db8:2::10',
    ]);
  });

  it('a hostile name is escaped', () => {
    const owner = foreign('a\u001b[31m\nb.nft', fileText('wild/libvirt.nft'), WILD_DEVICES['libvirt']!);
    for (const { where } of lint(subjectOf(owner))) expect(where).toContain('a\\u{1b}[31m\\u{a}b.nft');
  });
});
