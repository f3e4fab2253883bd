// Answers a question to `exposure` (such as `mysql`): in the first line YES, NO, ONLY FROM … or CAN'T TELL with what
// decides, and below it what differs by address, from inside and to other hosts.
import { ReachabilityQuery } from '../../reachability/reachability-query';
import { limitView } from '../../reachability/print-reachability';
import { getFamily } from '../../net/address';
import { toEntryKey } from '../../net/device';
import { escapeFullText } from '../../problems/problem';
import { describeLeaseCondition, nameLeasedAddresses } from '../facts/leased-addresses';
import { ExposureQuestion } from './question';
import { DeviceExposure, SectionExposure, getSide, hasUnknownAddresses } from '../report/device-report';
import { ANSWERS, Answer } from '../report/answers';
import { SIDES, StartSide } from '../report/exposure-report-types';
import { START_TEXT, describeTarget, isFirewallTransit } from '../report/section-titles';
import { AnswerPart, OTHER_ADDRESSES, isOutbound, listAnswerParts } from './answer-parts';
import { AskedSection } from './covers-asked-destinations';
import { printDecidingLines } from './deciding-lines';
import {
  AnswerContext,
  findDeciders,
  isConditional,
  printFirstPart,
  printFurtherPart,
  printShortAnswer,
} from './print-answer';

/** The most lines on addresses, interfaces and services that have another answer. */
const MAX_FURTHER_PARTS = 6;

/** The most devices that are answered at the top. More are answered in the lists alone. */
const MAX_ANSWERED_DEVICES = 4;

/** The answer to a question about all devices of a report. */
export interface ReportAnswer {
  readonly answer: Answer;
  /** The first line. */
  readonly line: string;
  /** The lines below it. */
  readonly furtherLines: readonly string[];
  /** The answers of the devices, the worst first. */
  readonly answers: readonly (DeviceAnswer & { readonly device: string })[];
}

/** The answer to a question about one device. */
interface DeviceAnswer {
  readonly answer: Answer;
  /** The first line: `mysql: YES, from any address in the internet (rules.v4:17)`. */
  readonly line: string;
  /** The first line without the question and the verdict. */
  readonly clause: string;
  /** Further lines: addresses with another answer, then other places. */
  readonly furtherLines: readonly string[];
}

/** Returns the answers of the devices, the worst first. With several devices each line has the name of its own. */
export function answerDevices(devices: readonly DeviceExposure[], question: ExposureQuestion): ReportAnswer {
  const answers = devices
    .map((device) => {
      const answer = answerQuestion({ ...device, sections: selectAnswering(device.sections) }, question);
      const [section] = device.sections;
      const nameLeased = (text: string): string => (section ? nameLeasedAddresses(text, section.device) : text);
      return {
        ...answer,
        device: device.name,
        line: nameLeased(answer.line),
        clause: nameLeased(answer.clause),
        furtherLines: answer.furtherLines.map(nameLeased),
      };
    })
    .sort((a, b) => rankAnswer(a) - rankAnswer(b));
  const lines = answers
    .slice(0, MAX_ANSWERED_DEVICES)
    .flatMap(({ device, line, furtherLines }) => [
      answers.length > 1 ? `${device}: ${line}` : line,
      ...furtherLines.map((text) => `${FURTHER_INDENT}${text}`),
    ]);
  const omittedCount = answers.length - MAX_ANSWERED_DEVICES;
  const [line = '', ...furtherLines] = lines;
  return {
    answer: answers[0]?.answer ?? 'no',
    line,
    furtherLines: [...furtherLines, ...(omittedCount > 0 ? [`${omittedCount} more are answered below.`] : [])],
    answers,
  };
}

/** Stands before the lines below a first line. */
const FURTHER_INDENT = '  ';

/**
 * Returns the sections that answer. If gateways and servers are composed, a device alone is no answer; only what comes
 * past the gateways is.
 */
export function selectAnswering(sections: readonly SectionExposure[]): readonly SectionExposure[] {
  if (!sections.some(({ scope }) => scope === 'end to end')) return sections;
  return sections.flatMap((section) => {
    if (section.scope === 'end to end') return [section];
    const { reachability, bypassPackets } = section;
    return bypassPackets === undefined
      ? []
      : [
          {
            ...section,
            packetsAt: () => bypassPackets,
            reachability: { views: reachability.views.map((view) => limitView(view, bypassPackets)) },
          },
        ];
  });
}

