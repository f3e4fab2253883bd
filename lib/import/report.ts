import { counted, limited } from '../reachability/words';
import { code, inline } from '../report/escape';
import { Problem } from '../problems/problem';
import { classOf } from '../report/stack-source';
import { FoundEntry, Left } from '../parse/importing';
import { Changes, outcomeOf, printChanges } from './changes';
import { Imported } from './imported';
import { NothingMade } from './nothing';

/** Files that the report speaks of. */
interface Files {
  /** What was imported, as it was named. */
  readonly from: string;
  readonly stack: string;
  readonly captured: string;
}

/** What a person has to know of an import, in Markdown: what it covers, what it leaves, what is open, and what is to be done. */
export function importReport(found: Imported, { from, stack, captured }: Files): string {
  const { draft, taken, objections, left, assumed, changes, refused } = found;
  const { device } = draft.gateway;
  return [
    `# Import of ${code(from)} as ${device}`,
    '',
    `In ${code(stack)}: ${counted(draft.mappings.length, 'mapping')}, ${counted(draft.virtualIps.length, 'virtual IP')}. What stays on the box is in ${code(captured)}.`,
    '',
    ...section(
      'Objections',
      objections.length === 0
        ? ['None.']
        : [
            'Never carried over. Take them off the box: mapped hosts are closed to them by what the stack puts before them, unless they float, and everybody else is not. What each alone opens:',
            '',
            ...objections.flatMap(objection),
          ],
    ),
    ...section('Exposure', [
      ...exposureLines(changes, OUTCOMES[outcomeOf(changes)]),
      ...(draft.virtualIps.length === 0 || changes.closed.length === 0
        ? []
        : [
            '',
            'What nobody translates of what comes to a virtual IP is dropped: `answers` of that virtual IP says what the box itself answers.',
          ]),
    ]),
    ...section('Synthesis', synthesisLines(refused)),
    ...section('Take off the box', [
      taken.length === 0
        ? 'Nothing.'
        : 'The stack brings these itself; until they are gone from the box, delivery refuses what is there twice:',
      ...(taken.length === 0 ? [] : ['', ...list(taken.map(entry))]),
    ]),
    ...section('Left on the box', left.length === 0 ? ['Nothing that an intent could say.'] : list(left.map(reason))),
    ...(assumed.length === 0
      ? []
      : section('To be checked', ['Carried over as if it were so:', '', ...list(assumed.map(reason))])),
    ...section('Next', [
      ...list([
        `the host key in ${code(stack)}, and where the state is kept`,
        ...inMain(device),
        `the entries above off the box, then ${code(`cpanel-edge capture config.xml -o ${captured}`)} again`,
        `${code(`npx cdktf diff ${device}`)}`,
      ]),
    ]),
  ].join('\n');
}

const NOTHING = 'Nothing was imported: no stack was written.';

/** The same where no stack could become of it. */
export const nothingReport = (
  { problems, left }: Pick<NothingMade, 'problems' | 'left'>,
  from: string,
  device: string,
): string =>
  [
    `# Import of ${code(from)} as ${device}`,
    '',
    NOTHING,
    '',
    ...section(
      'Why',
      problems.flatMap(({ code: of, where, what, instead }) => [
        `- ${code(of)} ${inline(where)}: ${inline(what)}`,
        `  - instead: ${inline(instead)}`,
      ]),
    ),
    ...section(
      'Not carried over',
      left.length === 0 ? ['Nothing by itself: it is refused as a whole.'] : list(left.map(inline)),
    ),
  ].join('\n');

/** Beside it nothing is lost that another import would write over. */
export const saysNothing = (report: string): boolean => report.includes(`\n${NOTHING}\n`);

const OUTCOMES = {
  unchanged: 'Unchanged: the stack around what stays exposes what the box exposed.',
  differs: 'With the stack around what stays, in place of what the box has:',
  undecided: 'Nothing is known to differ, and whether nothing does can not be decided: read what follows.',
};

/** What differs, and what nobody can decide. */
export const exposureLines = (changes: Changes, outcome: string): readonly string[] => [
  outcome,
  ...(outcomeOf(changes) === 'differs' ? ['', '```text', ...printChanges(changes).trimEnd().split('\n'), '```'] : []),
  ...(changes.unknown.length === 0
    ? []
    : [
        '',
        'Can not be decided, before and after:',
        '',
        ...list(changes.unknown.map(code)),
        '',
        'Because:',
        '',
        ...list(changes.because.map(inline)),
      ]),
];

/** Whether a stack with it is synthesized, and why not. */
export const synthesisLines = (refused: readonly Problem[]): readonly string[] =>
  refused.length === 0
    ? ['Proves it as it is.']
    : [
        'Refuses it, until this is decided:',
        '',
        ...list(refused.map(({ code: of, what }) => `${code(of)} ${inline(what)}`)),
      ];

/** What starts a stack: a project of its own has it. */
export const inMain = (device: string): readonly string[] => [
  `in ${code('main.ts')}, unless the import made it: ${code(`import { ${classOf(device)} } from './…/${device}';`)} and ${code(`new ${classOf(device)}(app, '${device}');`)}`,
];

export const section = (title: string, lines: readonly string[]): readonly string[] => [
  `## ${title}`,
  '',
  ...lines,
  '',
];
export const list = (lines: readonly string[]): readonly string[] => lines.map((line) => `- ${line}`);

const entry = ({ called }: FoundEntry): string => inline(called);
const reason = ({ entry: of, why }: Left): string => `${entry(of)}: ${inline(why)}`;

function objection({ entry: of, why, opens }: Imported['objections'][number]): readonly string[] {
  return [
    `- ${entry(of)}: ${inline(why)}`,
    ...(opens.length === 0 ? ['nothing that others do not open as well'] : limited(opens.map(code), 20)).map(
      (line) => `  - ${line}`,
    ),
  ];
}
