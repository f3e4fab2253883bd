import { fc } from '../randomly';
import { Step, line, quoted } from '../../lib/delivering/dialogue';
import { Session } from '../../lib/delivering/session';
import { manners } from '../platforms/toy-router/manners';
import { Router } from '../platforms/toy-router/router';
import { SHOW, asked, given, saidOf } from './asking';

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