/** Packets that are answered together: to one place, from one side. */
interface Cell {
  readonly place: Place;
  readonly side: StartSide;
  readonly parts: readonly AnswerPart[];
}

/** `own`: the device itself, and hosts that it translates packets to; `through`: other hosts. */
type Place = 'own' | 'through';

/** Returns the answer to the question about a device; the sections are those that answer. */
function answerQuestion(device: DeviceExposure, question: ExposureQuestion): DeviceAnswer {
  const { sections } = device;
  const { subject, interfaces } = question;
  const ask = (section: SectionExposure): ReachabilityQuery => question.ask(section.device);
  const query = sections[0] ? ask(sections[0]) : {};
  const createContext = (side: StartSide): AnswerContext => ({
    device,
    side,
    hasSources: query.from !== undefined,
    hasDestinations: query.to !== undefined,
    namesInterfaces: interfaces.length > 0,
  });
  const cells = listCells(sections, ask);
  const first = pickFirstCell(cells, sections, createContext);
  const places = describePlaces(sections, ask);
  if (sections.length > 0 && isUnrelated(sections, ask, first))
    return answerUnrelated(device, subject, describeOtherCells(cells, undefined, createContext, places, question));
  if (!first) return answerNothing(device, question, sections.length === 0);
  const context = createContext(first.side);
  const parts = sortParts(first.parts, context);
  const [firstPart, ...moreParts] = parts;
  const start = describeAskedStart(first.side, question, query.from !== undefined);
  const condition = isOutbound(first.side)
    ? ''
    : first.place === 'own'
      ? places.ownCondition
      : places.through(query.to !== undefined);
  const topic = [
    [subject, start].filter((text) => text !== '').join(start.startsWith('arriving') ? ', ' : ' '),
    condition,
    sections[0] === undefined
      ? ''
      : describeLeaseCondition(
          firstPart!.entries.flatMap(({ entry }) => entry.packets.destinations),
          query.to ?? [],
          sections[0].device,
        ),
  ]
    .filter((text) => text !== '')
    .join(', ');
  const elsewhere = describeOtherCells(cells, first, createContext, places, question);
  const furtherParts = moreParts.map((part) => printFurtherPart(part, parts, context));
  const shownParts = furtherParts.slice(0, MAX_FURTHER_PARTS);
  const omittedCount = furtherParts.length - shownParts.length;
  const furtherLines = [
    ...shownParts,
    ...(omittedCount > 0 ? [`and ${omittedCount} more, in the table`] : []),
    ...(elsewhere === '' ? [] : [elsewhere]),
  ];
  const { verdict, clause } = printFirstPart(firstPart!, context);
  if (device.isIncomplete && firstPart!.answer !== 'yes') {
    const reason = `not everything is told: ${device.assumptions[0] ?? 'see what is assumed'}`;
    return createAnswer('cannotTell', topic, "CAN'T TELL", reason, [
      `by what is told: ${printFurtherPart({ ...firstPart!, to: '', by: '' }, parts, context)}`,
      ...furtherLines,
    ]);
  }
  return createAnswer(firstPart!.answer, topic, verdict, clause, [
    ...furtherLines,
    ...(device.isIncomplete ? ['not everything is told: see what is assumed'] : []),
  ]);
}

function createAnswer(
  answer: Answer,
  topic: string,
  verdict: string,
  clause: string,
  furtherLines: readonly string[],
): DeviceAnswer {
  const separator = clause === '' ? '' : clause.startsWith('(') || clause.startsWith(',') ? ' ' : ', ';
  return {
    answer,
    line: escapeFullText(`${topic}: ${verdict}${separator}${clause}`.replace(' ,', ',')),
    clause: escapeFullText(clause),
    furtherLines: furtherLines.map(escapeFullText),
  };
}

/** Returns the answer on an address that the stack doesn't mention. Without it, silence would read as an answer. */
function answerUnrelated({ isIncomplete }: DeviceExposure, subject: string, otherCells: string): DeviceAnswer {
  const furtherLines = otherCells === '' ? [] : [otherCells];
  return isIncomplete
    ? createAnswer('cannotTell', subject, "CAN'T TELL", 'not everything is told: see what is assumed', furtherLines)
    : createAnswer('no', subject, 'NO', 'nothing of this stack leads there from the internet', furtherLines);
}

