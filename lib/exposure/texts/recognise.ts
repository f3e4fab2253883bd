import { NatFiles } from '../../cpnat/files';
import { isRecord } from '../../agent-protocol/codec';
import { Problem, Refusal } from '../../problems/problem';
import { platforms, readables } from '../../registry';
import { isEncrypted } from '../../json/encrypted';
import { jsonFrom } from '../../json/json';
import { Elsewhere, Foreign, Unread } from '../../parse/foreign';
import { cutFacts } from '../facts/cut';
import { splitFacts } from '../facts/facts';
import { withoutNatFiles } from './nat-files';
import { SPREAD } from './spread-files';
import { withoutShell } from './shell';

export type PlatformId = keyof typeof readables;

/** What a file is, by its content. */
type Recognised =
  | {
      readonly is: 'rules';
      readonly platform: PlatformId;
      readonly text: string;
      readonly leftOut: readonly string[];
      readonly natFiles?: NatFiles;
    }
  /** Files of cPanel, without rules. */
  | { readonly is: 'nat files'; readonly natFiles: NatFiles }
  /** What ip and sysctl print of a server, without rules. */
  | { readonly is: 'facts'; readonly text: string }
  | { readonly is: 'stack' | 'plan'; readonly json: Readonly<Record<string, unknown>> }
  | { readonly is: 'looked'; readonly devices: readonly Readonly<Record<string, unknown>>[] };

const ids = Object.keys(readables) as PlatformId[];
const foreigns = ids.map((id): Foreign => readables[id].foreign);

