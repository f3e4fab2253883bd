// Prints a review as SARIF 2.1.0 for code scanning: a result for each remark, with rule, level, location and
// fingerprint.

import type { Location, Log, PhysicalLocation, ReportingDescriptor, Result } from 'sarif';
import { explainRule } from '../../lint/explain-rule';
import { lintRules } from '../../lint/rules';
import { groupBy } from '../../net/group-by';
import { printNumber } from '../../report/report-document';
import { escapeWords } from '../../report/terminal-page';
import { printDisplayJson } from '../../problems/print-json';
import { listOwnerLocations } from '../owner-locations';
import { LintRemark, Objection, Review } from '../review';
import { describeChange } from './change-sections';
import { collectRemarks } from './review-sections';

interface SarifOptions {
  /** Version of this package. */
  readonly version: string;
  /** Returns a digest of a text, in letters and digits. */
  readonly digest: (text: string) => string;
}

/** One remark that becomes a SARIF result. */
interface SarifRemark extends Objection, Pick<LintRemark, 'acknowledged'> {
  readonly is: keyof typeof KIND_MEANINGS;
  readonly level: LintRemark['severity'];
}

/** The description of a rule that has no page. */
const KIND_MEANINGS = {
  objection: 'The change must not be applied with this.',
  unknown: 'This could not be decided, so it counts as reachable.',
  finding: 'This was found in what will be reachable.',
  note: 'A reviewer should know this, and no rule objects to it.',
} as const;

/** GitHub shows at most this many results of one file, and refuses a file that has five times as many. */
const MAX_RESULTS = 5_000;

/**
 * The location of a result without a known line: the project's file. Code scanning refuses a file in which a result has
 * no line in the repository. Source: GH1003 of Microsoft's sarif-sdk.
 */
const PROJECT_LOCATION: PhysicalLocation = { artifactLocation: { uri: 'cdktf.json' }, region: { startLine: 1 } };

const RELATED_MESSAGE = 'The profile or the mapping that it takes besides.';

/**
 * Returns a review for code scanning, SARIF 2.1.0: objections, unknowns, findings and notes. A change that opens
 * something isn't a finding.
 */
export function printSarif(review: Review, { version, digest }: SarifOptions): string {
  const remarks = limitResults(collectResults(review));
  const rules = [...groupBy(remarks, ({ code }) => escapeWords(code)).values()].map(([first]) => toSarifRule(first));
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const devicesByLocation = new Map(
    review.devices.flatMap((device) => listOwnerLocations(device).map((key) => [key, device])),
  );
  const remarkFingerprints = computeFingerprints(remarks, digest);
  const results = remarks.map((remark, index): Result => {
    const { level, acknowledged, existedBefore, relatedSourceLine } = remark;
    return {
      ruleId: escapeWords(remark.code),
      ruleIndex: indexes.get(escapeWords(remark.code))!,
      level,
      message: { text: toMessage(remark) },
      locations: [toSarifLocation(remark, devicesByLocation)],
      ...(relatedSourceLine === undefined
        ? {}
        : {
            relatedLocations: [
              { physicalLocation: toPhysicalLocation(relatedSourceLine), message: { text: RELATED_MESSAGE } },
            ],
          }),
      // GitHub reads the first fingerprint. Its name was meant for a line of a file.
      partialFingerprints: {
        primaryLocationLineHash: remarkFingerprints[index]!,
        'cpanelEdgeFinding/v1': remarkFingerprints[index]!,
      },
      ...(existedBefore === undefined ? {} : { baselineState: existedBefore ? 'unchanged' : 'new' }),
      ...(acknowledged === undefined
        ? {}
        : {
            suppressions: [{ kind: 'external', status: 'accepted', justification: describeAcceptance(acknowledged) }],
          }),
    };
  });
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'cpanel-edge', version, rules } },
        results,
        properties: { verdict: review.verdict, headline: escapeWords(review.headline) },
      },
    ],
  };
  return `${printDisplayJson(log)}\n`;
}

/** Returns all results, the worst first. A remark that makes the verdict is an error. */
function collectResults(review: Review): readonly SarifRemark[] {
  const { objections, unknown, lint, notes } = collectRemarks(review);
  return [
    ...objections.map((remark): SarifRemark => ({ ...remark, is: 'objection', level: 'error' })),
    ...unknown.map((remark): SarifRemark => ({ ...remark, is: 'unknown', level: 'error' })),
    ...listUndecided(review),
    ...lint.map((remark): SarifRemark => ({ ...remark, is: 'finding', level: remark.severity })),
    ...listRuleChanges(review),
    ...notes.map((remark): SarifRemark => ({ ...remark, is: 'note', level: 'note' })),
  ];
}

/**
 * Returns a result for each change that can't be decided. Such changes make the verdict, and no remark reports them.
 */
