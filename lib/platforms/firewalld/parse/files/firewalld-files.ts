// Splits a text with all files of one firewalld into the files that count (the administrator's before the packaged
// ones), and parses their XML. Refuses incomplete texts.

import { Problem, refuseIfAny } from '../../../../problems/problem';
import { PrintedFile, splitPrintedFiles } from '../../../../parse/printed-files';
import { XmlElement, XmlError, parseXml } from '../../../../xml/parse-xml';
import { parseFilePath } from './firewalld-paths';
import { FILES_HINT, createBrokenProblem, createProblem, createUnexpectedProblem } from './parse-problems';
import { GENERATED_CONFIG_VERSION, DetectedVersions, isProgramFile, detectVersions } from './firewalld-version';

/** One of firewalld's files, in a text that holds all of them in the form that `tail -v -n +1` prints. */
export interface ConfigFile {
  readonly path: string;
  /** Without folder and ending: a service's name; `more/a` for zones/more/a.xml, a part of a zone. */
  readonly name: string;
  /** Its first line in the text, from 1. */
  readonly line: number;
  readonly text: string;
  /** True if the file is the package's, false if it is the administrator's. */
  readonly isStock: boolean;
}

export interface XmlFile extends ConfigFile {
  readonly root: FirewalldElement;
}

/** An element, with its line in the whole text and its source text. */
export interface FirewalldElement extends Pick<XmlElement, 'name' | 'attributes' | 'text'> {
  readonly line: number;
  readonly sourceText: string;
  readonly children: readonly FirewalldElement[];
}

const FOLDERS = ['zones', 'policies', 'services', 'ipsets', 'icmptypes', 'helpers'] as const;
type FirewalldFolder = (typeof FOLDERS)[number];

/** The files that count: if two have one name, the administrator's. Files that nothing uses aren't parsed. */
export interface FirewalldFiles {
  /** Undefined if the text has only policies and sets, which are loaded beside the rest of a server's config. */
  readonly conf: ConfigFile | undefined;
  readonly direct: ConfigFile | undefined;
  readonly in: Readonly<Record<FirewalldFolder, ReadonlyMap<string, ConfigFile>>>;
  readonly detectedVersions: DetectedVersions;
}

const STOCK_FOLDER = /(^|\/)usr\/lib\/firewalld\//;
/** Returns whether a text holds files, and not the running rules. */
export const hasPrintedFiles = (text: string): boolean => /^\s*==> /.test(text);

/** Returns whether the path is one of firewalld's. A text may begin with other settings than those that count. */
export const isFirewalldPath = (path: string): boolean =>
  parseFilePath(path) !== undefined || /firewalld\/[^/]+\.conf$/.test(path);

/**
 * Returns the files of a whole firewalld.
 * @throws Refusal `firewalld/no-conf`, `firewalld/no-stock`, `firewalld/combined-zone`, `firewalld/several`,
 * `firewalld/later-version`, `firewalld/earlier-version`
 */
export function parseFiles(text: string): FirewalldFiles {
  const { files, problems, stock, program } = collectFiles(text);
  if (!files.conf)
    problems.push(
      createProblem(
        'no-conf',
        1,
        'firewalld.conf is not in the text: it says which zone an interface is in that no file names.',
        FILES_HINT,
      ),
    );
  if (stock.size === 0)
    problems.push(
      createProblem(
        'no-stock',
        1,
        'the files of the package are not in the text: what its zones and services open, they say.',
        FILES_HINT,
      ),
    );
  const detected = detectVersions(
    { stock: new Set(stock.keys()), firstPolicy: stock.get('policies/allow-host-ipv6') ?? '', program },
    problems,
  );
  refuseIfAny(problems);
  return { ...files, detectedVersions: detected };
}

/** Returns the files of a whole firewalld, or policies and sets alone. */
export function parseFilesOrPolicies(text: string): FirewalldFiles {
  const { files, problems, stock } = collectFiles(text);
  const { zones, services, icmptypes, helpers } = files.in;
  if (
    files.conf ||
    stock.size > 0 ||
    files.direct ||
    [zones, services, icmptypes, helpers].some(({ size }) => size > 0)
  )
    return parseFiles(text);
  refuseIfAny(problems);
  return files;
}

