// Lists the interfaces on which pfSense reflects port forwards and 1:1 NAT, so that inside clients can use the public
// address.

import { PfsenseBox, PfsenseInterface, findInterfaceNames } from '../box/box';

/**
 * Returns the interfaces on which reflected packets arrive: every interface without a gateway except the one of the
 * translation. Groups always count, whatever their members are. Source: filter_get_reflection_interfaces.
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
 * Returns the interfaces on which the helper translates sources: the one of the translation, and those that reflect.
 * The helper looks for networks by the listed names, and no network is on a group. Source:
 * filter_generate_reflection_nat.
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
