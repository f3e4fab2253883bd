import { FAMILY_RANGE } from '../net/address';
import { remembered } from '../net/interned';
import { PROTOCOL } from '../net/packet';
import { PacketMap, PacketSet } from '../net/packet-map';
import { contains, point, without } from '../net/range';
import { destinationsOf, isAnybody } from './addresses';
import { serversOf } from './owners';
import { wholeOf } from './per-owner';
import { Find, Said } from './rule';
import { Subject, SubjectOwner } from './subject';
import { looksLikeCpanel, targetsOf } from './targets';
import { localTo } from '../net/device';

interface Connection {
  readonly protocol: number;
  readonly port: number;
  readonly sourcePort?: number;
}

export const packetsOf = ({ protocol, port, sourcePort }: Connection): PacketSet =>
  PacketMap.set({
    protocol: [point(protocol)],
    port: [point(port)],
    ...(sourcePort === undefined ? {} : { sourcePort: [point(sourcePort)] }),
  });

/** Where a host may connect to over IPv4, from its own addresses. `unknown` counts as allowed: what is blocked is said where it is sure. */
export function reach(owner: SubjectOwner, connection: Connection): 'anywhere' | 'listed' | 'nowhere' {
  const to = destinationsOf(leaving(owner).within(packetsOf(connection)), 'ip');
  return isAnybody(to, 'ip') ? 'anywhere' : to.length > 0 ? 'listed' : 'nowhere';
}

/** Whether only some connections may leave it. */
function isRestricted(owner: SubjectOwner): boolean {
  const all = PacketMap.set({ source: ipv4Of(owner).map(point), protocol: [point(PROTOCOL.tcp)] });
  const closed = destinationsOf(all.apartFrom(leaving(owner)), 'ip');
  return !isAnybody(without([FAMILY_RANGE.ip], closed), 'ip');
}

/** What may leave it for somebody else: not what its own rules lead back to it. */
const leaving = remembered((owner: SubjectOwner): PacketSet => {
  const views = owner.exposure.views.filter(({ vantage }) => vantage.kind === 'self');
  const own = PacketMap.set({ family: 'ip', source: ipv4Of(owner).map(point) });
  const back = PacketMap.set({ destination: ipv4Of(owner).map(point) });
  const sets = views.map(
    ({ verdicts, translations }) =>
      verdicts.within(translations.where(({ destination }) => destination.is === 'kept')).domain,
  );
  return PacketMap.first(sets).within(own).apartFrom(back);
});

const ipv4Of = ({ device }: SubjectOwner): readonly bigint[] =>
  localTo(device).filter((address) => contains(FAMILY_RANGE.ip, address));

/** One finding for each of them that there is something to say of. */
export const perCpanelServer =
  (say: (owner: SubjectOwner) => Said | false): Find =>
  (subject) =>
    cpanelServersOf(subject).flatMap((owner) => {
      const said = say(owner);
      return said ? { where: wholeOf(owner), ...said } : [];
    });

/** Those whose connections are restricted, where a port that few have a use for is among those that are allowed. */
export const allowedBesides = (
  port: number,
  said: Said,
  isMeant: (owner: SubjectOwner) => boolean = () => true,
): Find =>
  perCpanelServer(
    (owner) =>
      isMeant(owner) && reach(owner, { protocol: PROTOCOL.tcp, port }) === 'anywhere' && isRestricted(owner) && said,
  );

/** Hosts that are managed as cPanel servers, or offer its panel; those with IPv4, which licences, MYIP and AutoSSL need. */
function cpanelServersOf(subject: Subject): readonly SubjectOwner[] {
  const alike = new Set(
    targetsOf(subject).flatMap((target) => (target.isHost && looksLikeCpanel(target) ? target.owner : [])),
  );
  return serversOf(subject).filter(
    (owner) => ipv4Of(owner).length > 0 && (owner.policy?.kind === 'server' || alike.has(owner)),
  );
}
