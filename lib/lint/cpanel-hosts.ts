import { Range, joined } from '../net/range';
import { Host, hostsOf } from './hosts';
import { Subject, SubjectOwner } from './subject';
import { Target, looksLikeCpanel, targetsOf } from './targets';

const known = new WeakMap<Subject, Map<SubjectOwner, readonly Host[]>>();

/** The hosts behind a gateway that are managed as cPanel servers, or offer its panel to somebody. */
export function cpanelHostsOf(subject: Subject, gateway: SubjectOwner): readonly Host[] {
  let of = known.get(subject);
  if (!of) known.set(subject, (of = new Map()));
  let found = of.get(gateway);
  if (!found) of.set(gateway, (found = listed(subject, gateway)));
  return found;
}

function listed(subject: Subject, gateway: SubjectOwner): readonly Host[] {
  const alike = new Map<Target, boolean>();
  const isAlike = (target: Target): boolean => {
    let is = alike.get(target);
    if (is === undefined) alike.set(target, (is = looksLikeCpanel(target)));
    return is;
  };
  const ranges = targetsOf(subject)
    .filter(({ owner, isHost }) => isHost && (owner === gateway || owner.policy?.kind === 'server' || !owner.device.forwarding))
    .flatMap((target) => joined(target.at).map((range) => ({ range, target })))
    .sort((a, b) => (a.range.first < b.range.first ? -1 : 1));
  return hostsOf(subject, gateway).filter(({ outside, server }) => {
    if (server?.policy?.kind === 'server') return true;
    const target = at(ranges, outside);
    return target !== undefined && isAlike(target);
  });
}

function at(ranges: readonly { readonly range: Range; readonly target: Target }[], outside: Range): Target | undefined {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ranges[middle]!.range.last < outside.first) low = middle + 1;
    else high = middle;
  }
  const found = ranges[low];
  return found && found.range.first <= outside.last ? found.target : undefined;
}
