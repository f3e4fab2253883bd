// Joins the input files of `exposure` and `import` that belong to one host: rules of both families, included files,
// facts (output of ip and sysctl), and cPanel's NAT files.
import { ConfigFormat } from '../parse/config-format';
import { parsablePlatforms } from '../registry';
import { Problem, Refusal } from '../problems/problem';
import { ExposureInput, ExposureSource } from './create-exposure-report';
import { splitFacts } from './facts/device-facts';
import { createWholeFile, shortenFileNames } from './report/source-files';
import { addFileName } from './texts/add-file-name';
import { createEmptyProblem, createFactsAloneProblem } from './texts/recognize-text';

type RulesSource = ExposureSource & { readonly is: 'rules' };

/**
 * Joins files that each hold a part of one host, one after the other: `rules.v4 rules.v6`. Adds the output of ip and
 * sysctl, and the only files of cPanel, to the only rules.
 * @throws Refusal as a parser does, and review/empty, review/facts-alone, review/nat-files-alone
 */
export function joinFiles(inputs: readonly ExposureInput[]): readonly ExposureSource[] {
  const sources = inputs.flatMap((input) =>
    input.is === 'nat files' || input.is === 'facts' || input.is === 'empty' ? [] : [input],
  );
  const natFileInputs = inputs.flatMap((input) => (input.is === 'nat files' ? [input] : []));
  const joinedSources = addFacts(
    noteEmptyFiles(
      joinRules(resolveIncludes(sources)),
      inputs.flatMap(({ is, name }) => (is === 'empty' ? [name] : [])),
    ),
    inputs.flatMap((input) => (input.is === 'facts' ? [input] : [])),
  );
  const [natFileInput] = natFileInputs;
  if (!natFileInput) return joinedSources;
  const [rulesSource, ...otherSources] = joinedSources;
  if (rulesSource?.is !== 'rules' || rulesSource.natFiles || otherSources.length + natFileInputs.length > 1)
    throw new Refusal([createNatFilesAloneProblem(natFileInput.name)]);
  return [{ ...rulesSource, natFiles: natFileInput.natFiles }];
}

/** Notes empty files that stand for a family without rules: an empty `rules.v6` beside `rules.v4`. */
function noteEmptyFiles(sources: readonly ExposureSource[], names: readonly string[]): readonly ExposureSource[] {
  if (names.length === 0) return sources;
  const [source, ...otherSources] = sources;
  const notes = names.map((name) => {
    if (source?.is !== 'rules' || otherSources.length > 0) return undefined;
    const { configFormat }: { readonly configFormat: ConfigFormat } = parsablePlatforms[source.platform];
    return addFileName(source.name, () => configFormat.explainEmptyFile?.(splitFacts(source.text).text, name));
  });
  const unplacedNames = names.filter((_, at) => notes[at] === undefined);
  if (unplacedNames.length > 0 || source?.is !== 'rules') throw new Refusal(unplacedNames.map(createEmptyProblem));
  return [{ ...source, joined: [source.joined, ...notes].filter((note) => note !== undefined).join('; ') }];
}

/** Appends facts behind the rules, whose lines keep their numbers. */
function addFacts(
  sources: readonly ExposureSource[],
  facts: readonly (ExposureInput & { readonly is: 'facts' })[],
): readonly ExposureSource[] {
  const [firstFacts] = facts;
  if (!firstFacts) return sources;
  const [rulesSource, ...otherSources] = sources;
  if (rulesSource?.is !== 'rules' || otherSources.length > 0)
    throw new Refusal(facts.map(({ name }) => createFactsAloneProblem(name)));
  return [{ ...rulesSource, text: [rulesSource.text, ...facts.map(({ text }) => text)].join('\n') }];
}

const createNatFilesAloneProblem = (where: string): Problem => ({
  code: 'review/nat-files-alone',
  where,
  what: "It holds cPanel's NAT files and no rules, and not exactly one text with rules stands beside it.",
  instead: 'cpanel-edge exposure rules.nft FOLDER, both of one server.',
});

/** Merges included files into those that include them. An included file counts for nothing else. */
function resolveIncludes(sources: readonly ExposureSource[]): readonly ExposureSource[] {
  const usedSources = new Set<ExposureSource>();
  const mergedSources = sources.map((source) => {
    const { including } =
      source.is === 'rules' ? (parsablePlatforms[source.platform].configFormat as ConfigFormat) : {};
    if (source.is !== 'rules' || !including) return source;
    const otherSources = sources.filter(
      (otherSource): otherSource is RulesSource =>
        otherSource !== source && otherSource.is === 'rules' && otherSource.platform === source.platform,
    );
    const { text, includedFiles, segments } = including(
      source.text,
      new Map(otherSources.map((otherSource) => [otherSource.name, otherSource.text])),
    );
    if (includedFiles.length === 0) return source;
    for (const otherSource of otherSources)
      if (includedFiles.some(({ name }) => name === otherSource.name)) usedSources.add(otherSource);
    const leftOutLines = otherSources.flatMap((otherSource) =>
      usedSources.has(otherSource)
        ? otherSource.omittedLines.map((leftOutLine) => `${otherSource.name}, ${leftOutLine}`)
        : [],
    );
    return {
      ...source,
      text,
      omittedLines: [...source.omittedLines, ...leftOutLines],
      files: shortenFileNames(
        segments.map(({ name = source.name, line, fileLine }) => ({ name, firstLine: line, fileLine })),
      ),
      joined: `${source.name} includes ${[...new Set(includedFiles.map(({ name }) => name))].join(', ')}`,
    };
  });
  return mergedSources.filter((_, index) => !usedSources.has(sources[index]!));
}

function joinRules(sources: readonly ExposureSource[]): readonly ExposureSource[] {
  // The parts of a single file don't matter, and a parse is needed to find them.
  if (sources.length < 2) return sources;
  const joinedSources: ExposureSource[] = [];
  let parts: readonly string[] = [];
  for (const source of sources) {
    const previousSource = joinedSources.at(-1);
    const sourceParts = source.is === 'rules' ? listParts(source) : [];
    if (
      source.is === 'rules' &&
      previousSource?.is === 'rules' &&
      previousSource.platform === source.platform &&
      areDisjoint(parts, sourceParts)
    ) {
      joinedSources[joinedSources.length - 1] = joinPair(previousSource, source);
      parts = [...parts, ...sourceParts];
    } else {
      joinedSources.push(source);
      parts = sourceParts;
    }
  }
  return joinedSources;
}

const listParts = ({ name, platform, text }: RulesSource): readonly string[] => {
  const { configFormat } = parsablePlatforms[platform];
  return addFileName(name, () => configFormat.holds?.(splitFacts(text).text) ?? []);
};

const areDisjoint = (parts: readonly string[], otherParts: readonly string[]): boolean =>
  parts.length > 0 && otherParts.length > 0 && !otherParts.some((part) => parts.includes(part));

function joinPair(before: RulesSource, after: RulesSource): RulesSource {
  const text = before.text.endsWith('\n') ? before.text : `${before.text}\n`;
  const files = [before, after].map(({ name, files: ownFiles }) => ownFiles ?? [createWholeFile(name)]);
  const firstLine = text.split('\n').length;
  return {
    ...before,
    name: `${before.name}, ${after.name}`,
    text: text + after.text,
    omittedLines: [...before.omittedLines, ...after.omittedLines.map((line) => `${after.name}, ${line}`)],
    files: shortenFileNames([
      ...files[0]!,
      ...files[1]!.map((file) => ({ ...file, firstLine: file.firstLine + firstLine - 1 })),
    ]),
    joined: 'the files are of one host',
  };
}
