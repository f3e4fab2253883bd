import { announcedOf } from '../spec/announced';
import { Announced } from '../net/device';
import { printAddress } from '../net/address';
import { Policy } from '../policy/policy';
import { Reading } from '../parse/reader';
import { AddressLine } from '../generate/writer';

/** What a text does to a device that no packet shows. */
export interface Fault {
  readonly kind: 'adds' | 'touches' | 'yields' | 'announces' | 'lets-in';
  readonly text: string;
}

/** The text of an owner as its device takes it: it replaces what it was, touches nobody else's, and isn't overtaken by somebody's rules. */
export function formFaults(
  isOwn: (touched: string) => boolean,
  { touches, addsTo, yields }: Reading,
  rest: Reading,
): readonly Fault[] {
  const others = apartFrom(touches, rest.touches).filter((one) => !isOwn(one));
  const fault = (kind: Fault['kind'], of: readonly unknown[], text: string): readonly Fault[] =>
    of.length === 0 ? [] : [{ kind, text }];
  return [
    ...fault('adds', addsTo, `what a device has in ${addsTo.join(', ')} would stay, beside the new rules`),
    ...fault('touches', others, `it changes what is not its own: ${others.join(', ')}`),
    ...fault('yields', yields, `others' translations may come before those of line ${yields.join(', ')}`),
  ];
}

/** Whether the device is made to answer for what the policy says, as it says, and for nothing else. */
export function announcementFaults(
  policy: Policy,
  addresses: readonly AddressLine[],
  reading: Reading,
  rest: Reading,
): readonly Fault[] {
  const wanted = announcedOf(policy);
  const told = reading.announces && apartFrom(reading.announces.map(inWords), (rest.announces ?? []).map(inWords));
  return [
    ...differing(
      wanted.map(asLine),
      addresses.map(({ kind, interface: on, address }) => `${kind} ${address} on ${on}`),
    ),
    ...(told ? differing(wanted.map(inWords), told) : []),
  ];
}

function differing(wanted: readonly string[], is: readonly string[]): readonly Fault[] {
  const missing = apartFrom(wanted, is).map((one) => `nothing would announce ${one}`);
  const besides = apartFrom(is, wanted).map((one) => `it would announce ${one}, which nothing asks for`);
  return [...missing, ...besides].map((text) => ({ kind: 'announces', text }));
}

function apartFrom(some: readonly string[], others: readonly string[]): readonly string[] {
  const gone = new Set(others);
  return some.filter((one) => !gone.has(one));
}

const LINES = { 'ip-alias': 'alias', carp: 'alias', 'proxy-arp': 'proxy-arp', other: 'routed' } as const;

const asLine = ({ kind, ...where }: Announced): string => `${LINES[kind]} ${placeOf(where)}`;

const inWords = ({ kind, carp, ...where }: Announced): string =>
  `${kind} ${placeOf(where)}${carp ? ` (vhid ${carp.vhid}, every ${carp.advertiseSeconds} s, skew ${carp.skew})` : ''}`;

const placeOf = ({ address, length, interface: on }: Pick<Announced, 'address' | 'length' | 'interface'>): string =>
  `${printAddress(address)}/${length} on ${on}`;