/** Returns the answer where none of the asked packets can come. */
function answerNothing(device: DeviceExposure, { words }: ExposureQuestion, hasNoRules: boolean): DeviceAnswer {
  if (hasNoRules) return createAnswer('cannotTell', words, "CAN'T TELL", 'no rules are told', []);
  if (device.isIncomplete)
    return createAnswer('cannotTell', words, "CAN'T TELL", 'not everything is told: see what is assumed', []);
  return createAnswer('no', words, 'NO', 'nothing comes that way', []);
}

/** Returns the answers by place and side: the device itself first, and from outside first. */
function listCells(
  sections: readonly SectionExposure[],
  ask: (section: SectionExposure) => ReachabilityQuery,
): readonly Cell[] {
  const isThrough = ({ scope }: SectionExposure): boolean => scope === 'through';
  const ownSections = sections.filter((section) => !isThrough(section));
  const throughSections = sections.filter(isThrough);
  return (['own', 'through'] as const).flatMap((place) =>
    SIDES.flatMap((side): readonly Cell[] => {
      // Packets to an own address that are translated to another host go through the device.
      const askedSections = (place === 'own' ? [...ownSections, ...throughSections] : throughSections).map((section) =>
        selectSide(section, side, ask(section)),
      );
      const hasOwn =
        place === 'through' || askedSections.some(({ section, views }) => !isThrough(section) && views.length > 0);
      const relevant = hasOwn ? askedSections.filter(({ views }) => views.length > 0) : [];
      const parts = relevant.length === 0 ? [] : listAnswerParts(relevant, side, { toOthersOnly: place === 'through' });
      return parts.length === 0 ? [] : [{ place, side, parts }];
    }),
  );
}

function selectSide(section: SectionExposure, side: StartSide, query: ReachabilityQuery): AskedSection {
  const views = section.reachability.views.filter(
    ({ startLocation }) =>
      getSide(startLocation, section.device) === side && (query.matchesStart?.(startLocation) ?? true),
  );
  return {
    section,
    query,
    views,
    interfaceCount: new Set(views.map(({ startLocation }) => toEntryKey(startLocation))).size,
  };
}

const rankAnswer = ({ answer }: Pick<AnswerPart, 'answer'>): number => ANSWERS.indexOf(answer);

/** A port without a protocol means TCP first. */
const isWithoutTcp = ({ services }: AnswerPart): boolean => services !== '' && !/\btcp\b|^all /.test(services);

/** A program that connects has any source port, so a rule for some source ports doesn't let it out. */
const needsSourcePort = ({ services }: AnswerPart, { side }: AnswerContext): boolean =>
  isOutbound(side) && /\bsource port /.test(services);

/**
 * Returns parts in order: the worst first, and last those by interfaces that may not lead to the internet, and those
 * that an outbound connection hardly has the source port for.
 */
const sortParts = (parts: readonly AnswerPart[], context: AnswerContext): readonly AnswerPart[] =>
  [...parts].sort(
    (a, b) =>
      Number(isConditional(a, context)) - Number(isConditional(b, context)) ||
      Number(needsSourcePort(a, context)) - Number(needsSourcePort(b, context)) ||
      rankAnswer(a) - rankAnswer(b) ||
      Number(isWithoutTcp(a)) - Number(isWithoutTcp(b)),
  );

/**
 * Returns the cell of the first line: the device itself from outside. A firewall is asked about other hosts as well,
 * so there the worse answer comes first.
 */
function pickFirstCell(
  cells: readonly Cell[],
  sections: readonly SectionExposure[],
  createContext: (side: StartSide) => AnswerContext,
): Cell | undefined {
  const [first] = cells;
  if (!first || !sections.some(isFirewallTransit)) return first;
  const through = cells.find(({ place, side }) => place === 'through' && side === first.side);
  const getRank = ({ side, parts }: Cell): number => rankAnswer(sortParts(parts, createContext(side))[0]!);
  return through && getRank(through) < getRank(first) ? through : first;
}

/** Returns the start in words if the question names it, or names sources: `from the server itself`. */
function describeAskedStart(side: StartSide, { interfaces }: ExposureQuestion, hasSources: boolean): string {
  const isEntering = side === 'outside' || side === 'inside';
  const startText = interfaces.length > 0 && isEntering ? `by ${interfaces.join(', ')}` : START_TEXT[side];
  if (hasSources) return isEntering ? `arriving ${startText}` : startText;
  return side === 'outside' && interfaces.length === 0 ? '' : startText;
}

