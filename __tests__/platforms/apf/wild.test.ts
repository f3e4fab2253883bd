import { printed, seen } from './folder';
import { WILD } from './wild-folders';

const linesOf = (truth: string): readonly string[] =>
  truth
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .sort();

describe('APF: folders as servers have them', () => {
  it.each(Object.entries(WILD))('%s', (_, { conf, files, truth }) => expect(seen(printed(conf, files))).toEqual(linesOf(truth)));
});
