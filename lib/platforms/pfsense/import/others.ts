import { Left } from '../../../reading/importing';
import { XmlElement } from '../../../xml/xml';
import { childOf, isSet, listOf, textAt } from '../read/element';
import { entryOf } from './entries';

/** Translations that are none of an intent's, each with what it means for those that are. */
export function otherTranslations(root: XmlElement): readonly Left[] {
  const nat = childOf(root, 'nat');
  const active = (elements: readonly XmlElement[]): readonly XmlElement[] => elements.filter((one) => !isSet(one, 'disabled'));
  const outbound = childOf(nat, 'outbound');
  const mode = textAt(outbound, 'mode');
  return [
    ...active(listOf(nat, 'rule')).map((rule) => ({
      entry: entryOf(rule, 'port forward', `to ${textAt(rule, 'target') || 'nothing'}`),
      why: 'it leads single ports, and a mapping stands for whole addresses; it stays, and is asked before 1:1 entries',
    })),
    ...active(listOf(nat, 'npt')).map((one) => ({
      entry: entryOf(one, 'NPt entry'),
      why: 'it is for IPv6, which mappings do not serve yet',
    })),
    ...(mode === 'advanced' || mode === 'hybrid' ? active(listOf(outbound, 'rule')) : []).map((rule) => ({
      entry: entryOf(rule, 'outbound NAT rule', `of ${textAt(rule, 'interface')}`),
      why: 'it is for hosts without a public address of their own; what 1:1 entries translate never comes to it',
    })),
  ];
}
