// Recognizes the kind of a text: rules of a platform, cPanel's NAT files, facts of a server, a stack, a plan, or the
// JSON of `verify --json`. Refuses any other text, with advice on which output or file to use instead.

import { ParsedNatFiles } from '../../cpnat/nat-files';
import { isRecord } from '../../agent-protocol/work-codec';
import { Problem, Refusal } from '../../problems/problem';
import { platforms, parsablePlatforms } from '../../registry';
import { isEncryptedPlan } from '../../json/encrypted-plan';
import { parseJson } from '../../json/parse-json';
import { ExternalRulesHint, ConfigFormat, UnsupportedFormat } from '../../parse/config-format';
import { findTruncation } from '../facts/truncated-facts';
import { splitFacts } from '../facts/device-facts';
import { splitNatFiles } from './split-nat-files';
import { MULTI_FILE_FORMATS } from './multi-file-formats';
import { removePasteMarks } from './remove-paste-marks';
import { removeShellLines } from './remove-shell-lines';
import { findLookalikeFormat, findUnsupportedFormat } from './unsupported-formats';

export type ParsablePlatformId = keyof typeof parsablePlatforms;

/** The kind of a file, by its content. */
type RecognisedText =
  | {
      readonly is: 'rules';
      readonly platform: ParsablePlatformId;
      readonly text: string;
      readonly omittedLines: readonly string[];
      readonly natFiles?: ParsedNatFiles;
    }
  /** cPanel's NAT files, without rules. */
  | { readonly is: 'nat files'; readonly natFiles: ParsedNatFiles }
  /** Output of ip and sysctl on a server, without rules. */
  | { readonly is: 'facts'; readonly text: string }
  | { readonly is: 'stack' | 'plan'; readonly json: Readonly<Record<string, unknown>> }
  | { readonly is: 'looked'; readonly devices: readonly Readonly<Record<string, unknown>>[] };

const PLATFORM_IDS = Object.keys(parsablePlatforms) as ParsablePlatformId[];
const UNMANAGED_FORMATS = PLATFORM_IDS.map((id): ConfigFormat => parsablePlatforms[id].configFormat);

/**
 * Returns what a text is. `formsText`: the accepted forms in words, if these are fewer.
 * @throws Refusal review/not-recognised, review/facts-cut-off, review/rules-elsewhere and the like, each with what is
 * recognized
 */
