import { FAMILY_RANGE, Family } from '../../../net/address';
import { shown } from '../../../problems/in-text';
import { among } from '../../netfilter/conditions';
import { fieldNamed } from '../../netfilter/fields';
import { lookedUp } from '../../netfilter/host-name';
import { octal } from '../../netfilter/integers';
import { unmasked } from '../../netfilter/masks';
import { addressRange } from '../../netfilter/values';
import { Value } from '../../../evaluator/model';
import { Disjunction, doubt, membersOf } from '../../../evaluator/disjunction';
import { Around, Option } from '../rule';

/** `-s`, `-d` and ranges. */
export const lowerAddress =
  (side: 'saddr' | 'daddr') =>
  (test: Option, { family, line }: Around): Disjunction => {
    const field = fieldNamed(`${family} ${side}`, family);
    const name = (test.values[0] ?? '').split(',').flatMap((one) => lookedUp(one.split('/')[0]!) ?? [])[0];
    const unread = doubt(
      `line ${line}: ${name ?? `${shown(`${test.name} ${test.values.join(' ')}`)} is not understood`}`,
    );
    const value = (test.values[0] ?? '')
      .split(',')
      .map((one) => asPrinted(one, family))
      .join();
    const [, base = '', mask = ''] = /^([^/,]*)\/([^/,]*[.:][^/,]*)$/.exec(value) ?? [];
    if (mask === '') {
      const found = among(field, value.split(','), test.negated);
      return found ? [[found]] : unread;
    }
    const bits = addressRange(mask);
    const wanted = addressRange(base);
    if (!bits || !wanted || /[-/]/.test(mask)) return unread;
    const start = FAMILY_RANGE[family].first;
    const first = start + ((wanted.first - start) & (bits.first - start));
    const under: Value = { is: 'addresses', range: { first, last: first } };
    const members = unmasked(field, mask, membersOf([under]));
    return members ? [[{ is: 'member', fields: [field], members, negated: test.negated }]] : unread;
  };

/**
 * As iptables-save prints it: `0/0`, `any/0`, `10/8` and `10.1.0.0/020` are as good to write. Source: parse_ipmask, xtables_ipparse_multiple and
 * numeric_to_ipaddr in libxtables/xtables.c.
 */
function asPrinted(text: string, family: Family): string {
  const [base = '', mask, ...more] = text.split('/');
  if (more.length > 0) return text;
  const length = mask !== undefined && /^0\d+$/.test(mask) ? octal(mask) : mask;
  if (length === 0 || length === '0' || length === '0.0.0.0' || length === '::')
    return family === 'ip' ? '0.0.0.0/0' : '::/0';
  const parts = base.split('.');
  const isShort = family === 'ip' && parts.length < 4 && parts.every((one) => /^\d+$/.test(one));
  const whole = isShort ? [...parts, '0', '0', '0'].slice(0, 4).join('.') : base;
  return length === undefined ? whole : `${whole}/${length}`;
}
