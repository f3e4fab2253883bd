import { Box, BoxInterface, namesOf } from '../box/box';

/**
 * Where what is reflected comes in: every interface but the one that is translated on, and none that has a gateway; groups always, whatever
 * their members are. Source: filter_get_reflection_interfaces.
 */
export function reflectionNames(box: Box, translated: BoxInterface | undefined): readonly string[] {
  const known = KNOWN.get(box) ?? new Map<string, readonly string[]>();
  KNOWN.set(box, known);
  const device = translated?.device ?? '';
  const names = known.get(device) ?? findNames(box, translated);
  known.set(device, names);
  return names;
}

const KNOWN = new WeakMap<Box, Map<string, readonly string[]>>();

const singles = (box: Box, translated: BoxInterface | undefined): readonly BoxInterface[] =>
  box.interfaces.filter((each) => each.device !== translated?.device && (each.virtual || !each.hasGateway));

/**
 * On which the helper changes sources: the interface that is translated on, and those that reflect. It looks for networks by the name of
 * what is listed, and none is on a group. Source: filter_generate_reflection_nat.
 */
export const helpedNames = (box: Box, translated: BoxInterface | undefined, reflects: boolean): readonly string[] => [
  ...(translated ? [translated.name] : []),
  ...(reflects ? singles(box, translated).map(({ name }) => name) : []),
];

function findNames(box: Box, translated: BoxInterface | undefined): readonly string[] {
  const single = singles(box, translated);
  const groups = [...box.groups.keys()].filter((name) => name !== translated?.device);
  return [
    ...new Set([...single.flatMap(({ covers }) => covers), ...groups.flatMap((name) => namesOf(box, name) ?? [])]),
  ];
}
