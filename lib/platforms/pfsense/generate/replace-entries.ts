// Replaces one owner's entries in the text of pfSense's config.xml. Every other byte stays.

import { XmlElement } from '../../../xml/parse-xml';
import { PfsenseConfiguration, findChild, isOwnedBy, listChildren } from './configuration';
import { PfsenseEntries } from './pfsense-entries';
import {
  REFLECTION_HELPER,
  renderAlias,
  renderMark,
  renderOneToOne,
  renderRule,
  renderSwitch,
  renderVirtualIp,
} from './render';
import { InsertPosition, findRulePositions, RulePosition, getTab } from './rule-positions';
import { ConfigSection } from './config-section';
import { Splices } from './splices';

/** Returns the configuration with the owner's entries replaced by new ones. Every other byte stays. */
export function replaceEntries({ text, root, mark }: PfsenseConfiguration, entries: PfsenseEntries): string {
  const splices = new Splices(text);
  const createSection = (section: string, name: string): ConfigSection =>
    new ConfigSection(
      root,
      section,
      (element) => element.name === name,
      (element) => isOwnedBy(entries.owner, element),
    );
  const virtualip = createSection('virtualip', 'vip');
  virtualip.insert(getPositionAfterLast(virtualip.unmanaged), entries.virtualIps.map(renderVirtualIp));
  const aliases = createSection('aliases', 'alias');
  aliases.insert(getPositionAfterLast(aliases.unmanaged), entries.aliases.map(renderAlias));
  const nat = createSection('nat', 'onetoone');
  nat.insert(
    getPositionBeforeFirst(nat.unmanaged) ??
      getPositionBeforeFirst(nat.remaining.filter(({ name }) => ELEMENTS_AFTER_ONE_TO_ONES.has(name))),
    entries.oneToOnes.map(renderOneToOne),
  );
  const filter = createSection('filter', 'rule');
  const places = findRulePositions(filter.unmanaged, entries.rules);
  for (const { at, rules } of places) filter.insert(at, rules.map(renderRule));
  // The one switch is on while a release of ours needs it. It goes off again only if none but ours had turned it on.
  const wasNeeded = mark?.sets.includes(REFLECTION_HELPER) === true;
  const isOurs = wasNeeded && !mark.had.includes(REFLECTION_HELPER);
  const system = new ConfigSection(
    root,
    'system',
    ({ name }) => name === REFLECTION_HELPER,
    () => isOurs && !entries.helper,
  );
  const wasOnAlready = !isOurs && system.unmanaged.length > 0;
  if (entries.helper && system.unmanaged.length === 0) system.insert(undefined, [renderSwitch(REFLECTION_HELPER)]);
  if (mark?.kind !== undefined && wasNeeded !== entries.helper)
    splices.replace(
      mark.element,
      renderMark(
        mark.kind,
        entries.helper ? [REFLECTION_HELPER] : [],
        entries.helper && wasOnAlready ? [REFLECTION_HELPER] : [],
      ),
    );

  const sections = [virtualip, aliases, nat, filter, system];
  const createdSections = findCreatedSections(root, sections);
  for (const section of sections) section.apply(splices, createdSections.has(section));
  for (const { row, text: shifted } of shiftSeparators(findChild(root, 'filter'), entries.owner, places))
    splices.replace(row, shifted);
  return splices.applyAll();
}

/** Elements that a box writes behind 1:1 entries. */
const ELEMENTS_AFTER_ONE_TO_ONES: ReadonlySet<string> = new Set(['npt', 'outbound', 'rule']);

const getPositionBeforeFirst = ([first]: readonly XmlElement[]): InsertPosition | undefined =>
  first && { before: first };
const getPositionAfterLast = (elements: readonly XmlElement[]): InsertPosition | undefined =>
  elements.length === 0 ? undefined : { after: elements.at(-1)! };

/**
 * Returns sections that are empty and stand at the end of the configuration, where we create the sections that a box
 * lacks.
 */
function findCreatedSections(root: XmlElement, sections: readonly ConfigSection[]): ReadonlySet<ConfigSection> {
  const createdSections = new Set<ConfigSection>();
  for (const element of [...root.children].reverse()) {
    const section = sections.find((candidate) => candidate.element === element);
    if (!section?.isEmptied) break;
    createdSections.add(section);
  }
  return createdSections;
}

/**
 * Returns the changed positions of the form's separators. A position is the number of rules above it in its tab. Each
 * separator stays above the same unmanaged rule.
 */
function shiftSeparators(
  filter: XmlElement | undefined,
  owner: string,
  places: readonly RulePosition[],
): readonly { readonly row: XmlElement; readonly text: string }[] {
  const tabs = findChild(filter, 'separator')?.children ?? [];
  if (filter === undefined || tabs.length === 0) return [];
  const rules = listChildren(filter, 'rule');
  return tabs.flatMap((tab) => {
    const isOwnRule = rules.filter((rule) => getTab(rule) === tab.name).map((rule) => isOwnedBy(owner, rule));
    const place = places.find((position) => position.tab === tab.name);
    return tab.children.flatMap((separator) =>
      listChildren(separator, 'row').flatMap((row) => {
        const number = /^fr(\d{1,9})$/.exec(row.text.trim())?.[1];
        if (number === undefined) return [];
        const above = Number(number) - isOwnRule.slice(0, Number(number)).filter((isOwn) => isOwn).length;
        const shifted = place && place.index <= above ? above + place.rules.length : above;
        return shifted === Number(number) ? [] : [{ row, text: `<row>fr${shifted}</row>` }];
      }),
    );
  });
}
