import { familyOf } from '../../../net/address';
import { ALL_PORTS } from '../../../net/packet';
import { integer } from '../../netfilter/integers';
import { addressRange, numberRange } from '../../netfilter/values';
import { NUMBERS } from '../../netfilter/words';
import { EVERY_BIT, Mark, MarkChange, anyOf } from '../../../evaluator/marks';
import { End, Setting, Target as To } from '../../../evaluator/model';
import { HARMLESS, TARGET_OPTIONS } from '../options';
import { shown } from '../../../problems/in-text';
import { Around, Target } from '../rule';

/** Hops that a packet may have before it. */
const MOST_HOPS = 255;

/** What a target does besides, or instead of, ending the rule. */
export interface Does {
  readonly end?: End;
  readonly sets?: Setting;
  /** Of a translation to several ports: from which one they are counted on. */
  readonly base?: number;
  /** It does nothing to what has no connection. */
  readonly ofConnections?: true;
}

/** `inward`: whether destinations are translated where the rule stands, or sources. */
export function lowerTarget({ name, options }: Target, { line, family }: Around, inward: boolean): Does {
  const value = (...names: readonly string[]): string | undefined =>
    options.find((one) => names.includes(one.name))?.values[0];
  const has = (prefix: string): boolean => options.some((one) => one.name.startsWith(prefix));
  const opaque = (what: string): Does => ({ end: { is: 'opaque', because: `line ${line}: ${what}` } });
  const ends = (is: 'accept' | 'drop' | 'return'): Does => ({ end: { is: 'verdict', verdict: { is } } });
  if (name === 'TTL' || name === 'HL') {
    const given = (...names: readonly string[]): number | undefined => {
      const text = value(...names);
      return text === undefined ? undefined : (integer(text) ?? 0);
    };
    const left = given('--ttl-set', '--hl-set') ?? MOST_HOPS - (given('--ttl-dec', '--hl-dec') ?? 0);
    if (left < 2) return opaque(`what has ${left} hops left at the most isn’t forwarded`);
  }
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
      return { sets: marksSet('mark', options) };
    case 'HMARK':
      return { sets: anyOf('mark') };
    case 'CONNMARK':
      return { sets: marksSet('ct mark', options), ofConnections: true };
    case 'SET':
      return has('--map-') ? { sets: anyOf('mark') } : {};
    case 'NOTRACK':
      return { sets: 'untracked' };
    case 'CT':
      return has('--notrack') ? { sets: 'untracked' } : {};
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
      if (!to || (to.family !== undefined && to.family !== family))
        return opaque(`${shown(text ?? '')} is not understood as a target`);
      const base = /\/(\d+)$/.exec(text!)?.[1];
      const counted = base === undefined ? {} : { base: Number(base) };
      return {
        end: { is: 'translate', kind: name === 'DNAT' ? 'dnat' : 'snat', to, random: has('--random') },
        ...counted,
      };
    }
    case 'NETMAP': {
      const addresses = addressRange(value('--to') ?? '');
      if (!addresses || familyOf(addresses.first) !== family)
        return opaque(`${shown(value('--to') ?? '')} is not understood as a network`);
      return {
        end: {
          is: 'translate',
          kind: inward ? 'dnat' : 'snat',
          to: { addresses, family, prefix: true },
          random: false,
        },
      };
    }
    default:
      return opaque(`${shown(name)} may do anything`);
  }
}

/** What `MARK` and `CONNMARK` do. Source: linux xt_mark.c and xt_connmark.c, iptables extensions libxt_MARK.c and libxt_CONNMARK.c. */
function marksSet(of: Mark, options: Target['options']): MarkChange {
  const numbers = new Map(options.map(({ name, values: [text = ''] }) => [name, text.split('/').map(integer)]));
  const words = [...numbers.keys()].filter((name) => !/^--(nf|ct)?mask$/.test(name));
  const [value, mask = EVERY_BIT] = numbers.get(words[0] ?? '') ?? [];
  const whole = options.every(
    ({ values: [text = ''] }) => text === '' || text.split('/').every((one) => integer(one) !== undefined),
  );
  if (words.length !== 1 || !whole) return anyOf(of);
  const both = numbers.get('--mask')?.[0];
  const [ofPacket = EVERY_BIT, ofConnection = EVERY_BIT] = [
    numbers.get('--nfmask')?.[0] ?? both,
    numbers.get('--ctmask')?.[0] ?? both,
  ];
  const change = (to: Mark, keeps: number, turns: number, takes = 0): MarkChange => ({
    of: to,
    unclear: 0,
    keeps: keeps >>> 0,
    takes: takes >>> 0,
    turns: turns >>> 0,
  });
  if (words[0] === '--save-mark') return change('ct mark', ~ofConnection, 0, ofPacket);
  if (words[0] === '--restore-mark') return change('mark', ~ofPacket, 0, ofConnection);
  if (value === undefined) return anyOf(of);
  switch (words[0]) {
    case '--set-xmark':
      return change(of, ~mask, value);
    case '--set-mark':
      return change(of, ~(mask | value), value);
    case '--and-mark':
      return change(of, value, 0);
    case '--or-mark':
      return change(of, ~value, value);
    case '--xor-mark':
      return change(of, EVERY_BIT, value);
    default:
      return anyOf(of);
  }
}

const portsOf = (text: string) => {
  const ports = numberRange(text, NUMBERS.port);
  return ports && ports.last <= ALL_PORTS.last ? ports : undefined;
};

/** `10.0.0.1`, `10.0.0.1-10.0.0.9:80`, `:80-90/80`, `[2001:db8::1]:80`. From which port they are counted on is no part of it. */
function targetOf(text: string): To | undefined {
  const [, bracketed, bare = '', written, base = ''] =
    /^(?:\[([^\]]*)\]|([\d.-]*|[^[\]]*:[^[\]]*:[^[\]]*))(?::([^:/]*)(?:\/(\d+))?)?$/.exec(text) ?? [];
  const address = bracketed ?? bare;
  const addresses = address === '' ? undefined : addressRange(address);
  const ports = written === undefined ? undefined : portsOf(written);
  if (
    (address !== '' && !addresses) ||
    (written !== undefined && !ports) ||
    Number(base) > ALL_PORTS.last ||
    (!addresses && !ports)
  )
    return undefined;
  return {
    prefix: false,
    ...(addresses ? { addresses, family: familyOf(addresses.first) } : {}),
    ...(ports ? { ports } : {}),
  };
}
