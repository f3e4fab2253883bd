// Lowers the parsed files of firewalld to the ruleset model, as one version of firewalld loads them.

import { Problem } from '../../../../problems/problem';
import {
  BaseChain,
  Condition,
  RuleAction,
  LoweredRule,
  LoweredRuleset,
  NETFILTER,
  RulesetFacts,
} from '../../../../evaluator/ruleset-model';
import { BindingDispatch } from './binding-dispatch';
import { ZoneDispatch } from './zone-dispatch';
import * as asked from '../contents/match-conditions';
import {
  FirewalldConfiguration,
  ParsedFirewalldPolicy,
  FirewalldZone,
  findDirectRules,
} from '../files/firewalld-configuration';
import { ChainBuilder, createChain, createJump, createRule } from '../contents/chain-builder';
import { PolicyDispatch, isActive, isUsed } from './dispatch';
import { FirewalldFiles } from '../files/firewalld-files';
import { ItemLowering, createVerdict } from '../contents/item-lowering';
import { checkPolicies } from './check-policies';
import { createBuiltInSource } from '../files/rule-sources';
import { FirewalldSettings } from '../files/firewalld-settings';
import { FirewalldVersion, isAtLeast, getInvalidDropPosition } from '../files/firewalld-version';

/**
 * Returns the rules that this version of firewalld would load, and all problems of the files. Source:
 * firewall/core/nftables.py of firewalld 1.3.3 and 2.3.1.
 */
export function lowerForVersion(
  version: FirewalldVersion,
  files: FirewalldFiles,
  settings: FirewalldSettings,
): { readonly lowered: LoweredRuleset; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const facts: RulesetFacts = {
    hasConnectionMarks: false,
    hasHelpers: false,
    trackedFamilies: new Set(['ip', 'ip6']),
    dynamicSets: new Set(),
  };
  const configuration = new FirewalldConfiguration(files, settings.defaultZone, version, problems);
  const items = new ItemLowering(configuration, facts);
  const builder = new ChainBuilder(configuration, items);
  checkPolicies(configuration);
  const bases = createBaseChains(builder, settings);
  checkUnused(builder);
  items.checkAdminFiles();
  const direct = findDirectRules(files.direct);
  const lowered = {
    baseChains: direct === undefined ? bases : [...bases, ...createDirectChains(direct)],
    facts,
    kernel: NETFILTER,
  };
  // Several chains may report the same element.
  return {
    lowered,
    problems: [...new Map(problems.map((problem) => [`${problem.where} ${problem.what}`, problem])).values()],
  };
}

/** Returns chains for direct rules of iptables: they may drop or translate any packet. */
const createDirectChains = (line: number): readonly BaseChain[] =>
  ['prerouting', 'output'].map((hook) => {
    const action: RuleAction = { is: 'opaque', reason: `line ${line}: direct.xml has rules of iptables` };
    return createBaseChain(
      'filter',
      hook,
      -1000,
      [{ line, text: 'direct.xml', conditions: [], action }],
      'direct rules',
    );
  });

const createBaseChain = (
  type: 'filter' | 'nat',
  hook: string,
  priority: number,
  rules: readonly LoweredRule[],
  label = `${type}_${hook.toUpperCase()}`,
): BaseChain => ({
  type,
  hook,
  priority,
  chain: createChain(label, rules),
  devices: [],
  policy: 'accept',
  line: 1,
  family: 'inet',
});

