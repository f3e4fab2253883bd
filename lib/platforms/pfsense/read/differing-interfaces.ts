import { Device } from '../../../net/device';
import { PfFilterRule } from '../../../reading/pf/model';
import { Surroundings } from './addresses';
import { childOf } from './element';
import { surely } from '../../../reading/pf/known';
import { networksOn } from './box';
import { lineAt, own } from './system-rules';

/**
 * Where Device and configuration don't have the same interfaces nothing certain can be said: of what comes by one that the configuration
 * lacks, and of what goes to the network of one that the Device lacks.
 */
export function differingInterfaces(device: Device, { box }: Surroundings): readonly PfFilterRule[] {
  const assigned = childOf(box.root, 'interfaces')?.children ?? [];
  const known = new Set([
    ...box.interfaces.map(({ name }) => name),
    ...assigned.flatMap((element) => [
      element.name.toLowerCase(),
      ...element.children.filter(({ name }) => name === 'if').map(({ text }) => text.trim()),
    ]),
  ]);
  const unassigned = device.interfaces.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  const there = new Set(device.interfaces.map(({ name }) => name));
  const rules: PfFilterRule[] = [];
  if (unassigned.length > 0) {
    const line = lineAt(childOf(box.root, 'interfaces') ?? box.root, `interfaces without ${unassigned.join(', ')}`);
    const doubts = [`the configuration has no interface ${unassigned.join(', ')}`];
    rules.push(own(line, { on: { is: unassigned }, doubts }, { quick: true }));
  }
  for (const each of box.interfaces) {
    const { name, key, element } = each;
    const networks = networksOn(each);
    if (there.has(name) || networks.length === 0) continue;
    const doubts = [`the device that was described has no interface ${key}`];
    rules.push(own(lineAt(element, `interface ${key}`), { destination: surely(networks), doubts }, { action: 'block', quick: true }));
  }
  return rules;
}
