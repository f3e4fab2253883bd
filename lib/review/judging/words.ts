import { titleOf } from '../../exposure/print';
import { printAddresses } from '../../exposure/words';
import { FAMILY_RANGE, Family, familyOf, printAddress, printRange } from '../../net/address';
import { Device, Vantage } from '../../net/device';
import { Packet } from '../../net/packet';
import { Range, joined, without } from '../../net/range';
import { printService } from '../../exposure/words';

/** Of a list, so many are said; then how many more there are. */
export const MOST_SAID = 20;

export function limited(items: readonly string[], most = MOST_SAID): readonly string[] {
  return items.length <= most ? items : [...items.slice(0, most), `and ${items.length - most} more`];
}

/** `anywhere but A, B`: past some exceptions how many more there are; a reader of a list of thousands learns nothing from it. */
export function addressItems(ranges: readonly Range[], family: Family, anywhere: string): readonly string[] {
  const whole = FAMILY_RANGE[family];
  const all = joined(ranges);
  const size = all.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
  if (size * 2n <= whole.last - whole.first) return all.map(printRange);
  const holes = without([whole], all);
  return holes.length <= MOST_SAID
    ? [printAddresses(all, family, anywhere)]
    : [`${anywhere} but ${limited(holes.map(printRange)).join(', ')}`];
}

export const sourceWords = (ranges: readonly Range[], family: Family): string =>
  limited(addressItems(ranges, family, 'anywhere')).join(', ');

export const ANY: Readonly<Record<Family, string>> = { ip: 'any IPv4', ip6: 'any IPv6' };

/** `the internet by wan0`, `inside by lan0, lan1`, `the device itself`. */
export function vantagesWords(vantages: readonly Vantage[], device: Device): string {
  const ways = new Map<string, string[]>();
  for (const vantage of vantages) {
    const words = titleOf(vantage, device).replace(/^from /, '');
    const [, who = words, way] = /^(.*?) by (.*)$/.exec(words) ?? [];
    ways.set(who, [...(ways.get(who) ?? []), ...(way === undefined ? [] : [way])]);
  }
  return [...ways].map(([who, by]) => (by.length === 0 ? who : `${who} by ${by.join(', ')}`)).join('; ');
}

export function packetWords({ source, destination, protocol, port, sourcePort }: Packet): string {
  const point = (value: number): readonly { first: number; last: number }[] => [{ first: value, last: value }];
  const any = [{ first: 0, last: 65_535 }];
  const hasPorts = [6, 17, 33, 132, 136].includes(protocol);
  const isIcmp = protocol === (familyOf(destination) === 'ip' ? 1 : 58);
  const service = printService(point(protocol), hasPorts || isIcmp ? point(port) : any, any);
  return `${printAddress(source)}${hasPorts ? ` port ${sourcePort}` : ''} to ${printAddress(destination)} ${service}`;
}

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
