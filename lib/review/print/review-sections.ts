// Lays a `Review` out as sections of a report document, which the text, Markdown and HTML printers share. It decides
// nothing: everything that a section prints is in the review.

import { groupBy } from '../../net/group-by';
import {
  DEFAULT_ELSEWHERE,
  ReportItem,
  ReportSection,
  Tone,
  RichText,
  listCodes,
  joinItems,
  printNumber,
  printQuantity,
} from '../../report/report-document';
import { DEFAULT_ROUTE_CODE } from '../judging/default-route';
import { Change, DeviceReview, LintRemark, Objection, Remark, Review } from '../review';
import { renderAddressSection } from './address-section';
import { CHANGE_KINDS, renderChangeSections } from './change-sections';
import { countChanges, mergeChanges } from './merged-changes';

/** The number of owners that are printed in full. */
const MAX_PRINTED_OWNERS = 25;

/**
 * Returns the changes in how owners are reached and delivered. Each value is an item of its own: a page cuts lines at
 * its width, and a host key has to be readable in full.
 */
function renderSettingsSection(devices: readonly DeviceReview[]): ReportSection {
  const items = devices.flatMap(({ device, owner, settings = [] }): readonly ReportItem[] =>
    settings.length === 0
      ? []
      : [{ words: [{ strong: `${device}/${owner}` }], tone: 'title', children: settings.map((words) => ({ words })) }],
  );
  return { title: 'Delivery settings', folded: 'Delivery settings', items, maxItems: MAX_PRINTED_OWNERS };
}

/** The limits of full printing. `texts`: lines of all devices; `text`: lines of one device. */
const MAX_PRINTED = { remarks: 25, lint: 100, names: 50, texts: 200, text: 60 };

/** Returns the sections of a review in reading order: what speaks against the change, what changes, then the rest. */
export function renderReviewSections(review: Review): readonly ReportSection[] {
  const { devices, rules } = review;
  const { objections, unknown, lint, notes: allNotes } = collectRemarks(review);
  const routeNotes = allNotes.filter(({ code }) => code === DEFAULT_ROUTE_CODE);
  const notes = allNotes.filter((remark) => !routeNotes.includes(remark));
  const newWarnings = lint.filter(isNewWarning);
  const otherFindings = lint.filter((remark) => !isNewWarning(remark));
  return [
    renderAddressSection(review),
    {
      title: 'Objections',
      items: objections.map((remark) => renderRemark(remark, 'bad')),
      maxItems: MAX_PRINTED.remarks,
      maxBytes: 25_000,
    },
    {
      title: 'Unknown',
      items: unknown.map((remark) => renderRemark(remark, 'unsure')),
      maxItems: MAX_PRINTED.remarks,
      maxBytes: 12_000,
    },
    {
      title: ['Review rules that change, in ', { exact: rules?.name ?? '' }],
      items: (rules?.changes ?? []).map((words) => ({ words })),
    },
    {
      title: 'New warnings',
      items: newWarnings.map((remark) => renderRemark(remark, 'unsure')),
      maxItems: MAX_PRINTED.lint,
      maxBytes: 12_000,
    },
    // Clients of these hosts get no answers until an operator changes the default route, so the section is never
    // folded.
    {
      title: 'To be done beside it',
      items: routeNotes.map((remark) => renderRemark(remark, 'unsure')),
      maxItems: MAX_PRINTED.remarks,
      maxBytes: 12_000,
    },
    ...renderChangeSections(review),
    { title: 'Devices', folded: `Devices: ${printNumber(devices.length)}`, items: renderDevices(devices) },
    renderSettingsSection(devices),
    {
      title: 'Lint',
      folded: `Lint: ${describeLintCounts(otherFindings)}`,
      items: renderFindings(otherFindings),
      maxItems: MAX_PRINTED.lint,
    },
    {
      title: 'Notes',
      folded: `Notes: ${printNumber(notes.length)}`,
      maxItems: MAX_PRINTED.remarks,
      items: notes.map((remark) => renderRemark(remark, 'plain')),
    },
    { title: 'What this rests on', folded: 'What this rests on', items: renderGrounds(review) },
    renderTextSection(devices),
  ];
}

