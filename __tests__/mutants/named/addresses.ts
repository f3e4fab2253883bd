// Named mutants of every platform: wrong address lines of a release, by which a device would hold or announce (ARP)
// other addresses than its virtual IPs.

import { DeviceAddress, GeneratedConfig } from '../../../lib/generate/config-generator';
import { Made, Named } from '../text/edit';

const KINDS = ['alias', 'proxy-arp', 'routed'] as const;

/** Each address that a release has on a device, changed by itself. */
const changing =
  (change: (line: DeviceAddress, sample: Made) => readonly (DeviceAddress | undefined)[]) =>
  (sample: Made): readonly GeneratedConfig[] => {
    const { written } = sample;
    return written.addresses.flatMap((line, n) =>
      change(line, sample).map((to) => ({
        ...written,
        addresses: written.addresses.flatMap((one, i) => (i === n ? (to ?? []) : one)),
      })),
    );
  };

const longer = (address: string, by: number): string => address.replace(/\d+$/, (length) => `${Number(length) + by}`);

/** The addresses that a device has to hold and announce besides its rules. */
export const ADDRESSES: readonly Named[] = [
  {
    name: 'a virtual IP is announced otherwise',
    edit: changing((line) => KINDS.filter((kind) => kind !== line.kind).map((kind) => ({ ...line, kind }))),
  },
  {
    name: 'a virtual IP has another length',
    edit: changing((line) =>
      [-1, 1]
        .map((by) => ({ ...line, address: longer(line.address, by) }))
        .filter(({ address }) => !address.endsWith('/33')),
    ),
  },
  {
    name: 'a virtual IP is on another interface',
    edit: changing((line, { policy }) =>
      policy.interfaces.filter(({ name }) => name !== line.interface).map(({ name }) => ({ ...line, interface: name })),
    ),
  },
  {
    name: 'a virtual IP is another address',
    edit: changing((line) => [{ ...line, address: line.address.replace(/\.(\d+)\//, (_, n) => `.${Number(n) + 1}/`) }]),
  },
  { name: 'a virtual IP is missing', edit: changing(() => [undefined]) },
];
