// Tests what `explain CODE` prints: the explanation of an error or of a lint rule, in lines that fit a terminal, with
// links that work outside the repository.

import { Printed, builtCommand, typed } from '../built-command';
import { read } from '../walls/sources';

const built = builtCommand();

const explain = (code: string, ...more: readonly string[]): Printed => typed(built, ['explain', code, ...more]);

describe('cpanel-edge explain', () => {
  it("prints a lint rule's page", () => {
    expect(explain('ports/mysql-public')).toMatchObject({
      status: 0,
      said: '',
      out: expect.stringContaining('# ports/mysql-public\n\nMySQL is'),
    });
  });

  it("wraps a lint rule's whole page for a terminal", () => {
    const inOne = (text: string): string => text.replace(/\s+/g, ' ').trim();
    for (const code of ['ports/mysql-public', 'access/ban-ignored', 'nat/vip-unanswered']) {
      const { out } = explain(code);
      expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
      expect(inOne(out)).toBe(inOne(read(`docs/reference/lint/${code}.md`)));
    }
  });

  it.each([[['--json']], [['--format', 'json']]])('prints JSON with %j', (words) => {
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

  it("wraps an error's explanation for a terminal, with links that work from the package", () => {
    const { status, out } = explain('intent/inside-missing');
    expect([status, out.split('\n')[0]]).toEqual([0, '# intent/inside-missing']);
    expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(out).toContain('(docs/reference/constructs/cpanel-server.md)');
  });

  it("prints the platform's own code for a problem that all platforms have", () => {
    expect(explain('iptables/carp').out).toMatch(/^# iptables\/carp\n\nThe platform has no CARP/);
  });

  it.each([
    ['Intent/Host-Bits-Set', 'intent/host-bits-set'],
    ['NO-FRAMEWORK', 'constructs/no-framework'],
    ['mysql-public', 'ports/mysql-public'],
  ])('%s is %s: ignores case, and finds a code by its last part', (word, code) => {
    expect(explain(word)).toEqual(explain(code));
  });

  it('lists the codes that end in the given word', () => {
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
    // Close to the code of this very message by its letters.
    [
      'nosuch/code',
      'a code as it is printed, such as ports/mysql-public; docs/reference/errors.md and docs/reference/lint.md lead to all.',
    ],
    [
      'mumbo-jumbo-of-nobody',
      'a code as it is printed, such as ports/mysql-public; docs/reference/errors.md and docs/reference/lint.md lead to all.',
    ],
  ])('refuses the unknown code %s and suggests similar ones', (code, instead) => {
    const end = code.includes('/') ? '' : ', or whose code ends in it';
    const said = `cli/no-such-code at ${code}: There is no error and no lint rule of this code${end}.\n  instead: ${instead}\n`;
    expect(explain(code)).toEqual({ status: 2, out: '', said });
  });
});
