// Renders the TypeScript source of the stack that `import` writes for a gateway.
import { printKey, quoteString } from '../report/print-typescript';
import { ConnectionIntent } from '../intent/intent';
import {
  DEFAULT_FRAMEWORK,
  FrameworkName,
  HOST_KEYS_COMMENT,
  renderConstruct,
  renderFields,
  renderComment,
  renderStackSource,
} from '../report/render-stack-source';
import { GatewayDraft, DraftMapping, DraftVirtualIp } from './gateway-draft';

/** Paths of the files beside the stack. */
interface GatewayStackFiles {
  readonly captured: string;
  readonly report: string;
}

/** Returns the source of a stack with the gateway and all parts of the draft. */
export function createGatewayStack(
  draft: GatewayDraft,
  files: GatewayStackFiles,
  connection: ConnectionIntent,
  framework: FrameworkName = DEFAULT_FRAMEWORK,
): string {
  const { virtualIps, mappings, reflection } = draft;
  const { device, owner, platform, version, ...gateway } = draft.gateway;
  const isMapped = ({ name }: DraftVirtualIp): boolean => mappings.some(({ intent }) => intent.virtualIp === name);
  const mappedVirtualIps = virtualIps.filter(isMapped);
  const mappingsText = mappings.length === 1 ? 'One mapping' : `${mappings.length} mappings`;
  return renderStackSource({
    name: device,
    framework,
    about: `${mappingsText} of what was on the box. What was left there, and why, says ${files.report}.`,
    reads: true,
    uses: ['Gateway', 'NatReflection', 'OneToOneNat', ...(virtualIps.length === 0 ? [] : ['VirtualIp'])],
    statements: [
      ...renderComment(4, 'Owner and names of devices stay: what is on the devices is found by them.'),
      ...renderConstruct('const gateway = ', 'Gateway', device, [
        ...renderFields(6, { owner, platform, version }),
        ...renderComment(6, HOST_KEYS_COMMENT),
        ...renderFields(6, { connection }),
        ...renderFields(6, gateway),
        ...renderComment(6, 'What stays on the box, as "cpanel-edge capture" has it.'),
        `      capturedConfig: readFileSync(\`\${__dirname}/${files.captured}\`, 'utf8'),`,
      ]),
      '',
      ...(mappedVirtualIps.length === 0
        ? []
        : [
            '    const virtualIps = {',
            ...mappedVirtualIps.flatMap(({ name, intent }) =>
              renderConstruct(`${printKey(name)}: `, 'VirtualIp', `vip-${name}`, formatVirtualIpProps(8, intent), {
                indent: 6,
                end: ',',
              }),
            ),
            '    };',
          ]),
      ...virtualIps
        .filter((entry) => !isMapped(entry))
        .flatMap(({ name, intent }) =>
          renderConstruct('', 'VirtualIp', `vip-${name}`, formatVirtualIpProps(6, intent)),
        ),
      ...(virtualIps.length === 0 ? [] : ['']),
      ...mappings.flatMap((entry) =>
        renderConstruct('', 'OneToOneNat', `nat-${entry.name}`, formatMappingProps(entry)),
      ),
      '',
      ...renderConstruct('', 'NatReflection', 'reflection', ['      gateway,', ...renderFields(6, reflection)]),
    ],
  });
}

const formatVirtualIpProps = (indent: number, intent: DraftVirtualIp['intent']): readonly string[] => [
  `${' '.repeat(indent)}gateway,`,
  ...renderFields(indent, intent),
];

function formatMappingProps({ intent, entry: mapping }: DraftMapping): readonly string[] {
  const { name, virtualIp, external, internal, ...otherFields } = intent;
  return [
    ...(virtualIp === undefined
      ? ['      gateway,', ...renderFields(6, { external: external ?? '' })]
      : [
          `      virtualIp: virtualIps${printKey(virtualIp) === virtualIp ? `.${virtualIp}` : `[${quoteString(virtualIp)}]`},`,
        ]),
    ...renderFields(6, {
      name,
      internal: typeof internal === 'string' ? internal : mapping.entry.label,
      ...otherFields,
    }),
  ];
}

/** Returns the host at which operators reach the gateway: its first address that isn't outside, else its first one. */
export const getOperatorHost = ({ gateway: { interfaces } }: GatewayDraft): string =>
  (
    [...interfaces].sort((a, b) => Number(a.role === 'outside') - Number(b.role === 'outside'))[0]?.addresses[0] ?? ''
  ).split('/')[0]!;
