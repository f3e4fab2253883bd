// Imports a server for the command `import`: parses its running rules and facts, and returns the texts of a stack and
// of a report of what was not carried over.
import { basename } from 'node:path';
import { printCount } from '../lib/reachability/print-packets';
import { importServerConfig, NO_ADDRESSES } from '../lib/import/server/import-server';
import { PacketNote } from '../lib/import/server/server-draft';
import { runImport } from '../lib/import/import-refusal';
import { findAccompanyingChain, findReplacedFirewalls } from '../lib/import/find-replaced-firewalls';
import { FrameworkName } from '../lib/report/render-stack-source';
import { createConnection, renderServerReport, createServerStack } from '../lib/import/server/server-stack';
import { Address } from '../lib/net/address';
import { NetworkInterface } from '../lib/net/device';
import { UNTRUSTED_STEP_BUDGET, runWithinBudget } from '../lib/net/step-budget';
import { refuseComparison } from '../lib/problems/step-budget-problems';
import { Problem, Refusal } from '../lib/problems/problem';
import { UnmanagedRules, matchesInterfaceName } from '../lib/parse/config-format';
import { knownPlatforms } from '../lib/registry';
import { ExposureSource } from '../lib/exposure/create-exposure-report';
import { Facts, splitFacts } from '../lib/exposure/facts/device-facts';
import { joinFiles } from '../lib/exposure/join-files';
import { SourceFile, listSourceFiles, nameLines } from '../lib/exposure/report/source-files';
import { parseUnmanagedText } from '../lib/exposure/texts/parse-unmanaged-text';
import { resolveRole } from '../lib/exposure/facts/evaluate-unmanaged';
import { DEVICE_FORMS_TEXT, recognizeText } from '../lib/exposure/texts/recognize-text';
import { ImportResult } from './import-files';

/** The running rules of a server, and the facts given with them. */
interface RunningRules {
  readonly from: string;
  readonly text: UnmanagedRules;
  /** The program that the text belongs to: `iptables`, `csf`. */
  readonly kind: string;
  readonly written: string;
  readonly facts: Facts;
  /** The files whose lines the text has; undefined if it is of no file. */
  readonly files: readonly SourceFile[] | undefined;
  /** Notes on how the text was parsed: each a sentence. */
  readonly assumed: readonly string[];
}

/**
 * Returns the running rules in the texts; undefined for a firewall's whole configuration.
 *
 * @throws Refusal import/no-rules, import/several-texts, and the refusals of the parsers.
 */
export function parseRunningRules(
  texts: readonly { readonly path: string; readonly text: string }[],
): RunningRules | undefined {
  const facts: string[] = [];
  const sources = texts.flatMap(({ path, text }): readonly ExposureSource[] => {
    const name = path === '-' ? 'standard input' : basename(path);
    const recognized = recognizeText(text, name, DEVICE_FORMS_TEXT);
    if (recognized.is === 'facts') facts.push(recognized.text);
    else if (recognized.is !== 'rules') throw new Refusal([createNoRulesProblem(name)]);
    return recognized.is === 'rules' ? [{ ...recognized, name }] : [];
  });
  const [source, otherSource] = joinFiles(sources);
  if (source?.is !== 'rules')
    throw new Refusal([createNoRulesProblem(texts.map(({ path }) => basename(path)).join(', '))]);
  if (otherSource) throw new Refusal([createSeveralTextsProblem(sources.map(({ name }) => name))]);
  const ownFacts = splitFacts([source.text, ...facts].join('\n'));
  const deviceText = parseUnmanagedText(source.platform, ownFacts.text);
  if (deviceText.is === 'configuration') return undefined;
  const interfaces = listInterfaces(ownFacts.facts);
  const textAssumptions =
    (interfaces.length === 0 ? undefined : deviceText.assumedOn?.(interfaces)) ?? deviceText.assumptions;
  const files = listSourceFiles(source);
  const assumptions = [
    source.joined,
    ...(deviceText.omissions ?? []),
    ...textAssumptions,
    ...source.omittedLines.map((line) => `Left out: ${line}`),
  ];
  return {
    from: source.name,
    kind: source.platform,
    written: ownFacts.text,
    text: deviceText,
    facts: ownFacts.facts,
    files,
    assumed: assumptions.flatMap((line) => (line === undefined ? [] : [nameLines(line, files)])),
  };
}

const listInterfaces = (facts: Facts): readonly NetworkInterface[] =>
  [...facts.interfaces].flatMap(([name, interfaceFacts]) =>
    interfaceFacts.addresses.length === 0
      ? []
      : [
          {
            name,
            role: resolveRole(name, interfaceFacts, facts),
            addresses: removeDuplicates(interfaceFacts.addresses),
            routes: removeDuplicates(interfaceFacts.routes),
          },
        ],
  );

export interface ServerOptions {
  readonly device: string;
  readonly owner: string;
  readonly hostKey: string;
  readonly sshPort: number;
  readonly framework?: FrameworkName;
  readonly platform: string;
  readonly platformVersion?: string;
}

