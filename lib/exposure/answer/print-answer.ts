// Prints the parts of an answer: the first line in full (`YES, from any address in the internet (rules.v4:17)`), and
// the others in short (`by IPv6: no (policy drop, rules.v6:3)`).
import { getInterfaceNetworks, toEntryKey } from '../../net/device';
import { memoize } from '../../net/intern-tables';
import { contains } from '../../net/range';
import { parseAddress } from '../../net/address';
import { DecisionSource, PacketExplanation } from '../../parse/config-parser';
import { DeviceExposure, printInterface, selectPackets } from '../report/device-report';
import { StartSide } from '../report/exposure-report-types';
import { listBoundaryPackets, listSamplePackets } from '../report/sample-packets';
import { getTranslatedHost } from '../report/translated-services';
import { AnswerPart, OTHER_ADDRESSES, isOutbound, shortenList } from './answer-parts';
import { AskedSection } from './covers-asked-destinations';
import { printDecidingLines } from './deciding-lines';

/** The most entries or views whose packets are explained, and the width that a first line should keep to. */
const MAX_SHOWN = { explained: 6, width: 120, reason: 40 };

/** The question that an answer belongs to. */
export interface AnswerContext {
  readonly device: Pick<DeviceExposure, 'files' | 'wideOpenInterfaces'>;
  readonly side: StartSide;
  /** The question names sources (`--from`), destinations (`--to`) or interfaces (`--start eth0`). */
  readonly hasSources: boolean;
  readonly hasDestinations: boolean;
  readonly namesInterfaces: boolean;
}

/** Returns the verdict in capitals and its clause: `YES` and `from any address in the internet (rules.v4:17)`. */
export function printFirstPart(
  part: AnswerPart,
  context: AnswerContext,
): { readonly verdict: string; readonly clause: string } {
  const { answer, addresses, services } = part;
  const goesOut = isOutbound(context.side);
  const places = [describeWay(part, context), part.to === OTHER_ADDRESSES ? '' : part.to]
    .filter((text) => text !== '')
    .join(' ');
  const deciders = printPartDeciders(part, context);
  const exceptions = printExceptions(part, context);
  switch (answer) {
    case 'yes': {
      const peers = [services, describePeers(part, context), places].filter((text) => text !== '').join(' ');
      const clause = [peers, describeTranslation(part)].filter((text) => text !== '').join(', ');
      return { verdict: 'YES', clause: `${clause}${deciders}${exceptions}`.trimStart() };
    }
    case 'only': {
      const clause = [services, places, describeTranslation(part)].filter((text) => text !== '').join(', ');
      return {
        verdict: `ONLY ${goesOut ? 'TO' : 'FROM'} ${shortenList(addresses)}`,
        clause: `${clause}${deciders}${exceptions}`.trimStart(),
      };
    }
    case 'cannotTell': {
      const peers =
        addresses.length > 0 ? `${goesOut ? 'to' : 'from'} ${shortenList(addresses)}` : describeStart(context);
      const clause = [services, peers, places].filter((text) => text !== '').join(' ');
      return { verdict: "CAN'T TELL", clause: `${clause}${clause === '' ? '' : ': '}${printReasons(part, context)}` };
    }
    case 'no': {
      const start = describeStart(context);
      const clause = [start === '' ? '' : `not ${start}`, places].filter((text) => text !== '').join(' ');
      return { verdict: 'NO', clause: `${clause}${deciders}`.trimStart() };
    }
  }
}

/** Returns a part in short: `by IPv6: no (policy drop, rules.v6:3)`. `parts`: all parts, the first line's first. */
export function printFurtherPart(part: AnswerPart, parts: readonly AnswerPart[], context: AnswerContext): string {
  const way = describeWay(part, context);
  const label = [part.services === parts[0]!.services ? '' : part.services, way, part.to]
    .filter((text) => text !== '')
    .join(' ');
  // Beside packets that may pass as well, "only" would be wrong.
  const isBesideUnknown = parts.some(
    (other) => other.answer === 'cannotTell' && other.to === part.to && describeWay(other, context) === way,
  );
  const reasons = part.answer === 'cannotTell' ? `: ${printReasons(part, context)}` : '';
  const shortAnswer = printShortAnswer(part, context);
  const answer = part.answer === 'only' && isBesideUnknown ? shortAnswer.replace(/^only/, 'yes') : shortAnswer;
  const text = `${answer}${reasons}${printPartDeciders(part, context)}${printExceptions(part, context)}`;
  return label === '' ? text : `${label}: ${text}`;
}

