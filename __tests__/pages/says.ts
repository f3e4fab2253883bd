import { filesUnder, read } from '../walls/sources';

interface Page {
  /** A sentence of the page, word by word but for white space, and what executes it: page and test can't part. */
  readonly says: (quote: string, done: () => void | Promise<void>) => void;
  /** Sentences that a device alone can show, and the titles of the tests of the lab that ask it. */
  readonly inLab: (rows: readonly (readonly [quote: string, title: string])[]) => void;
}

/** A page in docs/, for the tests of one file. */
export function page(name: string): Page {
  const text = inOne(read(`docs/${name}`));
  const stands = (quote: string): void => {
    if (!text.includes(inOne(quote))) throw new Error(`docs/${name} does not say that any more.`);
  };
  return {
    says: (quote, done) =>
      test(inOne(quote), async () => {
        stands(quote);
        await done();
      }),
    inLab: (rows) =>
      test.each(rows.map(([quote, title]) => [inOne(quote), title]))('%s (lab: %s)', (quote, title) => {
        stands(quote);
        expect(labTitles()).toContain(title);
      }),
  };
}

const inOne = (text: string): string => text.replace(/\s+/g, ' ').trim();

let titles: readonly string[] | undefined;
/** As they are written: of one that is put together, with its `${…}`. */
const labTitles = (): readonly string[] =>
  (titles ??= filesUnder('lab/tests', /\.ts$/).flatMap((file) =>
    [...read(file).matchAll(/\bname: (['"`])(.*)\1,?$/gm)].map(([, , title]) => title!.replaceAll("\\'", "'")),
  ));
