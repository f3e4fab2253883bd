import { Prefix, getNetwork } from '../../../../net/address';
import { Device } from '../../../../net/device';
import { XmlElement } from '../../../../xml/parse-xml';
import { parseBox } from './box';
import { isLocal } from './virtual-ips';

/** Returns the device with the networks of its virtual IPs as routes: packets to them leave by their interface. */
export function addConnectedNetworks(root: XmlElement, device: Device): Device {
  const box = parseBox(root, device);
  const networks = new Map<string, Prefix[]>();
  for (const vip of box.vips) {
    const name = box.byKey.get(vip.key)?.name;
    if (name === undefined || !isLocal(vip) || vip.network.first === vip.network.last) continue;
    networks.set(name, [...(networks.get(name) ?? []), getNetwork(vip.address, vip.length)]);
  }
  if (networks.size === 0) return device;
  const interfaces = device.interfaces.map((networkInterface) => ({
    ...networkInterface,
    routes: [...networkInterface.routes, ...(networks.get(networkInterface.name) ?? [])],
  }));
  return { ...device, interfaces };
}