interface CollectedFiles {
  readonly files: FirewalldFiles;
  readonly problems: Problem[];
  /** Texts of the package's files, by names such as `services/ssh`. */
  readonly stock: ReadonlyMap<string, string>;
  /** The file that names the program's version. */
  readonly program: PrintedFile | undefined;
}

function collectFiles(text: string): CollectedFiles {
  const filesByFolder = Object.fromEntries(FOLDERS.map((folder) => [folder, new Map<string, ConfigFile>()])) as Record<
    FirewalldFolder,
    Map<string, ConfigFile>
  >;
  const topLevelFiles = new Map<string, ConfigFile>();
  const problems: Problem[] = [];
  const roots = new Set<string>();
  const stock = new Map<string, string>();
  let program: PrintedFile | undefined;
  for (const file of splitPrintedFiles(text)) {
    if (isProgramFile(file.path)) {
      if (program && program.text !== file.text)
        problems.push(createSeveralProblem(file.line, file.path, [program.path]));
      program = file;
    }
    const location = parseFilePath(file.path);
    if (!location) continue;
    const { root, parts } = location;
    const [first = '', ...names] = parts;
    const name = names.join('/');
    const isStock = STOCK_FOLDER.test(file.path);
    // The package has no zones in several files.
    if (isStock && names.length > 1) continue;
    if (isStock) stock.set(parts.join('/'), file.text);
    if (!roots.has(root)) {
      if ([...roots].some((knownRoot) => STOCK_FOLDER.test(`${knownRoot}/`) === isStock))
        problems.push(createSeveralProblem(file.line, root, [...roots]));
      roots.add(root);
    }
    if (name === '') topLevelFiles.set(first, { name: first, isStock, ...file });
    else if (names.length > 2) problems.push(createTooDeepProblem(file.line, file.path));
    else if (!isStock || filesByFolder[first as FirewalldFolder].get(name)?.isStock !== false)
      filesByFolder[first as FirewalldFolder].set(name, { name, isStock, ...file });
  }
  const files = { conf: topLevelFiles.get('firewalld.conf'), direct: topLevelFiles.get('direct'), in: filesByFolder };
  return {
    files: { ...files, detectedVersions: { versions: [GENERATED_CONFIG_VERSION], evidence: undefined } },
    problems,
    stock,
    program,
  };
}

const createSeveralProblem = (line: number, root: string, otherRoots: readonly string[]): Problem =>
  createProblem(
    'several',
    line,
    `files of ${root || 'one firewalld'} stand beside those of ${otherRoots.join(', ')}.`,
    'the files of one firewalld, without copies.',
  );

const createTooDeepProblem = (line: number, path: string): Problem =>
  createProblem(
    'combined-zone',
    line,
    `${path} is in a folder of a folder of zones: a part of another zone than it looks like.`,
    'the files of a zone in zones/NAME/, or the zone in one file.',
  );

/** Parses the XML of a file. Reports invalid XML and returns undefined. */
export function parseXmlFile(file: ConfigFile, problems: Problem[]): XmlFile | undefined {
  try {
    // XML allows nothing before a declaration.
    if (/^\s+<\?xml/.test(file.text)) throw new XmlError(1, 'white space before <?xml');
    return { ...file, root: locateElement(file, parseXml(file.text.trimEnd())) };
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const line = file.line + error.line - 1;
    problems.push(
      error.what.includes('document type')
        ? createUnexpectedProblem(line, '<!DOCTYPE>')
        : createBrokenProblem(line, `${error.what}.`),
    );
    return undefined;
  }
}

const locateElement = (
  file: ConfigFile,
  { name, attributes, text, line, start, end, children }: XmlElement,
): FirewalldElement => ({
  name,
  attributes,
  text,
  line: file.line + line - 1,
  sourceText: file.text.slice(start, end),
  children: children.map((child) => locateElement(file, child)),
});