function createBaseChains(builder: ChainBuilder, settings: FirewalldSettings): readonly BaseChain[] {
  const { version } = builder.configuration;
  const dispatch: PolicyDispatch = isAtLeast(version, '2.0') ? new BindingDispatch(builder) : new ZoneDispatch(builder);
  const drop = createVerdict('drop');
  const acceptEstablished = createRule(
    createBuiltInSource('established'),
    [asked.ESTABLISHED],
    createVerdict('accept'),
  );
  const acceptLoopback = (direction: 'in' | 'out'): LoweredRule =>
    createRule(createBuiltInSource('lo'), [asked.createInterfaceCondition(direction, ['lo'])], createVerdict('accept'));
  const dropInvalid = createRule(createBuiltInSource('invalid'), [asked.INVALID], drop);
  const sixToFour = settings.refuses6to4
    ? [createRule(createBuiltInSource('RFC3964_IPv4'), [asked.TO_6TO4], drop)]
    : [];
  const { early, late } = createReversePathRules(settings, version);
  const createTranslatedRule = createTranslatedRules(builder, settings);
  const createFilterRules = (hook: 'input' | 'forward'): readonly LoweredRule[] => {
    const start = [acceptEstablished, createTranslatedRule(hook)];
    const before = hook === 'forward' ? sixToFour : [];
    const dropPosition = getInvalidDropPosition(version);
    const dropInvalidAt = (position: typeof dropPosition): readonly LoweredRule[] =>
      position === dropPosition ? [dropInvalid] : [];
    const rules = [
      ...start,
      ...dropInvalidAt('first'),
      acceptLoopback('in'),
      ...dropInvalidAt('behind lo'),
      ...before,
      ...dispatch.createRules(hook),
      ...dropInvalidAt('last'),
    ];
    return [...rules, createRule(createBuiltInSource('nothing else passes'), [], drop)];
  };
  const replyRules = isAtLeast(version, '0.9.5') ? [acceptEstablished] : [];
  const translatedOutput = isAtLeast(version, '2.3') ? [createTranslatedRule('output')] : [];
  return [
    createBaseChain('filter', 'prerouting', 10, early),
    createBaseChain('nat', 'prerouting', -90, dispatch.createRules('prerouting')),
    createBaseChain('nat', 'output', -90, dispatch.createRules('own')),
    createBaseChain('nat', 'postrouting', 110, dispatch.createRules('postrouting')),
    createBaseChain('filter', 'input', 10, createFilterRules('input')),
    createBaseChain('filter', 'forward', 10, [...late, ...createFilterRules('forward')]),
    createBaseChain('filter', 'output', 10, [
      ...replyRules,
      ...translatedOutput,
      acceptLoopback('out'),
      ...sixToFour,
      ...dispatch.createRules('output'),
    ]),
  ];
}

/**
 * Returns the rules that drop IPv6 packets whose replies would leave by another interface. They stand in prerouting, or
 * in forward alone if the setting ends with `-forward` (2.2 and later).
 */
function createReversePathRules(
  { reversePath: mode }: FirewalldSettings,
  version: FirewalldVersion,
): { readonly early: LoweredRule[]; readonly late: LoweredRule[] } {
  const source = createBuiltInSource('IPv6_rpfilter');
  const createDrop = (condition: Condition): LoweredRule =>
    createRule(source, [asked.createFamilyCondition('ip6'), condition], createVerdict('drop'));
  const isLate = isAtLeast(version, '2.2') && mode.endsWith('-forward');
  if (mode === 'no') return { early: [], late: [] };
  const condition =
    mode === 'strict' || (isLate && mode.startsWith('strict')) ? asked.NO_RETURN_ROUTE : asked.UNKNOWN_RETURN_ROUTE;
  return isLate
    ? { early: [], late: [createDrop(condition)] }
    : {
        early: [
          createRule(createBuiltInSource('neighbours'), asked.NEIGHBOR_DISCOVERY, createVerdict('accept')),
          createDrop(condition),
        ],
        late: [],
      };
}

/** Returns a function that creates the rule for translated packets: all pass, or only those to a forwarded port. */
function createTranslatedRules(
  builder: ChainBuilder,
  { isStrict }: FirewalldSettings,
): (hook: 'input' | 'forward' | 'output') => LoweredRule {
  const { configuration } = builder;
  if (!isStrict || !isAtLeast(configuration.version, '2.3'))
    return () =>
      createRule(createBuiltInSource('what is translated passes'), [asked.TRANSLATED], createVerdict('accept'));
  const owners: readonly (FirewalldZone | ParsedFirewalldPolicy)[] = [
    ...configuration.zones.filter((item) => isUsed(item, configuration)),
    ...configuration.policies.filter((item) => isActive(item, configuration)),
  ];
  const forwarded = owners.flatMap((owner) =>
    builder.lowerItems(owner).flatMap(({ forwards, rule: forwardRule }) => {
      if (!forwards) return [];
      const hook = 'from' in owner && owner.from.includes('HOST') ? 'output' : forwards.elsewhere ? 'forward' : 'input';
      return [
        {
          way: hook,
          rule: createRule(forwardRule, [asked.createOriginalPortCondition(forwards.from)], createVerdict('accept')),
        },
      ];
    }),
  );
  return (hook) =>
    createRule(
      createBuiltInSource('StrictForwardPorts'),
      [asked.TRANSLATED],
      createJump(
        'jump',
        createChain(`what is translated, ${hook}`, [
          ...forwarded.filter((item) => item.way === hook).map((item) => item.rule),
          createRule(createBuiltInSource('StrictForwardPorts'), [], createVerdict('drop')),
        ]),
      ),
    );
}

/** Checks zones and policies that no packet reaches. */
function checkUnused({ configuration, items }: ChainBuilder): void {
  const { zones, policies, fallback } = configuration;
  for (const zoneOrPolicy of zones)
    if (zoneOrPolicy !== fallback && !isUsed(zoneOrPolicy, configuration)) items.checkItems(zoneOrPolicy.items);
  for (const zoneOrPolicy of policies) if (!isActive(zoneOrPolicy, configuration)) items.checkItems(zoneOrPolicy.items);
}
