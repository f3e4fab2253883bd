import { Problem, refuseIfAny } from '../../../../problems/problem';
import { PrintedFile, splitPrintedFiles } from '../../../../parse/printed-files';
import { XmlElement, XmlError, parseXml } from '../../../../xml/parse-xml';
import { parseFilePath } from './firewalld-paths';
import { FILES_HINT, createBrokenProblem, createProblem, createUnexpectedProblem } from './parse-problems';
import { GENERATED_CONFIG_VERSION, DetectedVersions, isProgramFile, detectVersions } from './firewalld-version';

/** One of firewalld's files, in a text that holds them all as `tail -v -n +1` prints them. */
export interface ConfigFile {
  readonly path: string;
  /** Without folder and ending: of a service its name; of a part of a zone, zones/more/a.xml, more/a. */
  readonly name: string;
  /** Of its first line in the text, from 1. */
  readonly line: number;
  readonly text: string;
  /** The package's, not the administrator's. */
  readonly isStock: boolean;
}

export interface XmlFile extends ConfigFile {
  readonly root: FirewalldElement;
}

/** Where it stands in the text that holds all files, and what is written there. */
export interface FirewalldElement extends Pick<XmlElement, 'name' | 'attributes' | 'text'> {
  readonly line: number;
  readonly written: string;
  readonly children: readonly FirewalldElement[];
}

const FOLDERS = ['zones', 'policies', 'services', 'ipsets', 'icmptypes', 'helpers'] as const;
type FirewalldFolder = (typeof FOLDERS)[number];

/** The files that count: of two with one name the administrator's. Those that nothing asks for aren't parsed. */
export interface FirewalldFiles {
  /** Undefined where it is policies and sets alone, which are loaded beside whatever else a server has. */
  readonly conf: ConfigFile | undefined;
  readonly direct: ConfigFile | undefined;
  readonly in: Readonly<Record<FirewalldFolder, ReadonlyMap<string, ConfigFile>>>;
  readonly told: DetectedVersions;
}

const STOCK_FOLDER = /(^|\/)usr\/lib\/firewalld\//;
/** Whether a text holds files, not what runs. */
export const hasPrintedFiles = (text: string): boolean => /^\s*==> /.test(text);

/** Whether a file is firewalld's by its path: a text may begin with other settings than those that count. */
export const isFirewalldPath = (path: string): boolean =>
  parseFilePath(path) !== undefined || /firewalld\/[^/]+\.conf$/.test(path);

/**
 * Throws Refusal `firewalld/no-conf`, `firewalld/no-stock`, `firewalld/combined-zone`, `firewalld/several`, `firewalld/later-version`,
 * `firewalld/earlier-version`.
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
  return { ...files, told: detected };
}

/** The same, where it may be policies and sets alone. */
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
  /** What the package's hold, by names as `services/ssh`. */
  readonly stock: ReadonlyMap<string, string>;
  /** The file in which the program says which it is. */
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
    // The package has no zones of several files.
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
    files: { ...files, told: { versions: [GENERATED_CONFIG_VERSION], by: undefined } },
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

/** Undefined, and said, where it is no XML. */
export function parseXmlFile(file: ConfigFile, problems: Problem[]): XmlFile | undefined {
  try {
    // Nothing may stand before a declaration.
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
  written: file.text.slice(start, end),
  children: children.map((child) => locateElement(file, child)),
});
