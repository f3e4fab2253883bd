import { printRange } from '../../net/address';
import { Range, joined, overlap, point, without } from '../../net/range';
import { PacketMap } from '../../net/packet-map';
import { isAnybody, some, touchesAny } from '../addresses';
import { viewsFrom } from '../owners';
import { perGateway } from '../per-owner';
import { SubjectOwner } from '../subject';
import { everythingOpenTo } from '../targets';
import { allowedAt, splitByDestination } from '../verdicts';
import { LintRule } from '../rule';
import { MANUAL, NFT_PAGE } from '../sources';
import { localTo, networksOf } from '../../net/device';

export const defaultAcceptForward: LintRule = {
  code: 'nat/default-accept-forward',
  severity: 'warning',
  title: 'Inside hosts can be reached directly from outside',
  decidedBy: 'text',
  explanation: {
    why: 'A gateway that forwards whatever no rule refuses lets everybody who can put a packet on its outside network reach the inside hosts without any translation: the provider, and the neighbours in a shared network.',
    when: "Found for a gateway whose rules aren't ours, where any source outside reaches every TCP port of an inside network without translation. Our own text says nothing of hosts that aren't mapped, so it isn't judged.",
    remedy:
      'Drop in the forward chain by default, and accept what was asked for: outbound connections, and what a translation brought.',
    source: `${NFT_PAGE}; ${MANUAL}`,
  },
  find: perGateway(reachedDirectly, (reached, { name }) => ({
    where: `${name}, forwarding`,
    what: `Every TCP port of ${some(reached.map(printRange))} can be reached from outside without any translation: the gateway forwards what no rule refuses.`,
    instead: 'A forward chain that drops by default.',
  })),
};

function reachedDirectly(gateway: SubjectOwner): readonly Range[] {
  const inside = gateway.device.interfaces.flatMap((one) => (one.role === 'outside' ? [] : networksOf(one)));
  if (gateway.policy || inside.length === 0) return [];
  const forwarded = without(inside, localTo(gateway.device).map(point));
  const direct = viewsFrom(gateway, true).map((view) => {
    return allowedAt(view.verdicts)
      .within(splitByDestination(view).kept)
      .within(PacketMap.set({ destination: forwarded }));
  });
  const groups = PacketMap.first(direct).groups('destination');
  const reached = joined(
    groups.flatMap(({ family, ranges, below }) =>
      isAnybody(everythingOpenTo(below, family), family)
        ? ranges.flatMap((range) => inside.flatMap((one) => overlap(range, one) ?? []))
        : [],
    ),
  );
  return inside.filter((network) => touchesAny(reached, network));
}
