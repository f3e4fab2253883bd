import { Problem } from '../lib/problems/problem';

/**
 * Where a wish was written. Ten thousand constructs remember where they were made and a handful have problems, so what is remembered is an
 * Error whose text nobody has asked for yet: V8 writes it on the first look, and source maps are read only then.
 */
export class SourceLines {
  private readonly errors: Error[] = [];
  private readonly partsWithLine = new Set<string>();

  /** Names a construct for problems: `OneToOneNat "web"`, and a mark that `resolved` turns into its line. */
  markPlace(kind: string, id: string): string {
    this.errors.push(new Error());
    return `${kind} "${id}"${PLACE_MARK}${this.errors.length - 1}${PLACE_MARK}`;
  }

  /** The problem with ` (stacks/edge.ts:41)` in place of every mark, in its sentences too, where it names another construct. */
  resolveProblem({ code, where, what, instead }: Problem): Problem {
    return {
      code,
      where: this.resolveText(where),
      what: this.resolveText(what),
      instead: this.resolveText(instead),
    };
  }

  resolveText(text: string): string {
    return text.replace(MARKED_PLACE, (_, index: string) => {
      const line = this.findMarkedLine(index);
      return line === undefined ? '' : ` (${line})`;
    });
  }

  /**
   * `stacks/edge.ts:41`, the line of a device's place; undefined where that isn't below the working folder: another machine has it elsewhere.
   */
  findLine(place: string): string | undefined {
    const [, index] = new RegExp(MARKED_PLACE.source).exec(place) ?? [];
    const line = index === undefined ? undefined : this.findMarkedLine(index);
    return line !== undefined && /^[^/\\:]+(?:\/[^/\\:]+)*:\d+$/.test(line) ? line : undefined;
  }

  /** The same of a part of a device. A tenth of a millisecond each, so those past the first thousand have none: they stand with their device. */
  findPartLine(place: string): string | undefined {
    if (this.partsWithLine.size >= MAX_PARTS && !this.partsWithLine.has(place)) return undefined;
    this.partsWithLine.add(place);
    return this.findLine(place);
  }

  /** Returns the user's line. A custom `Error.prepareStackTrace` may return anything, or throw: then the line is unknown. */
  private findMarkedLine(index: string): string | undefined {
    try {
      const stack: unknown = this.errors[Number(index)]?.stack;
      return typeof stack === 'string' ? findUserLine(stack, process.cwd()) : undefined;
    } catch {
      return undefined;
    }
  }
}

const MAX_PARTS = 1_000;

// From the private use area: it prints nothing else, and what makes text printable lets it through.
const PLACE_MARK = '\ue000';
const MARKED_PLACE = /\ue000(\d+)\ue000/g;

/** This package's own files: `constructs/` and `lib/` of the repository, or of `dist/`. */
const OWN_FOLDERS = ['constructs', 'lib'].map((room) => `${__dirname.replace(/\/constructs$/, '')}/${room}/`);
const LIBRARY_PATH = /[/\\]node_modules[/\\]/;

/** `at web (/home/a (b)/edge.ts:41:3)`: a frame of a file, with or without whose it is. */
const STACK_FRAME = /^\s*at (?:async )?(?:.*? \()??((?:\/|file:\/\/|[A-Za-z]:[\\/]).+):(\d+):\d+\)?$/;

/** The first frame outside this package and all that is installed, as a path relative to the working folder. */
export function findUserLine(stack: string, folder: string): string | undefined {
  for (const frame of stack.split('\n')) {
    const [, file, line] = STACK_FRAME.exec(frame) ?? [];
    const path = file?.startsWith('file://') ? decodePath(file.slice('file://'.length)) : file;
    if (path === undefined || LIBRARY_PATH.test(path) || OWN_FOLDERS.some((ownFolder) => path.startsWith(ownFolder)))
      continue;
    return `${path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path}:${line}`;
  }
  return undefined;
}

/** A path of a URL; one that is no such is taken as it stands. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
