import { groupBy } from '../../../net/group-by';
import { XmlElement } from '../../../xml/xml';
import { child, has, isOfAnyOwner, textOf } from './configuration';
import { Rule } from './model';

export type Place = { readonly before: XmlElement } | { readonly after: XmlElement };

/** Our rules of one tab of the form, and where they stand. */
export interface RulePlace {
  readonly tab: string;
  /** Undefined: at the end. */
  readonly at: Place | undefined;
  /** How many rules of others are before them in the tab. */
  readonly index: number;
  readonly rules: readonly Rule[];
}

const FLOATING = 'floatingrules';

/** The form's name for where a rule is shown, by which separators are counted. */
export const tabOf = (rule: XmlElement): string =>
  has(rule, 'floating') ? FLOATING : textOf(rule, 'interface').toLowerCase();

/** `others`: every rule of somebody else, in order. */
export function rulePlaces(others: readonly XmlElement[], rules: readonly Rule[]): readonly RulePlace[] {
  const tabs = groupBy(rules, ({ on }) => (on.is === 'floating' ? FLOATING : on.key));
  return [...tabs].map(([tab, of]) => {
    const same = others.filter((one) => tabOf(one) === tab);
    const found = same.findIndex((one) => !has(one, 'disabled') && !keepsOut(one));
    const index = found < 0 ? same.length : found;
    return {
      tab,
      index,
      rules: of,
      at: placeAt(same, index) ?? (tab === FLOATING ? placeAt(others, 0) : placeAt(others, others.length)),
    };
  });
}

function placeAt(rules: readonly XmlElement[], index: number): Place | undefined {
  if (rules[index]) return { before: rules[index] };
  return rules.length === 0 ? undefined : { after: rules.at(-1)! };
}

/** What an administrator keeps out by name stays out: by its source, a port or a protocol. Of everything to somewhere it is a default. */
function keepsOut(rule: XmlElement): boolean {
  const source = child(rule, 'source');
  const protocol = textOf(rule, 'protocol').toLowerCase();
  const named =
    (source !== undefined && !has(source, 'any')) ||
    ['source', 'destination'].some((end) => textOf(child(rule, end), 'port') !== '') ||
    !['', 'any'].includes(protocol);
  return ['block', 'reject'].includes(textOf(rule, 'type')) && named && !isOfAnyOwner(rule);
}
