// Renders the Markdown report that `import` writes for a gateway: what the stack covers, what stays on the device, what
// differs, and the next steps. Renders the report of a refused import, too.
import { printCount, limitList } from '../reachability/print-packets';
import { escapeCode, escapeInline } from '../report/escape-markdown';
import { Problem } from '../problems/problem';
import { DEFAULT_FRAMEWORK, FrameworkName, toClassName } from '../report/render-stack-source';
import { ImportableEntry, SkippedEntry } from '../parse/config-importer';
import { ExposureChanges, summarizeOutcome, printChanges } from './exposure-changes';
import { ImportedGateway } from './import-gateway';
import { ImportRefusal } from './import-refusal';

/** Files that the report names. */
interface ImportReportFiles {
  /** The imported file, as the operator named it. */
  readonly from: string;
  readonly stack: string;
  readonly captured: string;
  readonly framework?: FrameworkName;
}

/** Renders the report of an import in Markdown: what it covers, what it leaves, what is open, and the next steps. */
export function renderImportReport(
  importedGateway: ImportedGateway,
  { from, stack, captured, framework = DEFAULT_FRAMEWORK }: ImportReportFiles,
): string {
  const { draft, replacedEntries, objections, skipped, assumed, changes, refused } = importedGateway;
  const { device } = draft.gateway;
  return [
    `# Import of ${escapeCode(from)} as ${device}`,
    '',
    `In ${escapeCode(stack)}: ${printCount(draft.mappings.length, 'mapping')}, ${printCount(draft.virtualIps.length, 'virtual IP')}. What stays on the box is in ${escapeCode(captured)}.`,
    '',
    ...renderSection(
      'Objections',
      objections.length === 0
        ? ['None.']
        : [
            'Never carried over. Take them off the box: mapped hosts are closed to them by what the stack puts before them, unless they float, and all other hosts are not. What each alone opens:',
            '',
            ...objections.flatMap(renderObjection),
          ],
    ),
    ...renderSection('Exposure', [
      ...renderExposureLines(changes, OUTCOME_TEXTS[summarizeOutcome(changes)]),
      ...(draft.virtualIps.length === 0 || changes.closed.length === 0
        ? []
        : [
            '',
            'What comes to a virtual IP and is not translated is dropped: `answers` of that virtual IP says what the box itself answers.',
          ]),
    ]),
    ...renderSection('Synthesis', renderSynthesisLines(refused)),
    ...renderSection('Take off the box', [
      replacedEntries.length === 0
        ? 'Nothing.'
        : 'The stack brings these itself; until they are gone from the box, delivery refuses what is there twice:',
      ...(replacedEntries.length === 0 ? [] : ['', ...renderList(replacedEntries.map(renderEntry))]),
    ]),
    ...renderSection(
      'Left on the box',
      skipped.length === 0 ? ['Nothing that an intent could say.'] : renderList(skipped.map(renderReason)),
    ),
    ...(assumed.length === 0
      ? []
      : renderSection('To be checked', [
          'Carried over as if it were so:',
          '',
          ...renderList(assumed.map(renderReason)),
        ])),
    ...renderSection('Next', [
      ...renderList([
        `the host key in ${escapeCode(stack)}, and where the state is kept`,
        ...renderMainSteps(device),
        `the entries above off the box, then ${escapeCode(`cpanel-edge capture config.xml -o ${captured}`)} again`,
        `${escapeCode(`npx ${framework} diff ${device}`)}`,
      ]),
    ]),
  ].join('\n');
}

const NOTHING_IMPORTED = 'Nothing was imported: no stack was written.';

/** Renders the report of an import that gave no stack. */
export const renderRefusalReport = (
  { problems, skippedEntries }: Pick<ImportRefusal, 'problems' | 'skippedEntries'>,
  sourceName: string,
  device: string,
): string =>
  [
    `# Import of ${escapeCode(sourceName)} as ${device}`,
    '',
    NOTHING_IMPORTED,
    '',
    ...renderSection(
      'Why',
      problems.flatMap(({ code: problemCode, where, what, instead }) => [
        `- ${escapeCode(problemCode)} ${escapeInline(where)}: ${escapeInline(what)}`,
        `  - instead: ${escapeInline(instead)}`,
      ]),
    ),
    ...renderSection(
      'Not carried over',
      skippedEntries.length === 0
        ? ['Nothing by itself: it is refused as a whole.']
        : renderList(skippedEntries.map(escapeInline)),
    ),
  ].join('\n');

/** Whether a report is one of a refused import. Another import may overwrite it, as there is no stack beside it. */
export const isRefusalReport = (report: string): boolean => report.includes(`\n${NOTHING_IMPORTED}\n`);

const OUTCOME_TEXTS = {
  unchanged: 'Unchanged: the stack around what stays exposes what the box exposed.',
  differs: 'With the stack around what stays, in place of what the box has:',
  undecided: 'Nothing is known to differ, and whether nothing does can not be decided: read what follows.',
};

/** Renders the differences, and what is unknown before and after. */
export const renderExposureLines = (changes: ExposureChanges, outcome: string): readonly string[] => [
  outcome,
  ...(summarizeOutcome(changes) === 'differs'
    ? ['', '```text', ...printChanges(changes).trimEnd().split('\n'), '```']
    : []),
  ...(changes.unknown.length === 0
    ? []
    : [
        '',
        'Can not be decided, before and after:',
        '',
        ...renderList(changes.unknown.map(escapeCode)),
        '',
        'Because:',
        '',
        ...renderList(changes.because.map(escapeInline)),
      ]),
];

/** Renders whether synthesis accepts the stack, and the problems if it doesn't. */
export const renderSynthesisLines = (problems: readonly Problem[]): readonly string[] =>
  problems.length === 0
    ? ['Proves it as it is.']
    : [
        'Refuses it, until this is decided:',
        '',
        ...renderList(
          problems.map(({ code: problemCode, what }) => `${escapeCode(problemCode)} ${escapeInline(what)}`),
        ),
      ];

/** Renders the steps that start the stack from main.ts. An import that creates a project has done them. */
export const renderMainSteps = (device: string): readonly string[] => [
  `in ${escapeCode('main.ts')}, unless the import made it: ${escapeCode(`import { ${toClassName(device)} } from './…/${device}';`)} and ${escapeCode(`new ${toClassName(device)}(app, '${device}');`)}`,
];

export const renderSection = (title: string, lines: readonly string[]): readonly string[] => [
  `## ${title}`,
  '',
  ...lines,
  '',
];
export const renderList = (lines: readonly string[]): readonly string[] => lines.map((line) => `- ${line}`);

const renderEntry = ({ label }: ImportableEntry): string => escapeInline(label);
const renderReason = ({ entry, reason }: SkippedEntry): string => `${renderEntry(entry)}: ${escapeInline(reason)}`;

function renderObjection({ entry, reason, opens }: ImportedGateway['objections'][number]): readonly string[] {
  return [
    `- ${renderEntry(entry)}: ${escapeInline(reason)}`,
    ...(opens.length === 0 ? ['nothing that others do not open as well'] : limitList(opens.map(escapeCode), 20)).map(
      (line) => `  - ${line}`,
    ),
  ];
}
