/**
 * Resolves the parsed rules of a pf text for one device: names become interfaces and addresses, and an anchor whose
 * rules aren't in the text becomes rules with an unknown effect. Returns `PfRules`; lower/ makes the ruleset model of
 * it for the evaluator.
 */

import { ALL_ADDRESSES } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { PacketMap } from '../../../net/packet-map';
import { getFlagTests } from '../lower/tcp-flags';
import { getPossiblePackets } from '../match-packets';
import { PfBinat, PfFilterRule, PfNat, PfRedirect, PfRules } from '../model';
import { ParsedPfAnchor, ParsedPfFilterRule, ParsedPf, EnteredAnchor } from '../text/syntax-tree';
import { PfDeviceContext } from './address-resolver';
import { MatchResolver, intersectInterfaces, isNowhere, subtractInterfaces } from './match-resolver';
import { resolveBinat, resolveNats, resolveRedirects } from './translations';

/** Returns the rules that a text loads on this device. */
export function resolveRules(text: ParsedPf, context: PfDeviceContext): PfRules {
  const matches = new MatchResolver(text, context);
  const lists: PfRuleLists = { rdr: [], binat: [], nat: [], filter: [] };
  let { unloadable } = text;
  for (const rule of text.rules) {
    if (rule.is === 'filter') lists.filter.push(...resolveFilterRule(rule, matches, context));
    else if (rule.is === 'anchor') {
      const holds = rule.loaded ? 'anything' : context.mayHold(rule.name);
      if (holds === 'nothing') continue;
      if (rule.kind === 'binat' && holds === 'anything')
        unloadable ??= { line: rule.match.line, reason: describeHiddenAnchor(rule) };
      else addHiddenAnchor(rule, holds, matches, lists);
    } else {
      // A kernel holds every rule that it printed. From a file it refuses the second of two rules with the same match.
      const matchKey = text.isFile ? rule.matchKey : `${rule.match.line.number}`;
      if (rule.is === 'rdr') lists.rdr.push(...resolveRedirects(rule, matches, matchKey));
      else if (rule.is === 'nat') lists.nat.push(...resolveNats(rule, matches, matchKey));
      else {
        const resolvedBinat = resolveBinat(rule, matches, matchKey);
        if (typeof resolvedBinat === 'string') unloadable ??= { line: rule.match.line, reason: resolvedBinat };
        else if (resolvedBinat) lists.binat.push(resolvedBinat);
      }
    }
  }
  const skipped = new Set<string>();
  for (const { line, name, listed } of text.skips) {
    const names = context.named(name);
    if (!names && listed) continue;
    if (!names)
      unloadable ??= { line, reason: `which interfaces ${name} stands for is not told, and pf looks at none of them` };
    else for (const interfaceName of names) skipped.add(interfaceName);
  }
  return { skipped: [...skipped], ...lists, ...(unloadable && { unloadable }) };
}

interface PfRuleLists {
  readonly rdr: PfRedirect[];
  readonly binat: PfBinat[];
  readonly nat: PfNat[];
  readonly filter: PfFilterRule[];
}

function resolveFilterRule(
  rule: ParsedPfFilterRule,
  matches: MatchResolver,
  context: PfDeviceContext,
): readonly PfFilterRule[] {
  return resolveRoutes(rule, matches, context).flatMap((resolved) =>
    rule.releasedBy ? markReleaseDependent(resolved, rule.releasedBy, matches) : [resolved],
  );
}

const RELEASE_REASON = 'whether quick of the anchor around it ends the list depends on the release of pf';

/** Returns the rule, uncertain for packets with which pf steps into one of these anchors. */
function markReleaseDependent(
  rule: PfFilterRule,
  anchors: readonly EnteredAnchor[],
  matches: MatchResolver,
): readonly PfFilterRule[] {
  const entered = anchors.flatMap(({ match, direction }) => {
    const resolved =
      direction === 'both' || rule.direction === 'both' || direction === rule.direction
        ? matches.resolve(match)
        : undefined;
    return resolved ? [{ ...resolved, direction }] : [];
  });
  if (entered.length === 0) return [rule];
  const ways =
    rule.direction === 'both' && entered.some(({ direction }) => direction !== 'both')
      ? (['in', 'out'] as const)
      : [rule.direction];
  return ways.flatMap((direction) => {
    const fitting = entered.filter(
      (anchor) => anchor.direction === 'both' || direction === 'both' || anchor.direction === direction,
    );
    const inSome = PacketMap.mergeFirst(fitting.map(getPossiblePackets)).intersect(getPossiblePackets(rule));
    const places = fitting.map(({ on }) => intersectInterfaces(rule.on, on)).filter((on) => !isNowhere(on));
    if (places.length === 0 || inSome.isEmpty) return [{ ...rule, direction }];
    const [firstPlace] = places;
    // On interfaces of several anchors, all packets of the rule are uncertain.
    const on = places.length === 1 && firstPlace ? firstPlace : rule.on;
    const elsewhere = subtractInterfaces(rule.on, on);
    const reason = rule.uncertain ? `${RELEASE_REASON}; ${rule.uncertain.reason}` : RELEASE_REASON;
    const perhaps = (rule.uncertain?.packets ?? PacketMap.NONE).unite(inSome);
    return [
      { ...rule, direction, on, packets: rule.packets.subtract(inSome), uncertain: { packets: perhaps, reason } },
      ...(isNowhere(elsewhere) ? [] : [{ ...rule, direction, on: elsewhere }]),
    ];
  });
}

