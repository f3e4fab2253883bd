// Holds what the DeviceSystems of all Linux platforms share: the agent program, manual fixes, boot faults, and words of
// `bootstrap --allow`.
import { BootFaults, LoginWord, DeviceSystem } from './device-system';

const UNIT_FILES = 'cpanel-edge.service or cpanel-edge-addresses.service in /etc/systemd/system';
const LOADER_DESCRIPTION = 'what loads the stored release at the start of the device';
const RESTART_RISK = 'a restart may bring the device up without our rules or addresses';

/** A fault that keeps the release from the next start until a person types the command that it names. */
export const FIXED_BY_HAND = { loads: true, byHand: true } as const;

/** Returns the word of `boot=` by which a device says that another firewall starts with it. `command` switches that firewall off. */
export const createOtherFirewallFault = (program: string, command: string): BootFaults => ({
  [`other-${program}`]: {
    description: `${program} runs or starts with the device beside this release: after a restart it decides, and perhaps none of our rules run; ${command} takes that back`,
    ...FIXED_BY_HAND,
  },
});

const BOOT_FAULTS: BootFaults = {
  ...createOtherFirewallFault('ufw', 'ufw disable'),
  'unit-missing': { description: `${UNIT_FILES} is gone: ${RESTART_RISK}`, loads: true },
  'unit-changed': { description: `${UNIT_FILES} is not as we wrote it: ${RESTART_RISK}`, loads: true },
  'unit-disabled': { description: `${UNIT_FILES} is disabled: ${RESTART_RISK}`, loads: true },
  'unit-masked': {
    description: `${UNIT_FILES} is masked: a restart brings the device up without our rules or addresses; systemctl unmask takes that back`,
    loads: true,
  },
  'loader-missing': {
    description: `${LOADER_DESCRIPTION} is gone: a restart may bring it up without our rules`,
    loads: true,
  },
  'loader-changed': {
    description: `${LOADER_DESCRIPTION} is not as we wrote it: a restart may bring it up without our rules`,
    loads: true,
  },
  'replaced-on': {
    description:
      'a firewall whose place this release takes (replaces) runs again, or would start: the next delivery that changes something stops it',
    loads: 'beside others',
  },
  'release-damaged': {
    description: 'the stored release is damaged: a restart does not bring it, but closes what it opens',
    loads: true,
  },
};

/**
 * Returns the words of `boot=` by which a device says that the service which loads a release does not start:
 * `PROGRAM-masked`, and `disabled`. `enable` is the command that repairs the latter.
 */
export const createServiceFaults = (
  program: string,
  displayName: string,
  disabled: string,
  enable: string,
): BootFaults => ({
  [disabled]: {
    description: `${displayName} does not start with the device: a restart opens everything; ${enable} takes that back`,
    ...FIXED_BY_HAND,
  },
  [`${program}-masked`]: {
    description: `${displayName} is masked and does not start: a restart opens everything; systemctl unmask, then ${enable}, takes that back`,
    ...FIXED_BY_HAND,
  },
});

/** The properties that all Linux platforms share: one agent, with a part for each of them. */
export const LINUX = {
  manualFixes: {
    by: 'commands',
    interfaces: 'its network configuration',
    enable: (name) => `ip link set ${name} up`,
    forwarding: (name) =>
      `sysctl -w net.ipv4.ip_forward=1 net.ipv4.conf.${name}.forwarding=1; for good: net.ipv4.ip_forward = 1 in a file of /etc/sysctl.d`,
    routeTo: () => 'ip route add … (its network configuration)',
    describeRoutes: (address) => `ip route get ${address}; ip rule; ip route show table all`,
  },
  agentProgram: {
    built: 'cpanel-edge-device',
    parts: 'agent/parts.txt',
    install: {
      testCommand: '[ "$(uname -s)" = Linux ]',
      path: '/usr/sbin:/usr/bin:/sbin:/bin',
      sum: `sha256sum <"$new" | cut -d ' ' -f 1`,
      // The device boots with a copy of the program.
      afterwards: ['"$program" units </dev/null >/dev/null || :'],
      sudoers: { folder: '/etc/sudoers.d', check: [] },
      logins: '/etc/cpanel-edge',
    },
  },
  releaseForm: 2,
  refusals: {},
  bootFaults: BOOT_FAULTS,
} as const satisfies Omit<DeviceSystem, 'findUnit'>;

/** Words of a login that several platforms share. */
export const SHARED_LOGIN_WORDS: readonly LoginWord[] = [
  { word: 'cpnat', changes: "cPanel's NAT file and settings" },
  { word: 'replace', changes: 'which other firewalls run' },
];
