import { Problem, refuseIfAny } from '../../../../problems/problem';
import { PrintedFile, filesIn } from '../../../../parse/printed-files';
import { XmlElement, XmlError, parseXml } from '../../../../xml/xml';
import { placeOf } from './paths';
import { FILES, broken, problem, unexpected } from './problems';
import { OWN_TEXT, Told, isOfProgram, toldBy } from './version';

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
  readonly root: Element;
}

/** Where it stands in the text that holds all files, and what is written there. */
export interface Element extends Pick<XmlElement, 'name' | 'attributes' | 'text'> {
  readonly line: number;
  readonly written: string;
  readonly children: readonly Element[];
}

const FOLDERS = ['zones', 'policies', 'services', 'ipsets', 'icmptypes', 'helpers'] as const;
type Folder = (typeof FOLDERS)[number];

/** The files that count: of two with one name the administrator's. Those that nothing asks for aren't parsed. */
export interface Files {
  /** Undefined where it is policies and sets alone, which are loaded beside whatever else a server has. */
  readonly conf: ConfigFile | undefined;
  readonly direct: ConfigFile | undefined;
  readonly in: Readonly<Record<Folder, ReadonlyMap<string, ConfigFile>>>;
  readonly told: Told;
}

const STOCK = /(^|\/)usr\/lib\/firewalld\//;
/** Whether a text holds files, not what runs. */
export const isOfFiles = (text: string): boolean => /^\s*==> /.test(text);

/** Whether a file is firewalld's by its path: a text may begin with other settings than those that count. */
export const isOwn = (path: string): boolean => placeOf(path) !== undefined || /firewalld\/[^/]+\.conf$/.test(path);

/**
 * Throws Refusal `firewalld/no-conf`, `firewalld/no-stock`, `firewalld/combined-zone`, `firewalld/several`, `firewalld/later-version`,
 * `firewalld/earlier-version`.
 */
export function filesOf(text: string): Files {
  const { files, problems, stock, program } = gathered(text);
  if (!files.conf)
    problems.push(
      problem(
        'no-conf',
        1,
        'firewalld.conf is not in the text: it says which zone an interface is in that no file names.',
        FILES,
      ),
    );
  if (stock.size === 0)
    problems.push(
      problem(
        'no-stock',
        1,
        'the files of the package are not in the text: what its zones and services open, they say.',
        FILES,
      ),
    );
  const told = toldBy(
    { stock: new Set(stock.keys()), firstPolicy: stock.get('policies/allow-host-ipv6') ?? '', program },
    problems,
  );
  refuseIfAny(problems);
  return { ...files, told };
}

/** The same, where it may be policies and sets alone. */
export function filesOrPoliciesOf(text: string): Files {
  const { files, problems, stock } = gathered(text);
  const { zones, services, icmptypes, helpers } = files.in;
  if (
    files.conf ||
    stock.size > 0 ||
    files.direct ||
    [zones, services, icmptypes, helpers].some(({ size }) => size > 0)
  )
    return filesOf(text);
  refuseIfAny(problems);
  return files;
}

interface Gathered {
  readonly files: Files;
  readonly problems: Problem[];
  /** What the package's hold, by names as `services/ssh`. */
  readonly stock: ReadonlyMap<string, string>;
  /** The file in which the program says which it is. */
  readonly program: PrintedFile | undefined;
}

function gathered(text: string): Gathered {
  const found = Object.fromEntries(FOLDERS.map((folder) => [folder, new Map<string, ConfigFile>()])) as Record<
    Folder,
    Map<string, ConfigFile>
  >;
  const alone = new Map<string, ConfigFile>();
  const problems: Problem[] = [];
  const roots = new Set<string>();
  const stock = new Map<string, string>();
  let program: PrintedFile | undefined;
  for (const file of filesIn(text)) {
    if (isOfProgram(file.path)) {
      if (program && program.text !== file.text) problems.push(several(file.line, file.path, [program.path]));
      program = file;
    }
    const place = placeOf(file.path);
    if (!place) continue;
    const { root, parts } = place;
    const [first = '', ...names] = parts;
    const name = names.join('/');
    const isStock = STOCK.test(file.path);
    // The package has no zones of several files.
    if (isStock && names.length > 1) continue;
    if (isStock) stock.set(parts.join('/'), file.text);
    if (!roots.has(root)) {
      if ([...roots].some((other) => STOCK.test(`${other}/`) === isStock))
        problems.push(several(file.line, root, [...roots]));
      roots.add(root);
    }
    if (name === '') alone.set(first, { name: first, isStock, ...file });
    else if (names.length > 2) problems.push(tooDeep(file.line, file.path));
    else if (!isStock || found[first as Folder].get(name)?.isStock !== false)
      found[first as Folder].set(name, { name, isStock, ...file });
  }
  const files = { conf: alone.get('firewalld.conf'), direct: alone.get('direct'), in: found };
  return { files: { ...files, told: { versions: [OWN_TEXT], by: undefined } }, problems, stock, program };
}

const several = (line: number, root: string, others: readonly string[]): Problem =>
  problem(
    'several',
    line,
    `files of ${root || 'one firewalld'} stand beside those of ${others.join(', ')}.`,
    'the files of one firewalld, without copies.',
  );

const tooDeep = (line: number, path: string): Problem =>
  problem(
    'combined-zone',
    line,
    `${path} is in a folder of a folder of zones: a part of another zone than it looks like.`,
    'the files of a zone in zones/NAME/, or the zone in one file.',
  );

/** Undefined, and said, where it is no XML. */
export function xmlOf(file: ConfigFile, problems: Problem[]): XmlFile | undefined {
  try {
    // Nothing may stand before a declaration.
    if (/^\s+<\?xml/.test(file.text)) throw new XmlError(1, 'white space before <?xml');
    return { ...file, root: located(file, parseXml(file.text.trimEnd())) };
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const line = file.line + error.line - 1;
    problems.push(
      error.what.includes('document type') ? unexpected(line, '<!DOCTYPE>') : broken(line, `${error.what}.`),
    );
    return undefined;
  }
}

const located = (file: ConfigFile, { name, attributes, text, line, start, end, children }: XmlElement): Element => ({
  name,
  attributes,
  text,
  line: file.line + line - 1,
  written: file.text.slice(start, end),
  children: children.map((one) => located(file, one)),
});