/** Ids of the platforms that a server can have. */
export const serverPlatforms = knownPlatforms.flatMap(({ id, roles }) => (roles.includes('server') ? [id] : []));

export const nameServerFiles = (device: string) => ({ stack: `${device}.ts`, report: `${device}.report.md` });

export function importServer(
  { from, kind, written, text, facts, files, assumed: assumedBefore }: RunningRules,
  options: ServerOptions,
): ImportResult {
  const { device, owner, sshPort, hostKey, platform, platformVersion: version, framework } = options;
  const { stack, report } = nameServerFiles(device);
  const givesWay = findReplacedFirewalls(kind, written, platform);
  const otherChain = givesWay.length === 0 ? undefined : findAccompanyingChain(written);
  const replaces = otherChain === undefined ? givesWay : [];
  const allAssumptions =
    otherChain === undefined ? assumedBefore : [...assumedBefore, describeStaying(givesWay, otherChain)];
  const replacesOption = replaces.length === 0 ? {} : { replaces };
  const interfaces = listInterfaces(facts);
  if (version === undefined)
    throw new Refusal([createNoVersionProblem(platform), ...(interfaces.length > 0 ? [] : [NO_ADDRESSES])]);
  const importedServer = runImport(() =>
    runWithinBudget(
      UNTRUSTED_STEP_BUDGET,
      () =>
        importServerConfig((importDevice) => text.read(importDevice).reachability, interfaces, {
          device,
          owner,
          platform,
          version,
          sshPort,
          ...replacesOption,
        }),
      () => refuseComparison('import/too-much-to-compare', 'the running rules'),
    ),
  );
  const nameReasons = (notes: readonly PacketNote[]): readonly PacketNote[] =>
    notes.map((note) => ({ ...note, reason: nameLines(note.reason, files) }));
  const importedWithNotes = {
    ...importedServer,
    widened: nameReasons(importedServer.widened),
    skipped: nameReasons([...importedServer.skipped, ...listUncompared(text, interfaces)]),
  };
  const { profile, widened, skipped } = importedWithNotes;
  const connection = createConnection(importedWithNotes, hostKey);
  return {
    files: new Map([
      [stack, createServerStack(importedWithNotes, report, connection, framework)],
      [report, renderServerReport(importedWithNotes, from, stack, allAssumptions)],
    ]),
    report,
    host: connection.host,
    remarks: [],
    lines: [
      `${printCount(profile.services.length, 'service')}; carried over as more: ${widened.length}, not carried over: ${skipped.length}`,
    ],
    imported: importedWithNotes,
    isWhole: skipped.length + widened.length === 0,
    suspicious: [],
  };
}

/**
 * Returns the prefixes without duplicates. The texts may hold the same fact twice: from two runs, or from two commands.
 */
function removeDuplicates<
  Told extends { readonly length: number } & ({ readonly address: Address } | { readonly first: Address }),
>(prefixes: readonly Told[]): readonly Told[] {
  return [
    ...new Map(
      prefixes.map((prefix) => [`${'address' in prefix ? prefix.address : prefix.first}/${prefix.length}`, prefix]),
    ).values(),
  ];
}

/**
 * Returns a note for each interface that the rules name and that has no known address. A profile is for every
 * interface, so the rules for these interfaces are not compared.
 */
const listUncompared = (text: UnmanagedRules, interfaces: readonly NetworkInterface[]): readonly PacketNote[] =>
  text
    .getReferences()
    .interfaces.filter((interfaceName) => !interfaces.some(({ name }) => matchesInterfaceName(name, interfaceName)))
    .map((interfaceName) => ({
      packets: `by ${interfaceName}`,
      reason: 'the rules name it, and nothing says that it has an address: what they do there is not compared.',
    }));

const describeStaying = (givesWay: readonly string[], chain: string): string =>
  `${givesWay.join(', ')} ${givesWay.length === 1 ? 'stays' : 'stay'} beside the release, which has no replaces: the chain ${chain} is another program’s, and may go with it (device/replaces-others)`;

const createNoRulesProblem = (where: string): Problem => ({
  code: 'import/no-rules',
  where,
  what: 'It holds no rules that run on a server.',
  instead:
    'what "iptables-save; ip6tables-save; ipset save" or "nft list ruleset" print there, and behind it "ip -o addr; ip -o route".',
});

const createSeveralTextsProblem = (names: readonly string[]): Problem => ({
  code: 'import/several-texts',
  where: names.join(', '),
  what: 'They hold the same twice, or are of several programs.',
  instead: 'the files of one program on one host: rules.v4 rules.v6.',
});

const createNoVersionProblem = (platform: string): Problem => ({
  code: 'import/unknown-version',
  where: '--platform-version',
  what: `Nothing says which version of ${platform} the server has.`,
  instead: 'as its own tool prints it: --platform-version 1.0.6.',
});
