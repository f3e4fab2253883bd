// Inspects the running rules of firewalld (`nft list ruleset`): finds the chain, table and owner of a line, and the
// config that would run if nothing had drifted.

import { escapeForDisplay } from '../../../problems/problem';
import {
  RunningConfigInspector,
  ReleaseText,
  LineLocator,
  ConfigUnit,
  containsAddress,
  replaceLineNumbers,
} from '../../../parse/running-config';
import { findProgram } from '../../../parse/firewall-programs';
import { hasPrintedFiles } from './files/firewalld-files';

/** A chain or a set in the output of `nft list ruleset`. */
interface ListedBlock {
  readonly name: string;
  /** Its table, for example `inet firewalld`. */
  readonly table: string;
  /** Number of its first line, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
}

/**
 * Names that an owner's policies and sets have. Owners are `[a-z0-9-]`, so a policy's purpose follows the last `-`; a
 * set's name has two more parts.
 */
const OWNED_NAME = /(?:^|_policy_)cf-([a-z0-9-]+?)(?:-(?:in|out)(?:_[a-z]+)?|-[46]-[0-9a-f]{13})$/;
const getUnitName = (owner: string): string => `policy cf-${owner}-in`;

const findOwner = (name: string): string | undefined => OWNED_NAME.exec(name)?.[1];

function splitBlocks(ruleset: string): readonly ListedBlock[] {
  const blocks: ListedBlock[] = [];
  let table = '';
  let openBlock: { name: string; table: string; first: number; lines: string[] } | undefined;
  ruleset.split('\n').forEach((line, index) => {
    table = /^table (\S+ \S+) \{/.exec(line)?.[1] ?? table;
    const name = /^\t(?:chain|set|map) (\S+) \{/.exec(line)?.[1];
    if (name !== undefined) blocks.push((openBlock = { name, table, first: index + 1, lines: [] }));
    openBlock?.lines.push(line);
    if (line === '\t}') openBlock = undefined;
  });
  return blocks;
}

const findBlock = (blocks: readonly ListedBlock[], line: number): ListedBlock | undefined =>
  blocks.find(({ first, lines }) => line >= first && line < first + lines.length);

/** Returns the owner of a line: the owner of its chain, or of the chain that it jumps to. */
function findLineOwner({ name, first, lines }: ListedBlock, line: number): string | undefined {
  return findOwner(name) ?? findOwner(/\b(?:jump|goto) (\S+)$/.exec(lines[line - first] ?? '')?.[1] ?? '');
}

function findUnit(blocks: readonly ListedBlock[], line: number): ConfigUnit | undefined {
  const block = findBlock(blocks, line);
  if (!block) return undefined;
  const owner = findLineOwner(block, line);
  if (owner !== undefined) return { name: getUnitName(owner), isManaged: true };
  return { name: `table ${block.table}`, isManaged: false, program: findProgram(block.name) };
}

function locateLines(text: string): LineLocator {
  const blocks = splitBlocks(text);
  const describeLine = (line: number): string => {
    const block = findBlock(blocks, line);
    if (!block) return `line ${line} of ${hasPrintedFiles(text) ? 'the files' : 'the ruleset'}`;
    const program = findProgram(block.name);
    return `line ${line - block.first + 1} of ${escapeForDisplay(block.name)} in table ${escapeForDisplay(block.table)}${program ? ` (${program.name})` : ''}`;
  };
  return {
    at: describeLine,
    inWords: (words) => replaceLineNumbers(words, describeLine),
    unitAt: (line) => findUnit(blocks, line),
    whose: (line) => {
      const unit = findUnit(blocks, line);
      return unit ? (unit.isManaged ? 'ours' : 'others') : 'nobody';
    },
    mentions: (address) =>
      blocks
        .filter(({ name }) => findOwner(name) === undefined)
        .flatMap(({ first, lines }) =>
          lines.flatMap((line, index) => (containsAddress(line, address) ? [describeLine(first + index)] : [])),
        ),
  };
}

const findUnitName = ({ text }: ReleaseText): string | undefined => {
  const owner = /^==> \/etc\/firewalld\/policies\/cf-([a-z0-9-]+)-in\.xml <==$/m.exec(text)?.[1];
  return owner === undefined ? undefined : getUnitName(owner);
};

/** The path of a release's file. */
const RELEASE_FILE = /^\/etc\/firewalld\/(?:policies|ipsets)\/([^/]+)\.xml$/;

function splitByOwner(text: string, owner: string): ReturnType<RunningConfigInspector['apart']> {
  const lines = text.split('\n');
  for (const block of splitBlocks(text))
    for (let line = block.first; line < block.first + block.lines.length; line++)
      if (findLineOwner(block, line) === owner) lines[line - 1] = '';
  return { whole: text, rest: lines.join('\n') };
}

export const live: RunningConfigInspector = {
  places: locateLines,
  findUnit: findUnitName,
  isOwnedBy: (changedObject, owner) => findOwner(RELEASE_FILE.exec(changedObject)?.[1] ?? '') === owner,
  apart: splitByOwner,
  // No release has zones, so the releases alone are compared.
  asDelivered: (releases) => releases.map(({ text }) => text).join('\n'),
  decides: (line) => /\b(dnat|snat|redirect|masquerade|tproxy|drop|reject)\b/.test(line),
  shown: (unit) => {
    const policy = /^policy (\S+)$/.exec(unit ?? '')?.[1];
    if (policy !== undefined) return `firewall-cmd --info-policy=${escapeForDisplay(policy)}`;
    return unit === undefined ? 'nft list ruleset' : `nft -a list ${escapeForDisplay(unit)}`;
  },
};