/** Returns whether an address was asked of a stack that no packet of the internet can come to by it. */
const isUnrelated = (
  sections: readonly SectionExposure[],
  ask: (section: SectionExposure) => ReachabilityQuery,
  first: Cell | undefined,
): boolean =>
  first?.side !== 'outside' &&
  sections.some((section) => {
    const query = ask(section);
    return (
      (section.scope === 'device' || section.scope === 'end to end') &&
      query.to !== undefined &&
      selectSide(section, 'outside', query).views.length > 0
    );
  });

interface PlaceWords {
  /** A condition under which the answer on the device itself holds. */
  readonly ownCondition: string;
  readonly through: (isAsked: boolean) => string;
}

function describePlaces(
  sections: readonly SectionExposure[],
  ask: (section: SectionExposure) => ReachabilityQuery,
): PlaceWords {
  const through = sections.find(({ scope }) => scope === 'through');
  const isUnclear = sections.some(
    (section) =>
      section.scope === 'host' && ask(section).to?.some(({ first }) => hasUnknownAddresses(section, getFamily(first))),
  );
  const throughText = through === undefined ? '' : describeTarget(through).replace('through it', 'to other hosts');
  return {
    ownCondition: isUnclear ? 'if that is this server' : '',
    through: (isAsked) =>
      isUnclear
        ? 'if that is another host and this one forwards'
        : isAsked
          ? through && isFirewallTransit(through)
            ? ''
            : 'through this server'
          : throughText,
  };
}

/** Returns the answers on other places and sides in one line: `from inside: yes; to other hosts, if it forwards: no`. */
function describeOtherCells(
  cells: readonly Cell[],
  first: Cell | undefined,
  createContext: (side: StartSide) => AnswerContext,
  places: PlaceWords,
  question: ExposureQuestion,
): string {
  const otherCells = cells
    .filter((cell) => cell !== first)
    .map((cell) => ({ ...cell, text: printCell(cell, createContext(cell.side)) }));
  const texts = (['own', 'through'] as const).flatMap((place) => {
    const ofPlace = otherCells.filter((cell) => cell.place === place);
    const placeText =
      place === (first?.place ?? 'own')
        ? ''
        : place === 'own'
          ? places.ownCondition || 'to the firewall itself'
          : places.through(question.subject.includes('to '));
    const answers = [...new Set(ofPlace.map(({ text }) => text))].map((text) => {
      const sides = ofPlace.filter((cell) => cell.text === text).map(({ side }) => side);
      return { text, sides, sideTexts: sides.map((side) => START_TEXT[side]).join(' and ') };
    });
    if (placeText === '') return answers.map(({ text, sideTexts }) => `${sideTexts}: ${text}`);
    const [main, ...different] = answers;
    if (!main) return [];
    const isOfFirstSide = main.sides.includes(first?.side ?? 'outside');
    const label = isOfFirstSide ? placeText : `${placeText}${placeText.includes(',') ? ',' : ''} ${main.sideTexts}`;
    const exceptions = different.map(({ text, sideTexts }) => `${sideTexts}: ${text}`).join('; ');
    return [`${label}: ${main.text}${exceptions === '' ? '' : ` (${exceptions})`}`];
  });
  return texts.join('; ');
}

/** Returns the worst answer of a cell in short. */
function printCell({ parts }: Cell, context: AnswerContext): string {
  const [worst, ...more] = sortParts(parts, context);
  const { services, to, by } = worst!;
  const isDifferent = more.some((part) => part.answer !== worst!.answer);
  const way = isDifferent || (to !== '' && to !== OTHER_ADDRESSES) || services !== '' ? by : '';
  return `${printShortAnswer(worst!, context)}${[services, to === OTHER_ADDRESSES ? '' : to].map((text) => (text === '' ? '' : `, ${text}`)).join('')}${way === '' ? '' : ` ${way}`}`;
}

/** Returns what decides if everything from outside is let through, or nothing: ` (policy drop, line 3)`. */
export function describeDeciders(sections: readonly SectionExposure[], disposition: 'allowed' | 'denied'): string {
  const deciders = sections.flatMap((section) => {
    const views = section.reachability.views.filter(
      ({ startLocation }) => getSide(startLocation, section.device) === 'outside',
    );
    return findDeciders({ section, query: {}, views }, disposition);
  });
  const text = printDecidingLines(deciders);
  return text === '' ? '' : ` (${text})`;
}
