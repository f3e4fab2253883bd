import { fc } from '../randomly';
import { Command, line, quoted } from '../../lib/delivering/dialogue';
import { Tampering } from '../platforms/toy-router/command-line';
import { manners } from '../platforms/toy-router/manners';
import { Router } from '../platforms/toy-router/router';
import { SHOW, asked, replies, saidOf } from './asking';

describe('a reply', () => {
  it('is judged line by line, and ends where the prompt comes back', () => {
    const tampering = replies('show configuration', 'filter a', '', 'annotation b');
    expect(saidOf(asked([SHOW], { tampering }))).toEqual(['ok told', 'filter a', 'annotation b', 'in exec']);
  });

  it('is the same however it was cut, whatever looks like a prompt in it', () => {
    const lines = fc.array(
      fc.oneof(
        fc.constantFrom('toy# ', 'toy(config)# ', 'toy# ! f00d3', 'Commit these changes? [y/N] ', 'x', ''),
        fc.string({ unit: fc.constantFrom('t', 'o', 'y', '#', ' ', '!', 'é', '\u001b[1m') }),
      ),
      { maxLength: 8 },
    );
    // A run of chunk lengths, again and again.
    const lengths = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lines, lengths, (reply, cuts) => {
        let at = 0;
        const cut = (text: string): readonly string[] => {
          const chunks: string[] = [];
          for (let left = text; left !== '';) {
            const length = cuts[(at += 1) % cuts.length]!;
            chunks.push(left.slice(0, length));
            left = left.slice(length);
          }
          return chunks;
        };
        const any = { ...SHOW, reply: /^/ };
        const tampering = replies('show configuration', ...reply);
        const expected = reply.map((each) => each.replaceAll('\u001b[1m', '')).filter((each) => each.trim() !== '');
        expect(saidOf(asked([any], { tampering, cut }))).toEqual(['ok told', ...expected, 'in exec']);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, readonly Command[], Tampering, readonly (string | RegExp)[]]>([
    [
      'that says that the command was not taken',
      [SHOW],
      replies('show configuration', '    ^', '% Invalid input'),
      ['stopped', 'to "show configuration": not taken: % Invalid input'],
    ],
    [
      'with a line that nobody expects',
      [SHOW],
      replies('show configuration', 'filter a', 'warning: low memory'),
      ['stopped', 'to "show configuration": a line nobody expects: warning: low memory'],
    ],
    [
      'to a command that says nothing',
      [{ line: line`show version` }],
      replies(''),
      ['stopped', 'to "show version": a line nobody expects: Toy router, version 1.4.2'],
    ],
    [
      'with a question that nobody expects',
      [{ line: line`configure exclusive`, to: ['config'] }, { line: line`commit` }],
      replies(''),
      ['waits'],
    ],
    [
      'without the question that is expected',
      [{ ...SHOW, questions: [{ asks: /^Really\? $/, answer: 'y\r' }] }],
      replies(''),
      ['stopped', 'to "show configuration": it did not ask what it was to ask'],
    ],
    [
      'in another mode',
      [{ line: line`configure exclusive` }],
      replies(''),
      ['stopped', 'to "configure exclusive": it is in mode config then'],
    ],
    ['cut in the middle', [SHOW], () => 'half', ['waits']],
    [
      'with more lines than anything has',
      [SHOW],
      replies('show configuration', ...Array<string>(11_000).fill('filter')),
      ['stopped', 'to "show configuration": it says more than any configuration has'],
    ],
    [
      'with a line without end',
      [SHOW],
      replies('show configuration', `filter ${'x'.repeat(1 << 17)}`),
      ['stopped', 'to "show configuration": it says more than any configuration has'],
    ],
    [
      'with control characters',
      [SHOW],
      replies('show configuration', 'filter a\bb'),
      ['stopped', 'to "show configuration": a line holds control characters: filter a\bb'],
    ],
    [
      'in colours',
      [SHOW],
      replies('show configuration', '\u001b]0;toy\u0007\u001b[1;32mfilter\u001b[0m a'),
      ['ok told', 'filter a', 'in exec'],
    ],
  ])('%s', (_, commands, tampering, said) => {
    expect(saidOf(asked(commands, { tampering }))).toEqual(said);
  });

  it('is read whole where the device pages it all the same, and the echo where it wraps', () => {
    const router = new Router();
    router.running = Array.from({ length: 100 }, (_, n) => `filter a ${n}`);
    const text = quoted('far beyond the eighty columns of such a line, '.repeat(4));
    const long: Command = { line: line`set annotation x ${text}` };
    const commands = [SHOW, { line: line`configure exclusive`, to: ['config'] }, long];
    const told = asked(commands, {}, { ...manners, opening: [] }, router);
    expect(saidOf(told)).toEqual(['ok told', ...router.running, 'in exec', 'in config', 'in config']);
    expect(router.candidate?.lines.at(-1)).toBe(`annotation x ${text.quoted}`);
  });
});
