import { readables } from '../registry';
import { Source } from './exposed';
import { splitFacts } from './facts';

type Rules = Source & { readonly is: 'rules' };

/** Files that hold each a part of what one host has, one after the other, are one: `rules.v4 rules.v6`. Throws Refusal as a reader does. */
export function joined(sources: readonly Source[]): readonly Source[] {
  // What one file holds nobody asks; to tell it is to parse it.
  if (sources.length < 2) return sources;
  const found: Source[] = [];
  let parts: readonly string[] = [];
  for (const source of sources) {
    const before = found.at(-1);
    const own = source.is === 'rules' ? partsOf(source) : [];
    if (source.is === 'rules' && before?.is === 'rules' && before.platform === source.platform && areApart(parts, own)) {
      found[found.length - 1] = both(before, source);
      parts = [...parts, ...own];
    } else {
      found.push(source);
      parts = own;
    }
  }
  return found;
}

const partsOf = ({ platform, text }: Rules): readonly string[] => {
  const { foreign } = readables[platform];
  return foreign.holds?.(splitFacts(text).text) ?? [];
};

const areApart = (one: readonly string[], other: readonly string[]): boolean =>
  one.length > 0 && other.length > 0 && !other.some((part) => one.includes(part));

function both(before: Rules, after: Rules): Rules {
  const text = before.text.endsWith('\n') ? before.text : `${before.text}\n`;
  const begins = `${after.name} begins with line ${text.split('\n').length}`;
  return {
    ...before,
    name: `${before.name}, ${after.name}`,
    text: text + after.text,
    leftOut: [...before.leftOut, ...after.leftOut.map((one) => `${after.name}, ${one}`)],
    joined:
      before.joined === undefined
        ? `the files are of one host, and their lines are counted through: ${begins}`
        : `${before.joined}, ${begins}`,
  };
}
