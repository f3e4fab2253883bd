// lib/exposure reports what rulesets expose.
// Input: unmanaged config with facts about its device, releases of a stack or a plan, and the JSON of `verify --json`.
// Output: an ExposureReport, which print/ turns into text, Markdown, HTML or JSON.
// texts/ recognizes inputs, facts/ evaluates them on a device, answer/ answers questions, report/ builds the report.
// Parsers and the evaluator are reached only through lib/registry and the contracts in lib/parse.
// This folder may not know generators, delivery, or any part of intent but the names of services.

import { ParsedNatFiles } from '../cpnat/nat-files';
import { isRecord } from '../agent-protocol/work-codec';
import { OWN_STEP_BUDGET, UNTRUSTED_STEP_BUDGET, runWithinBudget } from '../net/step-budget';
import { JSON_SCHEMA } from '../problems/print-json';
import { refuseComparison } from '../problems/step-budget-problems';
import { Problem, collectProblems, escapeForDisplay, refuseIfAny } from '../problems/problem';
import { VerifiedShapes } from '../verifier/release-shapes';
import { answerDevices } from './answer/answer-question';
import { ExposureQuestion, INTERNET_SOURCE } from './answer/question';
import { COMMON_LIMITS } from './facts/describe-assumptions';
import { Facts, OTHER_INTERFACES, mergeFacts, splitFacts } from './facts/device-facts';
import { StackRelease, evaluateReleases } from './evaluate-releases';
import { parseNatFacts } from './texts/parse-nat-facts';
import { describeNatFiles } from './texts/split-nat-files';
import { addFileName } from './texts/add-file-name';
import { parseUnmanagedText } from './texts/parse-unmanaged-text';
import { evaluateUnmanaged } from './facts/evaluate-unmanaged';
import { ParsablePlatformId, recognizeLivePlatform } from './texts/recognize-text';
import { printHeadline } from './print/headline';
import { DeviceReport, ExposureReport } from './report/exposure-report-types';
import { createRemarks } from './report/remarks';
import { DeviceExposure, SectionExposure, createDeviceReport } from './report/device-report';
import { IF_IT_FORWARDS, SERVER_TITLES, FIREWALL_TITLES } from './report/section-titles';
import { SourceFile, listSourceFiles, nameLines } from './report/source-files';
import { nameSectionLines } from './report/name-section-lines';
import { selectByInterface, mergeRemarks, findWideOpenInterfaces } from './report/wide-open-interfaces';

/** The form of releases from a synthesized stack. */
export const STACK_FORM = 'a synthesized stack';

/** One input that has an exposure. */
export type ExposureSource =
  | {
      readonly is: 'rules';
      readonly name: string;
      readonly platform: ParsablePlatformId;
      readonly text: string;
      readonly omittedLines: readonly string[];
      /** cPanel's NAT files of the same server. */
      readonly natFiles?: ParsedNatFiles;
      /** How several files became this source; undefined for a single file. */
      readonly joined?: string;
      /** The files of the text; undefined for a single file. */
      readonly files?: readonly SourceFile[];
    }
  | { readonly is: 'looked'; readonly name: string; readonly json: Readonly<Record<string, unknown>> }
  | {
      readonly is: 'releases';
      readonly name: string;
      readonly formatLabel: string;
      readonly releases: readonly StackRelease[];
      /** Problems that say why the releases aren't all that will run. */
      readonly unknowns: readonly Problem[];
      readonly omittedLines: readonly string[];
    };

/**
 * One input file: a source with an exposure, or data of a server whose rules another file holds (files of cPanel,
 * addresses and routes).
 */
export type ExposureInput =
  | ExposureSource
  | { readonly is: 'nat files'; readonly name: string; readonly natFiles: ParsedNatFiles }
  | { readonly is: 'facts'; readonly name: string; readonly text: string }
  /** A file without any text. */
  | { readonly is: 'empty'; readonly name: string };

