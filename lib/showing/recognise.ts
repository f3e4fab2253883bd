import { isRecord } from '../delivering/codec';
import { Problem, Refusal } from '../problems/problem';
import { platforms, readables } from '../registry';
import { jsonFrom } from '../json/json';
import { splitFacts } from './facts';

export type PlatformId = keyof typeof readables;

/** What a file is, by its content. */
export type Recognised =
  | { readonly is: 'rules'; readonly platform: PlatformId; readonly text: string; readonly leftOut: readonly string[] }
  | { readonly is: 'stack' | 'plan'; readonly json: Readonly<Record<string, unknown>> }
  | { readonly is: 'looked'; readonly devices: readonly Readonly<Record<string, unknown>>[] };

const AS_SAVED = `as root: ${readables.iptables.foreign.printedBy}.`;

/** Forms that are known by sight and not read. */
const NOT_YET: readonly (readonly [looks: RegExp, called: string, instead: string])[] = [
  [/^-[AP] [A-Z]/m, 'iptables -S', AS_SAVED],
  [/^Chain [\w.-]+ \((policy|\d+ references)/m, 'iptables -L', AS_SAVED],
  [/<opnsense>/, 'config.xml of OPNsense', 'what `pfctl -sn` and `pfctl -sr` print there, each under its own title ("# pfctl -sn").'],
  [
    /^(pass|block|match|scrub|nat|rdr|binat|anchor|set skip)\b.*\b(on|in|out|all|quick)\b/m,
    'pf.conf',
    'what `pfctl -sn` and `pfctl -sr` print, each under its own title ("# pfctl -sn").',
  ],
  [/^(access-list|object network|nat \(|ASA Version)/m, 'a configuration of Cisco ASA', 'nothing that this version reads.'],
  [/^config (firewall|system)\b/m, 'a configuration of FortiGate', 'nothing that this version reads.'],
  [/^\/(ip|ipv6) firewall\b/m, 'an export of RouterOS', 'nothing that this version reads.'],
  [/^(To\s+Action\s+From|Status: (in)?active)/m, 'ufw status', 'as root: nft list ruleset.'],
  [/^(public|trusted|drop|[\w-]+) \((default|active|default, active)\)\s*$/m, 'firewall-cmd --list-all', 'as root: nft list ruleset.'],
];

/** Throws Refusal review/not-recognised and the like: each says what is recognised. */
export function recognise(source: string, name: string): Recognised {
  if (source.trim() === '') throw new Refusal([empty(name)]);
  const head = source.trimStart()[0];
  if (head === '{' || head === '[') return inJson(source, name);
  const { text, leftOut } = withoutShell(source);
  // What `ip` printed may stand before the rules.
  const rules = splitFacts(text).text;
  for (const id of Object.keys(readables) as PlatformId[]) {
    if (readables[id].foreign.recognises(rules)) return { is: 'rules', platform: id, text, leftOut };
  }
  const start = source.slice(0, 200_000);
  if (/Operation not permitted|Permission denied|must be (run as )?root/i.test(start)) throw new Refusal([notAllowed(name)]);
  const known = NOT_YET.find(([looks]) => looks.test(start));
  throw new Refusal([known ? notYet(name, known[1], known[2]) : notRecognised(name)]);
}

/** What a device answered that it runs. An empty one is a Linux without rules. Throws Refusal review/not-recognised. */
export function platformOfLive(text: string, name: string): PlatformId {
  if (text.trim() === '') return 'nftables';
  const found = (Object.keys(platforms) as (keyof typeof platforms)[]).find((id) => platforms[id].foreign.recognises(text));
  if (!found) throw new Refusal([notRecognised(name)]);
  return found;
}

function inJson(source: string, name: string): Recognised {
  let json: unknown;
  try {
    json = jsonFrom(new TextEncoder().encode(source), name);
  } catch (error) {
    throw error instanceof Refusal && error.problems[0]?.code === 'review/too-many-values' ? error : new Refusal([brokenJson(name)]);
  }
  if (!isRecord(json)) throw new Refusal([notRecognised(name)]);
  if (Array.isArray(json['nftables'])) throw new Refusal([notYet(name, 'nft -j (JSON)', 'the same without -j: nft list ruleset.')]);
  if (typeof json['format_version'] === 'string' && (Object.hasOwn(json, 'planned_values') || Object.hasOwn(json, 'resource_changes')))
    return { is: 'plan', json };
  // What verify --json prints of one device, or of several.
  const answers: readonly unknown[] = Array.isArray(json['devices']) ? json['devices'] : [json];
  if (answers.length > 0 && answers.every(isAnswer)) return { is: 'looked', devices: answers };
  if (answers.some(isAnswer)) throw new Refusal([notEachAsked(name)]);
  if (isRecord(json['terraform']) || isRecord(json['resource'])) return { is: 'stack', json };
  throw new Refusal([notRecognised(name)]);
}

const isAnswer = (json: unknown): json is Readonly<Record<string, unknown>> =>
  isRecord(json) && typeof json['ruleset'] === 'string' && isRecord(json['facts']);

const PROMPT =
  /^[^{}]*[#$>%]\s*(sudo\s+(-\S+\s+)*)?(\/usr\/sbin\/|\/sbin\/)?(nft|ip|ip6?tables(-nft|-legacy)?-save|ipset|sysctl|exit|logout|cat)\b/;
/** Where a remark of a rule may hold anything. */
const OF_IPTABLES = /^(\[\d+:\d+\] )?-[A-Z] |^:\S+ |^(add|create) \S+ /;
const SUDO =
  /^(\[sudo\]|sudo:|Password:|Script (started|done) on|Connection to \S+ closed|logout\s*$|exit\s*$|(sudo\s+)?(\/usr)?\/?(sbin\/)?nft (-\S+ )*list )/;
/** Of a host that has not all of the programs, with its standard error. */
const NO_SUCH_PROGRAM =
  /^([\w./-]+: )?((line )?\d+: )?(ip6?tables-save|ipset): (command )?not found\s*$|^[\w./-]+:\d+: command not found: /;
const BARE_PROMPT = /^[^\s{}"]+@[^\s{}"]+[:~ ][^{}"]*[#$>]\s*$|^\[[^\]{}"]+@[^\]{}"]+\][#$]\s*$/;

/** What a terminal shows around the output of a command. Empty lines stand in its place, so that lines keep their numbers. */
function withoutShell(source: string): { readonly text: string; readonly leftOut: readonly string[] } {
  const leftOut: string[] = [];
  const lines = source.split('\n');
  const foreign = (line: string): boolean =>
    !OF_IPTABLES.test(line) &&
    (NO_SUCH_PROGRAM.test(line) || SUDO.test(line) || BARE_PROMPT.test(line) || (PROMPT.test(line) && !/^\s/.test(line)));
  // Above the rules, and below their last line; in between a line is a rule's, unless it can be none.
  const looked = [...lines.keys()].filter((at) => at < 40 || at >= lines.length - 40 || NO_SUCH_PROGRAM.test(lines[at]!));
  for (const at of looked) {
    // eslint-disable-next-line no-control-regex -- a terminal's colours are what must go
    const line = lines[at]!.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '').trimEnd();
    if (/^#!|^#\s/.test(line) || !foreign(line)) continue;
    leftOut.push(`line ${at + 1}: ${line}`);
    lines[at] = '';
  }
  return { text: lines.join('\n'), leftOut };
}

const READ =
  'what `nft list ruleset` prints (whole, or one table), an nft script, what `iptables-save`, `ip6tables-save` and `ipset save` print, a config.xml of pfSense, what `pfctl -sn` and `pfctl -sr` print, the JSON of `cpanel-edge verify --json`, a plan as `terraform show -json` prints it, or a synthesized stack (its folder or its cdk.tf.json).';

const empty = (where: string): Problem => ({
  code: 'review/empty',
  where,
  what: 'It is empty. Either the command failed, or the server has no rules at all: then everything on it is reachable.',
  instead:
    'run the command again as root and look at what it says, on Linux nft list ruleset. Where it prints nothing, and iptables-legacy-save and ip6tables-legacy-save don’t either, nothing filters.',
});

const notAllowed = (where: string): Problem => ({
  code: 'review/not-allowed',
  where,
  what: 'It holds an error instead of rules: whoever ran the command may not read them.',
  instead: 'as root: ssh root@server nft list ruleset > rules.nft, or ssh user@server sudo nft list ruleset > rules.nft.',
});

const notYet = (where: string, called: string, instead: string): Problem => ({
  code: 'review/not-yet-read',
  where,
  what: `It looks like ${called}, which is not read yet.`,
  instead,
});

const brokenJson = (where: string): Problem => ({
  code: 'review/broken-json',
  where,
  what: 'It begins like JSON and is none: it is cut off, or something else stands in it.',
  instead: `the file whole. Read are: ${READ}`,
});

const notEachAsked = (where: string): Problem => ({
  code: 'review/not-each-asked',
  where,
  what: 'It is what verify --json prints of several devices, and one of them could not be asked.',
  instead: 'cpanel-edge verify DEVICE --json for each that answers.',
});

const notRecognised = (where: string): Problem => ({
  code: 'review/not-recognised',
  where,
  what: 'Nothing that is read looks like this.',
  instead: READ,
});