function renderRemark(
  remark: Remark & { readonly page?: string; readonly sourceLine?: string; readonly relatedSourceLine?: string },
  tone: Tone,
  prefix = '',
  acceptance = '',
): ReportItem {
  const { code, where, what, instead, page = '', sourceLine = '', relatedSourceLine } = remark;
  return {
    words: [prefix, { strong: code }, where === '' ? '' : ` at ${where}`],
    tone,
    text: what,
    code,
    fields: [
      [
        'written',
        sourceLine === ''
          ? ''
          : [
              { exact: sourceLine },
              ...(relatedSourceLine === undefined ? [] : [', with ', { exact: relatedSourceLine }]),
            ],
      ],
      ['instead', instead],
      // The command works wherever the package is installed; a path works only beside it.
      ['page', page === '' ? '' : [{ exact: `npx cpanel-edge explain ${code}` }]],
      ['accepted', acceptance],
    ],
  };
}

/**
 * Whether it is a warning that the change brings and that isn't acknowledged. An error that the change brings is an
 * objection.
 */
const isNewWarning = ({ severity, acknowledged, existedBefore }: LintRemark): boolean =>
  severity === 'warning' && acknowledged === undefined && existedBefore !== true;

/** Returns the findings. Those from before the change are only counted, because a reviewer decides nothing by them. */
function renderFindings(findings: readonly LintRemark[]): readonly ReportItem[] {
  const isOld = ({ existedBefore, acknowledged }: LintRemark): boolean =>
    existedBefore === true && acknowledged === undefined;
  const oldFindings = findings.filter(isOld);
  const countItem: ReportItem = {
    words: `${printQuantity(oldFindings.length, 'finding')} as before: ${listCodes(oldFindings).join(', ')}; ${DEFAULT_ELSEWHERE}`,
  };
  return [
    ...(oldFindings.length === 0 ? [] : [countItem]),
    ...findings.filter((finding) => !isOld(finding)).map(renderFinding),
  ];
}

function renderFinding(finding: LintRemark): ReportItem {
  const { severity, acknowledged } = finding;
  if (!acknowledged) return renderRemark(finding, severity === 'error' ? 'bad' : 'plain', `${severity} `);
  return renderRemark(finding, 'plain', `${severity} `, `until ${acknowledged.expires}: ${acknowledged.reason}`);
}

/** Returns an item for each group of devices. Untouched devices have their names in one item. */
function renderDevices(devices: readonly DeviceReview[]): readonly ReportItem[] {
  const deviceByDelivery = new Map<string, string>();
  const isUntouched = ({ action }: DeviceReview): boolean => action === 'unchanged';
  const untouchedDevices = devices.filter(isUntouched);
  const items = groupDevices(devices.filter((deviceReview) => !isUntouched(deviceReview))).map(
    (sameDevices): ReportItem => {
      const [{ device, owner, role, plan, action, before, evidence, sessions, delivery }] = sameDevices;
      const firstDevice = deviceByDelivery.get(delivery);
      if (firstDevice === undefined) deviceByDelivery.set(delivery, `${device}/${owner}`);
      return {
        words: [
          ...joinDeviceNames(sameDevices),
          `: ${sameDevices.length === 1 ? role : printQuantity(sameDevices.length, role)} of plan ${plan}, ${action}`,
        ],
        fields: [
          ['before', before],
          ['sessions', sessions],
          ['delivery', firstDevice === undefined ? delivery : `as that of ${firstDevice}`],
          ['evidence', evidence === 'generated config' ? '' : evidence],
        ],
      };
    },
  );
  return untouchedDevices.length === 0
    ? items
    : [...items, { words: [...joinDeviceNames(untouchedDevices), ': unchanged'] }];
}