/**
 * Returns the report on what the sources expose, limited to the question.
 * @throws Refusal if a source can't be parsed, or if no device has an interface that the question names
 */
export function createExposureReport(
  sources: readonly ExposureSource[],
  facts: Facts,
  question: ExposureQuestion,
): ExposureReport {
  const { words, interfaces, ask } = question;
  const shapes = new VerifiedShapes();
  const evaluatedDevices = evaluateEach(sources, (source) =>
    addSourceName(source, () => evaluateSource(source, facts, shapes)),
  );
  const hasUnmanaged = sources.some(({ is }) => is !== 'releases');
  refuseIfAny([
    ...findUnknownInterfaces(interfaces, evaluatedDevices, hasUnmanaged),
    ...checkOutsideExists(question, evaluatedDevices),
  ]);
  const devices = evaluatedDevices.map((item, index): DeviceReport =>
    addSourceName(sources[index]!, () => createDeviceReport(item, ({ device }) => ask(device), words !== '')),
  );
  const isIncomplete = evaluatedDevices.some((item) => item.isIncomplete);
  const entries = devices.flatMap(({ sections }) => sections.flatMap((item) => item.entries));
  const answered = question.subject === '' ? undefined : answerDevices(evaluatedDevices, question);
  return {
    schema: JSON_SCHEMA,
    filters: escapeForDisplay(words),
    // The answer may lie in what the sources don't tell.
    unknown: isIncomplete || entries.some(({ disposition }) => disposition === 'unknown'),
    headline:
      answered?.line ??
      `${printHeadline(devices, evaluatedDevices, question)}${isIncomplete ? ' Not everything is told: see what is assumed.' : ''}`,
    answer: answered?.answer ?? 'notAsked',
    answers:
      answered?.answers.map(({ device, answer, line, clause, furtherLines }) => ({
        device,
        answer,
        clause,
        line,
        furtherLines,
      })) ?? [],
    furtherLines: answered?.furtherLines ?? [],
    devices,
  };
}

/**
 * Returns the exposure of each source.
 * @throws Refusal with the problems of all sources
 */
function evaluateEach(
  sources: readonly ExposureSource[],
  report: (source: ExposureSource) => DeviceExposure,
): readonly DeviceExposure[] {
  if (sources.length === 1) return sources.map(report);
  const problems: Problem[] = [];
  const evaluatedDevices = sources.flatMap(
    (source) => collectProblems(problems, () => addFileName(source.name, () => report(source))) ?? [],
  );
  refuseIfAny(problems);
  return evaluatedDevices;
}

/**
 * Runs within the step budget of a source. A stack was synthesized and verified here; any other source is untrusted.
 */
const addSourceName = <T>(source: ExposureSource, run: () => T): T =>
  runWithinBudget(
    source.is === 'releases' && source.formatLabel === STACK_FORM ? OWN_STEP_BUDGET : UNTRUSTED_STEP_BUDGET,
    run,
    () => refuseComparison('review/too-much-to-show', escapeForDisplay(source.name)),
  );

/**
 * Returns a problem for each name that no device has. A mistyped interface lets nothing in, and that must not be the
 * answer.
 */
function findUnknownInterfaces(
  names: readonly string[],
  evaluatedDevices: readonly DeviceExposure[],
  hasUnmanaged: boolean,
): readonly Problem[] {
  const knownNames = new Set(
    evaluatedDevices.flatMap(({ sections: sectionExposures }) =>
      sectionExposures.flatMap(({ device }) => device.interfaces.map(({ name }) => name)),
    ),
  );
  knownNames.delete(OTHER_INTERFACES);
  return names
    .filter((name) => !knownNames.has(name))
    .map((name) => createNoInterfaceProblem(name, [...knownNames], hasUnmanaged));
}

/**
 * Returns a problem if the question asks only for the internet and no interface is outside. Then nothing comes from the
 * internet, whatever the rules are.
 */
