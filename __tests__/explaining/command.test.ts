// Tests what `explain CODE` prints: the explanation of an error or of a lint rule, in lines that fit a terminal, with
// links that work outside the repository.

import { Printed, builtCommand, typed } from '../built-command';
import { read } from '../walls/sources';

const built = builtCommand();

const explain = (code: string, ...more: readonly string[]): Printed => typed(built, ['explain', code, ...more]);

describe('cpanel-edge explain', () => {
  it('a lint rule by its page', () => {
    expect(explain('ports/mysql-public')).toMatchObject({
      status: 0,
      said: '',
      out: expect.stringContaining('# ports/mysql-public\n\nMySQL is'),
    });
  });

  it('a lint rule in lines that a terminal has room for, too, all of its page', () => {
    const inOne = (text: string): string => text.replace(/\s+/g, ' ').trim();
    for (const code of ['ports/mysql-public', 'access/ban-ignored', 'nat/vip-unanswered']) {
      const { out } = explain(code);
      expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
      expect(inOne(out)).toBe(inOne(read(`docs/reference/lint/${code}.md`)));
    }
  });

  it.each([[['--json']], [['--format', 'json']]])('as data by %j', (words) => {
    const found = (code: string): unknown => JSON.parse(explain(code, ...words).out);
    expect(found('ports/mysql-public')).toEqual({
      schema: 2,
      code: 'ports/mysql-public',
      is: 'lint rule',
      page: 'docs/reference/lint/ports/mysql-public.md',
      text: expect.stringMatching(/^MySQL is open [^]*\n\n## Why\n\n.*\n\n## When\n/),
    });
    expect(found('intent/inside-missing')).toEqual({
      schema: 2,
      code: 'intent/inside-missing',
      is: 'error',
      text: expect.stringContaining('(docs/reference/constructs/cpanel-server.md)'),
    });
    const refused = explain('nobody/s', ...words);
    expect(refused.status).toBe(2);
    expect(JSON.parse(refused.out)).toMatchObject({
      schema: 2,
      problems: [{ code: 'cli/no-such-code', where: 'nobody/s' }],
    });
  });

  it('an error in lines that a terminal has room for, with links that lead somewhere from the package', () => {
    const { status, out } = explain('intent/inside-missing');
    expect([status, out.split('\n')[0]]).toEqual([0, '# intent/inside-missing']);
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(out).toContain('(docs/reference/constructs/cpanel-server.md)');
  });

  it('what is refused alike on all platforms, as the platform prints it', () => {
    expect(explain('iptables/carp').out).toMatch(/^# iptables\/carp\n\nThe platform has no CARP/);
  });

  it.each([
    ['Intent/Host-Bits-Set', 'intent/host-bits-set'],
    ['NO-FRAMEWORK', 'constructs/no-framework'],
    ['mysql-public', 'ports/mysql-public'],
  ])('%s is %s: in another case, and by its end alone', (word, code) => {
    expect(explain(word)).toEqual(explain(code));
  });

  it('an end that several codes have: these', () => {
    expect(explain('Carp')).toEqual({
      status: 2,
      out: '',
      said: expect.stringMatching(/^cli\/no-such-code at Carp: \d codes end so\.\n {2}instead: .*iptables\/carp/),
    });
  });

  it.each([
    ['intent/host-bit-set', 'intent/host-bits-set.'],
    ['ports/mysql-publc', 'ports/mysql-public.'],
    ['cli/no-such-cod', 'cli/no-such-code.'],
    // By its letters near the code of this very message.
    [
      'nosuch/code',
      'a code as it is printed, such as ports/mysql-public; docs/reference/errors.md and docs/reference/lint.md lead to all.',
    ],
    [
      'mumbo-jumbo-of-nobody',
      'a code as it is printed, such as ports/mysql-public; docs/reference/errors.md and docs/reference/lint.md lead to all.',
    ],
  ])('%s is none: which are near', (code, instead) => {
    const end = code.includes('/') ? '' : ', or whose code ends in it';
    const said = `cli/no-such-code at ${code}: There is no error and no lint rule of this code${end}.\n  instead: ${instead}\n`;
    expect(explain(code)).toEqual({ status: 2, out: '', said });
  });
});
