import { PfsenseBox, PfsenseInterface, findInterfaceNames } from '../box/box';

/**
 * Where what is reflected comes in: every interface but the one that is translated on, and none that has a gateway; groups always, whatever
 * their members are. Source: filter_get_reflection_interfaces.
 */
export function listReflectionNames(box: PfsenseBox, translated: PfsenseInterface | undefined): readonly string[] {
  const cached = NAMES_CACHE.get(box) ?? new Map<string, readonly string[]>();
  NAMES_CACHE.set(box, cached);
  const device = translated?.device ?? '';
  const names = cached.get(device) ?? findNames(box, translated);
  cached.set(device, names);
  return names;
}

const NAMES_CACHE = new WeakMap<PfsenseBox, Map<string, readonly string[]>>();

const listReflectingInterfaces = (
  box: PfsenseBox,
  translated: PfsenseInterface | undefined,
): readonly PfsenseInterface[] =>
  box.interfaces.filter(
    (boxInterface) => boxInterface.device !== translated?.device && (boxInterface.virtual || !boxInterface.hasGateway),
  );

/**
 * On which the helper changes sources: the interface that is translated on, and those that reflect. It looks for networks by the name of
 * what is listed, and none is on a group. Source: filter_generate_reflection_nat.
 */
export const listHelpedNames = (
  box: PfsenseBox,
  translated: PfsenseInterface | undefined,
  reflects: boolean,
): readonly string[] => [
  ...(translated ? [translated.name] : []),
  ...(reflects ? listReflectingInterfaces(box, translated).map(({ name }) => name) : []),
];

function findNames(box: PfsenseBox, translated: PfsenseInterface | undefined): readonly string[] {
  const single = listReflectingInterfaces(box, translated);
  const groups = [...box.groups.keys()].filter((name) => name !== translated?.device);
  return [
    ...new Set([
      ...single.flatMap(({ covers }) => covers),
      ...groups.flatMap((name) => findInterfaceNames(box, name) ?? []),
    ]),
  ];
}
