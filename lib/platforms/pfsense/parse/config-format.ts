// The config format of pfSense, for commands that evaluate unmanaged config: recognises config.xml and the output of
// `pfctl -sn` and `pfctl -sr`, and parses it into a device with rules, or rules alone.

import { escapeForDisplay } from '../../../problems/problem';
import { ConfigFormat, UnmanagedRules } from '../../../parse/config-format';
import { describeLeasingDevice } from './box/describe-device';
import { detectForm } from './text-form';
import { isBanTable, isDefaultAnchor } from './running/box-rules';
import { collectMentions } from './running/collect-mentions';
import { ParsedPf } from '../../../parse/pf/text/syntax-tree';
import { evaluateConfiguration, evaluateRules, parseRunningText } from './parser';
import { matchesText } from './recognize-text';
import { describeReleases } from './box/release-behavior';

const BANS_LIMIT =
  'clients that are banned for a while (sshguard, snort) count as let in, and CARP (protocol 112) is not judged';
const SWITCH_LIMIT = 'whether pf is switched on, and which interfaces it skips, only the device itself says';
const ANCHORS_LIMIT =
  'what programs put into anchors for one client while they run (ftp-proxy, relayd, UPnP) is not in it';

const platformName = 'pfSense';
const limits = [
  'what a program on the box opens for one client while it runs (UPnP, a captive portal, a tunnel’s own rules) is in no configuration',
  BANS_LIMIT,
  'rules of packages that add their own are doubted where people’s are asked first, and Ethernet rules of Plus are not read',
  SWITCH_LIMIT,
];

const AS_LOADED = 'what `pfctl -sn` and `pfctl -sr` print there, each under its own title ("# pfctl -sn").';

/** The format of unmanaged config: a configuration describes its box; rules alone describe no device. */
export const configFormat: ConfigFormat = {
  label: platformName,
  printCommand: 'cat /cf/conf/config.xml',
  inputLabel: 'a config.xml of pfSense, a pf.conf of FreeBSD, what `pfctl -sn` and `pfctl -sr` print',
  unsupportedFormats: [
    { pattern: /^(TRANSLATION|FILTER) RULES:$/m, label: 'what `pfctl -s all` prints', instead: AS_LOADED },
    {
      pattern: /^\w+ (tcp|udp|icmp|ipv6-icmp|\d+) \S+ (\(\S+\) )?(<-|->) \S/m,
      label: 'what `pfctl -ss` prints',
      flaw: 'which says which connections there are, and not what the rules let in',
      instead: AS_LOADED,
    },
    { pattern: /<opnsense>/, label: 'config.xml of OPNsense', instead: AS_LOADED },
  ],
  limits,
  recognises: matchesText,
  parsed: (text) => {
    const form = detectForm(text);
    if (form.is === 'running') return parseRulesAlone(form.text);
    return {
      is: 'configuration',
      label: platformName,
      limits,
      assumptions: [describeReleases(form.root)],
      device: () => describeLeasingDevice(form.root),
      read: (device) => evaluateConfiguration(form, device),
    };
  },
};

/** Returns the tables that rules name and whose members the text doesn't hold. */
function listUntoldTables({ rules, tables }: ParsedPf): readonly string[] {
  const names = rules.flatMap(({ match }) =>
    [match, ...match.enclosingAnchors]
      .flatMap(({ from, to }) => [...(from.hosts ?? []), ...(to.hosts ?? [])])
      .flatMap(({ host }) => (host.is === 'table' ? [host.name] : [])),
  );
  return [...new Set(names)]
    .filter((name) => !isBanTable(name) && (tables.get(name) ?? { reason: '' }).reason !== undefined)
    .sort();
}

const describeUntoldTables = (names: readonly string[]): readonly string[] =>
  names.length === 0
    ? []
    : [
        `a host may be in ${names.length > 1 ? 'the tables' : 'the table'} ${names.slice(0, 5).map(escapeForDisplay).join(', ')}${names.length > 5 ? ' and others' : ''} or not ("# pfctl -t ${escapeForDisplay(names[0]!)} -T show" and below it what that prints, in the same text, tells it)`,
      ];

const listAssumptions = ({ isFile, newerBinatLine }: ParsedPf): readonly string[] => [
  ...(isFile ? ['it is what runs: a person wrote it, and pf would have loaded it as it stands'] : []),
  ...(newerBinatLine
    ? [
        `its pf takes a binat of any source, or of a negated one (line ${newerBinatLine.number}): old releases of FreeBSD refuse it`,
      ]
    : []),
];

function parseRulesAlone(text: string): UnmanagedRules {
  const running = parseRunningText(text);
  const isPfsense = running.rules.some((rule) => rule.is === 'anchor' && isDefaultAnchor(rule.name));
  return {
    ...(isPfsense
      ? { label: platformName, limits }
      : { label: 'pf', limits: [ANCHORS_LIMIT, BANS_LIMIT, SWITCH_LIMIT] }),
    is: 'rules',
    // FreeBSD's ip6_input asks pf, and then drops packets to loopback.
    seesLoopback6: true,
    assumptions: [...listAssumptions(running), ...describeUntoldTables(listUntoldTables(running))],
    getReferences: () => collectMentions(running),
    read: (device) => evaluateRules(running, device),
  };
}
