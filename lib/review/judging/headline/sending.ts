import { Change } from '../../review';
import { PacketMap, PacketSet } from '../../../net/packet-map';
import { counted } from '../../../reachability/words';
import { Told } from './told';
import { Detail, addressesIn, destinationsOf, servicesIn } from './words';

const SENDS: readonly (readonly [Change['kind'], verb: string])[] = [
  ['opened', 'may send'],
  ['closed', 'may no longer send'],
];

/** Where nobody else is concerned: what devices themselves may send, and where they lead it. */
export function sending(own: readonly Told[], detail: Detail): readonly string[] {
  const led = own.filter(({ kind }) => kind === 'moved');
  const gone = led.filter(({ pairs }) => !pairs.where(([, after]) => after.destination.is === 'kept').isEmpty);
  return [
    ...SENDS.map(([kind, verb]) => {
      const sent = own.filter((one) => one.kind === kind);
      return sent.length === 0 ? '' : `${namesOf(sent)} ${verb} ${servicesIn(packetsOf(sent), detail).words}`;
    }),
    leading(gone, 'no longer '),
    leading(
      led.filter((one) => !gone.includes(one)),
      '',
    ),
  ];
}

/** What a server sends to its own public address stays within it, or goes to the gateway, which may lead it back: "elsewhere" would be too much. */
function leading(led: readonly Told[], still: string): string {
  if (led.length === 0) return '';
  const isOne = new Set(led.map(({ sender }) => sender)).size === 1;
  const where = isOne ? addressesIn(destinationsOf(packetsOf(led))) : 'their public addresses';
  return `${namesOf(led)} ${still}${isOne ? 'leads' : 'lead'} ${where} to ${isOne ? 'itself' : 'themselves'}`;
}

function namesOf(sent: readonly Told[]): string {
  const names = [...new Set(sent.flatMap(({ sender }) => sender ?? []))];
  return names.length > 2 ? counted(names.length, 'device') : names.join(' and ');
}

const packetsOf = (sent: readonly Told[]): PacketSet => PacketMap.first(sent.map(({ packets }) => packets));
