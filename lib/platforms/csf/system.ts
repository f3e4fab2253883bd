// Describes devices with csf for the driver: settings file, service, and texts for the refusals and boot faults that
// the agent reports.

import { FIXED_BY_HAND, createOtherFirewallFault } from '../../agent-protocol/linux-system';
import { createFileBasedSystem } from '../../agent-protocol/file-based-system';

export const system = createFileBasedSystem({
  organ: 'csf',
  label: 'csf',
  settings: { cc: '/etc/csf/csf.conf' },
  listingPlatform: 'iptables',
  services: ['csf.service'],
  enable: 'systemctl enable csf lfd',
  mayBring: 'other rules than ours',
  bootFaults: {
    ...createOtherFirewallFault('csf', 'csf -x'),
    'csf-disabled': {
      description:
        'csf is disabled (/etc/csf/csf.disable): a restart loads nothing of it and opens everything; csf -e takes that back',
      ...FIXED_BY_HAND,
    },
    'csf-error': {
      description:
        'the last start of csf failed (/etc/csf/csf.error says why): a restart loads nothing of it and opens everything; mend that line, then csf -ra',
      ...FIXED_BY_HAND,
    },
  },
  refusals: {
    'csf-version': (value) => ({
      what: `/etc/csf/version.txt says ${value('version')}: settings are written for csf 14 to 16.`,
      instead: 'csf of one of these versions; or platform iptables, after csf -x.',
    }),
    'csf-disabled': () => ({
      what: 'csf is disabled there (/etc/csf/csf.disable), so nothing that is written for it is loaded.',
      instead: 'csf -e, after what it opens is looked at (cpanel-edge exposure); or platform iptables.',
    }),
    'csf-error': () => ({
      what: 'The last start of csf failed (/etc/csf/csf.error says why), so it does not start with the device.',
      instead: 'mend that line, then csf -ra.',
    }),
    'csf-not-running': () => ({
      what: 'csf has loaded no rules there.',
      instead: 'csf -ra, after what it opens is looked at (cpanel-edge exposure).',
    }),
    'csf-hook': (value) => ({
      what: `${value('file')} has another program than a shell in its first line, so rules for source ports can not stand in it.`,
      instead: 'call that program from a script of a shell there (#!/bin/sh); or outbound without source ports.',
    }),
    'csf-hook-beside': (value) => ({
      what: `csf runs ${value('file')} there and not /etc/csf/csfpost.sh beside it, so rules for source ports would not be loaded.`,
      instead: 'move what it does to /etc/csf/csfpost.sh, or that file there; or outbound without source ports.',
    }),
    'csf-file': (value) => ({
      what: `csf would not start with ${value('file')} as it is${value('line') === 'unknown' ? '' : ` (line ${value('line')}: a setting that is there twice, or has no value in double quotes)`}.`,
      instead: 'mend it, then apply again.',
    }),
  },
});
