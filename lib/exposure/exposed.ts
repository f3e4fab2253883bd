import { NatFiles } from '../cpnat/files';
import { isRecord } from '../agent-protocol/codec';
import { OWN_WORK, STRANGERS_WORK, withinWork } from '../net/work';
import { tooMuchToCompare } from '../problems/more-work';
import { Problem, collecting, printable, refuseIfAny } from '../problems/problem';
import { Shapes } from '../verifier/shapes';
import { Asked, INTERNET } from './answer/question';
import { LIMITS } from './facts/premises';
import { Facts, OTHERS, bothFacts, splitFacts } from './facts/facts';
import { OwnRelease, toldOfReleases } from './own-releases';
import { natFilesIn } from './texts/looked-nat';
import { toldByNatFiles } from './texts/nat-files';
import { ofFile } from './texts/of-file';
import { parsedText } from './texts/parsed';
import { readForeign } from './facts/read';
import { PlatformId, platformOfLive } from './texts/recognise';
import { headline } from './print/headline';
import { DeviceReport, EXPOSURE_FORMAT, ExposureReport } from './report/report';
import { remarksOn } from './report/remarks';
import { Reported, Told, shown } from './report/shown';
import { IF_IT_FORWARDS, TITLES, TITLES_OF_A_FIREWALL } from './report/titles';
import { byOthers, remarksApart, wideOpen } from './report/wide-open';

/** The form of releases that are found in a synthesized stack. */
export const STACK = 'a synthesized stack';

/** What one file holds that has an exposure. */
export type Source =
  | {
      readonly is: 'rules';
      readonly name: string;
      readonly platform: PlatformId;
      readonly text: string;
      readonly leftOut: readonly string[];
      /** Of the same server. */
      readonly natFiles?: NatFiles;
      /** Where it is of several files: how they became one. */
      readonly joined?: string;
    }
  | { readonly is: 'looked'; readonly name: string; readonly json: Readonly<Record<string, unknown>> }
  | {
      readonly is: 'releases';
      readonly name: string;
      readonly form: string;
      readonly releases: readonly OwnRelease[];
      /** Why the releases aren't all that will run. */
      readonly doubts: readonly Problem[];
      readonly leftOut: readonly string[];
    };

/** What one file holds: what has an exposure, or what is of the server whose rules stand in another: files of cPanel, addresses and routes. */
export type Given =
  | Source
  | { readonly is: 'nat files'; readonly name: string; readonly natFiles: NatFiles }
  | { readonly is: 'facts'; readonly name: string; readonly text: string };

/** What files expose, as far as it is asked for. Throws Refusal where one can't be read. */
export function exposureReport(sources: readonly Source[], facts: Facts, question: Asked): ExposureReport {
  const { words, interfaces, ask } = question;
  const shapes = new Shapes();
  const reported = eachOf(sources, (source) => within(source, () => reportedOf(source, facts, shapes)));
  const foreign = sources.some(({ is }) => is !== 'releases');
  refuseIfAny([...unknownInterfaces(interfaces, reported, foreign), ...nobodyOutside(question, reported)]);
  const devices = reported.map((one, at): DeviceReport =>
    within(sources[at]!, () => shown(one, ({ device }) => ask(device), words !== '')),
  );
  const untold = reported.some((one) => one.untold);
  const entries = devices.flatMap(({ sections }) => sections.flatMap((one) => one.entries));
  return {
    format: EXPOSURE_FORMAT,
    asked: printable(words),
    // What isn't told may be the answer.
    unknown: untold || entries.some(({ verdict }) => verdict === 'unknown'),
    headline: `${headline(devices, reported, question)}${untold ? ' Not everything is told: see what is assumed.' : ''}`,
    devices,
  };
}

/** With what is wrong with each. Throws Refusal. */
function eachOf(sources: readonly Source[], report: (source: Source) => Reported): readonly Reported[] {
  if (sources.length === 1) return sources.map(report);
  const problems: Problem[] = [];
  const reported = sources.flatMap(
    (source) => collecting(problems, () => ofFile(source.name, () => report(source))) ?? [],
  );
  refuseIfAny(problems);
  return reported;
}

/** A stack was synthesized here, and proven then; anything else may be anybody's. */
const within = <T>(source: Source, run: () => T): T =>
  withinWork(source.is === 'releases' && source.form === STACK ? OWN_WORK : STRANGERS_WORK, run, () =>
    tooMuchToCompare('review/too-much-to-show', printable(source.name)),
  );

/** A mistyped interface lets nothing in, and that must not be the answer. */
function unknownInterfaces(
  wanted: readonly string[],
  reported: readonly Reported[],
  foreign: boolean,
): readonly Problem[] {
  const known = new Set(
    reported.flatMap(({ told }) => told.flatMap(({ device }) => device.interfaces.map(({ name }) => name))),
  );
  known.delete(OTHERS);
  return wanted.filter((name) => !known.has(name)).map((name) => noInterface(name, [...known], foreign));
}

/** Where every interface is said to be inside, nobody comes from the internet, whatever the rules are. */
function nobodyOutside({ onlyOutside }: Asked, reported: readonly Reported[]): readonly Problem[] {
  const devices = reported.flatMap(({ told }) => told.map(({ device }) => device));
  if (
    !onlyOutside ||
    devices.length === 0 ||
    devices.some(({ interfaces }) => interfaces.some(({ role }) => role === 'outside'))
  )
    return [];
  return [noneOutside];
}