export function recognizeText(source: string, name: string, formsText = ALL_FORMS_TEXT): RecognisedText {
  if (source.trim() === '') throw new Refusal([createEmptyProblem(name)]);
  // A prompt may begin with a bracket, too.
  if (/^\s*(\{|\[\s*[\]{["])/.test(source)) return recogniseJson(source, name, formsText);
  const unmarked = removePasteMarks(source);
  const { text: withoutPrompts, omittedLines: shellLines } = removeShellLines(unmarked.text);
  const omittedLines = [...unmarked.omittedLines, ...shellLines];
  const { text, natFiles } = splitNatFiles(withoutPrompts, name);
  // Output of `ip` may stand before the rules.
  const rules = splitFacts(text).text;
  const truncation = findTruncation(text, name);
  if (truncation) throw new Refusal([truncation]);
  const lookalike = findLookalikeFormat(rules.slice(0, MAX_SEARCHED_CHARACTERS));
  if (lookalike) throw new Refusal([createNotYetReadProblem(name, lookalike)]);
  const platform = findPlatform(rules.replace(INCLUDE_LINE, '')) ?? findPlatform(rules);
  if (platform) {
    const { configFormat }: { readonly configFormat: ConfigFormat } = parsablePlatforms[platform];
    return {
      is: 'rules',
      platform,
      text: configFormat.named?.(text, name) ?? text,
      omittedLines,
      ...(natFiles ? { natFiles } : {}),
    };
  }
  if (natFiles && text.trim() === '') return { is: 'nat files', natFiles };
  if (rules.trim() === '' && natFiles) throw new Refusal([createFactsAloneProblem(name)]);
  if (rules.trim() === '') return { is: 'facts', text };
  const externalRules = UNMANAGED_FORMATS.flatMap((configFormat) => configFormat.externalRules ?? []).find(
    ({ pattern }) => pattern.test(source.slice(0, MAX_SEARCHED_CHARACTERS)),
  );
  if (externalRules) throw new Refusal([createRulesElsewhereProblem(name, externalRules)]);
  if (
    /Operation not permitted|Permission denied|must be (run as )?root/i.test(source.slice(0, MAX_SEARCHED_CHARACTERS))
  )
    throw new Refusal([createNotAllowedProblem(name)]);
  throw new Refusal([createUnreadProblem(unmarked.text, name, formsText)]);
}

/** A line that includes a file: nft and pf both have it, so it doesn't show which program's text it is. */
const INCLUDE_LINE = /^[ \t]*include[ \t]+"[^"\n]*"[ \t]*;?[ \t]*\r?$/gm;

const findPlatform = (rules: string): ParsablePlatformId | undefined =>
  PLATFORM_IDS.find((id) => parsablePlatforms[id].configFormat.recognises(rules));

/** The beginning of a text that shows what it is. */
const MAX_SEARCHED_CHARACTERS = 200_000;

function createUnreadProblem(source: string, name: string, formsText: string): Problem {
  const start = source.slice(0, MAX_SEARCHED_CHARACTERS);
  const format = findUnsupportedFormat(start);
  return format ? createNotYetReadProblem(name, format) : createNotRecognisedProblem(name, formsText);
}

/**
 * Returns the platform of a device from its running config. Empty output belongs to a platform whose devices print
 * nothing without rules.
 * @throws Refusal review/not-recognised
 */
export function recognizeLivePlatform(text: string, name: string): ParsablePlatformId {
  const platformId = (Object.keys(platforms) as (keyof typeof platforms)[]).find((id) => {
    const { configFormat }: { readonly configFormat: ConfigFormat } = platforms[id];
    return text.trim() === '' ? configFormat.emptyOutputHint !== undefined : configFormat.recognises(text);
  });
  if (!platformId) throw new Refusal([createNotRecognisedProblem(name)]);
  return platformId;
}

function recogniseJson(source: string, name: string, formsText: string): RecognisedText {
  let json: unknown;
  try {
    json = parseJson(new TextEncoder().encode(source), name);
  } catch (error) {
    throw error instanceof Refusal && error.problems[0]?.code === 'review/too-many-values'
      ? error
      : new Refusal([createBrokenJsonProblem(name, formsText)]);
  }
  if (!isRecord(json)) throw new Refusal([createUnreadProblem(source, name, formsText)]);
  if (
    typeof json['format_version'] === 'string' &&
    (Object.hasOwn(json, 'planned_values') || Object.hasOwn(json, 'resource_changes'))
  )
    return { is: 'plan', json };
  if (isEncryptedPlan(json)) return { is: 'plan', json };
  // The output of verify --json for one device, or for several.
  const answers: readonly unknown[] = Array.isArray(json['devices']) ? json['devices'] : [json];
  if (answers.length > 0 && answers.every(isVerifyAnswer)) return { is: 'looked', devices: answers };
  if (answers.some(isVerifyAnswer)) throw new Refusal([createNotEachAskedProblem(name)]);
  if (isRecord(json['terraform']) || isRecord(json['resource'])) return { is: 'stack', json };
  throw new Refusal([createUnreadProblem(source, name, formsText)]);
}

const isVerifyAnswer = (json: unknown): json is Readonly<Record<string, unknown>> =>
  isRecord(json) && typeof json['ruleset'] === 'string' && isRecord(json['facts']);

const DEVICE_FORMS: readonly string[] = [
  ...UNMANAGED_FORMATS.flatMap(({ fileLayout, inputLabel, printCommand }) =>
    fileLayout ? [] : [inputLabel ?? `what \`${printCommand}\` prints`],
  ),
  `${MULTI_FILE_FORMATS.label} in a folder or a tar`,
];

/** Formats that operators have of devices, without this package's own. */
export const DEVICE_FORMS_TEXT = `${DEVICE_FORMS.join(', ')}.`;

const ALL_FORMS_TEXT =
  [
    ...DEVICE_FORMS,
    'the JSON of `cpanel-edge verify --json`',
    'a plan, also as `terraform show -json` prints it',
    'a synthesized stack (its folder or its cdk.tf.json)',
  ].join(', ') + '; cpanel-edge exposure --help has the commands to type on a server.';

export const createEmptyProblem = (where: string): Problem => ({
  code: 'review/empty',
  where,
  what: 'It is empty. Either the command failed, or the server has no rules at all: then everything on it is reachable.',
  instead: `run the command again as root and look at what it says, ${UNMANAGED_FORMATS.flatMap(({ emptyOutputHint }) => emptyOutputHint ?? []).join(' ')}`,
});

export const createFactsAloneProblem = (where: string): Problem => ({
  code: 'review/facts-alone',
  where,
  what: 'It holds what ip and sysctl print of a server, and no rules. Where the command for the rules was in the same line, it printed none: it failed, or nothing filters there.',
  instead: `beside the rules of that one server: cpanel-edge exposure rules.nft ${where === 'standard input' ? '-' : where}. Where the rules should be in it: run their command alone, as root, and look at what it says.`,
});

const createRulesElsewhereProblem = (where: string, { what, instead }: ExternalRulesHint): Problem => ({
  code: 'review/rules-elsewhere',
  where,
  what,
  instead,
});

const createNotAllowedProblem = (where: string): Problem => ({
  code: 'review/not-allowed',
  where,
  what: 'It holds an error instead of rules: the account that ran the command may not read them.',
  instead:
    'as root: ssh root@server nft list ruleset > rules.nft, or ssh user@server sudo nft list ruleset > rules.nft.',
});

const createNotYetReadProblem = (
  where: string,
  { label, flaw = 'which is not read yet', instead }: UnsupportedFormat,
): Problem => ({
  code: 'review/not-yet-read',
  where,
  what: `It looks like ${label}, ${flaw}.`,
  instead,
});

const createBrokenJsonProblem = (where: string, formsText: string): Problem => ({
  code: 'review/broken-json',
  where,
  what: 'It begins like JSON and is none: it is cut off, or something else stands in it.',
  instead: `the file whole. Read are: ${formsText}`,
});

const createNotEachAskedProblem = (where: string): Problem => ({
  code: 'review/not-each-asked',
  where,
  what: 'It is what verify --json prints of several devices, and one of them could not be asked.',
  instead: 'cpanel-edge verify DEVICE --json for each that answers.',
});

const createNotRecognisedProblem = (where: string, formsText = ALL_FORMS_TEXT): Problem => ({
  code: 'review/not-recognised',
  where,
  what: 'Nothing that is read looks like this.',
  instead: formsText,
});
