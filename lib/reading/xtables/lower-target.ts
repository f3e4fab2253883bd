import { familyOf } from '../../net/address';
import { integer } from '../netfilter/integers';
import { addressRange, numberRange } from '../netfilter/values';
import { NUMBERS } from '../netfilter/words';
import { ANY_BIT, End, Target as To, UnderstoodRule } from '../stages/model';
import { HARMLESS, TARGET_OPTIONS } from './options';
import { shown } from '../../problems/in-text';
import { Around, Target } from './rule';

/** What a target does besides, or instead of, ending the rule. */
export interface Does {
  readonly end?: End;
  readonly marks?: UnderstoodRule['marks'];
  readonly notrack?: true;
}

/** `inward`: whether destinations are translated where the rule stands, or sources. */
export function lowerTarget({ name, options }: Target, { line, family }: Around, inward: boolean): Does {
  const value = (...names: readonly string[]): string | undefined => options.find((one) => names.includes(one.name))?.values[0];
  const has = (prefix: string): boolean => options.some((one) => one.name.startsWith(prefix));
  const opaque = (what: string): Does => ({ end: { is: 'opaque', because: `line ${line}: ${what}` } });
  const ends = (is: 'accept' | 'drop' | 'return'): Does => ({ end: { is: 'verdict', verdict: { is } } });
  if (HARMLESS.has(name)) return {};
  const unknown = Object.hasOwn(TARGET_OPTIONS, name) && options.find((one) => !TARGET_OPTIONS[name]!.has(one.name));
  if (unknown) return opaque(`${shown(unknown.name)} of ${name} is not known`);
  switch (name) {
    case 'ACCEPT':
      return ends('accept');
    case 'DROP':
    case 'REJECT':
      return ends('drop');
    case 'RETURN':
      return ends('return');
    case 'QUEUE':
    case 'NFQUEUE':
      return opaque('a program decides (a queue)');
    case 'MARK':
      return { marks: new Map([['mark', bitsSet(options)]]) };
    case 'HMARK':
      return { marks: new Map([['mark', ANY_BIT]]) };
    case 'CONNMARK':
      return { marks: new Map([[has('--restore-mark') ? 'mark' : 'ct mark', bitsSet(options)]]) };
    case 'SET':
      return has('--map-') ? { marks: new Map([['mark', ANY_BIT]]) } : {};
    case 'NOTRACK':
      return { notrack: true };
    case 'CT':
      return has('--notrack') ? { notrack: true } : {};
    case 'MASQUERADE':
      return { end: { is: 'masquerade', random: has('--random') || has('--to-ports') } };
    case 'REDIRECT': {
      const text = value('--to-ports');
      const ports = text === undefined ? undefined : portsOf(text);
      if (text === undefined) return { end: { is: 'redirect' } };
      return ports && ports.first === ports.last
        ? { end: { is: 'redirect', port: ports.first } }
        : opaque('a redirect to several ports picks one');
    }
    case 'DNAT':
    case 'SNAT': {
      const text = value('--to-destination', '--to-source');
      const to = text === undefined ? undefined : targetOf(text);
      if (!to || (to.family !== undefined && to.family !== family)) return opaque(`${shown(text ?? '')} is not understood as a target`);
      // `440-450/1` counts from there.
      const random = has('--random') || (name === 'DNAT' && text!.includes('/'));
      return { end: { is: 'translate', kind: name === 'DNAT' ? 'dnat' : 'snat', to, random } };
    }
    case 'NETMAP': {
      const addresses = addressRange(value('--to') ?? '');
      if (!addresses || familyOf(addresses.first) !== family) return opaque(`${shown(value('--to') ?? '')} is not understood as a network`);
      return { end: { is: 'translate', kind: inward ? 'dnat' : 'snat', to: { addresses, family, prefix: true }, random: false } };
    }
    default:
      return opaque(`${shown(name)} may do anything`);
  }
}

/** Of a mark behind `MARK` and `CONNMARK`, beside those that were set. Source: linux xt_mark.c and xt_connmark.c, iptables-extensions(8). */
function bitsSet(options: Target['options']): number {
  const each = options.map(({ name, values: [text = ''] }) => {
    const [value, mask] = text.split('/').map(integer);
    if (name === '--and-mark' && value !== undefined) return 0;
    const isPlain =
      /^--(set-xmark|set-mark|or-mark|xor-mark)$/.test(name) && value !== undefined && (mask !== undefined || !text.includes('/'));
    return isPlain ? value : ANY_BIT;
  });
  return each.length === 1 ? each[0]! >>> 0 : ANY_BIT;
}

const portsOf = (text: string) => {
  const ports = numberRange(text, NUMBERS.port);
  return ports && ports.last <= 65_535 ? ports : undefined;
};

/** `10.0.0.1`, `10.0.0.1-10.0.0.9:80`, `:80-90/80`, `[2001:db8::1]:80`. A shifted range of ports is one of several. */
function targetOf(text: string): To | undefined {
  const [, bracketed, bare = '', written] = /^(?:\[([^\]]*)\]|([\d.-]*|[^[\]]*:[^[\]]*:[^[\]]*))(?::([^:]*))?$/.exec(text) ?? [];
  const address = bracketed ?? bare;
  const addresses = address === '' ? undefined : addressRange(address);
  const ports = written === undefined ? undefined : portsOf(written.replace(/\/.*$/, ''));
  if ((address !== '' && !addresses) || (written !== undefined && !ports) || (!addresses && !ports)) return undefined;
  return { prefix: false, ...(addresses ? { addresses, family: familyOf(addresses.first) } : {}), ...(ports ? { ports } : {}) };
}
