import { LINUX } from '../../delivering/linux';
import { System } from '../../delivering/system';

const DROP_IN = '/etc/systemd/system/csf.service.d/cpanel-edge.conf';

export const system: System = {
  ...LINUX,
  unitOf: ({ text, owner }) =>
    text.startsWith(`==> /etc/csf/csf.conf <==\n# cpanel-edge:${owner}\n`) ? `settings cc-${owner}` : undefined,
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
    'csf-not-enabled': () => ({
      what: 'csf is not started with the device: a restart would open it.',
      instead: 'systemctl enable csf lfd.',
    }),
    'csf-not-running': () => ({
      what: 'csf has loaded no rules there.',
      instead: 'csf -ra, after what it opens is looked at (cpanel-edge exposure).',
    }),
    'csf-owner': (value) => ({
      what: `Owner ${value('owner')} has settings in csf.conf there, and there is one csf.conf.`,
      instead: 'one owner for the server.',
    }),
    'csf-file': (value) => ({
      what: `csf would not start with ${value('file')} as it is${value('line') === 'unknown' ? '' : ` (line ${value('line')}: a setting that is there twice, or has no value in double quotes)`}.`,
      instead: 'mend it, then apply again.',
    }),
    'csf-marks': () => ({
      what: 'The marks around our lines in /etc/csf/csf.allow ("# cpanel-edge:OWNER begin" and "end") are not two in a row any more.',
      instead: 'put them right, or take both out with the lines between them; then apply again.',
    }),
  },
  bootFaults: {
    ...LINUX.bootFaults,
    'csf-missing': { says: `${DROP_IN} is gone: a start of csf may bring other rules than ours`, loads: true },
    'csf-changed': { says: `${DROP_IN} is not as we wrote it: a start of csf may bring other rules than ours`, loads: true },
  },
};