/** Returns the answer alone, in small letters and without reasons: `only from 192.0.2.0/28`. */
export function printShortAnswer(part: AnswerPart, context: AnswerContext): string {
  const translation = describeTranslation(part);
  const { answer, addresses } = part;
  const goesOut = isOutbound(context.side);
  switch (answer) {
    case 'yes':
      return [
        `yes${addresses.length > 0 ? `, but not ${goesOut ? 'to' : 'from'} ${shortenList(addresses)}` : ''}`,
        translation,
      ]
        .filter((text) => text !== '')
        .join(', ');
    case 'only':
      return [`only ${goesOut ? 'to' : 'from'} ${shortenList(addresses)}`, translation]
        .filter((text) => text !== '')
        .join(', ');
    case 'cannotTell':
      return `can't tell${addresses.length > 0 ? ` ${goesOut ? 'to' : 'from'} ${shortenList(addresses)}` : ''}`;
    case 'no':
      return 'no';
  }
}

/** Returns from where the packets come, unless the question says it: `from the internet`. */
const describeStart = ({ side, hasSources, namesInterfaces }: AnswerContext): string =>
  side === 'outside' && !hasSources && !namesInterfaces ? 'from the internet' : '';

/** Returns all sources (outbound: destinations) that pass, in words. */
function describePeers({ addresses, interfaceKeys }: AnswerPart, context: AnswerContext): string {
  const exceptions = addresses.length > 0 ? ` but ${shortenList(addresses)}` : '';
  if (isOutbound(context.side))
    return context.hasDestinations || context.side === 'localhost' ? '' : `to any address${exceptions}`;
  if (context.hasSources) return '';
  return `from any address${describeStart(context) === '' || interfaceKeys.length > 0 ? '' : ' in the internet'}${exceptions}`;
}

/** Returns the interfaces and the family, if others have another answer. */
function describeWay({ by, interfaceKeys, entries, denied }: AnswerPart, { device }: AnswerContext): string {
  if (interfaceKeys.length === 0) return by;
  const wideOpen = device.wideOpenInterfaces;
  const views = [...entries.map(({ part }) => part), ...denied].flatMap(({ section, views: partViews }) =>
    partViews.map(({ startLocation }) => ({ startLocation, section })),
  );
  const names = [
    ...new Set(
      interfaceKeys.flatMap((key) => {
        const view = views.find(({ startLocation }) => toEntryKey(startLocation) === key);
        return view ? [printInterface(view.startLocation, view.section.device)] : [];
      }),
    ),
  ];
  const condition = wideOpen && isByWideOpen(interfaceKeys, wideOpen.names) ? wideOpen.words : shortenList(names);
  return [by, `by ${condition}`].filter((text) => text !== '').join(' ');
}

const isByWideOpen = (interfaceKeys: readonly string[], names: ReadonlySet<string>): boolean =>
  interfaceKeys.length > 0 && interfaceKeys.every((key) => names.has(key.replace(/^interface /, '')));

/** Returns whether a part is about interfaces that let in everything and may not lead to the internet. */
export const isConditional = ({ interfaceKeys }: AnswerPart, { device }: AnswerContext): boolean =>
  device.wideOpenInterfaces !== undefined && isByWideOpen(interfaceKeys, device.wideOpenInterfaces.names);

/** Bridges and chains of the programs that run containers. */
const CONTAINER_NETWORK = /\b(docker|podman|netavark|cni|lxdbr|lxcbr|incusbr)|\bbr-[0-9a-f]{12}\b/i;

