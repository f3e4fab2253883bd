import type { Location, Log, PhysicalLocation, ReportingDescriptor, Result } from 'sarif';
import { explain } from '../../lint/explain';
import { lintRules } from '../../lint/rules';
import { groupBy } from '../../net/group-by';
import { grouped } from '../../report/document';
import { shown } from '../../report/text';
import { printableJson } from '../../problems/printable-json';
import { ownerPlaces } from '../owner-places';
import { LintRemark, Objection, Review } from '../review';
import { inOneSentence } from './changes';
import { remarksOf } from './said';

interface SarifOptions {
  /** Of this package. */
  readonly version: string;
  /** A digest of a text, in letters and digits. */
  readonly digest: (text: string) => string;
}

/** What is told as a result. */
interface Told extends Objection, Pick<LintRemark, 'acknowledged'> {
  readonly is: keyof typeof MEANS;
  readonly level: LintRemark['severity'];
}

/** What is said of a rule that has no page. */
const MEANS = {
  objection: 'The change must not be applied with this.',
  unknown: 'This could not be decided, so it counts as reachable.',
  finding: 'This was found in what will be reachable.',
  note: 'A reviewer should know this, and nobody objects to it.',
} as const;

/** GitHub shows no more of one file, and refuses one that has five times as many. */
const MOST = 5_000;

/**
 * Code scanning refuses a file in which a result has no line in the repository: where nobody knows it, the project stands for it. Source: GH1003
 * of Microsoft's sarif-sdk.
 */
const PROJECT: PhysicalLocation = { artifactLocation: { uri: 'cdktf.json' }, region: { startLine: 1 } };

const RELATED = 'The profile or the mapping that it takes besides.';

/** For code scanning, SARIF 2.1.0: whatever speaks against the change, is undecided, is found or noted; what opens isn't a finding. */
export function printSarif(review: Review, { version, digest }: SarifOptions): string {
  const told = limited(toldBy(review));
  const rules = [...groupBy(told, ({ code }) => shown(code)).values()].map(([first]) => ruleOf(first));
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const places = new Map(review.devices.flatMap((device) => ownerPlaces(device).map((key) => [key, device])));
  const prints = fingerprints(told, digest);
  const results = told.map((one, at): Result => {
    const { level, acknowledged, stood, reached } = one;
    return {
      ruleId: shown(one.code),
      ruleIndex: indexes.get(shown(one.code))!,
      level,
      message: { text: messageOf(one) },
      locations: [locationOf(one, places)],
      ...(reached === undefined
        ? {}
        : { relatedLocations: [{ physicalLocation: lineOf(reached), message: { text: RELATED } }] }),
      // GitHub reads the first, whose name was meant for a line of a file.
      partialFingerprints: { primaryLocationLineHash: prints[at]!, 'cpanelEdgeFinding/v1': prints[at]! },
      ...(stood === undefined ? {} : { baselineState: stood ? 'unchanged' : 'new' }),
      ...(acknowledged === undefined
        ? {}
        : { suppressions: [{ kind: 'external', status: 'accepted', justification: acceptedOf(acknowledged) }] }),
    };
  });
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'cpanel-edge', version, rules } },
        results,
        properties: { verdict: review.verdict, headline: shown(review.headline) },
      },
    ],
  };
  return `${printableJson(log)}\n`;
}

/** The worst first. What makes the verdict is an error. */
function toldBy(review: Review): readonly Told[] {
  const { objections, unknown, lint, notes } = remarksOf(review);
  return [
    ...objections.map((one): Told => ({ ...one, is: 'objection', level: 'error' })),
    ...unknown.map((one): Told => ({ ...one, is: 'unknown', level: 'error' })),
    ...undecided(review),
    ...lint.map((one): Told => ({ ...one, is: 'finding', level: one.severity })),
    ...rulesThatChange(review),
    ...notes.map((one): Told => ({ ...one, is: 'note', level: 'note' })),
  ];
}

/** Changes that can't be decided make the verdict, and no remark says them. */
function undecided({ changes, counts }: Review): readonly Told[] {
  const mine = changes.filter(({ kind }) => kind === 'unknown');
  const left = counts.unknown - mine.length;
  const undecidedAt = (where: string, what: string): Told => ({
    code: 'review/undecided',
    is: 'unknown',
    level: 'error',
    where,
    what,
    instead: '',
  });
  return [
    ...mine.map((change): Told => {
      const { about, said } = inOneSentence(change);
      return { ...undecidedAt(change.device, `It can't be decided whether this passes: ${said}.`), about };
    }),
    ...(left > 0 ? [undecidedAt('this change', `${grouped(left)} more changes can't be decided.`)] : []),
  ];
}

