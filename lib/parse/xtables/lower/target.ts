// Lowers the target of an iptables rule (`ACCEPT`, `DNAT`, `MARK`) to an action of the ruleset model, or to a change of
// marks or tracking.
import { getFamily } from '../../../net/address';
import { ALL_PORTS } from '../../../net/packet';
import { parseInteger } from '../../netfilter/parse-integers';
import { parseAddressRange, parseNumberRange } from '../../netfilter/parse-values';
import { NUMBERS_BY_NAME } from '../../netfilter/named-numbers';
import { ALL_BITS, MarkKind, MarkChange, createUnknownChange } from '../../../evaluator/marks';
import { RuleAction, PacketChange, TranslationTarget } from '../../../evaluator/ruleset-model';
import { HARMLESS_TARGETS, TARGET_OPTIONS } from '../option-tables';
import { quoteForDisplay } from '../../../problems/line-problems';
import { XtablesRuleContext, XtablesTarget } from '../rule';

/** The highest number of hops that a packet may have left before it reaches the target. */
const MAX_HOPS = 255;

/** The effects of a target: the end of the rule, or changes besides it or instead of it. */
export interface TargetEffect {
  readonly action?: RuleAction;
  readonly packetChange?: PacketChange;
  /** The port from which a translation to several ports counts them. */
  readonly firstPort?: number;
  /** The target does nothing to packets without a connection. */
  readonly needsConnection?: true;
}

/** Lowers a target. `inward`: the rule stands where destinations are translated; otherwise sources are. */
export function lowerTarget(
  { name, options }: XtablesTarget,
  { line, family }: XtablesRuleContext,
  inward: boolean,
): TargetEffect {
  const findValue = (...names: readonly string[]): string | undefined =>
    options.find((option) => names.includes(option.name))?.values[0];
  const hasOption = (prefix: string): boolean => options.some((option) => option.name.startsWith(prefix));
  const createOpaque = (what: string): TargetEffect => ({ action: { is: 'opaque', reason: `line ${line}: ${what}` } });
  const createVerdict = (is: 'accept' | 'drop' | 'return'): TargetEffect => ({
    action: { is: 'verdict', verdict: { is } },
  });
  if (name === 'TTL' || name === 'HL') {
    const parseHops = (...names: readonly string[]): number | undefined => {
      const text = findValue(...names);
      return text === undefined ? undefined : (parseInteger(text) ?? 0);
    };
    const hopsLeft = parseHops('--ttl-set', '--hl-set') ?? MAX_HOPS - (parseHops('--ttl-dec', '--hl-dec') ?? 0);
    if (hopsLeft < 2) return createOpaque(`what has ${hopsLeft} hops left at the most isn’t forwarded`);
  }
  if (HARMLESS_TARGETS.has(name)) return {};
  const unknownOption =
    Object.hasOwn(TARGET_OPTIONS, name) && options.find((option) => !TARGET_OPTIONS[name]!.has(option.name));
  if (unknownOption) return createOpaque(`${quoteForDisplay(unknownOption.name)} of ${name} is not known`);
  switch (name) {
    case 'ACCEPT':
      return createVerdict('accept');
    case 'DROP':
    case 'REJECT':
      return createVerdict('drop');
    case 'RETURN':
      return createVerdict('return');
    case 'QUEUE':
    case 'NFQUEUE':
      return createOpaque('a program decides (a queue)');
    case 'MARK':
      return { packetChange: lowerMarkChange('mark', options) };
    case 'HMARK':
      return { packetChange: createUnknownChange('mark') };
    case 'CONNMARK':
      return { packetChange: lowerMarkChange('ct mark', options), needsConnection: true };
    case 'SET':
      return hasOption('--map-') ? { packetChange: createUnknownChange('mark') } : {};
    case 'NOTRACK':
      return { packetChange: 'untracked' };
    case 'CT':
      return hasOption('--notrack') ? { packetChange: 'untracked' } : {};
    case 'MASQUERADE':
      return { action: { is: 'masquerade', random: hasOption('--random') || hasOption('--to-ports') } };
    case 'REDIRECT': {
      const text = findValue('--to-ports');
      const ports = text === undefined ? undefined : parseTargetPorts(text);
      if (text === undefined) return { action: { is: 'redirect' } };
      return ports && ports.first === ports.last
        ? { action: { is: 'redirect', port: ports.first } }
        : createOpaque('a redirect to several ports picks one');
    }
    case 'DNAT':
    case 'SNAT': {
      const text = findValue('--to-destination', '--to-source');
      const to = text === undefined ? undefined : parseTarget(text);
      if (!to || (to.family !== undefined && to.family !== family))
        return createOpaque(`${quoteForDisplay(text ?? '')} is not understood as a target`);
      const base = /\/(\d+)$/.exec(text!)?.[1];
      const portBase = base === undefined ? {} : { firstPort: Number(base) };
      return {
        action: { is: 'translate', kind: name === 'DNAT' ? 'dnat' : 'snat', to, random: hasOption('--random') },
        ...portBase,
      };
    }
    case 'NETMAP': {
      const addresses = parseAddressRange(findValue('--to') ?? '');
      if (!addresses || getFamily(addresses.first) !== family)
        return createOpaque(`${quoteForDisplay(findValue('--to') ?? '')} is not understood as a network`);
      return {
        action: {
          is: 'translate',
          kind: inward ? 'dnat' : 'snat',
          to: { addresses, family, prefix: true },
          random: false,
        },
      };
    }
    default:
      return createOpaque(`${quoteForDisplay(name)} may do anything`);
  }
}

