import * as fc from 'fast-check';
import { Command, Manners, Step, Unsendable, asWord, line, printed, quoted } from '../../lib/delivering/dialogue';
import { Session } from '../../lib/delivering/session';
import { Tampering } from '../platforms/toy-router/command-line';
import { manners } from '../platforms/toy-router/manners';
import { Router } from '../platforms/toy-router/router';
import { Talk, spokenTo } from '../platforms/toy-router/talk';

// The machine of a session, asked with the toy router's command line in this process.

const SHOW: Command = { line: line`show configuration`, reply: /^(filter|annotation) / };

/** Gives commands, and tells what came of each. */
function* given(...commands: readonly Command[]): Step {
  const said: string[] = [];
  for (const command of commands) {
    const { lines, no, mode } = yield command;
    said.push(...lines, ...no.map((each) => `no: ${each}`), `in ${mode}`);
  }
  return { result: 'ok told', sections: { '': said } };
}

const asked = (commands: readonly Command[], how: Talk = {}, by: Manners = manners, router = new Router()): Session =>
  spokenTo(router, given(...commands), by, how);
const replies =
  (command: string, ...lines: readonly string[]): Tampering =>
  (typed) =>
    typed === command ? lines : undefined;
const saidOf = ({ told, stopped }: Session): readonly string[] =>
  stopped === undefined ? [told?.result ?? 'waits', ...(told?.sections?.[''] ?? [])] : ['stopped', stopped];

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

