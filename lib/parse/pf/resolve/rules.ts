import { EVERYWHERE } from '../../../net/address';
import { PROTOCOL } from '../../../net/packet';
import { PacketMap } from '../../../net/packet-map';
import { flagsAsked } from '../lower/flags';
import { widestOf } from '../matched';
import { PfBinat, PfFilterRule, PfNat, PfRedirect, PfRules } from '../model';
import { AnchorText, FilterText, PfText, SteppedInto } from '../text/text';
import { PfSurroundings } from './addresses';
import { Matches, bothPlaces, isNowhere, withoutPlaces } from './match';
import { binat, nats, redirects } from './translation';

/** What a text has loaded on this device. */
export function rulesOfText(text: PfText, around: PfSurroundings): PfRules {
  const matches = new Matches(text, around);
  const lists: Lists = { rdr: [], binat: [], nat: [], filter: [] };
  let { unloadable } = text;
  for (const rule of text.rules) {
    if (rule.is === 'filter') lists.filter.push(...filterRule(rule, matches, around));
    else if (rule.is === 'anchor') {
      const holds = rule.loaded ? 'anything' : around.mayHold(rule.name);
      if (holds === 'nothing') continue;
      if (rule.kind === 'binat' && holds === 'anything')
        unloadable ??= { line: rule.match.line, because: unseen(rule) };
      else hidden(rule, holds, matches, lists);
    } else {
      // What a kernel printed it has; of what a file says it refuses the second of two that ask the same.
      const asks = text.written ? rule.asks : `${rule.match.line.number}`;
      if (rule.is === 'rdr') lists.rdr.push(...redirects(rule, matches, asks));
      else if (rule.is === 'nat') lists.nat.push(...nats(rule, matches, asks));
      else {
        const made = binat(rule, matches, asks);
        if (typeof made === 'string') unloadable ??= { line: rule.match.line, because: made };
        else if (made) lists.binat.push(made);
      }
    }
  }
  const skipped = new Set<string>();
  for (const { line, name, listed } of text.skips) {
    const names = around.named(name);
    if (!names && listed) continue;
    if (!names)
      unloadable ??= { line, because: `which interfaces ${name} stands for is not told, and pf looks at none of them` };
    else for (const one of names) skipped.add(one);
  }
  return { skipped: [...skipped], ...lists, ...(unloadable && { unloadable }) };
}

interface Lists {
  readonly rdr: PfRedirect[];
  readonly binat: PfBinat[];
  readonly nat: PfNat[];
  readonly filter: PfFilterRule[];
}

function filterRule(rule: FilterText, matches: Matches, around: PfSurroundings): readonly PfFilterRule[] {
  return routedRule(rule, matches, around).flatMap((one) =>
    rule.releasedBy ? releasedRules(one, rule.releasedBy, matches) : [one],
  );
}

const BY_RELEASE = 'whether quick of the anchor around it ends the list depends on the release of pf';

/** The rule, in doubt for packets with which pf steps into one of these anchors. */
function releasedRules(rule: PfFilterRule, anchors: readonly SteppedInto[], matches: Matches): readonly PfFilterRule[] {
  const stepped = anchors.flatMap(({ match, way }) => {
    const found = way === 'both' || rule.way === 'both' || way === rule.way ? matches.of(match) : undefined;
    return found ? [{ ...found, way }] : [];
  });
  if (stepped.length === 0) return [rule];
  const ways = rule.way === 'both' && stepped.some(({ way }) => way !== 'both') ? (['in', 'out'] as const) : [rule.way];
  return ways.flatMap((way) => {
    const fitting = stepped.filter((one) => one.way === 'both' || way === 'both' || one.way === way);
    const inSome = PacketMap.first(fitting.map(widestOf)).within(widestOf(rule));
    const places = fitting.map(({ on }) => bothPlaces(rule.on, on)).filter((on) => !isNowhere(on));
    if (places.length === 0 || inSome.isEmpty) return [{ ...rule, way }];
    const [only] = places;
    // On interfaces of several anchors each, all of the rule's are in doubt.
    const on = places.length === 1 && only ? only : rule.on;
    const elsewhere = withoutPlaces(rule.on, on);
    const because = rule.perhaps ? `${BY_RELEASE}; ${rule.perhaps.because}` : BY_RELEASE;
    const perhaps = (rule.perhaps?.packets ?? PacketMap.NONE).or(inSome);
    return [
      { ...rule, way, on, packets: rule.packets.apartFrom(inSome), perhaps: { packets: perhaps, because } },
      ...(isNowhere(elsewhere) ? [] : [{ ...rule, way, on: elsewhere }]),
    ];
  });
}

