import { XmlElement } from '../../../xml/xml';
import { child, children, isOf } from './configuration';
import { RulePlace, tabOf } from './rule-places';

/**
 * Separators of the form stand at a number: as many rules of their tab are above them. Each stays with the rule of somebody else that
 * is below it.
 */
export function shiftedSeparators(
  filter: XmlElement | undefined,
  owner: string,
  places: readonly RulePlace[],
): readonly { readonly row: XmlElement; readonly text: string }[] {
  const tabs = child(filter, 'separator')?.children ?? [];
  if (filter === undefined || tabs.length === 0) return [];
  const rules = children(filter, 'rule');
  return tabs.flatMap((tab) => {
    const own = rules.filter((rule) => tabOf(rule) === tab.name).map((rule) => isOf(owner, rule));
    const place = places.find((one) => one.tab === tab.name);
    return tab.children.flatMap((separator) =>
      children(separator, 'row').flatMap((row) => {
        const number = /^fr(\d{1,9})$/.exec(row.text.trim())?.[1];
        if (number === undefined) return [];
        const above = Number(number) - own.slice(0, Number(number)).filter((ours) => ours).length;
        const shifted = place && place.index <= above ? above + place.rules.length : above;
        return shifted === Number(number) ? [] : [{ row, text: `<row>fr${shifted}</row>` }];
      }),
    );
  });
}
