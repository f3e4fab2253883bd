import { Foreign } from '../parse/foreign';
import { readables } from '../registry';
import { Problem, Refusal } from '../problems/problem';
import { Given, Source } from './exposed';
import { splitFacts } from './facts/facts';
import { ofFile } from './texts/of-file';
import { factsAlone } from './texts/recognise';

type Rules = Source & { readonly is: 'rules' };

/**
 * Files that hold each a part of what one host has, one after the other, are one: `rules.v4 rules.v6`; so are the only rules, what ip and sysctl
 * print, and the only files of cPanel. Throws Refusal as a reader does, and review/facts-alone, review/nat-files-alone.
 */
export function joined(given: readonly Given[]): readonly Source[] {
  const sources = given.flatMap((one) => (one.is === 'nat files' || one.is === 'facts' ? [] : [one]));
  const beside = given.flatMap((one) => (one.is === 'nat files' ? [one] : []));
  const found = withFacts(
    rulesJoined(withIncluded(sources)),
    given.flatMap((one) => (one.is === 'facts' ? [one] : [])),
  );
  const [files] = beside;
  if (!files) return found;
  const [only, ...others] = found;
  if (only?.is !== 'rules' || only.natFiles || others.length + beside.length > 1)
    throw new Refusal([alone(files.name)]);
  return [{ ...only, natFiles: files.natFiles }];
}

/** Behind the rules, whose lines keep their numbers. */
function withFacts(found: readonly Source[], facts: readonly (Given & { readonly is: 'facts' })[]): readonly Source[] {
  const [first] = facts;
  if (!first) return found;
  const [only, ...others] = found;
  if (only?.is !== 'rules' || others.length > 0) throw new Refusal(facts.map(({ name }) => factsAlone(name)));
  return [{ ...only, text: [only.text, ...facts.map(({ text }) => text)].join('\n') }];
}

const alone = (where: string): Problem => ({
  code: 'review/nat-files-alone',
  where,
  what: "It holds cPanel's NAT files and no rules, and not exactly one text with rules stands beside it.",
  instead: 'cpanel-edge exposure rules.nft FOLDER, both of one server.',
});

/** Files that others include stand in these, and for nothing else. */
function withIncluded(sources: readonly Source[]): readonly Source[] {
  const used = new Set<Source>();
  const whole = sources.map((source) => {
    const { including } = source.is === 'rules' ? (readables[source.platform].foreign as Foreign) : {};
    if (source.is !== 'rules' || !including) return source;
    const others = sources.filter(
      (one): one is Rules => one !== source && one.is === 'rules' && one.platform === source.platform,
    );
    const { text, of } = including(source.text, new Map(others.map((one) => [one.name, one.text])));
    if (of.length === 0) return source;
    for (const one of others) if (of.some(({ name }) => name === one.name)) used.add(one);
    const leftOut = others.flatMap((one) => (used.has(one) ? one.leftOut.map((left) => `${one.name}, ${left}`) : []));
    const said = of.map(({ name, line }) => `${name} stands in its place from line ${line} on`).join(', ');
    return {
      ...source,
      text,
      leftOut: [...source.leftOut, ...leftOut],
      joined: `${source.name} includes files, and lines are counted through: ${said}`,
    };
  });
  return whole.filter((_, at) => !used.has(sources[at]!));
}

function rulesJoined(sources: readonly Source[]): readonly Source[] {
  // What one file holds nobody asks; to tell it is to parse it.
  if (sources.length < 2) return sources;
  const found: Source[] = [];
  let parts: readonly string[] = [];
  for (const source of sources) {
    const before = found.at(-1);
    const own = source.is === 'rules' ? partsOf(source) : [];
    if (
      source.is === 'rules' &&
      before?.is === 'rules' &&
      before.platform === source.platform &&
      areApart(parts, own)
    ) {
      found[found.length - 1] = both(before, source);
      parts = [...parts, ...own];
    } else {
      found.push(source);
      parts = own;
    }
  }
  return found;
}

const partsOf = ({ name, platform, text }: Rules): readonly string[] => {
  const { foreign } = readables[platform];
  return ofFile(name, () => foreign.holds?.(splitFacts(text).text) ?? []);
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
