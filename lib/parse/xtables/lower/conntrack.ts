import { NOTHING_KNOWN, UNKNOWN_TO_TRACKING, among, inState } from '../../netfilter/conditions';
import { fieldNamed } from '../../netfilter/fields';
import { ports } from '../../netfilter/values';
import { FLAGS } from '../../netfilter/words';
import { Condition } from '../../../evaluator/model';
import { Disjunction, all, both, doubt, fact, member, opposite } from '../../../evaluator/disjunction';
import { shown } from '../../../problems/in-text';
import { Around, Option } from '../rule';

const wordsOf = (value: string): readonly string[] => value.toLowerCase().replaceAll('_', '-').split(',');
const bitsOf = (flags: 'state' | 'status', words: readonly string[]): number =>
  words.reduce((sum, word) => sum | (FLAGS[flags]!.get(word) ?? 0), 0);

/**
 * `-m conntrack` and `-m state`. Where tracking has nothing on a packet, what is asked of its state decides alone, and without that the match
 * fails, negated or not. Source: conntrack_mt in net/netfilter/xt_conntrack.c.
 */
export function lowerConntrack(tests: readonly Option[], around: Around): Disjunction {
  const isState = ({ name }: Option): boolean => name === '--ctstate' || name === '--state';
  const states = all(tests.filter(isState).map((test) => stateAsked(test, around)));
  const others = tests.filter((test) => !isState(test));
  if (others.length === 0) return states;
  const asked = all(others.map((test) => asks(test, around)));
  if (others.length === tests.length) return both([[opposite(UNKNOWN_TO_TRACKING)]], asked);
  return [...both([[UNKNOWN_TO_TRACKING]], states), ...both([[opposite(UNKNOWN_TO_TRACKING)]], both(states, asked))];
}

function stateAsked({ values: [value = ''], negated }: Option, { line, family }: Around): Disjunction {
  const words = wordsOf(value);
  if (!words.every((word) => FLAGS['state']!.has(word) || word === 'snat' || word === 'dnat'))
    return doubt(`line ${line}: state ${shown(value)} is not understood`);
  const bits = bitsOf('state', words);
  const status = bitsOf('status', words);
  if (status === 0) return [[inState(bits, negated)]];
  const translated = fact(fieldNamed('ct status', family), (its) => (its & status) !== 0);
  if (!negated) return [[inState(bits)], [inState(bits, true), translated]];
  // A packet without an entry is not translated.
  const alone = inState(NOTHING_KNOWN & ~bits);
  return [[alone], [inState(bits | NOTHING_KNOWN, true), opposite(translated)]];
}

const ADDRESSES: Readonly<Record<string, string>> = {
  '--ctorigsrc': 'original saddr',
  '--ctorigdst': 'original daddr',
  '--ctreplsrc': 'reply saddr',
  '--ctrepldst': 'reply daddr',
};
const PORTS: Readonly<Record<string, string>> = {
  '--ctorigsrcport': 'original proto-src',
  '--ctorigdstport': 'original proto-dst',
  '--ctreplsrcport': 'reply proto-src',
  '--ctrepldstport': 'reply proto-dst',
};
const STATUSES = ['none', 'expected', 'seen-reply', 'assured', 'confirmed'];

function asks({ name, values: [value = ''], negated }: Option, { line, family }: Around): Disjunction {
  const field = (words: string) => fieldNamed(`ct ${words}`, family);
  const unread = doubt(`line ${line}: ${name} ${shown(value)} is not understood`);
  const given = (condition: Condition | undefined): Disjunction => (condition ? [[condition]] : unread);
  if (ADDRESSES[name] !== undefined) return given(among(field(ADDRESSES[name]), [value], negated));
  if (PORTS[name] !== undefined) {
    const range = ports(value);
    return given(range && member(field(PORTS[name]), [range], negated));
  }
  switch (name) {
    case '--ctproto':
      return given(among(field('protocol'), [value], negated));
    case '--ctdir': {
      const way = ['ORIGINAL', 'REPLY'].indexOf(value.toUpperCase());
      return way < 0 ? unread : [[fact(field('direction'), (its) => its === way, negated)]];
    }
    case '--ctstatus': {
      const words = wordsOf(value);
      if (!words.every((word) => STATUSES.includes(word))) return unread;
      const bits = bitsOf('status', words);
      return [[fact(field('status'), (its) => (its & bits) !== 0, negated)]];
    }
    default:
      return doubt(`line ${line}: ${name} may match or not`, field('expiration'));
  }
}
