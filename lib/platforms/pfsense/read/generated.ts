import { Device } from '../../../net/device';
import { PfFilterRule, PfRules } from '../../../reading/pf/model';
import { XmlElement } from '../../../xml/xml';
import { Surroundings } from './addresses';
import { aliasesOf } from './aliases';
import { boxOf } from './box';
import { childOf, isSet, listOf, textAt, truthyAt } from './element';
import { RuleSurroundings, filterRules } from './filter-rule';
import { gatewaysOf } from './gateways';
import { interfaceRules } from './interface-rules';
import { oneToOnes } from './one-to-one';
import { antiLockout, outgoingRules } from './outgoing-rules';
import { helperRoutes } from './reflection-helper';
import { Release } from './release';
import { orderedRules } from './rule-order';
import { firstRules } from './system-rules';

/** What one release makes of a configuration. Throws Unloadable where it could not generate or load it. */
export function generated(root: XmlElement, device: Device, release: Release): PfRules {
  const box = boxOf(root, device);
  const given: Surroundings = { box, aliases: aliasesOf(root), release };
  const gateways = gatewaysOf(box);
  const mappings = oneToOnes(given, helperRoutes(box, gateways));
  return {
    skipped: [],
    rdr: mappings.flatMap(({ reflected }) => reflected),
    binat: mappings.flatMap(({ binat }) => binat),
    nat: mappings.flatMap(({ nat, helper }) => [...nat, ...helper]),
    filter: [
      ...firstRules(given),
      ...interfaceRules(given),
      ...outgoingRules(given),
      ...antiLockout(given),
      ...peoplesRules(given, gateways),
    ],
  };
}

function peoplesRules(given: Surroundings, gateways: RuleSurroundings['gateways']): readonly PfFilterRule[] {
  const { root } = given.box;
  const tags = listOf(childOf(root, 'filter'), 'rule').map((rule) => (isSet(rule, 'disabled') ? '' : truthyAt(rule, 'tag')));
  const schedules = listOf(childOf(root, 'schedules'), 'schedule').map((schedule) => textAt(schedule, 'name'));
  const all: RuleSurroundings = {
    ...{ ...given, gateways, vpnNetworks: undefined },
    tags: new Set(tags.filter((tag) => tag !== '')),
    schedules: new Set(schedules.filter((name) => name !== '')),
  };
  return orderedRules(given.box, given.release).flatMap((entry) => filterRules(entry, all));
}
