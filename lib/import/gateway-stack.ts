import { keyOf, quoted } from '../report/typescript';
import { ConnectionIntent } from '../intent/intent';
import { HOST_KEYS, construct, fields, remark, stackSource } from '../report/stack-source';
import { Draft, DraftMapping, DraftVirtualIp } from './draft';

/** Files beside the stack, by what is in them. */
interface Beside {
  readonly captured: string;
  readonly report: string;
}

/** The file of a stack with the gateway and all that was found on it. */
export function gatewayStack(draft: Draft, beside: Beside, connection: ConnectionIntent): string {
  const { virtualIps, mappings, reflection } = draft;
  const { device, owner, platform, version, ...gateway } = draft.gateway;
  const isMapped = ({ name }: DraftVirtualIp): boolean => mappings.some(({ intent }) => intent.virtualIp === name);
  const mapped = virtualIps.filter(isMapped);
  const many = mappings.length === 1 ? 'One mapping' : `${mappings.length} mappings`;
  return stackSource({
    name: device,
    about: `${many} of what was on the box. What was left there, and why, says ${beside.report}.`,
    reads: true,
    uses: ['Gateway', 'NatReflection', 'OneToOneNat', ...(virtualIps.length === 0 ? [] : ['VirtualIp'])],
    statements: [
      ...remark(4, 'Owner and names of devices stay: what is on the devices is found by them.'),
      ...construct('const gateway = ', 'Gateway', device, [
        ...fields(6, { owner, platform, version }),
        ...remark(6, HOST_KEYS),
        ...fields(6, { connection }),
        ...fields(6, gateway),
        ...remark(6, 'What stays on the box, as "cpanel-edge capture" has it.'),
        `      surroundings: readFileSync(\`\${__dirname}/${beside.captured}\`, 'utf8'),`,
      ]),
      '',
      ...(mapped.length === 0
        ? []
        : [
            '    const virtualIps = {',
            ...mapped.flatMap(({ name, intent }) =>
              construct(`${keyOf(name)}: `, 'VirtualIp', `vip-${name}`, vipProps(8, intent), { indent: 6, end: ',' }),
            ),
            '    };',
          ]),
      ...virtualIps
        .filter((one) => !isMapped(one))
        .flatMap(({ name, intent }) => construct('', 'VirtualIp', `vip-${name}`, vipProps(6, intent))),
      ...(virtualIps.length === 0 ? [] : ['']),
      ...mappings.flatMap((one) => construct('', 'OneToOneNat', `nat-${one.name}`, mappingProps(one))),
      '',
      ...construct('', 'NatReflection', 'reflection', ['      gateway,', ...fields(6, reflection)]),
    ],
  });
}

const vipProps = (indent: number, intent: DraftVirtualIp['intent']): readonly string[] => [
  `${' '.repeat(indent)}gateway,`,
  ...fields(indent, intent),
];

function mappingProps({ intent, found }: DraftMapping): readonly string[] {
  const { name, virtualIp, outside, inside, ...rest } = intent;
  return [
    ...(virtualIp === undefined
      ? ['      gateway,', ...fields(6, { outside: outside ?? '' })]
      : [`      virtualIp: virtualIps${keyOf(virtualIp) === virtualIp ? `.${virtualIp}` : `[${quoted(virtualIp)}]`},`]),
    ...fields(6, { name, inside: typeof inside === 'string' ? inside : found.entry.called, ...rest }),
  ];
}

/** Where an operator reaches the box: its first inside address. */
export const hostOf = ({ gateway: { interfaces } }: Draft): string =>
  (
    [...interfaces].sort((a, b) => Number(a.role === 'outside') - Number(b.role === 'outside'))[0]?.addresses[0] ?? ''
  ).split('/')[0]!;
