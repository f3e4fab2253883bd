import { PfFilterRule } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/xml';
import { Surroundings } from '../packets/addresses';
import { childOf, listOf, textAt } from '../elements/element';
import { lineAt, own } from './system';

/**
 * A bridge filters what crosses it on its members, unless it is told to do so on the bridge itself. Which packet meets which interface's
 * rules isn't in the rules: of what comes by either nothing is certain.
 */
export function bridgeRules({ box }: Pick<Surroundings, 'box'>): readonly PfFilterRule[] {
  const [onBridge, onMembers] = [tunable(box.root, 'pfil_bridge') === '1', tunable(box.root, 'pfil_member') !== '0'];
  return listOf(childOf(box.root, 'bridges'), 'bridged').flatMap((bridge): readonly PfFilterRule[] => {
    const [device, members] = [textAt(bridge, 'bridgeif'), textAt(bridge, 'members').split(',')];
    const concerned = box.interfaces.filter(
      (each) => members.includes(each.key) || (each.device === device && !(onBridge && !onMembers)),
    );
    if (concerned.length === 0) return [];
    const on = { is: concerned.flatMap(({ covers }) => covers) };
    const doubts = [`${device.slice(0, 40)} is a bridge, and which of its interfaces filters a packet isn't known`];
    const line = lineAt(bridge, `bridge ${device.slice(0, 40)}`);
    return [own(line, { on, doubts }, { quick: true }), own(line, { on, doubts }, { action: 'block', quick: true })];
  });
}

const tunable = (root: XmlElement, name: string): string | undefined => {
  const item = listOf(childOf(root, 'sysctl'), 'item').find(
    (each) => textAt(each, 'tunable') === `net.link.bridge.${name}`,
  );
  return item && textAt(item, 'value');
};