/** A pool of next hops may send by each of its interfaces. */
function routedRule(rule: FilterText, matches: Matches, around: PfSurroundings): readonly PfFilterRule[] {
  if (rule.routes.length === 0) {
    const resolved = matches.of(rule.match);
    const { way, action, quick, state } = rule;
    return resolved ? [{ ...resolved, way, action, quick, state, ...flagsOf(rule) }] : [];
  }
  const names = [...new Set(rule.routes.flatMap((route) => around.named(route) ?? ['']))];
  const all = around.device.interfaces.map(({ name }) => name);
  const known = names.every((name) => all.includes(name));
  const { way, action, quick, state } = rule;
  const made = (doubts: readonly string[], routedTo?: string): readonly PfFilterRule[] => {
    const resolved = matches.of({ ...rule.match, doubts: [...rule.match.doubts, ...doubts] });
    return resolved
      ? [{ ...resolved, way, action, quick, state, ...flagsOf(rule), ...(routedTo === undefined ? {} : { routedTo }) }]
      : [];
  };
  if (!known) return made(['where it routes to is not told']);
  const last = names.at(-1);
  const each = names.flatMap((name) =>
    made(name === last ? [] : ['which of its next hops it routes to is not told'], name),
  );
  // Of rules that are not quick the last one is asked first.
  return quick ? each : each.reverse();
}

/** With those that anchors ask for around it. */
function flagsOf({ match, action, state }: FilterText): Pick<PfFilterRule, 'flags'> {
  const around = match.within.flatMap(({ flags }) => flags ?? []);
  if (around.length === 0) return match.flags ? { flags: match.flags } : {};
  return { flags: [...around, ...flagsAsked({ action, state, ...(match.flags && { flags: match.flags }) })] };
}

const unseen = ({ name }: AnchorText): string => `what is in anchor ${name.slice(0, 60)} is not told`;

/** An anchor that may hold rules about what it is asked of. */
function hidden(rule: AnchorText, holds: 'passes' | 'anything', matches: Matches, lists: Lists): void {
  const because = unseen(rule);
  const match = { ...rule.match, doubts: [...rule.match.doubts, because] };
  const resolved = matches.of(holds === 'passes' ? { ...match, protocols: [PROTOCOL.tcp, PROTOCOL.udp] } : match);
  if (!resolved) return;
  const { name } = rule;
  if (rule.kind === 'filter') {
    const shared = { ...resolved, way: rule.way, quick: true, state: true };
    lists.filter.push({ ...shared, action: 'pass' });
    if (holds === 'anything') lists.filter.push({ ...shared, action: 'block' });
  } else if (rule.kind === 'nat') {
    for (const pass of [false, true])
      lists.nat.push({
        ...resolved,
        packets: PacketMap.NONE,
        no: false,
        pass,
        asks: `${name} ${pass}`,
        to: { is: 'unclear', because },
      });
  } else {
    const to = { is: 'unclear', because, among: EVERYWHERE } as const;
    // With `pass` it is past the filter.
    for (const pass of holds === 'anything' ? [false, true] : [false])
      lists.rdr.push({ ...resolved, packets: PacketMap.NONE, no: false, pass, asks: `${name} ${pass}`, to });
  }
}
