// Runs tests of boots on a test device under each shell, with helpers that reboot it (by commands: its network
// namespace stays), make its store of releases read-only, and read its addresses.

import { underShell, underShells } from '../under-shell';
import { DEVICE_SHELLS } from '../../tier';

export const SYSTEMD = '/etc/systemd/system';
export const HOME = '/etc/cpanel-edge/gateway-web';
export const VIP = { kind: 'alias', interface: 'wan0', address: '203.0.113.10/32' } as const;

/** A device that tests restart. */
function starting(device: ReturnType<typeof underShell>) {
  const { run, word } = device;
  afterEach(() => device.fresh());
  return {
    ...device,
    /** The release's addresses on the outside interface. */
    addresses: (): readonly string[] =>
      [...run('ip -o -4 addr show wan0').matchAll(/203\.0\.113\.(?!1\/)\d+/g)].map(([address]) => address),
    /** Restarts the device: /run and the kernel are empty. */
    restarted(): string {
      run('nft flush ruleset; rm -rf /run/cpanel-edge/*; ip addr flush dev wan0; ip addr add 203.0.113.1/24 dev wan0');
      return word('boot 2>/dev/null');
    },
    readOnly(during: () => void): void {
      expect(run('mount -o remount,ro /etc/cpanel-edge; : >/etc/cpanel-edge/written')).toContain('Read-only');
      during();
      run('mount -o remount,rw /etc/cpanel-edge');
    },
  };
}

/** Declares tests of a restarted device, under each shell that may be its /bin/sh. */
export function atNextStart(called: string, tests: (device: ReturnType<typeof starting>) => void): void {
  underShells(DEVICE_SHELLS, called, (device) => tests(starting(device)));
}