const rulesThatChange = ({ policy }: Review): readonly Told[] =>
  (policy?.changed ?? []).map((words) => ({
    code: 'review/rules-change',
    is: 'note',
    level: 'note',
    where: policy!.name,
    about: words,
    what: `The review rules change: ${words}.`,
    instead: '',
  }));

function limited(told: readonly Told[]): readonly Told[] {
  if (told.length <= MOST) return told;
  const left = told.slice(MOST - 1);
  const more: Told = {
    code: 'review/more-results',
    where: 'this change',
    is: left[0]!.is,
    level: left[0]!.level,
    what: `${grouped(left.length)} more are not listed here.`,
    instead: 'the text or the JSON of this review, which have them.',
  };
  return [...told.slice(0, MOST - 1), more];
}

function ruleOf({ code, is, level }: Told): ReportingDescriptor {
  const rule = lintRules.find((one) => one.code === code);
  const page = explain(code);
  if (rule && page !== undefined) {
    return {
      id: code,
      shortDescription: { text: rule.title },
      fullDescription: { text: rule.explanation.why },
      help: { text: page, markdown: page },
      defaultConfiguration: { level: rule.severity },
    };
  }
  const [room = '', ...name] = shown(code).split('/');
  const title = `${room}: ${name.join('/').replaceAll('-', ' ')}`;
  return {
    id: shown(code),
    shortDescription: { text: title },
    fullDescription: { text: MEANS[is] },
    help: { text: `${MEANS[is]} cpanel-edge explain ${shown(code)} says more.` },
    defaultConfiguration: { level },
  };
}

function messageOf({ what, where, instead, acknowledged }: Told): string {
  const lines = [
    what,
    where === '' ? '' : `at ${where}`,
    instead === '' ? '' : `instead: ${instead}`,
    acknowledged === undefined ? '' : `accepted ${acceptedOf(acknowledged)}`,
  ];
  return lines
    .filter((line) => line !== '')
    .map((line) => literal(shown(line)))
    .join('\n');
}

const acceptedOf = ({ expires, reason }: NonNullable<LintRemark['acknowledged']>): string =>
  shown(`until ${expires}: ${reason}`);

/** A message may have placeholders, `{0}`, and links, `[text](1)` (SARIF 2.1.0, 3.11.5 and 3.11.6): what is only text must not become one. */
const literal = (text: string): string =>
  text.replace(/\{(\d+)\}/g, '{{$1}}').replace(/(\\*)\[(?=[^\]]*\]\()/g, '$1$1\\[');

function locationOf({ where, written }: Told, places: ReadonlyMap<string, Review['devices'][number]>): Location {
  const device = places.get(where) ?? places.get(where.split(', ', 2).join(', '));
  const whose =
    device === undefined ? {} : { fullyQualifiedName: shown(`${device.device}/${device.owner}`), kind: device.role };
  return {
    physicalLocation: written === undefined ? PROJECT : lineOf(written),
    ...(where === '' ? {} : { logicalLocations: [{ name: shown(where), ...whose }] }),
  };
}

/** `stacks/edge.ts:41` as a place in a file. */
function lineOf(written: string): PhysicalLocation {
  const end = written.lastIndexOf(':');
  const path = written.slice(0, end).split('/').map(encodeURIComponent).join('/');
  return { artifactLocation: { uri: path }, region: { startLine: Math.max(1, Number(written.slice(end + 1)) || 1) } };
}

/** What stays the same from run to run as long as the finding is there: neither the words nor how many there are. */
function fingerprints(told: readonly Told[], digest: SarifOptions['digest']): readonly string[] {
  const times = new Map<string, number>();
  return told.map(({ code, where, about = '' }) => {
    const key = JSON.stringify([code, where, about].map((text) => text.replace(/ and [\d,]+ more\b/g, '')));
    const nth = (times.get(key) ?? 0) + 1;
    times.set(key, nth);
    return digest(nth === 1 ? key : `${key}${nth}`);
  });
}
