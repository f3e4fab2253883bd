// The config format of APF: how files are printed, recognised and parsed, what a text can't state, and what the
// evaluation assumes.

import { Device, NetworkInterface } from '../../../net/device';
import { ConfigFormat } from '../../../parse/config-format';
import { describeUnreadFiles, createExternalRulesHint, describeLines } from '../../../parse/select-server-files';
import { evaluateConfig, createUnmanagedRules } from '../../../evaluator/evaluate-config';
import { ApfConfiguration, loadConfiguration, getLoader } from './configuration';
import { ApfFiles, beginsWithFile, parseFiles } from './apf-files';
import { fileLayout } from './apf-paths';
import { lowerSaved, lowerOnDevice } from './parser';
import { listMissingScripts } from './shipped-scripts';

const platformName = 'APF';
const limits = [
  'rules that others add to what APF loaded (Docker, fail2ban, an administrator), and tables of nft, are in none of its files: what runs decides (`iptables-save; ip6tables-save`)',
  'with the iptables of today (nf_tables) APF 9.7 never takes rules away: after another start than the first the old ones come first, and no edit closes or opens anything',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

const printCommand =
  'tail -v -n +1 /etc/apf-firewall/conf.apf /etc/apf-firewall/*.rules /etc/apf-firewall/internals/*.networks /etc/default/apf-firewall /etc/resolv.conf';

/** The format of unmanaged config. */
export const configFormat: ConfigFormat = {
  label: platformName,
  printCommand,
  externalRules: createExternalRulesHint(
    /^IG_(TCP|UDP)_CPORTS=/m,
    'conf.apf',
    'allow_hosts.rules and deny_hosts.rules',
    '/etc/apf-firewall',
    fileLayout,
  ),
  limits,
  fileLayout,
  recognises: beginsWithFile,
  parsed: (text) => {
    const files = parseFiles(text);
    const configured = loadConfiguration(files);
    const assumed = (configuration: ApfConfiguration, isTold: boolean): readonly string[] => [
      ...describeConfiguration(configuration, files, isTold),
    ];
    return {
      label: platformName,
      assumptions: assumed(configured, false),
      assumedOn: (interfaces: readonly NetworkInterface[]) => assumed(loadConfiguration(files, interfaces), true),
      ...createUnmanagedRules('apf', lowerSaved(configured.saved), limits),
      read: (device: Device) =>
        evaluateConfig(
          'apf',
          () => (device.assumption ? lowerSaved(configured.saved) : lowerOnDevice(files, device)),
          device,
        ),
    };
  },
};

/** Returns the assumptions and notes of a configuration. `isTold`: the server's addresses are known. */
function describeConfiguration(
  { settings, stops, unknownReasons, skipped }: ApfConfiguration,
  files: ApfFiles,
  isTold: boolean,
): readonly string[] {
  if (stops.length > 0) return describeLines(stops, ' Everything is open');
  const at = (key: string): string => `line ${settings.getPlace(key).line}: `;
  const globals = ['glob_allow.rules', 'glob_deny.rules'].flatMap((name) => {
    const first = files.findLines(name)?.find(({ text }) => /^[^#]*[^#\s]/.test(text) && !text.includes('#'));
    return first && !settings.isOn('USE_RGT')
      ? [`line ${first.line}: APF empties ${name} at every start: what stands in it has no effect`]
      : [];
  });
  const scripts = listMissingScripts(files);
  const { version } = files;
  const { device } = version;
  return [
    ...describeLines(unknownReasons, ': everything is UNKNOWN'),
    ...getLoader(files).says(settings),
    ...(settings.isOn('SET_MONOKERN')
      ? []
      : [
          `${at('SET_MONOKERN')}SET_MONOKERN is off: where ${version.withoutModule}, APF loads nothing and everything is open`,
        ]),
    ...(isTold
      ? []
      : [
          `${at(device)}interfaces of ${device} and IFACE_TRUSTED that have no route: APF loads nothing and everything is open`,
        ]),
    ...(settings.isOn('SET_FASTLOAD')
      ? [
          `${at('SET_FASTLOAD')}SET_FASTLOAD is on: it is read as after a boot; started later, APF may load rules of up to 12 hours ago, whatever conf.apf says now`,
        ]
      : []),
    ...globals,
    ...describeLines(skipped, ' It is as if it were not there'),
    ...(scripts.length === 0
      ? []
      : [`not in the text, and taken for what ${version.shippedBy} has: ${scripts.join(', ')}`]),
    ...describeUnreadFiles(files.otherFiles),
    ...(isTold
      ? []
      : [
          'a single address in its lists is taken for another host’s, as the server’s own are not given (--facts): one that it has on another interface than ' +
            `${device} is open to any source`,
        ]),
    `it is read as ${version.label} loads it at its first start`,
  ];
}