function listUndecided({ changes, counts }: Review): readonly SarifRemark[] {
  const undecidedChanges = changes.filter(({ kind }) => kind === 'unknown');
  const unlistedCount = counts.unknown - undecidedChanges.length;
  const createRemark = (where: string, what: string): SarifRemark => ({
    code: 'review/undecided',
    is: 'unknown',
    level: 'error',
    where,
    what,
    instead: '',
  });
  return [
    ...undecidedChanges.map((change): SarifRemark => {
      const { subject, sentence } = describeChange(change);
      return {
        ...createRemark(change.device, `It can't be decided whether this passes: ${sentence}.`),
        subject,
      };
    }),
    ...(unlistedCount > 0
      ? [createRemark('this change', `${printNumber(unlistedCount)} more changes can't be decided.`)]
      : []),
  ];
}

const listRuleChanges = ({ rules }: Review): readonly SarifRemark[] =>
  (rules?.changes ?? []).map((words) => ({
    code: 'review/rules-change',
    is: 'note',
    level: 'note',
    where: rules!.name,
    subject: words,
    what: `The review rules change: ${words}.`,
    instead: '',
  }));

function limitResults(remarks: readonly SarifRemark[]): readonly SarifRemark[] {
  if (remarks.length <= MAX_RESULTS) return remarks;
  const omitted = remarks.slice(MAX_RESULTS - 1);
  const moreRemark: SarifRemark = {
    code: 'review/more-results',
    where: 'this change',
    is: omitted[0]!.is,
    level: omitted[0]!.level,
    what: `${printNumber(omitted.length)} more are not listed here.`,
    instead: 'the text or the JSON of this review, which have them.',
  };
  return [...remarks.slice(0, MAX_RESULTS - 1), moreRemark];
}

function toSarifRule({ code, is: kind, level }: SarifRemark): ReportingDescriptor {
  const rule = lintRules.find((lintRule) => lintRule.code === code);
  const page = explainRule(code);
  if (rule && page !== undefined) {
    return {
      id: code,
      shortDescription: { text: rule.title },
      fullDescription: { text: rule.explanation.why },
      help: { text: page, markdown: page },
      defaultConfiguration: { level: rule.severity },
    };
  }
  const [area = '', ...name] = escapeWords(code).split('/');
  const title = `${area}: ${name.join('/').replaceAll('-', ' ')}`;
  return {
    id: escapeWords(code),
    shortDescription: { text: title },
    fullDescription: { text: KIND_MEANINGS[kind] },
    help: { text: `${KIND_MEANINGS[kind]} cpanel-edge explain ${escapeWords(code)} says more.` },
    defaultConfiguration: { level },
  };
}

function toMessage({ what, where, instead, acknowledged }: SarifRemark): string {
  const lines = [
    what,
    where === '' ? '' : `at ${where}`,
    instead === '' ? '' : `instead: ${instead}`,
    acknowledged === undefined ? '' : `accepted ${describeAcceptance(acknowledged)}`,
  ];
  return lines
    .filter((line) => line !== '')
    .map((line) => escapePlaceholders(escapeWords(line)))
    .join('\n');
}

const describeAcceptance = ({ expires, reason }: NonNullable<LintRemark['acknowledged']>): string =>
  escapeWords(`until ${expires}: ${reason}`);

/**
 * Escapes text that would become a placeholder, `{0}`, or a link, `[text](1)`, in a message (SARIF 2.1.0, 3.11.5 and
 * 3.11.6).
 */
const escapePlaceholders = (text: string): string =>
  text.replace(/\{(\d+)\}/g, '{{$1}}').replace(/(\\*)\[(?=[^\]]*\]\()/g, '$1$1\\[');

function toSarifLocation(
  { where, sourceLine }: SarifRemark,
  devicesByLocation: ReadonlyMap<string, Review['devices'][number]>,
): Location {
  const device = devicesByLocation.get(where) ?? devicesByLocation.get(where.split(', ', 2).join(', '));
  const ownerFields =
    device === undefined
      ? {}
      : { fullyQualifiedName: escapeWords(`${device.device}/${device.owner}`), kind: device.role };
  return {
    physicalLocation: sourceLine === undefined ? PROJECT_LOCATION : toPhysicalLocation(sourceLine),
    ...(where === '' ? {} : { logicalLocations: [{ name: escapeWords(where), ...ownerFields }] }),
  };
}

/** Returns `stacks/edge.ts:41` as a place in a file. */
function toPhysicalLocation(sourceLine: string): PhysicalLocation {
  const colonIndex = sourceLine.lastIndexOf(':');
  const path = sourceLine.slice(0, colonIndex).split('/').map(encodeURIComponent).join('/');
  return {
    artifactLocation: { uri: path },
    region: { startLine: Math.max(1, Number(sourceLine.slice(colonIndex + 1)) || 1) },
  };
}

/**
 * Returns a fingerprint for each remark. It stays the same from run to run while the finding is there, so it holds
 * neither the message nor counts.
 */
function computeFingerprints(remarks: readonly SarifRemark[], digest: SarifOptions['digest']): readonly string[] {
  const countByKey = new Map<string, number>();
  return remarks.map(({ code, where, subject = '' }) => {
    const key = JSON.stringify([code, where, subject].map((text) => text.replace(/ and [\d,]+ more\b/g, '')));
    const count = (countByKey.get(key) ?? 0) + 1;
    countByKey.set(key, count);
    return digest(count === 1 ? key : `${key}${count}`);
  });
}