function renderGrounds({ plans, devices, coverage, rules }: Review): readonly ReportItem[] {
  return [
    { words: coverage },
    ...(devices.length > 0 ? [{ words: `evidence: ${describeEvidence(devices)}` }] : []),
    {
      words:
        rules === undefined
          ? [
              'no review rules were given: ',
              { exact: '--rules FILE' },
              ', or ',
              { exact: 'cpanel-edge.rules.json' },
              ' in the folder that the review is started in',
            ]
          : ['review rules ', { exact: rules.name }],
    },
    ...plans.map((plan): ReportItem => {
      const otherResources = describeOtherResources(plan);
      const unlistedCount = plan.unmanagedChanged.length - MAX_PRINTED.names;
      return {
        words: `plan ${plan.name} by ${plan.madeBy}${otherResources && `; ${otherResources}`}`,
        children: [
          ...plan.unmanagedChanged.slice(0, MAX_PRINTED.names).map((address) => ({ words: [{ exact: address }] })),
          ...(unlistedCount > 0 ? [{ words: `and ${printNumber(unlistedCount)} more; ${DEFAULT_ELSEWHERE}` }] : []),
        ],
      };
    }),
    ...[...new Set(plans.flatMap(({ command = [] }) => command))].map((command) => ({
      words: ['delivered by ', { exact: command }, ' from the folder of the apply, or by what CPANEL_EDGE names there'],
    })),
  ];
}

function renderTextSection(devices: readonly DeviceReview[]): ReportSection {
  const items = groupTextDiffs(devices).map((sameDevices): ReportItem => {
    const { textDiff } = sameDevices[0];
    const unprintedCount = textDiff.length - MAX_PRINTED.text;
    const shownLines = textDiff.slice(0, MAX_PRINTED.text).map(expandTabs);
    const lines =
      unprintedCount > 0 ? [...shownLines, `… at least ${printQuantity(unprintedCount, 'more line')}`] : shownLines;
    return { words: joinDeviceNames(sameDevices), tone: 'title', lines };
  });
  let lines = 0;
  const maxItems = items.filter(
    (item) => (lines += item.lines?.length ?? 0) - (item.lines?.length ?? 0) < MAX_PRINTED.texts,
  ).length;
  return { title: 'Text that changes', folded: 'Text that changes', items, maxItems };
}

/** Returns the line with its leading tabs expanded, so that it keeps its indentation. */
const expandTabs = (line: string): string =>
  line.replace(/^([-+ ]?)(\t+)/, (_, sign: string, tabs: string) => sign + '  '.repeat(tabs.length));

/** Groups devices that have the same description: a wave of servers is one paragraph. */
const groupDevices = (devices: readonly DeviceReview[]): readonly (readonly [DeviceReview, ...DeviceReview[]])[] => [
  ...groupBy(devices, ({ role, plan, action, before, evidence, sessions, delivery }) =>
    JSON.stringify([role, plan, action, before, evidence, sessions, delivery]),
  ).values(),
];

/** Groups devices with the same text changes. Servers of one profile often differ in the same lines. */
const groupTextDiffs = (devices: readonly DeviceReview[]): readonly (readonly [DeviceReview, ...DeviceReview[]])[] => {
  const changedDevices = devices.filter(({ textDiff }) => textDiff.length > 0);
  return [...groupBy(changedDevices, ({ textDiff }) => JSON.stringify(textDiff)).values()];
};

/** Returns the names of the first fifty devices. They show what the others are. */
const joinDeviceNames = (devices: readonly DeviceReview[]): Exclude<RichText, string> =>
  joinItems(
    devices.slice(0, 50).map(({ device, owner }) => ({ strong: `${device}/${owner}` })),
    devices.length,
  );

/** Returns the evidence of the answers, with the number of devices for each kind. */
function describeEvidence(devices: readonly DeviceReview[]): string {
  const groups = [...groupBy(devices, ({ evidence }) => evidence)];
  return groups
    .map(([evidence, sameDevices]) =>
      groups.length === 1 ? evidence : `${evidence} of ${printQuantity(sameDevices.length, 'device')}`,
    )
    .join('; ');
}

/** Returns `3 unmanaged resources change, 14 more stay as they are`; an empty text where a plan has none. */
function describeOtherResources({ unmanagedChanged, unmanagedUnchanged }: Review['plans'][number]): string {
  const changedWords =
    unmanagedChanged.length === 0
      ? ''
      : `${printQuantity(unmanagedChanged.length, 'unmanaged resource')} ${unmanagedChanged.length === 1 ? 'changes' : 'change'}`;
  if (unmanagedUnchanged === 0) return changedWords;
  return changedWords === ''
    ? `${printQuantity(unmanagedUnchanged, 'unmanaged resource')}, unchanged`
    : `${changedWords}, ${printNumber(unmanagedUnchanged)} more stay as they are`;
}