function checkOutsideExists(
  { onlyOutside }: ExposureQuestion,
  evaluatedDevices: readonly DeviceExposure[],
): readonly Problem[] {
  const devices = evaluatedDevices.flatMap(({ sections: sectionExposures }) =>
    sectionExposures.map(({ device }) => device),
  );
  if (
    !onlyOutside ||
    devices.length === 0 ||
    devices.some(({ interfaces }) => interfaces.some(({ role }) => role === 'outside'))
  )
    return [];
  return [NO_OUTSIDE_INTERFACE];
}

const NO_OUTSIDE_INTERFACE: Problem = {
  code: 'review/nobody-outside',
  where: '--start outside',
  what: 'No interface leads to the internet, by what was told of them, so nothing was asked.',
  instead: 'the one that does: --interface eth0:outside.',
};

/** Suggests `--interface` only for unmanaged config: the policy of a managed device tells all interfaces. */
const createNoInterfaceProblem = (name: string, knownNames: readonly string[], hasUnmanaged: boolean): Problem => ({
  code: 'review/no-such-vantage',
  where: '--start',
  what: `No interface is called "${name}"${knownNames.length === 0 ? ', and the rules name none' : ''}.`,
  // An interface given by that name would have an answer, and a wrong one.
  instead:
    name.toLowerCase() === INTERNET_SOURCE
      ? 'outside: any source in the internet, by whichever interface.'
      : `${['outside', 'inside', 'server', 'localhost', ...knownNames].join(', ')}${hasUnmanaged ? `; or tell of it: --interface ${escapeForDisplay(name)}:outside` : ''}.`,
});

function evaluateSource(source: ExposureSource, facts: Facts, shapes: VerifiedShapes): DeviceExposure {
  const name = escapeForDisplay(source.name);
  switch (source.is) {
    case 'rules': {
      const report = evaluateUnmanagedText(
        name,
        '',
        source.text,
        source.platform,
        facts,
        source.omittedLines.map(escapeForDisplay),
        source.natFiles,
      );
      const joined =
        source.joined === undefined
          ? report
          : { ...report, assumptions: [escapeForDisplay(source.joined), ...report.assumptions] };
      return nameDeviceLines(joined, listSourceFiles(source));
    }
    case 'looked': {
      const { ruleset, facts: deviceFacts, device } = source.json;
      const text = typeof ruleset === 'string' ? ruleset : '';
      const label = typeof device === 'string' ? `${name}: ${escapeForDisplay(device)}` : name;
      const platform = recognizeLivePlatform(text, label);
      const natFiles = parseNatFacts(isRecord(deviceFacts) ? deviceFacts['cpanelNat'] : undefined);
      return evaluateUnmanagedText(
        label,
        ' of a device, as verify --json read it',
        `${text}\n${printFactLines(deviceFacts)}`,
        platform,
        facts,
        [],
        natFiles,
      );
    }
    case 'releases':
      return {
        name,
        format: source.formatLabel,
        knownFacts: [],
        wideningAssumptions: [],
        possibleUplinks: [],
        limits: [],
        findings: [],
        ignoredLines: source.omittedLines.map(escapeForDisplay),
        assumptions: source.unknowns.map(({ where, what }) => escapeForDisplay(`${where}: ${what}`)),
        sections: evaluateReleases(source.releases, shapes),
        isIncomplete: source.unknowns.length > 0,
      };
  }
}

/** Returns an exposure whose sentences and explanations name the lines of joined files by their files. */
function nameDeviceLines(device: DeviceExposure, files: readonly SourceFile[] | undefined): DeviceExposure {
  const nameEach = (sentences: readonly string[]): readonly string[] =>
    sentences.map((sentence) => nameLines(sentence, files));
  return {
    ...device,
    files,
    assumptions: nameEach(device.assumptions),
    wideningAssumptions: nameEach(device.wideningAssumptions),
    possibleUplinks: nameEach(device.possibleUplinks),
    limits: nameEach(device.limits),
    findings: device.findings.map(({ code, severity, where, what, instead }) => ({
      code,
      severity,
      where: nameLines(where, files),
      what: nameLines(what, files),
      instead: nameLines(instead, files),
    })),
    sections: device.sections.map((section) => nameSectionLines(section, files)),
  };
}

