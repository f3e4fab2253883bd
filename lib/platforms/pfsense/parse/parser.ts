// Parses and evaluates pfSense texts. In: a configuration, running rules, or both, and the device. Out: an
// EvaluatedConfig. This folder knows no intent, no policy and no generator, so that it can verify generated config
// independently.

import { Reachability } from '../../../reachability/reachability';
import { SessionPhase } from '../../../reachability/session-phase';
import { Device, StartLocation, AnnouncedAddress } from '../../../net/device';
import { Packet } from '../../../net/packet';
import { spendSteps } from '../../../net/step-budget';
import { dropRefusedDuplicates } from '../../../parse/pf/resolve/duplicates';
import { LoadedPfRules, runWithinPfLimit } from '../../../parse/pf/loaded-rules';
import { EMPTY_PF_RULES, PfRules } from '../../../parse/pf/model';
import { parsePf } from '../../../parse/pf/text/parse-pf';
import { ParsedPf } from '../../../parse/pf/text/syntax-tree';
import { resolveRules } from '../../../parse/pf/resolve/rules';
import { PacketExplanation, ConfigParser, EvaluatedConfig } from '../../../parse/config-parser';
import { XmlElement } from '../../../xml/parse-xml';
import { createIpsecTunnelRules } from './own-rules/assigned-tunnels';
import { parseBox, PfsenseBox } from './box/box';
import { createBridgeRules } from './own-rules/bridges';
import { lowerConfiguration } from './configuration/lower-configuration';
import { findChild, listChildren, getOwnText, getText } from './elements/element';
import { getUnitName } from './live/text-entries';
import { PfsenseForm, detectForm } from './text-form';
import { removeTransientRules, removeBoxRules } from './running/box-rules';
import { StoredAndRunning, mergeExplanations, mergeExposures } from './running/stored-and-running';
import { createConfigurationContext, createRulesContext } from './running/device-context';
import { refuseFilterAlone, refuseIncomplete, refuseTranslationsAlone } from './text-problems';
import { PfsenseVirtualIp, findKind, isLocal } from './box/virtual-ips';
import { Prefix, getNetwork } from '../../../net/address';

/** Returns every virtual IP of the configuration in the form in which the device announces it. */
const listAnnounced = ({ vips, byKey }: PfsenseBox): readonly AnnouncedAddress[] =>
  vips.flatMap((vip) => toAnnounced(vip, byKey) ?? []);

function toAnnounced(vip: PfsenseVirtualIp, byKey: PfsenseBox['byKey']): AnnouncedAddress | undefined {
  const { element, key, address, length } = vip;
  const kind = findKind(vip);
  if (!kind) return undefined;
  const number = (name: string): number => Number(getText(element, name));
  const carp = { vhid: number('vhid'), advertiseSeconds: number('advbase'), skew: number('advskew') };
  return { kind, interface: byKey.get(key)?.name ?? key, address, length, ...(kind === 'carp' ? { carp } : {}) };
}

/** Steps that one element costs: parsing, a look for each possible release, and lowering to a rule. */
const STEPS_PER_ELEMENT = 6;

const countElements = ({ children }: XmlElement): number =>
  children.reduce((sum, child) => sum + countElements(child), 1);

/** The parser of pfSense. It takes a configuration, the running rules, or both. */
export const parser: ConfigParser = {
  read: (text: string, device: Device): EvaluatedConfig =>
    runWithinPfLimit(() => {
      const form = detectForm(text);
      return form.is === 'running'
        ? evaluateRules(parseRunningText(form.text), device)
        : evaluateConfiguration(form, device);
    }),
};

/** Evaluates a configuration; in the form `both`, with the running rules. */
export const evaluateConfiguration = (
  form: Exclude<PfsenseForm, { readonly is: 'running' }>,
  device: Device,
): EvaluatedConfig =>
  runWithinPfLimit(() => {
    const { root } = form;
    spendSteps(STEPS_PER_ELEMENT * countElements(root));
    if (form.is === 'both') return evaluateStoredAndRunning(form, device);
    const rules = lowerConfiguration(root, device);
    const box = parseBox(root, device);
    return evaluateLoaded(rules, addConnectedNetworks(box, device), {
      changedObjects: listTouched(root),
      announcedAddresses: listAnnounced(box),
    });
  });

/** Evaluates rules alone. pfctl prints no duplicates. A file to be loaded may hold some, and its kernel isn't known. */
export const evaluateRules = (runs: ParsedPf, device: Device): EvaluatedConfig =>
  runWithinPfLimit(() =>
    evaluateLoaded(dropRefusedDuplicates(resolveRules(runs, createRulesContext(runs, device)), 'unknown'), device, {
      changedObjects: ['every rule'],
      announcedAddresses: undefined,
    }),
  );

function evaluateLoaded(
  rules: PfRules,
  device: Device,
  touched: Pick<EvaluatedConfig, 'changedObjects' | 'announcedAddresses'>,
): EvaluatedConfig {
  const loaded = new LoadedPfRules(rules, device);
  return {
    ...touched,
    ...NO_SHARED_RULES,
    reachability: loaded.evaluateFirstPackets(),
    // Packets of sessions pass by their state.
    later: (phase) => (phase === 'stray' ? loaded.evaluateStrays() : undefined),
    explain: (vantage, packet, phase = 'first') => loaded.explain(vantage, packet, phase),
  };
}

