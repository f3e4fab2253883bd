// Cases of cases.ts on egress chains and flowtables, which nft binds to devices.

import { Case, hook, inet, probe } from './cases';

const leaving = probe('in', '10.0.0.10', '198.51.100.7', 443);

const translates = inet(
  '  chain n {\n    type nat hook postrouting priority 100; policy accept;\n    ip saddr 10.0.0.10 snat ip to 198.51.100.2\n  }\n',
);
const egress = (policy: string, rule: string): string =>
  `table netdev d {\n  chain e {\n    type filter hook egress device "wan0" priority 0; policy ${policy};\n    ${rule}\n  }\n}\n`;

/** Chains at the device by which packets leave. */
export const DEVICES: readonly Case[] = [
  {
    name: 'an egress chain drops by the translated source',
    text: translates + egress('accept', 'ip saddr 198.51.100.2 tcp dport 443 drop'),
    probe: leaving,
    becomes: 'unknown',
  },
  {
    name: 'an egress chain does not drop by the former source',
    text: translates + egress('accept', 'ip saddr 10.0.0.10 tcp dport 443 drop'),
    probe: leaving,
    becomes: 'out: 198.51.100.2 > 198.51.100.7:443',
  },
  {
    name: 'an egress chain accepts by the translated source',
    text: translates + egress('drop', 'ip saddr 198.51.100.2 tcp dport 443 accept'),
    probe: leaving,
    becomes: 'out: 198.51.100.2 > 198.51.100.7:443',
  },
];

/** Not every kernel has flowtables. */
export const FLOWTABLES: readonly Case[] = [
  ...['accept', 'drop'].map((policy): Case => {
    const [flowtable, verdict] = [
      '  flowtable f {\n    hook ingress priority 0; devices = { wan0 };\n  }\n',
      policy === 'drop' ? 'accept' : 'drop',
    ];
    return {
      name: `a rule that adds a flow to a flowtable ends if the flow isn’t taken, with policy ${policy}`,
      text: inet(flowtable, hook('forward', '0', policy, `tcp dport 443 flow add @f ${verdict}`)),
      probe: leaving,
      becomes: 'unknown',
    };
  }),
  {
    name: 'a rule that only adds flows to a flowtable decides nothing',
    text: inet(
      '  flowtable f {\n    hook ingress priority 0; devices = { wan0 };\n  }\n',
      hook(
        'forward',
        '0',
        'drop',
        'meta l4proto { tcp, udp } flow add @f',
        'ct state established flow add @f accept',
        'tcp dport 22 accept',
      ),
    ),
    probe: leaving,
    becomes: 'denied',
  },
];