/**
 * Lowers `MARK` and `CONNMARK`. Source: linux xt_mark.c and xt_connmark.c, iptables extensions libxt_MARK.c and
 * libxt_CONNMARK.c.
 */
function lowerMarkChange(mark: MarkKind, options: XtablesTarget['options']): MarkChange {
  const numbers = new Map(options.map(({ name, values: [text = ''] }) => [name, text.split('/').map(parseInteger)]));
  const words = [...numbers.keys()].filter((name) => !/^--(nf|ct)?mask$/.test(name));
  const [value, mask = ALL_BITS] = numbers.get(words[0] ?? '') ?? [];
  const isReadable = options.every(
    ({ values: [text = ''] }) => text === '' || text.split('/').every((part) => parseInteger(part) !== undefined),
  );
  if (words.length !== 1 || !isReadable) return createUnknownChange(mark);
  const sharedMask = numbers.get('--mask')?.[0];
  const [ofPacket = ALL_BITS, ofConnection = ALL_BITS] = [
    numbers.get('--nfmask')?.[0] ?? sharedMask,
    numbers.get('--ctmask')?.[0] ?? sharedMask,
  ];
  const createChange = (to: MarkKind, keeps: number, turns: number, takes = 0): MarkChange => ({
    kind: to,
    unknownMask: 0,
    keepMask: keeps >>> 0,
    takeMask: takes >>> 0,
    xorMask: turns >>> 0,
  });
  if (words[0] === '--save-mark') return createChange('ct mark', ~ofConnection, 0, ofPacket);
  if (words[0] === '--restore-mark') return createChange('mark', ~ofPacket, 0, ofConnection);
  if (value === undefined) return createUnknownChange(mark);
  switch (words[0]) {
    case '--set-xmark':
      return createChange(mark, ~mask, value);
    case '--set-mark':
      return createChange(mark, ~(mask | value), value);
    case '--and-mark':
      return createChange(mark, value, 0);
    case '--or-mark':
      return createChange(mark, ~value, value);
    case '--xor-mark':
      return createChange(mark, ALL_BITS, value);
    default:
      return createUnknownChange(mark);
  }
}

const parseTargetPorts = (text: string) => {
  const ports = parseNumberRange(text, NUMBERS_BY_NAME.port);
  return ports && ports.last <= ALL_PORTS.last ? ports : undefined;
};

/**
 * Parses `10.0.0.1`, `10.0.0.1-10.0.0.9:80`, `:80-90/80`, `[2001:db8::1]:80`. The result leaves out the port from which
 * they are counted.
 */
function parseTarget(text: string): TranslationTarget | undefined {
  const [, bracketed, unbracketed = '', portsText, base = ''] =
    /^(?:\[([^\]]*)\]|([\d.-]*|[^[\]]*:[^[\]]*:[^[\]]*))(?::([^:/]*)(?:\/(\d+))?)?$/.exec(text) ?? [];
  const address = bracketed ?? unbracketed;
  const addresses = address === '' ? undefined : parseAddressRange(address);
  const ports = portsText === undefined ? undefined : parseTargetPorts(portsText);
  if (
    (address !== '' && !addresses) ||
    (portsText !== undefined && !ports) ||
    Number(base) > ALL_PORTS.last ||
    (!addresses && !ports)
  )
    return undefined;
  return {
    prefix: false,
    ...(addresses ? { addresses, family: getFamily(addresses.first) } : {}),
    ...(ports ? { ports } : {}),
  };
}