/**
 * Returns the remarks of a review, each once, in the list where it weighs most: a lint finding that is objected to is
 * an objection. Lint is sorted by severity.
 */
export function collectRemarks(review: Review) {
  const pages = new Map(review.findings.map((finding) => [toRemarkKey(finding), finding.page]));
  const printedKeys = new Set<string>();
  const removePrinted = <T extends Remark>(list: readonly T[]): readonly T[] =>
    list.filter((remark) => !printedKeys.has(toRemarkKey(remark)) && printedKeys.add(toRemarkKey(remark)));
  const objections = removePrinted(review.objections).map((remark): Objection & { readonly page?: string } => {
    const page = pages.get(toRemarkKey(remark));
    return page === undefined ? remark : { ...remark, page };
  });
  const unknownRemarks = removePrinted(review.unknown);
  const lint = removePrinted([...review.findings].sort((a, b) => getWeight(a) - getWeight(b)));
  return { objections, unknown: unknownRemarks, lint, notes: removePrinted(review.notes) };
}

const toRemarkKey = ({ code, where, what }: Remark): string => JSON.stringify([code, where, what]);

const getWeight = ({ severity, acknowledged }: LintRemark): number =>
  ['error', 'warning', 'note'].indexOf(severity) + (acknowledged === undefined ? 0 : 3);

/** Returns ` (10 to any source, 3 to listed sources)` where all changes of the kind are listed. */
function describeAudiences(opened: readonly Change[], count: number): string {
  if (opened.length < 2 || opened.length !== count) return '';
  const countMatching = (condition: (change: Change) => boolean): number => opened.filter(condition).length;
  const isFromAnywhere = ({ sources }: Change): boolean => sources.startsWith('anywhere');
  const parts = [
    [countMatching((change) => change.fromInternet && isFromAnywhere(change)), 'to any source'],
    [countMatching((change) => change.fromInternet && !isFromAnywhere(change)), 'to listed sources'],
    [countMatching((change) => !change.fromInternet), 'inside'],
  ] as const;
  return ` (${parts.flatMap(([count, audience]) => (count === 0 ? [] : [`${printNumber(count)} ${audience}`])).join(', ')})`;
}

/** Returns `2 rows opened, 1 closed; 3 of 5 devices`. Kinds without changes are left out. */
export function describeCounts(review: Review): string {
  const { counts, unknown } = review;
  // Beside unknowns, a missing count must not read as "none".
  const isKnown = unknown.length === 0;
  const kinds = CHANGE_KINDS.flatMap(({ kind, counted }) => {
    const mergedChanges = mergeChanges(review, kind);
    const count = countChanges(review, kind, mergedChanges);
    return count === 0
      ? []
      : [{ count, words: `${counted}${kind === 'opened' ? describeAudiences(mergedChanges, count) : ''}` }];
  }).map(({ count, words }, index) => `${index === 0 ? printQuantity(count, 'row') : printNumber(count)} ${words}`);
  const addressWords =
    counts.addresses === 0
      ? ''
      : counts.addresses === 1
        ? '1 public address changes'
        : `${printNumber(counts.addresses)} public addresses change`;
  const deviceCount = new Set(review.devices.map(({ device }) => device)).size;
  const touchedWords =
    deviceCount > counts.devices
      ? `${printNumber(counts.devices)} of ${printQuantity(deviceCount, 'device')}`
      : printQuantity(counts.devices, 'device');
  const devices = counts.devices === 0 && !isKnown ? 'no devices known' : touchedWords;
  const noPortWords = addressWords !== '' ? '' : isKnown ? 'No port changes' : 'No port changes known';
  return [addressWords, kinds.join(', ') || noPortWords, devices].filter((words) => words !== '').join('; ');
}

/** Returns `1 error, 2 warnings, 1 acknowledged`. */
function describeLintCounts(lint: readonly LintRemark[]): string {
  const acknowledgedCount = lint.filter((finding) => finding.acknowledged).length;
  const openCounts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = lint.filter((finding) => finding.severity === severity && !finding.acknowledged).length;
    return count === 0 ? [] : [printQuantity(count, severity)];
  });
  return [...openCounts, ...(acknowledgedCount === 0 ? [] : [`${printNumber(acknowledgedCount)} acknowledged`])].join(
    ', ',
  );
}
