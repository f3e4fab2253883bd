import { bitsOf } from '../../../../parse/netfilter/fields';
import { Field } from '../../../../evaluator/fields';
import { lookedUp } from '../../../../parse/netfilter/host-name';
import { unmasked } from '../../../../parse/netfilter/masks';
import { shown } from '../../../../problems/in-text';
import { Test } from '../ruleset';
import { Condition, Members, Value } from '../../../../evaluator/model';
import { flagBits, numberRange, valueOf, wholeFamily } from '../../../../parse/netfilter/values';
import { FLAGS, NUMBERS } from '../../../../parse/netfilter/words';
import { PROTOCOL } from '../../../../net/packet';
import { ofSomeBits } from '../number-prefix';
import { Scope } from '../scope';

/** One comparison. What can't be read or isn't modelled may match or not: never "doesn't". */
export function lowerTest(scope: Scope, written: Test, line: number): Condition {
  const test = ofSomeBits(written);
  const fields = test.fields.map(scope.field);
  const first = fields[0]!;
  const doubt = (why: string): Condition => ({
    is: 'doubt',
    because: `line ${line}: ${why}`,
    fields,
  });
  const without = withoutOption(scope, test);
  if (without) return without;
  const dark = fields.find(({ looksAt }) => looksAt.is === 'unmodelled');
  if (dark) return doubt(`${shown(dark.name)} may match or not`);
  if (fields.length === 1 && first.looksAt.is === 'fact')
    return numberTest(scope, test, first, first.looksAt.words, line) ?? doubt(`${shown(first.name)} may match or not`);
  const listed = scope.membersOf(fields, test.right, line);
  const wanted = listed && (ORDERS.has(test.comparison) ? beyond(fields, test.comparison, listed) : listed);
  const members =
    wanted && test.mask !== undefined ? (fields.length === 1 ? unmasked(first, test.mask, wanted) : undefined) : wanted;
  if (!members)
    return doubt(nameIn(test) ?? `what ${shown(test.fields.join(' . '))} is compared with is not understood`);
  return { is: 'member', fields, members, negated: test.comparison === '!=' || test.comparison === '!' };
}

function nameIn({ fields: [field = '', ...more], right }: Test): string | undefined {
  if (more.length > 0 || !/addr$/.test(field) || 'set' in right) return undefined;
  return right.elements.flatMap(({ key }) => lookedUp(key[0] ?? '') ?? [])[0];
}

/** A packet of another protocol has no option, and `missing` holds. Source: nft_exthdr_tcp_eval and nft_exthdr_sctp_eval in net/netfilter/nft_exthdr.c. */
function withoutOption(scope: Scope, { fields: [name = ''], comparison, right }: Test): Condition | undefined {
  const [, head = ''] = /^(tcp|sctp) (?:option|chunk) [\w-]+$/.exec(name) ?? [];
  const [value, ...others] = 'set' in right ? [] : right.elements;
  const asks = value && others.length === 0 ? FLAGS.presence!.get(value.key[0] ?? '') : undefined;
  if (
    head === '' ||
    asks === undefined ||
    asks !== (comparison === '!=' ? 1 : 0) ||
    !['', '==', '!='].includes(comparison)
  )
    return undefined;
  const protocol = scope.field('meta l4proto');
  const values = [valueOf(protocol, head)!];
  return {
    is: 'joined',
    fields: [scope.field(name)],
    both: [
      {
        is: 'member',
        fields: [protocol],
        negated: true,
        members: { tuples: [{ values, fleeting: false }], learned: false },
      },
    ],
    loose: { is: 'has', fields: [] },
    because: `${shown(name)} may be there or not`,
  };
}

const ORDERS: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);

/** What is less or more than a single value. */
function beyond([field, ...fields]: readonly Field[], comparison: string, { tuples }: Members): Members | undefined {
  const [tuple, ...others] = tuples;
  if (!field || !tuple || fields.length > 0 || others.length > 0) return undefined;
  const value = rangeBeyond(field, comparison, tuple.values[0]!);
  return value && { tuples: value === 'none' ? [] : [{ values: [value], fleeting: false }], learned: false };
}

