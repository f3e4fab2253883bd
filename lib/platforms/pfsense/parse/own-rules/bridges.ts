// Creates rules with unknown effect for the bridges of a pfSense box, because its rules don't show on which interface
// a bridged packet is filtered.

import { PfFilterRule } from '../../../../parse/pf/model';
import { XmlElement } from '../../../../xml/parse-xml';
import { PfsenseContext } from '../packets/resolve-addresses';
import { findChild, listChildren, getText } from '../elements/element';
import { createNamedLine, createBoxRule } from './system-rules';

/**
 * Returns the rules of bridges. The box filters packets across a bridge on its members, unless it is set to filter on
 * the bridge itself. The rules don't show which packet meets which interface's rules, so the result is unknown for all
 * of these interfaces.
 */
export function createBridgeRules({ box }: Pick<PfsenseContext, 'box'>): readonly PfFilterRule[] {
  const [onBridge, onMembers] = [
    findTunable(box.root, 'pfil_bridge') === '1',
    findTunable(box.root, 'pfil_member') !== '0',
  ];
  return listChildren(findChild(box.root, 'bridges'), 'bridged').flatMap((bridge): readonly PfFilterRule[] => {
    const [device, members] = [getText(bridge, 'bridgeif'), getText(bridge, 'members').split(',')];
    const concerned = box.interfaces.filter(
      (boxInterface) =>
        members.includes(boxInterface.key) || (boxInterface.device === device && !(onBridge && !onMembers)),
    );
    if (concerned.length === 0) return [];
    const on = { is: concerned.flatMap(({ covers }) => covers) };
    const reasons = [`${device.slice(0, 40)} is a bridge, and which of its interfaces filters a packet isn't known`];
    const line = createNamedLine(bridge, `bridge ${device.slice(0, 40)}`);
    return [
      createBoxRule(line, { on, unknownReasons: reasons }, { quick: true }),
      createBoxRule(line, { on, unknownReasons: reasons }, { action: 'block', quick: true }),
    ];
  });
}

const findTunable = (root: XmlElement, name: string): string | undefined => {
  const item = listChildren(findChild(root, 'sysctl'), 'item').find(
    (element) => getText(element, 'tunable') === `net.link.bridge.${name}`,
  );
  return item && getText(item, 'value');
};
