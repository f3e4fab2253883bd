import { Sent, freshToken, sent, tableText } from '../stream';
import { CONFIRMED, gateway } from '../under-shell';
import { HOME, VIP, atNextStart } from './next-start';

jest.setTimeout(90_000);

atNextStart('what is damaged', ({ run, program, word, step, delivered, beforeEachAs, says, ports, addresses, restarted }) => {
  describe('a damaged release of format 1, which brought nothing that closes', () => {
    beforeEachAs(() => {
      const one = gateway(1001);
      const file = one.file.replace('cpanel-edge-release 2', 'cpanel-edge-release 1').replace(/^(runner|made|closed) .*\n/gm, '');
      expect(delivered({ ...one, file })).toEqual(CONFIRMED);
      run(`sed -i s/1001/1003/ ${HOME}/release`);
    });
    test('is no hindrance to undo a trial over it', () => {
      const next = gateway(1002);
      delivered(next, ['upload', 'check', 'arm']);
      expect([step('rollback', next), ports()]).toEqual(['ok rolled-back', ['1003']]);
      expect(delivered(gateway(1004))).toEqual(CONFIRMED);
    });
  });

  describe('a stored release that can not be loaded', () => {
    /** Told apart from a release by its port. */
    const closed = (port: number): Sent =>
      sent({ text: tableText(port), addresses: [VIP] }, 'lease-1', freshToken(), tableText(port + 7000));
    const runs = (): readonly unknown[] => [ports(), says('runs'), says('rules')];
    const refused = `sed -i '/^text /,$s/dport/frobnicate/' ${HOME}/release && cd ${HOME} && \
      sed -i "s/^digest .*/digest $({ sed '1,/^text /d' release; echo alias wan0 203.0.113.10\\/32; } | sha256sum | cut -d ' ' -f 1)/" release`;
    const emptied = `cd ${HOME} && sed -i '/^text /,$d' release && echo text 0 >>release && \
      sed -i "s/^digest .*/digest $(echo alias wan0 203.0.113.10/32 | sha256sum | cut -d ' ' -f 1)/" release`;
    beforeEachAs(() => {
      expect(delivered(closed(1001))).toEqual(CONFIRMED);
      expect(runs()).toEqual([['1001'], 'release', 'as-loaded']);
    });

    test.each([
      ['truncated', `head -c 300 ${HOME}/release >/run/r && cat /run/r >${HOME}/release`, 'release-damaged'],
      ['empty', `: >${HOME}/release`, 'release-damaged'],
      ['gone', `rm ${HOME}/release`, 'release-damaged'],
      ['of another table, as its head says', `sed -i 's/^table .*/table cpanel_edge_wex/' ${HOME}/release`, 'release-damaged'],
      ['without a text, by its digest', emptied, 'release-damaged'],
      ['refused by nft', refused, 'as-written'],
    ])('(%s) is closed by what came with it, at each of its lives, until the next delivery', (_, broken, boot) => {
      run(broken);
      expect([restarted(), ...runs(), says('boot')]).toEqual(['failed boot-incomplete', ['8001'], 'closed', 'as-loaded', boot]);
      program('addresses');
      expect(addresses()).toEqual(boot === 'as-written' ? ['203.0.113.10'] : []);
      for (const words of ['rules', 'service start', 'service stop']) {
        run('nft flush ruleset');
        // Of theirs and what closes one transaction is made.
        expect(word(`${words} 2>/dev/null`)).toBe(words === 'rules' ? 'failed load-incomplete' : `ok ${words.split(' ')[1]}`);
        expect(runs()).toEqual([['8001'], 'closed', 'as-loaded']);
      }
      expect(delivered(closed(1001))).toEqual(CONFIRMED);
      expect([...runs(), says('boot'), addresses()]).toEqual([['1001'], 'release', 'as-loaded', 'as-written', ['203.0.113.10']]);
      expect([restarted(), ...runs()]).toEqual(['ok loaded', ['1001'], 'release', 'as-loaded']);
    });

    test('is closed by the text in it where the other is damaged', () => {
      run(`echo >>${HOME}/closed; ${refused}`);
      expect([restarted(), ...runs()]).toEqual(['failed boot-incomplete', ['8001'], 'closed', 'as-loaded']);
    });

    test('does not take the next owner with it', () => {
      const other = sent({
        owner: 'blog',
        text: tableText(1004, 'cpanel_edge_blog'),
        claims: { outside: ['203.0.113.99'], inside: ['10.9.9.9'] },
      });
      expect(delivered(other)).toEqual(CONFIRMED);
      run(refused);
      restarted();
      expect([...ports()].sort()).toEqual(['1004', '8001']);
      program('service start');
      expect([...ports()].sort()).toEqual(['1004', '8001']);
    });

    test('has a closing text of its own table, that nft takes', () => {
      const upload = (text: string): string => {
        const one = sent({ text: tableText(1005) }, 'lease-1', freshToken(), tableText(8005));
        return step('upload', { ...one, file: one.file.replace(/(closed \d+\n)[^]*?(text \d+\n)/, `$1${text}$2`) });
      };
      expect(upload(tableText(8005, 'cpanel_edge_other'))).toBe('refused upload-damaged');
      expect(upload(tableText(8005).replace('drop', 'drop; include "/x"'))).toBe('refused upload-damaged');
      const one = sent({ text: tableText(1005) }, 'lease-1', freshToken(), tableText(8005).replace('drop', 'frobnicate'));
      expect([step('upload', one), step('check', one)]).toEqual(['ok uploaded', 'refused syntax']);
    });
  });
});
