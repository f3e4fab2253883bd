import { basename } from 'node:path';
import { counted } from '../lib/reachability/words';
import { importedServer, noAddresses } from '../lib/import/server/server';
import { Noted } from '../lib/import/server/draft';
import { orNothing } from '../lib/import/nothing';
import { goesAlong, replacedBy } from '../lib/import/replaced';
import { connectionOf, serverReport, serverStack } from '../lib/import/server/files';
import { Address } from '../lib/net/address';
import { NetworkInterface } from '../lib/net/device';
import { STRANGERS_WORK, withinWork } from '../lib/net/work';
import { tooMuchToCompare } from '../lib/problems/more-work';
import { Problem, Refusal } from '../lib/problems/problem';
import { ForeignRules, isNamed } from '../lib/parse/foreign';
import { knownPlatforms } from '../lib/registry';
import { Source } from '../lib/exposure/exposed';
import { Facts, splitFacts } from '../lib/exposure/facts/facts';
import { joined } from '../lib/exposure/joined-files';
import { parsedText } from '../lib/exposure/texts/parsed';
import { toldRole } from '../lib/exposure/facts/read';
import { READ_OF_DEVICES, recognise } from '../lib/exposure/texts/recognise';
import { Taken } from './import-files';

/** Rules that run on a server, and what is told of it beside them. */
interface RunningRules {
  readonly from: string;
  readonly text: ForeignRules;
  /** What the text is of, as it stands: `iptables`, `csf`. */
  readonly kind: string;
  readonly written: string;
  readonly facts: Facts;
  /** How it was read: each a sentence. */
  readonly assumed: readonly string[];
}

/** Undefined for a firewall's whole configuration. Throws Refusal for what can't be read. */
export function runningRules(
  texts: readonly { readonly path: string; readonly text: string }[],
): RunningRules | undefined {
  const facts: string[] = [];
  const sources = texts.flatMap(({ path, text }): readonly Source[] => {
    const name = path === '-' ? 'standard input' : basename(path);
    const found = recognise(text, name, READ_OF_DEVICES);
    if (found.is === 'facts') facts.push(found.text);
    else if (found.is !== 'rules') throw new Refusal([noRules(name)]);
    return found.is === 'rules' ? [{ ...found, name }] : [];
  });
  const [one, another] = joined(sources);
  if (one?.is !== 'rules') throw new Refusal([noRules(texts.map(({ path }) => basename(path)).join(', '))]);
  if (another) throw new Refusal([severalTexts(sources.map(({ name }) => name))]);
  const own = splitFacts([one.text, ...facts].join('\n'));
  const parsed = parsedText(one.platform, own.text);
  if (parsed.is === 'configuration') return undefined;
  const interfaces = toldInterfaces(own.facts);
  const supposed = (interfaces.length === 0 ? undefined : parsed.assumedOn?.(interfaces)) ?? parsed.assumed;
  const assumed = [
    one.joined,
    ...(parsed.untold ?? []),
    ...supposed,
    ...one.leftOut.map((line) => `Left out: ${line}`),
  ];
  return {
    from: one.name,
    kind: one.platform,
    written: own.text,
    text: parsed,
    facts: own.facts,
    assumed: assumed.filter((line) => line !== undefined),
  };
}

const toldInterfaces = (facts: Facts): readonly NetworkInterface[] =>
  [...facts.interfaces].flatMap(([name, one]) =>
    one.addresses.length === 0
      ? []
      : [{ name, role: toldRole(name, one, facts), addresses: onceEach(one.addresses), routes: onceEach(one.routes) }],
  );

export interface ServerOptions {
  readonly device: string;
  readonly owner: string;
  readonly hostKey: string;
  readonly sshPort: number;
  readonly platform: string;
  readonly platformVersion?: string;
}

/** Whose servers there are. */
export const serverPlatforms = knownPlatforms.flatMap(({ id, roles }) => (roles.includes('server') ? [id] : []));

export const serverFiles = (device: string) => ({ stack: `${device}.ts`, report: `${device}.report.md` });

export function importServer(
  { from, kind, written, text, facts, assumed: read }: RunningRules,
  options: ServerOptions,
): Taken {
  const { device, owner, sshPort, hostKey, platform, platformVersion: version } = options;
  const { stack, report } = serverFiles(device);
  const givesWay = replacedBy(kind, written, platform);
  const along = givesWay.length === 0 ? undefined : goesAlong(written);
  const replaces = along === undefined ? givesWay : [];
  const assumed = along === undefined ? read : [...read, staysBeside(givesWay, along)];
  const given = replaces.length === 0 ? {} : { replaces };
  const interfaces = toldInterfaces(facts);
  if (version === undefined) throw new Refusal([noVersion(platform), ...(interfaces.length > 0 ? [] : [noAddresses])]);
  const imported = orNothing(() =>
    withinWork(
      STRANGERS_WORK,
      () =>
        importedServer((on) => text.read(on).exposure, interfaces, {
          device,
          owner,
          platform,
          version,
          sshPort,
          ...given,
        }),
      () => tooMuchToCompare('import/too-much-to-compare', 'the running rules'),
    ),
  );
  const found = { ...imported, left: [...imported.left, ...untold(text, interfaces)] };
  const { profile, widened, left } = found;
  const connection = connectionOf(found, hostKey);
  return {
    files: new Map([
      [stack, serverStack(found, report, connection)],
      [report, serverReport(found, from, stack, assumed)],
    ]),
    report,
    host: connection.host,
    remarks: [],
    lines: [
      `${counted(profile.services.length, 'service')}; carried over as more: ${widened.length}, not carried over: ${left.length}`,
    ],
    found,
    isWhole: left.length + widened.length === 0,
    suspicious: [],
  };
}

/** Who asks a server twice, or in two ways, is told nothing new. */
function onceEach<
  Told extends { readonly length: number } & ({ readonly address: Address } | { readonly first: Address }),
>(all: readonly Told[]): readonly Told[] {
  return [...new Map(all.map((one) => [`${'address' in one ? one.address : one.first}/${one.length}`, one])).values()];
}

/** A profile is for every interface: what rules do by one that nobody told of isn't compared. */
const untold = (text: ForeignRules, told: readonly NetworkInterface[]): readonly Noted[] =>
  text
    .mentions()
    .interfaces.filter((named) => !told.some(({ name }) => isNamed(name, named)))
    .map((named) => ({
      packets: `by ${named}`,
      why: 'the rules name it, and nothing says that it has an address: what they do there is not compared.',
    }));

const staysBeside = (givesWay: readonly string[], along: string): string =>
  `${givesWay.join(', ')} ${givesWay.length === 1 ? 'stays' : 'stay'} beside the release, which has no replaces: the chain ${along} is another program’s, and may go with it (device/replaces-others)`;

const noRules = (where: string): Problem => ({
  code: 'import/no-rules',
  where,
  what: 'It holds no rules that run on a server.',
  instead:
    'what "iptables-save; ip6tables-save; ipset save" or "nft list ruleset" print there, and behind it "ip -o addr; ip -o route".',
});

const severalTexts = (names: readonly string[]): Problem => ({
  code: 'import/several-texts',
  where: names.join(', '),
  what: 'They hold the same twice, or are of several programs.',
  instead: 'the files of one program on one host: rules.v4 rules.v6.',
});

const noVersion = (platform: string): Problem => ({
  code: 'import/unknown-version',
  where: '--platform-version',
  what: `Nothing says which version of ${platform} the server has.`,
  instead: 'as its own tool prints it: --platform-version 1.0.6.',
});
