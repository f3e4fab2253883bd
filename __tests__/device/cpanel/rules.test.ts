import { underShells } from '../under-shell';
import { DEVICE_SHELLS } from '../../tier';

jest.setTimeout(60_000);

const KEY = 'skip_rules_added_by_configure_firewall_for_cpanel';
const NEVER = 'nobody-may-read-this';

underShells(DEVICE_SHELLS, 'whether cPanel adds rules of its own', ({ run, program }) => {
  const FILE = '/var/cpanel/cpanel.config';
  const said = (of = 'facts'): string => {
    const answer = program(of);
    expect(answer).toMatch(new RegExp(`^cpanel-edge: ok ${of}$`, 'm'));
    expect(answer).not.toContain(NEVER);
    return /section cpanel-rules\n((?:\|.*\n)*)cpanel-edge: /.exec(answer)![1]!;
  };
  const withFile = (text: string): string => {
    run(`cat >${FILE}`, text);
    return said();
  };
  afterEach(() => void run('rm -rf /var/cpanel/* /run/cpanel-edge/timer-firewalld.service'));

  test('is said by facts and by read, and nothing is where there is no cPanel', () => {
    expect([said(), said('read')]).toEqual(['', '']);
    run(`echo ${KEY}=1 >${FILE}`);
    expect([said(), said('read')]).toEqual(['|skipped\n', '|skipped\n']);
  });

  test.each([
    ['yes', `skipfirewall=0\n${KEY}=1\nskiproundcube=0\n`, '|skipped\n'],
    ['no', `skipfirewall=1\n${KEY}=0\n`, '|added\n'],
    ['nothing', `${KEY}=\n`, '|added\n'],
    ['no value at all', `${KEY}\n`, '|added\n'],
    ['no such line', 'skipfirewall=1\n', '|added\n'],
    ['an empty file', '', '|added\n'],
    ['a comment', `# ${KEY}=1\n#${KEY}=1\n;${KEY}=1\n`, '|added\n'],
    ['another key', ` ${KEY}=1\n${KEY} =1\nnot_${KEY}=1\n${KEY}_s=1\nnote=${KEY}=1\n`, '|added\n'],
    ['twice: the last one counts', `${KEY}=0\n${KEY}=1\n`, '|skipped\n'],
    ['twice, the other way', `${KEY}=1\n${KEY}=0\n`, '|added\n'],
    ['twice, the last one without a value', `${KEY}=1\n${KEY}\n`, '|added\n'],
    ['as Windows ends its lines', `${KEY}=0\r\n${KEY}=1\r\n`, '|skipped\n'],
    ['no end of the line', `${KEY}=1`, '|skipped\n'],
    ['a value that nobody knows', `${KEY}=1\n${KEY}=${NEVER}\n`, ''],
    ['blanks, which cPanel keeps', `${KEY}=1 \n`, ''],
    ['two values', `${KEY}=1=1\n`, ''],
    ['bytes of no text', `\u0000\u0001${NEVER}\n\u001b]0;${NEVER}\u0007\n${KEY}=1\n`, '|skipped\n'],
    ['results of ours', `cpanel-edge: ok ${NEVER}\n${KEY}=1\ncpanel-edge: section legacy\n`, '|skipped\n'],
  ])('%s', (_, text, expected) => expect(withFile(text)).toBe(expected));

  test.each([
    ['a link to nowhere', `ln -s /nowhere ${FILE}`, ''],
    ['a link to itself', `ln -s ${FILE} ${FILE}`, ''],
    ['a folder', `mkdir ${FILE}`, ''],
    ['a pipe that nobody writes into', `mkfifo ${FILE}`, ''],
    ['zeros without an end', `ln -s /dev/zero ${FILE}`, ''],
    ["a file that can't be read", `ln -s /proc/self/mem ${FILE}`, ''],
    ['more than settings ever are', `{ echo ${KEY}=1; head -c 2000000 /dev/zero; } >${FILE}`, ''],
    ['a link to the file', `echo ${KEY}=1 >/var/cpanel/real; ln -s real ${FILE}`, '|skipped\n'],
    ["somebody else's file", `echo ${NEVER} >/var/cpanel/real; ln -s real ${FILE}`, '|added\n'],
  ])('%s', (_, made, expected) => {
    run(made);
    expect(said()).toBe(expected);
  });

  test('what it took from the file before is what cPanel puts back, so where the line alone is gone nothing is said', () => {
    run(`echo skipfirewall=0 >${FILE}; echo '{"${KEY}":"1"}' >${FILE}.cache`);
    expect(said()).toBe('');
    run(`echo ${KEY}=0 >>${FILE}`);
    expect(said()).toBe('|added\n');
  });

  test('under firewalld it is a service of a zone, whatever the settings say', () => {
    // As systemctl answers for a unit that runs.
    run(`echo ${KEY}=1 >${FILE}; : >/run/cpanel-edge/timer-firewalld.service`);
    expect(said()).toBe('|zone\n');
    run(`rm ${FILE}`);
    expect(said()).toBe('');
  });
});
