// Makes the API reference, docs/reference/api.md, from the docstrings of the package's exports: introduction, groups
// and refusal codes. A test compares it with the file.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api, apiOf } from './entries';
import { Group, apiPage, codeLink } from './page';

const ROOT = join(__dirname, '../..');

/** The source files of `exports` in package.json. */
const ENTRIES = ['public', 'testing', 'testing-globals'].map((name) => join(ROOT, 'constructs', `${name}.ts`));

/** The example of the README, which the package test synthesizes. */
const EXAMPLE = join(ROOT, 'scripts/package/sample/main.ts');

/** Codes that any field, or any field of one kind, may be refused with. */
export const OF_ANY_FIELD: readonly (readonly [of: string, codes: readonly string[]])[] = [
  ['of any field', ['intent/missing', 'intent/wrong-type', 'intent/unknown-at-synth']],
  ['of objects', ['intent/unknown-key', 'intent/not-plain', 'intent/unreadable']],
  ['of lists', ['intent/empty-list', 'intent/too-large']],
  ['of choices', ['intent/unknown-choice']],
  ['of numbers', ['intent/not-in-range']],
  ['of names', ['intent/bad-name']],
  ['of texts', ['intent/empty-text', 'intent/text-too-long', 'intent/control-characters']],
  ['of addresses', ['intent/unusable-address']],
];

const head = (example: string): string => `
# API

Everything that \`cpanel-edge\`, \`cpanel-edge/testing\` and \`cpanel-edge/testing/globals\` export. This page is made of the
docstrings, which an editor shows as well; [a page for each construct](constructs) tells how they are used.

\`\`\`ts
${example.trim()}
\`\`\`

Constructors don't throw for a wrong intent. At synthesis one \`Refusal\` has all of them, each with a code, the line that wrote it, what
is wrong and what to write instead; then no file is written. A field's own codes stand with it; these may come with any:

${OF_ANY_FIELD.map(([of, codes]) => `- ${of}: ${codes.map(codeLink).join(', ')}`).join('\n')}

A platform refuses what it [can't do](platforms.md) by codes of its own. Names of services and presets are
[in a table](services.md). All fields are \`readonly\`, and objects are copied when they are taken. \`a[].b\` is a field of each
object in the list \`a\`.
`;

export const GROUPS: readonly Group[] = [
  {
    title: 'The gateway',
    about: 'The firewall in front, and what it gives a server.',
    names: [
      'Gateway',
      'GatewayProps',
      'IGateway',
      'FromCaptureProps',
      'AddedMappingProps',
      'PublishOptions',
      'Published',
    ],
  },
  {
    title: 'The server',
    about: 'The cPanel & WHM host, and what is open to it.',
    names: [
      ...['CpanelServer', 'CpanelServerProps', 'CpanelServerAttributes', 'ICpanelServer'],
      ...['CpanelFirewallProfile', 'CpanelFirewallProfileProps', 'ICpanelFirewallProfile'],
    ],
  },
  {
    title: 'Mappings',
    about: 'What `gateway.publish` makes, one by one, and how hosts inside reach it.',
    names: ['VirtualIp', 'VirtualIpProps', 'OneToOneNat', 'OneToOneNatProps', 'NatReflection', 'NatReflectionProps'],
  },
  {
    title: 'Said once',
    about: 'For a stack, an App, or a construct of your own.',
    names: ['Defaults', 'DefaultsProps'],
  },
  {
    title: 'What a stack gives up',
    about: 'In place of a Gateway or CpanelServer that is no longer in it.',
    names: ['DecommissionedOwner', 'HandedOverOwner', 'RemovedOwnersProps'],
  },
  {
    title: 'Tests of your own stacks',
    about:
      'From `cpanel-edge/testing`; [how a test reads](constructs/testing.md). `cpanel-edge/testing/globals` exports nothing: imported, it ' +
      'gives the matchers to `expect` of `@jest/globals`.',
    names: ['exposureMatchers', 'ExposureMatchers', 'WantedExposure', 'exposureOf', 'portExposure'],
  },
  {
    title: 'Review rules',
    about: 'The types of `cpanel-edge.rules.json`, for those who write it by a program; [the rules](review-rules.md).',
    names: ['ReviewRules', 'AllowedOpening', 'Acknowledgement'],
  },
];

export const publicApi = (): Api => apiOf(ROOT, ENTRIES);
export const madePage = (api: Api): string => apiPage(head(readFileSync(EXAMPLE, 'utf8')), GROUPS, api);
