import { Exposure } from '../../../reachability/exposure';
import { Phase } from '../../../reachability/phase';
import { Device, Vantage } from '../../../net/device';
import { Packet } from '../../../net/packet';
import { spend } from '../../../net/work';
import { asLoaded } from '../../../parse/pf/resolve/duplicates';
import { LoadedRules, withinPf } from '../../../parse/pf/loaded';
import { NO_RULES, PfRules } from '../../../parse/pf/model';
import { parsePf } from '../../../parse/pf/text/parse';
import { PfText } from '../../../parse/pf/text/text';
import { rulesOfText } from '../../../parse/pf/resolve/rules';
import { Explanation, Reader, Reading } from '../../../parse/reader';
import { XmlElement } from '../../../xml/xml';
import { announcedBy } from './box/announced';
import { ipsecTunnelRules } from './own-rules/assigned-tunnels';
import { boxOf } from './box/box';
import { bridgeRules } from './own-rules/bridges';
import { rulesOfConfiguration } from './configuration/configuration';
import { connected } from './box/connected';
import { childOf, listOf, ownText, textAt } from './elements/element';
import { unitName } from './live/entries';
import { Form, formOf } from './forms';
import { lasting, withoutOwnLines } from './running/own-anchors';
import { Halves, joinedExplanation, joinedExposure } from './running/halves';
import { aroundConfiguration, aroundRules } from './running/names';
import { filterAlone, notAllRuns, translationsAlone } from './problems-text';

/** Steps of work that an element takes: to be parsed, looked at for each release that may be meant, and made a rule of. */
const PER_ELEMENT = 6;

const elementsIn = ({ children }: XmlElement): number => children.reduce((sum, child) => sum + elementsIn(child), 1);

/** Reads a configuration, the rules that run, or both. */
export const reader: Reader = {
  read: (text: string, device: Device): Reading =>
    withinPf(() => {
      const form = formOf(text);
      return form.is === 'running'
        ? readingOfRules(runningText(form.text), device)
        : readingOfConfiguration(form, device);
    }),
};

/** `both`: with the rules that run. */
export const readingOfConfiguration = (form: Exclude<Form, { readonly is: 'running' }>, device: Device): Reading =>
  withinPf(() => {
    const { root } = form;
    spend(PER_ELEMENT * elementsIn(root));
    if (form.is === 'both') return both(form, device);
    return alone(rulesOfConfiguration(root, device), connected(root, device), {
      touches: touchedBy(root),
      announces: announcedBy(boxOf(root, device)),
    });
  });

/** What pfctl prints holds no doubles; a file that was to be loaded may, and nobody says by which kernel. */
export const readingOfRules = (runs: PfText, device: Device): Reading =>
  withinPf(() =>
    alone(asLoaded(rulesOfText(runs, aroundRules(runs, device)), 'unknown'), device, {
      touches: ['every rule'],
      announces: undefined,
    }),
  );

function alone(rules: PfRules, device: Device, said: Pick<Reading, 'touches' | 'announces'>): Reading {
  const loaded = new LoadedRules(rules, device);
  return {
    ...said,
    ...ELSEWHERE,
    exposure: loaded.exposure(),
    // Packets of sessions pass by their state.
    later: (phase) => (phase === 'stray' ? loaded.strays() : undefined),
    explain: (vantage, packet, phase = 'first') => loaded.explain(vantage, packet, phase),
  };
}

/** The box places every rule, and what is delivered is what it has then. */
const ELSEWHERE: Pick<Reading, 'addsTo' | 'yields'> = { addsTo: [], yields: [] };

function both({ root, text, first }: Form & { readonly is: 'both' }, described: Device): Reading {
  const device = connected(root, described);
  const runs = withoutOwnLines(parsePf(text, first));
  if (!runs.sections.has('nat')) notAllRuns(first, '-sn');
  if (!runs.sections.has('rules')) notAllRuns(first, '-sr');
  const around = aroundConfiguration(runs, device, root);
  // pfctl prints the rules of a filter that is off, too.
  const on = textAt(root, 'cpanel_edge', 'live') === 'on';
  const box = boxOf(root, device);
  // Which rules a packet meets there no list of rules says.
  const unclear = [...bridgeRules({ box }), ...ipsecTunnelRules({ box })];
  const loaded = (text: PfText): LoadedRules => {
    if (!on) return new LoadedRules({ ...NO_RULES, off: 'told' }, device);
    const rules = rulesOfText(text, around);
    return new LoadedRules({ ...rules, filter: [...unclear, ...rules.filter] }, device);
  };
  const stored = new LoadedRules(rulesOfConfiguration(root, device), device);
  const halves: Halves = { stored, running: loaded(runs), lasting: loaded(lasting(runs)) };
  const exposure = joinedExposure(halves);
  let strays: Exposure | undefined;
  // Packets of sessions pass by their state.
  const later = (phase: Phase): Exposure | undefined =>
    phase === 'stray' ? (strays ??= joinedExposure(halves, (rules) => rules.strays())) : undefined;
  const explain = (vantage: Vantage, packet: Packet, phase: Phase = 'first'): Explanation =>
    joinedExplanation(halves, later(phase) ?? exposure, vantage, packet, phase);
  return { touches: touchedBy(root), announces: announcedBy(box), ...ELSEWHERE, exposure, later, explain };
}

/** Rules without a configuration: both lists, as nobody can tell one of them that is missing from one that is empty. */
export function runningText(text: string): PfText {
  const rules = withoutOwnLines(parsePf(text));
  const line = rules.rules[0]?.is === 'anchor' ? rules.rules[0].match.line : rules.rules[0]?.match.line;
  const filters = rules.rules.some((rule) => rule.is === 'filter' || (rule.is === 'anchor' && rule.kind === 'filter'));
  const has = (name: string): boolean => rules.rules.some((rule) => rule.is === 'anchor' && rule.name === name);
  // A file that somebody wrote for another box is whole, and where no rule matches pf passes.
  const whole = rules.written && !has('natearly/*');
  if (!filters && !whole && !rules.sections.has('rules')) translationsAlone(line?.number ?? 1);
  const translates = rules.rules.some(
    (rule) => rule.is !== 'filter' && !(rule.is === 'anchor' && rule.kind === 'filter'),
  );
  // Every box has translations, if only those that leave CARP alone.
  if (!translates && !rules.sections.has('nat') && (has('userrules/*') || rules.sections.has('rules')))
    filterAlone(line?.number ?? 1);
  return rules;
}

const TAG = /^cpanel-edge:([a-z0-9][a-z0-9-]*)\//;

/** What a configuration sets of ours, sorted. */
function touchedBy(root: XmlElement): readonly string[] {
  const lists = [
    listOf(childOf(root, 'virtualip'), 'vip'),
    listOf(childOf(root, 'nat'), 'onetoone'),
    listOf(childOf(root, 'filter'), 'rule'),
    listOf(childOf(root, 'aliases'), 'alias'),
  ];
  const owners = lists.flat().flatMap((entry) => TAG.exec(ownText(childOf(entry, 'descr')))?.[1] ?? []);
  const switches = listOf(childOf(root, 'cpanel_edge'), 'sets').map((element) => `switch ${ownText(element)}`);
  return [...new Set([...owners.map((owner) => unitName(owner)), ...switches])].sort();
}
