// Lowers addresses in iptables rules (`-s`, `-d`, `-m iprange`) to conditions of the ruleset model.

import { FAMILY_RANGE, Family } from '../../../net/address';
import { quoteForDisplay } from '../../../problems/line-problems';
import { createSetCondition } from '../../netfilter/conditions';
import { getField } from '../../netfilter/fields';
import { explainHostName } from '../../netfilter/explain-host-name';
import { parseOctal } from '../../netfilter/parse-integers';
import { expandMask } from '../../netfilter/masks';
import { parseAddressRange } from '../../netfilter/parse-values';
import { FieldValue } from '../../../evaluator/ruleset-model';
import { Disjunction, createUnknownMatch, createMembers } from '../../../evaluator/disjunction';
import { XtablesRuleContext, XtablesOption } from '../rule';

/** Lowers `-s`, `-d` and ranges. */
export const lowerAddress =
  (side: 'saddr' | 'daddr') =>
  (test: XtablesOption, { family, line }: XtablesRuleContext): Disjunction => {
    const field = getField(`${family} ${side}`, family);
    const name = (test.values[0] ?? '')
      .split(',')
      .flatMap((address) => explainHostName(address.split('/')[0]!) ?? [])[0];
    const unknown = createUnknownMatch(
      `line ${line}: ${name ?? `${quoteForDisplay(`${test.name} ${test.values.join(' ')}`)} is not understood`}`,
    );
    const value = (test.values[0] ?? '')
      .split(',')
      .map((address) => normalizeAddress(address, family))
      .join();
    const [, base = '', mask = ''] = /^([^/,]*)\/([^/,]*[.:][^/,]*)$/.exec(value) ?? [];
    if (mask === '') {
      const condition = createSetCondition(field, value.split(','), test.negated);
      return condition ? [[condition]] : unknown;
    }
    const bits = parseAddressRange(mask);
    const network = parseAddressRange(base);
    if (!bits || !network || /[-/]/.test(mask)) return unknown;
    const start = FAMILY_RANGE[family].first;
    const first = start + ((network.first - start) & (bits.first - start));
    const maskedValue: FieldValue = { is: 'addresses', range: { first, last: first } };
    const members = expandMask(field, mask, createMembers([maskedValue]));
    return members ? [[{ is: 'member', fields: [field], members, negated: test.negated }]] : unknown;
  };

/**
 * Returns an address as iptables-save prints it: a file may also have `0/0`, `any/0`, `10/8` and `10.1.0.0/020`.
 * Source: parse_ipmask, xtables_ipparse_multiple and numeric_to_ipaddr in libxtables/xtables.c.
 */
function normalizeAddress(text: string, family: Family): string {
  const [base = '', mask, ...extraParts] = text.split('/');
  if (extraParts.length > 0) return text;
  const length = mask !== undefined && /^0\d+$/.test(mask) ? parseOctal(mask) : mask;
  if (length === 0 || length === '0' || length === '0.0.0.0' || length === '::')
    return family === 'ip' ? '0.0.0.0/0' : '::/0';
  const parts = base.split('.');
  const isShort = family === 'ip' && parts.length < 4 && parts.every((part) => /^\d+$/.test(part));
  const address = isShort ? [...parts, '0', '0', '0'].slice(0, 4).join('.') : base;
  return length === undefined ? address : `${address}/${length}`;
}
