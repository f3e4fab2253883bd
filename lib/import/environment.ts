import { Draft, DraftMapping } from './draft';
import { Expression, Written, broken } from '../printing/typescript';

/** Files beside the environment, by what is in them. */
export interface Beside {
  readonly captured: string;
  readonly report: string;
}

/** The file of an environment, for a project whose stacks compose `EdgeStack`. */
export function environmentText(draft: Draft, beside: Beside): string {
  const { gateway, virtualIps, mappings, reflection } = draft;
  const { device } = gateway;
  const environment: Written = {
    backend: { kind: 'local', path: `terraform.${device}.tfstate` },
    releaseResource: 'null_resource',
    gateway: {
      ...plain(gateway),
      surroundings: new Expression(`readFileSync(\`\${__dirname}/${beside.captured}\`, 'utf8')`),
      connection: { host: hostOf(draft), user: 'root', hostKeys: new Expression('HOST_KEYS') },
    },
    profiles: {},
    servers: {},
    virtualIps: Object.fromEntries(virtualIps.map(({ name, intent }) => [name, nameless(intent)])),
    mappings: Object.fromEntries(mappings.map((one) => [one.name, mappingOf(one)])),
    reflection: plain(reflection),
  };
  return [
    "import { readFileSync } from 'node:fs';",
    "import { EdgeEnvironment } from '../edge-stack';",
    '',
    '// As /etc/ssh/ssh_host_*_key.pub on the box has them, from its console: without one, synthesis refuses.',
    'const HOST_KEYS: readonly string[] = [];',
    '',
    `/** ${mappings.length === 1 ? 'One mapping' : `${mappings.length} mappings`} of what was on the box. What was left there, and why, says ${beside.report}. */`,
    `export const ${identifier(device)}: EdgeEnvironment = ${broken(environment, '')};`,
    '',
  ].join('\n');
}

function mappingOf({ intent, found }: DraftMapping): Written {
  const { inside, virtualIp, outside, ...rest } = intent;
  return {
    outside: virtualIp === undefined ? { routed: outside ?? '' } : { virtualIp },
    inside: { hosts: typeof inside === 'string' ? inside : found.entry.called },
    ...nameless(rest),
  };
}

/** The name is the key that it stands under. */
export const nameless = (intent: { readonly name: string }): { readonly [key: string]: Written } =>
  Object.fromEntries(Object.entries(plain(intent)).filter(([key]) => key !== 'name'));

/** Plain data has no other shape than what is written. */
export const plain = (value: object): { readonly [key: string]: Written } =>
  JSON.parse(JSON.stringify(value)) as { readonly [key: string]: Written };

/** Where an operator reaches the box: its first inside address. */
const hostOf = ({ gateway: { interfaces } }: Draft): string =>
  ([...interfaces].sort((a, b) => Number(a.role === 'outside') - Number(b.role === 'outside'))[0]?.addresses[0] ?? '').split('/')[0]!;

const WORDS = new Set(
  `break case catch class const continue debugger default delete do else enum export extends false finally for function if import in
   instanceof new null return super switch this throw true try typeof var void while with yield let static await async implements
   interface package private protected public`.split(/\s+/),
);

/** `edge-1` as a name in TypeScript: `edge1`. */
export function identifier(device: string): string {
  const name = device.replace(/-+(\w?)/g, (_, letter: string) => letter.toUpperCase());
  return WORDS.has(name) ? `${name}Environment` : name;
}