describe('a session', () => {
  it('passes over what greets it, also where that looks like a prompt', () => {
    expect(saidOf(asked([SHOW], { banner: 'Authorized use only\r\ntoy# \r\ntoy# exit\r\n' }))).toEqual(['ok told', 'in exec']);
  });

  it('types nothing but commands, remarks and what it was told to answer, whatever it hears', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'toy# ',
        'toy(config)# ',
        '\r\n',
        '--More-- ',
        '\r',
        '! f00d1',
        '! f00d2',
        'show configuration',
        'Really? ',
        '\u001b[',
        '% No',
      ),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (heard) => {
        const step = given({ ...SHOW, questions: [{ asks: /^Really\? $/, answer: 'y\r' }] });
        const session = new Session(step, manners, 'f00d', { most: 500, lines: 50, longestLine: 100 });
        const typed = heard.map((text) => session.hear(text)).filter((text) => text !== '');
        const may = /^(! f00d\d+\r|terminal (width|length) 0\r|show configuration\r|y\r| |exit\rexit\r)$/;
        expect(typed.filter((text) => !may.test(text))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not answer a question that nobody expects', () => {
    const router = new Router();
    asked(
      [{ line: line`configure exclusive`, to: ['config'] }, { line: line`set filter a 1` }, { line: line`commit` }],
      {},
      manners,
      router,
    );
    expect(router.running).toEqual([]);
  });

  // What a device wrote, with its prompts, after each time that something was typed.
  const hears = (step: Step, ...written: readonly string[]): { readonly typed: readonly string[]; readonly session: Session } => {
    const session = new Session(step, { ...manners, opening: [] }, 'f00d', { most: 1000, lines: 100, longestLine: 500 });
    return { typed: written.map((text) => session.hear(text)), session };
  };
  const GREETED = ['toy# ', '! f00d1\r\ntoy# '];

  it('types a remark that nobody can foresee where a prompt seems to be', () => {
    const { typed, session } = hears(
      given(SHOW),
      ...GREETED,
      'show configuration\r\nfilter a\r\ntoy# ',
      '! f00d2\r\ntoy# ',
      '! f00d3\r\ntoy# ',
      '! f00d4\r\ntoy# ',
    );
    expect(typed).toEqual(['! f00d1\r', 'show configuration\r', '! f00d2\r', '! f00d3\r', '! f00d4\r', 'exit\rexit\r']);
    expect(saidOf(session)).toEqual(['ok told', 'filter a', 'in exec']);
  });

  it.each([
    ['another echo than what was typed', ['show configurations\r\n'], /it does not read what was typed: show configurations$/],
    [
      'a reply that goes on behind its prompt',
      ['show configuration\r\ntoy# ', '! f00d2\r\nfilter b\r\n'],
      /it goes on behind its prompt: filter b$/,
    ],
    [
      // A terminal that echoes before the device reads, and a text that looks like two prompts: believed until the next command, not longer.
      'a reply that went on behind what seemed its prompt',
      ['show configuration\r\ntoy# ', '! f00d2\r\ntoy# ', '\r\nfilter b\r\ntoy# '],
      /it does not read what was typed: filter b$/,
    ],
    [
      'a remark that changes the mode',
      ['show configuration\r\ntoy# ', '! f00d2\r\ntoy(config)# '],
      /a remark changed its mode from exec to config$/,
    ],
  ])('ends for %s', (_, written, said) => {
    const { session } = hears(given(SHOW), ...GREETED, ...written);
    expect([session.told, session.stopped]).toEqual([undefined, expect.stringMatching(said)]);
  });

  it('takes what looks like its question and goes on for no question', () => {
    const step = given({ ...SHOW, questions: [{ asks: /^Really\? $/, answer: 'y\r' }] });
    const { session, typed } = hears(step, ...GREETED, 'show configuration\r\nReally? ', 'I ask you\r\n');
    expect(typed.at(-2)).toBe('y\r');
    expect(saidOf(session)[1]).toMatch(/what looked like its question goes on: Really\? I ask you$/);
  });

  it('refuses a command that is longer than the line before it is typed', () => {
    const { session, typed } = hears(given({ line: line`show ${quoted('x'.repeat(400))}` }), ...GREETED);
    expect([typed.at(-1), session.told?.result]).toEqual(['exit\rexit\r', 'refused unsendable']);
  });

  it('has no answer where a command can not be typed once another was', () => {
    const commands = [SHOW, { line: line`show ${quoted('x'.repeat(400))}` }];
    const { session } = hears(given(...commands), ...GREETED, 'show configuration\r\ntoy# ', '! f00d2\r\ntoy# ');
    expect(saidOf(session)).toEqual(['stopped', expect.stringContaining('longer than')]);
  });

  it('types nothing while its own words come back, whatever stands in them', () => {
    const text = quoted(`${'x'.repeat(20)}--More-- `);
    const { typed } = hears(given({ line: line`show ${text}` }), ...GREETED, `show ${text.quoted.slice(0, -1)}`, '"\r\ntoy# ');
    expect(typed.slice(2)).toEqual(['', '! f00d2\r']);
  });

  // Searched from each of them this takes an hour.
  it('comes to the end of a line of carriage returns', () => {
    const session = new Session(given(SHOW), manners, 'f00d', { most: 1 << 22, lines: 10, longestLine: 1 << 22 });
    session.hear(`${'\r'.repeat(2_000_000)}x\n`);
    expect(session.over).toBe(false);
  });
});

describe('a command', () => {
  it.each(['', 'a b', 'a\nb', 'a\rcommit', 'a?', 'a\tb', '-a', 'a;b', 'a"', 'a|b', '$(a)', 'é', '\u0003', 'a!'])(
    'is not made of the word %j',
    (word) => {
      expect(() => line`set ${word}`).toThrow(Unsendable);
    },
  );

  it('takes texts in quotes, without the keys of a terminal', () => {
    expect(line`set ${quoted('a "b" \\ ; ! | # toy# ')} ${7}`).toBe('set "a \\"b\\" \\\\ ; ! | # toy# " 7');
    for (const text of ['a\nb', 'a\r', '\u001b[A', 'what?', 'a\tb', 'é', '\u007f'])
      expect(() => line`set ${quoted(text)}`).toThrow(Unsendable);
  });
});

test('somebody’s name is a word of a result', () => {
  expect(['bob', 'b?b $(x)', '', 'ü'.repeat(100)].map(asWord)).toEqual(['bob', 'b_b___x_', 'unnamed', '_'.repeat(60)]);
});

test('what a step tells is what a device program prints', () => {
  expect(printed({ result: 'ok read', sections: { '': ['said'], rules: ['a', 'cpanel-edge: ok'] } })).toBe(
    '|said\ncpanel-edge: section rules\n|a\n|cpanel-edge: ok\ncpanel-edge: ok read\n',
  );
});