function describeTranslation(part: AnswerPart): string {
  const { translatedDestination } = part;
  if (translatedDestination === '') return '';
  const host = getTranslatedHost(translatedDestination);
  const address = parseAddress(host);
  const isContainer =
    host !== '' &&
    (part.entries.some(({ part: { section } }) =>
      section.device.interfaces.some(
        (networkInterface) =>
          CONTAINER_NETWORK.test(networkInterface.name) &&
          address !== undefined &&
          getInterfaceNetworks(networkInterface).some((range) => contains(range, address)),
      ),
    ) ||
      explainEntries(part).some(({ lines }) => lines.some(({ text }) => CONTAINER_NETWORK.test(text))));
  return isContainer ? `to container ${translatedDestination}` : `translated to ${translatedDestination}`;
}

/** Returns the explanations of sample packets. A part is printed in full and in short, and explained once. */
const explainEntries = memoize(({ entries, interfaceKeys }: AnswerPart): readonly PacketExplanation[] =>
  entries.slice(0, MAX_SHOWN.explained).flatMap(({ part, entry }) => {
    const start =
      entry.startLocations.find((location) => interfaceKeys.includes(toEntryKey(location))) ?? entry.startLocations[0]!;
    return listBoundaryPackets(entry).samples.flatMap((packet) => part.section.explain(start, packet) ?? []);
  }),
);

/** Returns the lines that decide: ` (policy drop, rules.nft:3)`; empty if the text names none. */
function printPartDeciders(part: AnswerPart, { device }: AnswerContext): string {
  if (part.answer === 'cannotTell') return '';
  const deciders =
    part.answer === 'no'
      ? part.denied.flatMap((asked) => findDeciders(asked, 'denied'))
      : explainEntries(part).flatMap(({ decisionSources }) => decisionSources);
  const text = printDecidingLines(addFile(deciders, device));
  return text === '' ? '' : ` (${text})`;
}

/** Adds the name of the only file. Lines of joined files name theirs already. */
const addFile = (deciders: readonly DecisionSource[], { files }: AnswerContext['device']): readonly DecisionSource[] =>
  files?.length === 1 ? deciders.map((decider) => ({ file: files[0]!.name, ...decider })) : deciders;

/** Returns what decides about sample packets of a section that have this disposition. */
export function findDeciders(
  { section, query, views }: Pick<AskedSection, 'section' | 'query' | 'views'>,
  disposition: 'allowed' | 'denied',
): readonly DecisionSource[] {
  return views.slice(0, MAX_SHOWN.explained).flatMap(({ startLocation }) =>
    listSamplePackets(selectPackets(section, query, startLocation), section.unknownAddresses?.families ?? []).flatMap(
      (packet) => {
        const explanation = section.explain(startLocation, packet);
        return explanation?.disposition === disposition ? explanation.decisionSources : [];
      },
    ),
  );
}

const printExceptions = ({ excepts }: AnswerPart, context: AnswerContext): string =>
  excepts.length === 0 ? '' : `, but ${printFirst(excepts, context)}`;

const printReasons = ({ reasons }: AnswerPart, context: AnswerContext): string => printFirst(reasons, context);

/** Returns the first reason, and `…` for more. */
function printFirst([first = '', ...more]: readonly string[], { device }: AnswerContext): string {
  return `${printReason(first, device.files?.length === 1 ? device.files[0]!.name : undefined)}${more.length > 0 ? '; …' : ''}`;
}

/** Returns a reason with its line behind it: `a limit may be reached (rules.v4:10)`. */
export function printReason(reason: string, file: string | undefined): string {
  const [, before = '', place = '', words = reason] =
    /^(?:([^:]*): )?((?:lines? [\d, ]+\d|line \d+|[^\s:]+:\d+)): ([^]*)$/.exec(reason) ?? [];
  if (place === '') return reason;
  const lines = place.replace(/^lines? /, '');
  const where = file !== undefined && before === '' && place !== lines ? `${file}:${lines}` : place;
  return `${words} (${before === '' ? '' : `${before}: `}${where})`;
}