function evaluateUnmanagedText(
  name: string,
  formSuffix: string,
  source: string,
  platform: ParsablePlatformId,
  givenFacts: Facts,
  ignoredLines: readonly string[],
  natFiles: ParsedNatFiles = {},
): DeviceExposure {
  const { text, facts } = splitFacts(source);
  const deviceText = parseUnmanagedText(platform, text);
  const evaluation = evaluateUnmanaged(deviceText, mergeFacts(facts, givenFacts));
  const { omissions = [] } = deviceText;
  const assumptions =
    (evaluation.unknownAddresses ? undefined : deviceText.assumedOn?.(evaluation.device.interfaces)) ??
    deviceText.assumptions;
  const titles = evaluation.describesItself ? FIREWALL_TITLES : SERVER_TITLES;
  const sections = evaluation.parts.map(({ scope, reachability, packets, explain }): SectionExposure => ({
    scope,
    reachability,
    explain,
    device: evaluation.device,
    packetsAt: () => packets,
    title: scope === 'through' && evaluation.mayForward ? `${titles.through}${IF_IT_FORWARDS}` : titles[scope],
    ...(evaluation.unknownAddresses ? { unknownAddresses: evaluation.unknownAddresses } : {}),
    ...(scope === 'through' ? { reachabilityBehind: evaluation.routedAddresses.reachability } : {}),
  }));
  const wideInterfaces = findWideOpenInterfaces(
    sections.find(({ scope }) => scope === 'host'),
    evaluation.assumedOutside,
  );
  const remarks = createRemarks(name, evaluation, natFiles);
  return {
    name,
    format: `${deviceText.label}${formSuffix}`,
    knownFacts: [...evaluation.given, ...describeNatFiles(natFiles)],
    assumptions: [
      ...omissions,
      ...evaluation.follows,
      ...evaluation.assumptions,
      ...assumptions,
      ...(deviceText.is === 'rules' ? (deviceText.negotiatedTraffic ?? []) : []),
    ],
    wideningAssumptions: evaluation.assumptions,
    possibleUplinks: evaluation.possibleUplinks,
    limits: [...COMMON_LIMITS, ...deviceText.limits],
    ignoredLines,
    findings: wideInterfaces
      ? mergeRemarks(
          remarks,
          createRemarks(
            name,
            {
              ...evaluation,
              parts: evaluation.parts.map((part) => selectByInterface(part, wideInterfaces)),
              routedAddresses: selectByInterface(evaluation.routedAddresses, wideInterfaces),
            },
            natFiles,
          ),
          wideInterfaces,
        )
      : remarks,
    sections,
    wideOpenInterfaces: wideInterfaces,
    isIncomplete: omissions.length > 0,
  };
}

/** Returns captured facts as `ip` and `sysctl` print them. */
function printFactLines(deviceFacts: unknown): string {
  if (!isRecord(deviceFacts)) return '';
  const lines = ['addresses', 'links', 'routes'].map((key) =>
    typeof deviceFacts[key] === 'string' ? deviceFacts[key] : '',
  );
  const { forwarding } = deviceFacts;
  const printSetting = (name: string, key: string): string =>
    isRecord(forwarding) && typeof forwarding[key] === 'boolean' ? `${name} = ${forwarding[key] ? 1 : 0}` : '';
  return [
    ...lines,
    printSetting('net.ipv4.ip_forward', 'ip'),
    printSetting('net.ipv6.conf.all.forwarding', 'ip6'),
    '',
  ].join('\n');
}