const noneOutside: Problem = {
  code: 'review/nobody-outside',
  where: '--vantage outside',
  what: 'No interface leads to the internet, by what was told of them, so nothing was asked.',
  instead: 'the one that does: --interface eth0:outside.',
};

/** Of our own devices the policy tells all interfaces. */
const noInterface = (name: string, known: readonly string[], foreign: boolean): Problem => ({
  code: 'review/no-such-vantage',
  where: '--vantage',
  what: `No interface is called "${name}"${known.length === 0 ? ', and the rules name none' : ''}.`,
  // Told as an interface of that name it would have an answer, and a wrong one.
  instead:
    name.toLowerCase() === INTERNET
      ? 'outside: whoever comes from the internet, by whichever interface.'
      : `${['outside', 'inside', 'server', 'localhost', ...known].join(', ')}${foreign ? `; or tell of it: --interface ${printable(name)}:outside` : ''}.`,
});

function reportedOf(source: Source, facts: Facts, shapes: Shapes): Reported {
  const name = printable(source.name);
  switch (source.is) {
    case 'rules': {
      const report = foreign(
        name,
        '',
        source.text,
        source.platform,
        facts,
        source.leftOut.map(printable),
        source.natFiles,
      );
      return source.joined === undefined
        ? report
        : { ...report, assumed: [printable(source.joined), ...report.assumed] };
    }
    case 'looked': {
      const { ruleset, facts: seen, device } = source.json;
      const text = typeof ruleset === 'string' ? ruleset : '';
      const of = typeof device === 'string' ? `${name}: ${printable(device)}` : name;
      const platform = platformOfLive(text, of);
      const natFiles = natFilesIn(isRecord(seen) ? seen['cpanelNat'] : undefined);
      return foreign(
        of,
        ' of a device, as verify --json read it',
        `${text}\n${factLines(seen)}`,
        platform,
        facts,
        [],
        natFiles,
      );
    }
    case 'releases':
      return {
        name,
        form: source.form,
        given: [],
        supposed: [],
        perhapsUplinks: [],
        limits: [],
        remarks: [],
        leftOut: source.leftOut.map(printable),
        assumed: source.doubts.map(({ where, what }) => printable(`${where}: ${what}`)),
        told: toldOfReleases(source.releases, shapes),
        untold: source.doubts.length > 0,
      };
  }
}

function foreign(
  name: string,
  where: string,
  source: string,
  platform: PlatformId,
  given: Facts,
  leftOut: readonly string[],
  natFiles: NatFiles = {},
): Reported {
  const { text, facts } = splitFacts(source);
  const parsed = parsedText(platform, text);
  const read = readForeign(parsed, bothFacts(facts, given));
  const { untold = [] } = parsed;
  const assumed = (read.anonymous ? undefined : parsed.assumedOn?.(read.device.interfaces)) ?? parsed.assumed;
  const titles = read.describesItself ? TITLES_OF_A_FIREWALL : TITLES;
  const told = read.parts.map(({ about, exposure, packets, explain }): Told => ({
    about,
    exposure,
    explain,
    device: read.device,
    packetsAt: () => packets,
    title: about === 'through' && read.mayForward ? `${titles.through}${IF_IT_FORWARDS}` : titles[about],
    ...(read.anonymous ? { anonymous: read.anonymous } : {}),
    ...(about === 'through' ? { behind: read.behind.exposure } : {}),
  }));
  const wide = wideOpen(
    told.find(({ about }) => about === 'host'),
    read.supposedOutside,
  );
  const remarks = remarksOn(name, read, natFiles);
  return {
    name,
    form: `${parsed.called}${where}`,
    given: [...read.given, ...toldByNatFiles(natFiles)],
    assumed: [
      ...untold,
      ...read.follows,
      ...read.assumed,
      ...assumed,
      ...(parsed.is === 'rules' ? (parsed.agreed ?? []) : []),
    ],
    supposed: read.assumed,
    perhapsUplinks: read.perhapsUplinks,
    limits: [...LIMITS, ...parsed.limits],
    leftOut,
    remarks: wide
      ? remarksApart(
          remarks,
          remarksOn(
            name,
            { ...read, parts: read.parts.map((one) => byOthers(one, wide)), behind: byOthers(read.behind, wide) },
            natFiles,
          ),
          wide,
        )
      : remarks,
    told,
    wide,
    untold: untold.length > 0,
  };
}

/** As `ip` and `sysctl` print them. */
function factLines(seen: unknown): string {
  if (!isRecord(seen)) return '';
  const lines = ['addresses', 'links', 'routes'].map((key) => (typeof seen[key] === 'string' ? seen[key] : ''));
  const { forwarding } = seen;
  const is = (name: string, key: string): string =>
    isRecord(forwarding) && typeof forwarding[key] === 'boolean' ? `${name} = ${forwarding[key] ? 1 : 0}` : '';
  return [...lines, is('net.ipv4.ip_forward', 'ip'), is('net.ipv6.conf.all.forwarding', 'ip6'), ''].join('\n');
}
