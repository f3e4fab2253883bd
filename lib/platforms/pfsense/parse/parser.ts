import { Reachability } from '../../../reachability/reachability';
import { SessionPhase } from '../../../reachability/session-phase';
import { Device, StartLocation } from '../../../net/device';
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
import { listAnnounced } from './box/announced';
import { createIpsecTunnelRules } from './own-rules/assigned-tunnels';
import { parseBox } from './box/box';
import { createBridgeRules } from './own-rules/bridges';
import { lowerConfiguration } from './configuration/lower-configuration';
import { addConnectedNetworks } from './box/connected-networks';
import { findChild, listChildren, getOwnText, getText } from './elements/element';
import { getUnitName } from './live/text-entries';
import { PfsenseForm, detectForm } from './text-form';
import { removeTransientRules, removeBoxRules } from './running/box-anchors';
import { StoredAndRunning, mergeExplanations, mergeExposures } from './running/stored-and-running';
import { createConfigurationContext, createRulesContext } from './running/running-context';
import { refuseFilterAlone, refuseIncomplete, refuseTranslationsAlone } from './text-problems';

/** Steps of work that an element takes: to be parsed, looked at for each release that may be meant, and made a rule of. */
const STEPS_PER_ELEMENT = 6;

const countElements = ({ children }: XmlElement): number =>
  children.reduce((sum, child) => sum + countElements(child), 1);

/** Reads a configuration, the rules that run, or both. */
export const parser: ConfigParser = {
  read: (text: string, device: Device): EvaluatedConfig =>
    runWithinPfLimit(() => {
      const form = detectForm(text);
      return form.is === 'running'
        ? evaluateRules(parseRunningText(form.text), device)
        : evaluateConfiguration(form, device);
    }),
};

/** `both`: with the rules that run. */
export const evaluateConfiguration = (
  form: Exclude<PfsenseForm, { readonly is: 'running' }>,
  device: Device,
): EvaluatedConfig =>
  runWithinPfLimit(() => {
    const { root } = form;
    spendSteps(STEPS_PER_ELEMENT * countElements(root));
    if (form.is === 'both') return evaluateStoredAndRunning(form, device);
    return evaluateLoaded(lowerConfiguration(root, device), addConnectedNetworks(root, device), {
      touches: listTouched(root),
      announces: listAnnounced(parseBox(root, device)),
    });
  });

/** What pfctl prints holds no doubles; a file that was to be loaded may, and nobody says by which kernel. */
export const evaluateRules = (runs: ParsedPf, device: Device): EvaluatedConfig =>
  runWithinPfLimit(() =>
    evaluateLoaded(dropRefusedDuplicates(resolveRules(runs, createRulesContext(runs, device)), 'unknown'), device, {
      touches: ['every rule'],
      announces: undefined,
    }),
  );

function evaluateLoaded(
  rules: PfRules,
  device: Device,
  touched: Pick<EvaluatedConfig, 'touches' | 'announces'>,
): EvaluatedConfig {
  const loaded = new LoadedPfRules(rules, device);
  return {
    ...touched,
    ...NO_SHARED_RULES,
    exposure: loaded.evaluateFirstPackets(),
    // Packets of sessions pass by their state.
    later: (phase) => (phase === 'stray' ? loaded.evaluateStrays() : undefined),
    explain: (vantage, packet, phase = 'first') => loaded.explain(vantage, packet, phase),
  };
}

/** The box places every rule, and what is delivered is what it has then. */
const NO_SHARED_RULES: Pick<EvaluatedConfig, 'addsTo' | 'yields'> = { addsTo: [], yields: [] };

function evaluateStoredAndRunning(
  { root, text, first }: PfsenseForm & { readonly is: 'both' },
  declaredDevice: Device,
): EvaluatedConfig {
  const device = addConnectedNetworks(root, declaredDevice);
  const running = removeBoxRules(parsePf(text, first));
  if (!running.sections.has('nat')) refuseIncomplete(first, '-sn');
  if (!running.sections.has('rules')) refuseIncomplete(first, '-sr');
  const context = createConfigurationContext(running, device, root);
  // pfctl prints the rules of a filter that is off, too.
  const on = getText(root, 'cpanel_edge', 'live') === 'on';
  const box = parseBox(root, device);
  // Which rules a packet meets there no list of rules says.
  const uncertainRules = [...createBridgeRules({ box }), ...createIpsecTunnelRules({ box })];
  const loaded = (text: ParsedPf): LoadedPfRules => {
    if (!on) return new LoadedPfRules({ ...EMPTY_PF_RULES, off: 'told' }, device);
    const rules = resolveRules(text, context);
    return new LoadedPfRules({ ...rules, filter: [...uncertainRules, ...rules.filter] }, device);
  };
  const stored = new LoadedPfRules(lowerConfiguration(root, device), device);
  const halves: StoredAndRunning = { stored, running: loaded(running), lasting: loaded(removeTransientRules(running)) };
  const exposure = mergeExposures(halves);
  let strays: Reachability | undefined;
  // Packets of sessions pass by their state.
  const getPhaseExposure = (phase: SessionPhase): Reachability | undefined =>
    phase === 'stray' ? (strays ??= mergeExposures(halves, (rules) => rules.evaluateStrays())) : undefined;
  const explain = (vantage: StartLocation, packet: Packet, phase: SessionPhase = 'first'): PacketExplanation =>
    mergeExplanations(halves, getPhaseExposure(phase) ?? exposure, vantage, packet, phase);
  return {
    touches: listTouched(root),
    announces: listAnnounced(box),
    ...NO_SHARED_RULES,
    exposure,
    later: getPhaseExposure,
    explain,
  };
}

/** Rules without a configuration: both lists, as nobody can tell one of them that is missing from one that is empty. */
export function parseRunningText(text: string): ParsedPf {
  const rules = removeBoxRules(parsePf(text));
  const line = rules.rules[0]?.is === 'anchor' ? rules.rules[0].match.line : rules.rules[0]?.match.line;
  const filters = rules.rules.some((rule) => rule.is === 'filter' || (rule.is === 'anchor' && rule.kind === 'filter'));
  const hasAnchor = (name: string): boolean => rules.rules.some((rule) => rule.is === 'anchor' && rule.name === name);
  // A file that somebody wrote for another box is whole, and where no rule matches pf passes.
  const isWhole = rules.written && !hasAnchor('natearly/*');
  if (!filters && !isWhole && !rules.sections.has('rules')) refuseTranslationsAlone(line?.number ?? 1);
  const translates = rules.rules.some(
    (rule) => rule.is !== 'filter' && !(rule.is === 'anchor' && rule.kind === 'filter'),
  );
  // Every box has translations, if only those that leave CARP alone.
  if (!translates && !rules.sections.has('nat') && (hasAnchor('userrules/*') || rules.sections.has('rules')))
    refuseFilterAlone(line?.number ?? 1);
  return rules;
}

const OWNER_TAG = /^cpanel-edge:([a-z0-9][a-z0-9-]*)\//;

/** What a configuration sets of ours, sorted. */
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
