// Remembers the line of the user's code that made each construct, for the place of problems.

import { Problem } from '../lib/problems/problem';

/**
 * The lines of the user's code that made each construct. Ten thousand constructs need their line remembered, and few
 * have problems. So an unread Error is kept: V8 writes its stack, and reads source maps, only when it is first read.
 */
export class SourceLines {
  private readonly errors: Error[] = [];
  private readonly partsWithLine = new Set<string>();

  /**
   * Returns the name of a construct for problems: `OneToOneNat "web"` with a mark that `resolveText` replaces by its
   * line.
   */
  markPlace(kind: string, id: string): string {
    this.errors.push(new Error());
    return `${kind} "${id}"${PLACE_MARK}${this.errors.length - 1}${PLACE_MARK}`;
  }

  /**
   * Replaces every mark in a problem's texts by ` (stacks/edge.ts:41)`. Its sentences may name other constructs, too.
   */
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
   * Returns the line of a device: `stacks/edge.ts:41`. Undefined if the file isn't below the working folder, because
   * its path differs on another machine.
   */
  findLine(place: string): string | undefined {
    const [, index] = new RegExp(MARKED_PLACE.source).exec(place) ?? [];
    const line = index === undefined ? undefined : this.findMarkedLine(index);
    return line !== undefined && /^[^/\\:]+(?:\/[^/\\:]+)*:\d+$/.test(line) ? line : undefined;
  }

  /**
   * Returns the line of a part of a device. Each takes a tenth of a millisecond, so only the first thousand parts have
   * one.
   */
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

// From Unicode's private use area: it has no other meaning, and the escaping of text leaves it alone.
const PLACE_MARK = '\ue000';
const MARKED_PLACE = /\ue000(\d+)\ue000/g;

/** Folders of this package's own files: `constructs/` and `lib/` of the repository, or of `dist/`. */
const OWN_FOLDERS = ['constructs', 'lib'].map((folder) => `${__dirname.replace(/\/constructs$/, '')}/${folder}/`);
const LIBRARY_PATH = /[/\\]node_modules[/\\]/;

/** A stack frame with a file, with or without a function: `at web (/home/a (b)/edge.ts:41:3)`. */
const STACK_FRAME = /^\s*at (?:async )?(?:.*? \()??((?:\/|file:\/\/|[A-Za-z]:[\\/]).+):(\d+):\d+\)?$/;

/** Returns the first frame outside this package and its dependencies, as a path relative to the working folder. */
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

/** Decodes the path of a URL. A malformed one is returned as it is. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