/** Resolves `route-to`. A pool of next hops may send by each of its interfaces. */
function resolveRoutes(
  rule: ParsedPfFilterRule,
  matches: MatchResolver,
  context: PfDeviceContext,
): readonly PfFilterRule[] {
  if (rule.routes.length === 0) {
    const resolved = matches.resolve(rule.match);
    const { direction, action, quick, state } = rule;
    return resolved ? [{ ...resolved, direction, action, quick, state, ...collectFlags(rule) }] : [];
  }
  const names = [...new Set(rule.routes.flatMap((route) => context.named(route) ?? ['']))];
  const interfaceNames = context.device.interfaces.map(({ name }) => name);
  const isKnown = names.every((name) => interfaceNames.includes(name));
  const { direction, action, quick, state } = rule;
  const createRules = (doubts: readonly string[], routedTo?: string): readonly PfFilterRule[] => {
    const resolved = matches.resolve({ ...rule.match, unknownReasons: [...rule.match.unknownReasons, ...doubts] });
    return resolved
      ? [
          {
            ...resolved,
            direction,
            action,
            quick,
            state,
            ...collectFlags(rule),
            ...(routedTo === undefined ? {} : { routedTo }),
          },
        ]
      : [];
  };
  if (!isKnown) return createRules(['where it routes to is not told']);
  const last = names.at(-1);
  const routedRules = names.flatMap((name) =>
    createRules(name === last ? [] : ['which of its next hops it routes to is not told'], name),
  );
  // The last rule that isn't quick is evaluated first.
  return quick ? routedRules : routedRules.reverse();
}

/** Returns the flags of a rule and of the anchors around it. */
function collectFlags({ match, action, state }: ParsedPfFilterRule): Pick<PfFilterRule, 'flags'> {
  const anchorFlags = match.enclosingAnchors.flatMap(({ flags }) => flags ?? []);
  if (anchorFlags.length === 0) return match.flags ? { flags: match.flags } : {};
  return { flags: [...anchorFlags, ...getFlagTests({ action, state, ...(match.flags && { flags: match.flags }) })] };
}

const describeHiddenAnchor = ({ name }: ParsedPfAnchor): string => `what is in anchor ${name.slice(0, 60)} is not told`;

/** Adds uncertain rules for an anchor whose rules aren't in the text. */
function addHiddenAnchor(
  rule: ParsedPfAnchor,
  holds: 'passes' | 'anything',
  matches: MatchResolver,
  lists: PfRuleLists,
): void {
  const reason = describeHiddenAnchor(rule);
  const match = { ...rule.match, unknownReasons: [...rule.match.unknownReasons, reason] };
  const resolved = matches.resolve(holds === 'passes' ? { ...match, protocols: [PROTOCOL.tcp, PROTOCOL.udp] } : match);
  if (!resolved) return;
  const { name } = rule;
  if (rule.kind === 'filter') {
    const shared = { ...resolved, direction: rule.direction, quick: true, state: true };
    lists.filter.push({ ...shared, action: 'pass' });
    if (holds === 'anything') lists.filter.push({ ...shared, action: 'block' });
  } else if (rule.kind === 'nat') {
    for (const pass of [false, true])
      lists.nat.push({
        ...resolved,
        packets: PacketMap.NONE,
        no: false,
        pass,
        matchKey: `${name} ${pass}`,
        to: { is: 'unclear', reason },
      });
  } else {
    const to = { is: 'unclear', reason, pool: ALL_ADDRESSES } as const;
    // With `pass` the packet skips the filter.
    for (const pass of holds === 'anything' ? [false, true] : [false])
      lists.rdr.push({ ...resolved, packets: PacketMap.NONE, no: false, pass, matchKey: `${name} ${pass}`, to });
  }
}