/** The box orders every rule, and the delivered config is the box's whole config afterwards. */
const NO_SHARED_RULES: Pick<EvaluatedConfig, 'extendedObjects' | 'yieldingLines'> = {
  extendedObjects: [],
  yieldingLines: [],
};

function evaluateStoredAndRunning(
  { root, text, first }: PfsenseForm & { readonly is: 'both' },
  declaredDevice: Device,
): EvaluatedConfig {
  const device = addConnectedNetworks(parseBox(root, declaredDevice), declaredDevice);
  const running = removeBoxRules(parsePf(text, first));
  if (!running.sections.has('nat')) refuseIncomplete(first, '-sn');
  if (!running.sections.has('rules')) refuseIncomplete(first, '-sr');
  const context = createConfigurationContext(running, device, root);
  // pfctl prints the rules of a disabled filter, too.
  const on = getText(root, 'cpanel_edge', 'live') === 'on';
  const box = parseBox(root, device);
  // No list of rules shows which rules a packet meets on a bridge or an IPsec tunnel.
  const uncertainRules = [...createBridgeRules({ box }), ...createIpsecTunnelRules({ box })];
  const loaded = (text: ParsedPf): LoadedPfRules => {
    if (!on) return new LoadedPfRules({ ...EMPTY_PF_RULES, filterOff: 'told' }, device);
    const rules = resolveRules(text, context);
    return new LoadedPfRules({ ...rules, filter: [...uncertainRules, ...rules.filter] }, device);
  };
  const stored = new LoadedPfRules(lowerConfiguration(root, device), device);
  const halves: StoredAndRunning = { stored, running: loaded(running), lasting: loaded(removeTransientRules(running)) };
  const reachability = mergeExposures(halves);
  let strays: Reachability | undefined;
  // Packets of sessions pass by their state.
  const getPhaseExposure = (phase: SessionPhase): Reachability | undefined =>
    phase === 'stray' ? (strays ??= mergeExposures(halves, (rules) => rules.evaluateStrays())) : undefined;
  const explain = (vantage: StartLocation, packet: Packet, phase: SessionPhase = 'first'): PacketExplanation =>
    mergeExplanations(halves, getPhaseExposure(phase) ?? reachability, vantage, packet, phase);
  return {
    changedObjects: listTouched(root),
    announcedAddresses: listAnnounced(box),
    ...NO_SHARED_RULES,
    reachability,
    later: getPhaseExposure,
    explain,
  };
}

/** Parses rules without a configuration. Both lists must be present, because a missing list looks like an empty one. */
export function parseRunningText(text: string): ParsedPf {
  const rules = removeBoxRules(parsePf(text));
  const line = rules.rules[0]?.is === 'anchor' ? rules.rules[0].match.line : rules.rules[0]?.match.line;
  const filters = rules.rules.some((rule) => rule.is === 'filter' || (rule.is === 'anchor' && rule.kind === 'filter'));
  const hasAnchor = (name: string): boolean => rules.rules.some((rule) => rule.is === 'anchor' && rule.name === name);
  // A file written for another box is complete, and pf passes where no rule matches.
  const isWhole = rules.isFile && !hasAnchor('natearly/*');
  if (!filters && !isWhole && !rules.sections.has('rules')) refuseTranslationsAlone(line?.number ?? 1);
  const translates = rules.rules.some(
    (rule) => rule.is !== 'filter' && !(rule.is === 'anchor' && rule.kind === 'filter'),
  );
  // Every box has translations, if only those that exempt CARP.
  if (!translates && !rules.sections.has('nat') && (hasAnchor('userrules/*') || rules.sections.has('rules')))
    refuseFilterAlone(line?.number ?? 1);
  return rules;
}

const OWNER_TAG = /^cpanel-edge:([a-z0-9][a-z0-9-]*)\//;

/** Returns our units and switches in a configuration, sorted. */
function listTouched(root: XmlElement): readonly string[] {
  const lists = [
    listChildren(findChild(root, 'virtualip'), 'vip'),
    listChildren(findChild(root, 'nat'), 'onetoone'),
    listChildren(findChild(root, 'filter'), 'rule'),
    listChildren(findChild(root, 'aliases'), 'alias'),
  ];
  const owners = lists.flat().flatMap((entry) => OWNER_TAG.exec(getOwnText(findChild(entry, 'descr')))?.[1] ?? []);
  const switches = listChildren(findChild(root, 'cpanel_edge'), 'sets').map(
    (element) => `switch ${getOwnText(element)}`,
  );
  return [...new Set([...owners.map((owner) => getUnitName(owner)), ...switches])].sort();
}

/** Returns the device with the networks of its virtual IPs as routes: packets to them leave by their interface. */
function addConnectedNetworks(box: PfsenseBox, device: Device): Device {
  const networks = new Map<string, Prefix[]>();
  for (const vip of box.vips) {
    const name = box.byKey.get(vip.key)?.name;
    if (name === undefined || !isLocal(vip) || vip.network.first === vip.network.last) continue;
    networks.set(name, [...(networks.get(name) ?? []), getNetwork(vip.address, vip.length)]);
  }
  if (networks.size === 0) return device;
  const interfaces = device.interfaces.map((networkInterface) => ({
    ...networkInterface,
    routes: [...networkInterface.routes, ...(networks.get(networkInterface.name) ?? [])],
  }));
  return { ...device, interfaces };
}