function rangeBeyond(field: Field, comparison: string, value: Value): Value | 'none' | undefined {
  const below = comparison[0] === '<';
  const itself = comparison.length === 2;
  if (value.is === 'numbers') {
    const most = field.looksAt.is === 'number' && field.looksAt.axis === 'protocol' ? 255 : 65_535;
    const at = value.range.first;
    const range = below ? { first: 0, last: itself ? at : at - 1 } : { first: itself ? at : at + 1, last: most };
    return range.first <= range.last ? { is: 'numbers', range } : 'none';
  }
  if (value.is === 'addresses' && field.family) {
    const whole = wholeFamily(field.family);
    const at = value.range.first;
    const range = below
      ? { first: whole.first, last: itself ? at : at - 1n }
      : { first: itself ? at : at + 1n, last: whole.last };
    return range.first <= range.last ? { is: 'addresses', range } : 'none';
  }
  return undefined;
}

/**
 * Flags and marks. Without an operator one of the flags is enough; `==` and `!=` compare the whole value, `!` wants none
 * of the flags, a set lists whole values. Source: `nft --debug=netlink`, 1.0.6.
 */
function numberTest(scope: Scope, test: Test, whole: Field, words: string, line: number): Condition | undefined {
  const names = FLAGS[words]!;
  const mask = test.mask === undefined ? undefined : flagBits(test.mask, names);
  if (test.mask !== undefined && mask === undefined) return undefined;
  const field = mask === undefined ? whole : bitsOf(whole, mask);
  const masked = (value: number): number => (mask === undefined ? value : (value & mask) >>> 0);
  const set = 'set' in test.right || test.right.braces;
  const flags = words === 'state' || words === 'status' || words === 'tcp';
  if (!set && 'elements' in test.right && (flags || test.right.elements.length > 1)) {
    let bits = 0;
    for (const { key } of test.right.elements) {
      const one = key.length === 1 ? flagBits(key[0]!, names) : undefined;
      if (one === undefined) return undefined;
      bits = (bits | one) >>> 0;
    }
    const holds = comparing(test.comparison, bits, mask !== undefined);
    return holds && { is: 'fact', field, holds: (value) => holds(masked(value)) };
  }
  const members = scope.membersOf([field], test.right, line);
  if (!members || members.learned || members.tuples.some(({ fleeting }) => fleeting)) return undefined;
  const ranges = members.tuples.map(({ values: [value] }) => (value?.is === 'numbers' ? value.range : undefined));
  if (ranges.some((range) => range === undefined)) return undefined;
  const first = ranges[0]?.first ?? 0;
  switch (test.comparison) {
    case '':
    case '==':
      return {
        is: 'fact',
        field,
        holds: (value) => ranges.some((range) => range!.first <= masked(value) && masked(value) <= range!.last),
      };
    case '!=':
      return {
        is: 'fact',
        field,
        holds: (value) => !ranges.some((range) => range!.first <= masked(value) && masked(value) <= range!.last),
      };
    case '!':
      return { is: 'fact', field, holds: (value) => (masked(value) & first) === 0 };
    default: {
      const holds = comparing(test.comparison, first, true);
      return holds && { is: 'fact', field, holds: (value) => holds(masked(value)) };
    }
  }
}

function comparing(
  comparison: Test['comparison'],
  bits: number,
  masked: boolean,
): ((value: number) => boolean) | undefined {
  switch (comparison) {
    case '':
      return masked ? (value) => value === bits : (value) => (value & bits) !== 0;
    case '==':
      return (value) => value === bits;
    case '!=':
      return (value) => value !== bits;
    case '!':
      return (value) => (value & bits) === 0;
    case '<':
      return (value) => value < bits;
    case '>':
      return (value) => value > bits;
    case '<=':
      return (value) => value <= bits;
    case '>=':
      return (value) => value >= bits;
  }
}

/** `icmp` of `meta l4proto icmp`, `icmpv6` of `meta l4proto 58`: nothing of other tests. */
export function protocolAsked({ fields, comparison, mask, right }: Test): string {
  if (
    fields.length !== 1 ||
    fields[0] !== 'meta l4proto' ||
    mask !== undefined ||
    comparison.startsWith('!') ||
    !('elements' in right)
  )
    return '';
  const [only, ...others] = right.elements.map(({ key }) => numberRange(key[0] ?? '', NUMBERS.protocol));
  if (!only || only.first !== only.last || others.length > 0) return '';
  return only.first === PROTOCOL.icmp ? 'icmp' : only.first === PROTOCOL.icmpv6 ? 'icmpv6' : '';
}