/** Forms of platforms of which nothing is read. */
const OF_OTHERS: readonly Unread[] = (
  [
    [/^(access-list|object network|nat \(|ASA Version)/m, 'a configuration of Cisco ASA'],
    [/^config (firewall|system)\b/m, 'a configuration of FortiGate'],
    [/^\/(ip|ipv6) firewall\b/m, 'an export of RouterOS'],
  ] as const
).map(([looks, called]) => ({ looks, called, instead: 'nothing that this version reads.' }));

const STATE: Unread = {
  looks: /^\s*\{\s*"version": *\d+,\s*"terraform_version"/,
  called: 'Terraform’s state',
  instead: 'the plan file, or the folder that cdktf synth wrote; of what runs on the devices cpanel-edge verify.',
};

/** Beside rules somebody gives the server's addresses by the command at hand. */
const ADDRESSES: Unread = {
  looks: /^\S+\s+(UNKNOWN|UP|DOWN)\s+[0-9a-f.:]+\/\d+|^\s+inet \d+\.\d+\.\d+\.\d+ {2}netmask /m,
  called: 'addresses as ip -br or ifconfig print them',
  instead: 'what `ip -o addr; ip -o link; ip -o route show table all` prints.',
};

/**
 * Throws Refusal review/not-recognised, review/facts-cut-off, review/rules-elsewhere and the like: each says what is recognised. `read`: in words,
 * where that is less.
 */
export function recognise(source: string, name: string, read = READ): Recognised {
  if (source.trim() === '') throw new Refusal([empty(name)]);
  const head = source.trimStart()[0];
  if (head === '{' || head === '[') return inJson(source, name, read);
  const { text: whole, leftOut } = withoutShell(source);
  const { text, natFiles } = withoutNatFiles(whole, name);
  // What `ip` printed may stand before the rules.
  const rules = splitFacts(text).text;
  const cut = cutFacts(text, name);
  if (cut) throw new Refusal([cut]);
  const platform = ids.find((id) => readables[id].foreign.recognises(rules));
  if (platform) {
    const { foreign }: { readonly foreign: Foreign } = readables[platform];
    return {
      is: 'rules',
      platform,
      text: foreign.named?.(text, name) ?? text,
      leftOut,
      ...(natFiles ? { natFiles } : {}),
    };
  }
  if (natFiles && text.trim() === '') return { is: 'nat files', natFiles };
  if (rules.trim() === '' && natFiles) throw new Refusal([factsAlone(name)]);
  if (rules.trim() === '') return { is: 'facts', text };
  const elsewhere = foreigns
    .flatMap((foreign) => foreign.elsewhere ?? [])
    .find(({ looks }) => looks.test(source.slice(0, LOOKED_AT)));
  if (elsewhere) throw new Refusal([rulesElsewhere(name, elsewhere)]);
  if (/Operation not permitted|Permission denied|must be (run as )?root/i.test(source.slice(0, LOOKED_AT)))
    throw new Refusal([notAllowed(name)]);
  throw new Refusal([unreadOrUnknown(source, name, read)]);
}

/** Where a text tells what it is. */
const LOOKED_AT = 200_000;

function unreadOrUnknown(source: string, name: string, read: string): Problem {
  const start = source.slice(0, LOOKED_AT);
  const known = [...foreigns.flatMap(({ unread = [] }) => unread), ...OF_OTHERS, ADDRESSES, STATE].find(({ looks }) =>
    looks.test(start),
  );
  return known ? notYet(name, known) : notRecognised(name, read);
}

/** What a device answered that it runs. Nothing at all is of a platform whose devices print nothing then. Throws Refusal review/not-recognised. */
export function platformOfLive(text: string, name: string): PlatformId {
  const found = (Object.keys(platforms) as (keyof typeof platforms)[]).find((id) => {
    const { foreign }: { readonly foreign: Foreign } = platforms[id];
    return text.trim() === '' ? foreign.whenEmpty !== undefined : foreign.recognises(text);
  });
  if (!found) throw new Refusal([notRecognised(name)]);
  return found;
}

function inJson(source: string, name: string, read: string): Recognised {
  let json: unknown;
  try {
    json = jsonFrom(new TextEncoder().encode(source), name);
  } catch (error) {
    throw error instanceof Refusal && error.problems[0]?.code === 'review/too-many-values'
      ? error
      : new Refusal([brokenJson(name, read)]);
  }
  if (!isRecord(json)) throw new Refusal([notRecognised(name, read)]);
  if (
    typeof json['format_version'] === 'string' &&
    (Object.hasOwn(json, 'planned_values') || Object.hasOwn(json, 'resource_changes'))
  )
    return { is: 'plan', json };
  if (isEncrypted(json)) return { is: 'plan', json };
  // What verify --json prints of one device, or of several.
  const answers: readonly unknown[] = Array.isArray(json['devices']) ? json['devices'] : [json];
  if (answers.length > 0 && answers.every(isAnswer)) return { is: 'looked', devices: answers };
  if (answers.some(isAnswer)) throw new Refusal([notEachAsked(name)]);
  if (isRecord(json['terraform']) || isRecord(json['resource'])) return { is: 'stack', json };
  throw new Refusal([unreadOrUnknown(source, name, read)]);
}

const isAnswer = (json: unknown): json is Readonly<Record<string, unknown>> =>
  isRecord(json) && typeof json['ruleset'] === 'string' && isRecord(json['facts']);

const FORMS: readonly string[] = [
  ...foreigns.flatMap(({ spread, reads, printedBy }) => (spread ? [] : [reads ?? `what \`${printedBy}\` prints`])),
  `${SPREAD.called} in a folder or a tar`,
];

/** What people have of devices, and no form of ours. */
export const READ_OF_DEVICES = `${FORMS.join(', ')}.`;

const READ =
  [
    ...FORMS,
    'the JSON of `cpanel-edge verify --json`',
    'a plan, also as `terraform show -json` prints it',
    'a synthesized stack (its folder or its cdk.tf.json)',
  ].join(', ') + '; cpanel-edge exposure --help has the commands to type on a server.';

const empty = (where: string): Problem => ({
  code: 'review/empty',
  where,
  what: 'It is empty. Either the command failed, or the server has no rules at all: then everything on it is reachable.',
  instead: `run the command again as root and look at what it says, ${foreigns.flatMap(({ whenEmpty }) => whenEmpty ?? []).join(' ')}`,
});

export const factsAlone = (where: string): Problem => ({
  code: 'review/facts-alone',
  where,
  what: 'It holds what ip and sysctl print of a server, and no rules. Where the command for the rules was in the same line, it printed none: it failed, or nothing filters there.',
  instead: `beside the rules of that one server: cpanel-edge exposure rules.nft ${where === 'standard input' ? '-' : where}. Where the rules should be in it: run their command alone, as root, and look at what it says.`,
});

const rulesElsewhere = (where: string, { what, instead }: Elsewhere): Problem => ({
  code: 'review/rules-elsewhere',
  where,
  what,
  instead,
});

const notAllowed = (where: string): Problem => ({
  code: 'review/not-allowed',
  where,
  what: 'It holds an error instead of rules: whoever ran the command may not read them.',
  instead:
    'as root: ssh root@server nft list ruleset > rules.nft, or ssh user@server sudo nft list ruleset > rules.nft.',
});

const notYet = (where: string, { called, instead }: Unread): Problem => ({
  code: 'review/not-yet-read',
  where,
  what: `It looks like ${called}, which is not read yet.`,
  instead,
});

const brokenJson = (where: string, read: string): Problem => ({
  code: 'review/broken-json',
  where,
  what: 'It begins like JSON and is none: it is cut off, or something else stands in it.',
  instead: `the file whole. Read are: ${read}`,
});

const notEachAsked = (where: string): Problem => ({
  code: 'review/not-each-asked',
  where,
  what: 'It is what verify --json prints of several devices, and one of them could not be asked.',
  instead: 'cpanel-edge verify DEVICE --json for each that answers.',
});

const notRecognised = (where: string, read = READ): Problem => ({
  code: 'review/not-recognised',
  where,
  what: 'Nothing that is read looks like this.',
  instead: read,
});
