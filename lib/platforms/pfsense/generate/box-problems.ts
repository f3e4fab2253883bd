// Creates the problems of the pfSense box for which a config is generated: a captured config that is unusable or of
// another version, missing interfaces, and unmanaged entries that conflict with the policy.

import { Prefix, printPrefix } from '../../../net/address';
import { Problem } from '../../../problems/problem';

export const createNotAConfiguration = (where: string, why: string): Problem => ({
  code: 'pfsense/not-a-configuration',
  where,
  what: `This is no configuration of pfSense: ${why}.`,
  instead: 'config.xml of the box, as Diagnostics > Backup & Restore gives it.',
});

export const createNotCaptured = (where: string): Problem => ({
  code: 'pfsense/not-captured',
  where,
  what: 'It is not what "cpanel-edge capture" keeps of a box: passwords and keys may be in it.',
  instead: 'what "cpanel-edge capture config.xml" writes.',
});

export const createStrangeMark = (where: string, line: number): Problem => ({
  code: 'pfsense/strange-mark',
  where,
  what: `Its mark in line ${line} is none that this package makes: one of captured, assumed and live, and no switch but the helper's.`,
  instead: 'what "cpanel-edge capture config.xml" writes, as it is; ask who could write to this one.',
});

export const createOtherVersion = (where: string, wrote: string, configuration: string): Problem => ({
  code: 'pfsense/version-differs',
  where,
  what: `The intent says ${wrote}, and the captured configuration has version "${configuration}", which is of another release.`,
  instead: 'the version that the box has, or a new capture of it.',
});

export const createNoInterface = (where: string, name: string): Problem => ({
  code: 'pfsense/no-such-interface',
  where,
  what: `The box has no interface with the key or the device "${name}".`,
  instead: 'one that the captured configuration has, or a new capture of it.',
});

export const createInterfaceDisabled = (where: string, name: string): Problem => ({
  code: 'pfsense/interface-disabled',
  where,
  what: `The interface "${name}" is disabled on the box; it drops entries of such an interface without a word.`,
  instead: 'an interface that is enabled, or a new capture after enabling it.',
});

export const createUnnamedUplink = (where: string, key: string, device: string): Problem => ({
  code: 'pfsense/unnamed-uplink',
  where,
  what: `The box has another way out, ${key} (${device}), which the intent doesn't name: what comes in by it would not be judged.`,
  instead: `${key} among the interfaces, with role outside.`,
});

export const createFilterOff = (where: string, line: number): Problem => ({
  code: 'pfsense/filter-disabled',
  where,
  what: `The box filters and translates nothing: <disablefilter> in line ${line} of what was captured.`,
  instead: 'System > Advanced > Firewall & NAT: packet filtering on; then capture it again.',
});

export const createHighAvailability = (where: string, partner: string, line: number): Problem => ({
  code: 'pfsense/high-availability',
  where,
  what: `The box is one of a pair: it is synchronised with ${partner} (<hasync> in line ${line} of what was captured). What is written to one is lost or half copied at the next synchronisation.`,
  instead: 'a box of its own; pairs are not served yet.',
});

export const createAddressHeld = (where: string, outside: Prefix, existing: string): Problem => ({
  code: 'pfsense/address-in-use',
  where,
  what: `${printPrefix(outside)} is on the box already: ${existing}.`,
  instead: 'another public address, or that entry taken away and the box captured again.',
});

export const createGroupHeld = (where: string, vhid: number, existing: string): Problem => ({
  code: 'pfsense/vhid-in-use',
  where,
  what: `The CARP group ${vhid} is on this interface already: ${existing}.`,
  instead: 'another vhid.',
});

export const createOverlap = (
  where: string,
  side: 'outside' | 'inside',
  prefix: Prefix,
  existing: string,
): Problem => ({
  code: `pfsense/${side}-in-use`,
  where,
  what: `Its ${side} ${printPrefix(prefix)} is translated on the box already: ${existing}.`,
  instead: 'other addresses, or that entry taken away and the box captured again.',
});

export const createForwarded = (where: string, outside: Prefix, existing: string): Problem => ({
  code: 'pfsense/port-forward-wins',
  where,
  what: `An unmanaged port forward takes packets to ${printPrefix(outside)} before the 1:1 entry is asked: ${existing}.`,
  instead: 'that port forward taken away and the box captured again, or another public address.',
});

export const createForwardedPastFilter = (where: string, inside: Prefix, existing: string): Problem => ({
  code: 'pfsense/forward-past-filter',
  where,
  what: `An unmanaged port forward leads to its internal address ${printPrefix(inside)} past every rule, also past those that close it: ${existing}.`,
  instead: 'that port forward with a filter rule in place of "Pass", or without it; then capture the box again.',
});
