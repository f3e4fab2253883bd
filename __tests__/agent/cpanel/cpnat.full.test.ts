// Tests failures around cPanel's NAT file: a confirm that is cut off loses no line and leaves none, a file that wasn't
// there is gone after the removal, and only one owner may write it. Runs on a test device with the real nft.

import { CPNAT, SOURCES, onCpanel, says, server } from './cpnat-host';
import { tableText } from '../stream';
import { CONFIRMED } from '../under-shell';

jest.setTimeout(90_000);

onCpanel("cPanel's NAT file written by a release", ({ run, word, step, delivered, write, file, refusal, gone }) => {
  test('does not exist after a removal if it did not exist before', () => {
    run(`rm ${CPNAT}`);
    expect(delivered(server(says('10.0.0.5 203.0.113.5')))).toEqual(CONFIRMED);
    expect(file()).toBe('10.0.0.5 203.0.113.5\n');
    gone();
    expect(file()).toBe('absent');
  });

  test('keeps all lines of others and none of the release after a confirm that did not complete', () => {
    write('10.0.0.5 203.0.113.99\n');
    const release = server([...says('off'), 'set myip http://a/']);
    for (const name of ['upload', 'check', 'arm'] as const) expect(step(name, release)).toMatch(/^ok /);
    // The file that is to replace it can't be written.
    run(`: >${SOURCES}; mkdir -p ${SOURCES}.cpanel-edge/cpsources.conf`);
    try {
      expect(step('confirm', release)).toBe('ok confirmed');
      expect(file()).toBe('absent');
      // A confirm that stopped before its lines were noted refuses no later delivery, and its lines are removed.
      expect(delivered(server(says('10.0.0.6 203.0.113.5')))).toEqual(CONFIRMED);
      expect(delivered(server(says('10.0.0.7 203.0.113.5')))).toEqual(CONFIRMED);
      expect(file()).toBe('10.0.0.5 203.0.113.99\n10.0.0.7 203.0.113.5\n');
      gone();
      expect(file()).toBe('10.0.0.5 203.0.113.99\n');
    } finally {
      run(`rm -r ${SOURCES}*`);
    }
  });

  test('is written by one owner only', () => {
    delivered(server(says('10.0.0.5 203.0.113.5')));
    const other = server(says('10.0.0.6 203.0.113.6'), {
      owner: 'blog',
      text: tableText(1003, 'cpanel_edge_blog_host'),
      claims: { outside: [], inside: ['10.0.0.6'] },
    });
    expect(refusal(other)).toBe('cpanel-edge: refused cpnat-owner owner=web');
  });

  test('is restored for a server that stays closed, and kept for an owner that was forgotten', () => {
    write('10.0.0.5 203.0.113.99\n');
    delivered(server(says('10.0.0.5 203.0.113.5'), { onRetract: 'keep closed' }));
    expect(gone()).toBe('cpanel-edge: ok retracted left=closed');
    expect(file()).toBe('10.0.0.5 203.0.113.99\n');
    delivered(server(says('10.0.0.5 203.0.113.5')));
    expect(word('forget server web lease-1')).toBe('ok forgotten');
    gone();
    expect(file()).toBe('10.0.0.5 203.0.113.5\n');
  });
});
