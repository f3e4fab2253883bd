import { Problem, refuseIfAny } from '../../../problems/problem';
import { Place, PrintedFile } from '../../../reading/printed-files';
import { filesOfServer, firstPath } from '../../../reading/server-files';
import { UPSTREAM, isNameOfOwn, program } from './paths';
import { FILES, say } from './problems';

/** A file of the server; `returns` is the first line that ends with a carriage return, where its others may not. */
interface OwnFile extends PrintedFile {
  readonly returns: number | undefined;
}

/** A server's files, by what stands behind APF's folder in their paths; of others the whole path. */
export class Files {
  /** Throws Refusal `apf/no-conf`, `apf/no-list`. */
  constructor(
    private readonly all: ReadonlyMap<string, OwnFile>,
    readonly isUpstream: boolean,
    /** Files in the text that are none of APF's. */
    readonly others: readonly string[],
    /** Only keys of conf.apf are there, and whom lists let in: they stand among whatever else a server has. */
    readonly opensAlone = false,
  ) {
    refuseIfAny(
      ['conf.apf', 'allow_hosts.rules', ...(opensAlone ? [] : ['deny_hosts.rules'])]
        .filter((name) => !all.has(name))
        .map((name) =>
          name === 'conf.apf'
            ? say.problem('no-conf', 1, 'conf.apf is not in the text: which ports are open, it says.', FILES)
            : say.problem('no-list', 1, `${name} is not in the text: whom it lets in or keeps out, nobody knows.`, FILES),
        ),
    );
  }

  get names(): readonly (readonly [string, number])[] {
    return [...this.all].map(([name, { line }]) => [name, line]);
  }

  of(name: string): OwnFile | undefined {
    return this.all.get(name);
  }

  linesOf(name: string): readonly Place[] | undefined {
    const file = this.all.get(name);
    if (!file) return undefined;
    const lines = file.text.split('\n').map((text, at) => ({ line: file.line + at, text }));
    // Between two files stands an empty line that is of neither.
    if (lines.at(-1)?.text === '') lines.pop();
    return lines;
  }

  /** The first line of a file whose end no shell takes for a blank. */
  get returns(): Place | undefined {
    return [...this.all].flatMap(([text, { returns: line }]) => (line === undefined ? [] : [{ line, text }]))[0];
  }
}

/** Whether a text begins with a file that APF has. */
export const beginsWithFile = (text: string): boolean => isNameOfOwn(firstPath(text));

/** What opens ports, whom lists let in, and what starts APF. */
const OPENING = ['conf.apf', 'allow_hosts.rules', 'postroute.rules', '/etc/default/apf-firewall'];

/** A server's files, or those alone that open something. */
export function filesOrOpeningOf(text: string): Files {
  const { all, isUpstream, others } = gathered(text);
  const alone = all.size === OPENING.length && OPENING.every((name) => all.has(name)) && others.length === 0;
  return new Files(all, isUpstream, others, alone);
}

export function filesOf(text: string): Files {
  const { all, isUpstream, others } = gathered(text);
  return new Files(all, isUpstream, others);
}

interface Gathered {
  readonly all: ReadonlyMap<string, OwnFile>;
  readonly isUpstream: boolean;
  readonly others: readonly string[];
}

function gathered(text: string): Gathered {
  const several = (line: number, path: string): Problem =>
    say.problem('several', line, `a second conf.apf is in the text: ${path}.`, FILES);
  const { all, others, home = '' } = filesOfServer(text, program, several);
  const raw = text.split('\n');
  const own = [...all].map(
    ([path, file]) => [path.startsWith(home) ? path.slice(home.length) : path, { ...file, returns: returnsIn(file, raw) }] as const,
  );
  return { all: new Map(own), isUpstream: home === UPSTREAM, others };
}

/** Undefined where the line with the path has one, too: then it is of how the text was sent. */
function returnsIn({ line, text }: PrintedFile, raw: readonly string[]): number | undefined {
  if (raw[line - 2]?.endsWith('\r')) return undefined;
  const own = raw.slice(line - 1, line - 1 + text.split('\n').length);
  const at = own.findIndex((one) => one.endsWith('\r'));
  return at < 0 ? undefined : line + at;
}
