import { Problem } from '../lib/problems/problem';

/**
 * Where a wish was written. Ten thousand constructs remember where they were made and a handful have problems, so what is remembered is an
 * Error whose text nobody has asked for yet: V8 writes it on the first look, and source maps are read only then.
 */
export class SourceLines {
  private readonly made: Error[] = [];
  private readonly parts = new Set<string>();

  /** Names a construct for problems: `OneToOneNat "web"`, and a mark that `resolved` turns into its line. */
  place(kind: string, id: string): string {
    this.made.push(new Error());
    return `${kind} "${id}"${MARK}${this.made.length - 1}${MARK}`;
  }

  /** The problem with ` (stacks/edge.ts:41)` in place of every mark, in its sentences too, where it names another construct. */
  resolved({ code, where, what, instead }: Problem): Problem {
    return {
      code,
      where: this.resolvedText(where),
      what: this.resolvedText(what),
      instead: this.resolvedText(instead),
    };
  }

  resolvedText(text: string): string {
    return text.replace(MARKED, (_, index: string) => {
      const line = this.lineAt(index);
      return line === undefined ? '' : ` (${line})`;
    });
  }

  /**
   * `stacks/edge.ts:41`, the line of a device's place; undefined where that isn't below the working folder: another machine has it elsewhere.
   */
  lineOf(place: string): string | undefined {
    const [, index] = new RegExp(MARKED.source).exec(place) ?? [];
    const line = index === undefined ? undefined : this.lineAt(index);
    return line !== undefined && /^[^/\\:]+(?:\/[^/\\:]+)*:\d+$/.test(line) ? line : undefined;
  }

  /** The same of a part of a device. A tenth of a millisecond each, so those past the first thousand have none: they stand with their device. */
  lineOfPart(place: string): string | undefined {
    if (this.parts.size >= MOST_PARTS && !this.parts.has(place)) return undefined;
    this.parts.add(place);
    return this.lineOf(place);
  }

  /** Whoever prepares stack traces may make anything of one, or throw: then no line is known, and nothing else is wrong. */
  private lineAt(index: string): string | undefined {
    try {
      const stack: unknown = this.made[Number(index)]?.stack;
      return typeof stack === 'string' ? userLine(stack, process.cwd()) : undefined;
    } catch {
      return undefined;
    }
  }
}

const MOST_PARTS = 1_000;

// From the private use area: it prints nothing else, and what makes text printable lets it through.
const MARK = '\ue000';
const MARKED = /\ue000(\d+)\ue000/g;

/** This package's own files: `constructs/` and `lib/` of the repository, or of `dist/`. */
const OURS = ['constructs', 'lib'].map((room) => `${__dirname.replace(/\/constructs$/, '')}/${room}/`);
const LIBRARIES = /[/\\]node_modules[/\\]/;

/** `at web (/home/a (b)/edge.ts:41:3)`: a frame of a file, with or without whose it is. */
const FRAME = /^\s*at (?:async )?(?:.*? \()??((?:\/|file:\/\/|[A-Za-z]:[\\/]).+):(\d+):\d+\)?$/;

/** The first frame outside this package and all that is installed, as a path relative to the working folder. */
export function userLine(stack: string, folder: string): string | undefined {
  for (const frame of stack.split('\n')) {
    const [, file, line] = FRAME.exec(frame) ?? [];
    const path = file?.startsWith('file://') ? decoded(file.slice('file://'.length)) : file;
    if (path === undefined || LIBRARIES.test(path) || OURS.some((own) => path.startsWith(own))) continue;
    return `${path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path}:${line}`;
  }
  return undefined;
}

/** A path of a URL; one that is no such is taken as it stands. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
