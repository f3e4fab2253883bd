import { printable } from '../../../problems/problem';
import { Live, OwnText, Places, Unit, namesAddress, withPlaces } from '../../../parse/live';
import { programOf } from '../../../parse/programs';
import { isOfFiles } from './files/files';

/** A chain or a set in what `nft list ruleset` prints. */
interface Block {
  readonly name: string;
  /** `inet firewalld`. */
  readonly table: string;
  /** Number of its first line, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
}

/** Owners are `[a-z0-9-]`, so what stands behind the last `-` is what a policy is for, and behind the last two a set. */
const OURS = /(?:^|_policy_)cf-([a-z0-9-]+?)(?:-(?:in|out)(?:_[a-z]+)?|-[46]-[0-9a-f]{13})$/;
const UNIT = (owner: string): string => `policy cf-${owner}-in`;

const ownerOf = (name: string): string | undefined => OURS.exec(name)?.[1];

function blocksOf(ruleset: string): readonly Block[] {
  const found: Block[] = [];
  let table = '';
  let open: { name: string; table: string; first: number; lines: string[] } | undefined;
  ruleset.split('\n').forEach((line, at) => {
    table = /^table (\S+ \S+) \{/.exec(line)?.[1] ?? table;
    const name = /^\t(?:chain|set|map) (\S+) \{/.exec(line)?.[1];
    if (name !== undefined) found.push((open = { name, table, first: at + 1, lines: [] }));
    open?.lines.push(line);
    if (line === '\t}') open = undefined;
  });
  return found;
}

const blockAt = (blocks: readonly Block[], line: number): Block | undefined =>
  blocks.find(({ first, lines }) => line >= first && line < first + lines.length);

/** Whose a line is: the chain's that it is in, or that it leads to. */
function ownerAt({ name, first, lines }: Block, line: number): string | undefined {
  return ownerOf(name) ?? ownerOf(/\b(?:jump|goto) (\S+)$/.exec(lines[line - first] ?? '')?.[1] ?? '');
}

function unitOfLine(blocks: readonly Block[], line: number): Unit | undefined {
  const block = blockAt(blocks, line);
  if (!block) return undefined;
  const owner = ownerAt(block, line);
  if (owner !== undefined) return { name: UNIT(owner), ours: true };
  return { name: `table ${block.table}`, ours: false, madeBy: programOf(block.name) };
}

function places(text: string): Places {
  const blocks = blocksOf(text);
  const at = (line: number): string => {
    const block = blockAt(blocks, line);
    if (!block) return `line ${line} of ${isOfFiles(text) ? 'the files' : 'the ruleset'}`;
    const by = programOf(block.name);
    return `line ${line - block.first + 1} of ${printable(block.name)} in table ${printable(block.table)}${by ? ` (${by.name})` : ''}`;
  };
  return {
    at,
    inWords: (words) => withPlaces(words, at),
    unitAt: (line) => unitOfLine(blocks, line),
    whose: (line) => {
      const unit = unitOfLine(blocks, line);
      return unit ? (unit.ours ? 'ours' : 'others') : 'nobody';
    },
    mentions: (address) =>
      blocks
        .filter(({ name }) => ownerOf(name) === undefined)
        .flatMap(({ first, lines }) =>
          lines.flatMap((line, index) => (namesAddress(line, address) ? [at(first + index)] : [])),
        ),
  };
}

const unitOf = ({ text }: OwnText): string | undefined => {
  const owner = /^==> \/etc\/firewalld\/policies\/cf-([a-z0-9-]+)-in\.xml <==$/m.exec(text)?.[1];
  return owner === undefined ? undefined : UNIT(owner);
};

/** A release's files. */
const FILE = /^\/etc\/firewalld\/(?:policies|ipsets)\/([^/]+)\.xml$/;

function apart(text: string, owner: string): ReturnType<Live['apart']> {
  const lines = text.split('\n');
  for (const block of blocksOf(text))
    for (let line = block.first; line < block.first + block.lines.length; line++)
      if (ownerAt(block, line) === owner) lines[line - 1] = '';
  return { whole: text, rest: lines.join('\n') };
}

export const live: Live = {
  places,
  unitOf,
  isOf: (touched, owner) => ownerOf(FILE.exec(touched)?.[1] ?? '') === owner,
  apart,
  // Zones stand in no release: files say nothing of them.
  asDelivered: (releases) => releases.map(({ text }) => text).join('\n'),
  decides: (line) => /\b(dnat|snat|redirect|masquerade|tproxy|drop|reject)\b/.test(line),
  shown: (unit) => {
    const policy = /^policy (\S+)$/.exec(unit ?? '')?.[1];
    if (policy !== undefined) return `firewall-cmd --info-policy=${printable(policy)}`;
    return unit === undefined ? 'nft list ruleset' : `nft -a list ${printable(unit)}`;
  },
};
