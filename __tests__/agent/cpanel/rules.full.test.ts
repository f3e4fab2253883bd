// Tests how the agent reads the cPanel setting by which cPanel adds no firewall rules of its own: each spelling of its
// line, with the value that the agent reports. Runs on a test device with the real nft.

import { underShells } from '../under-shell';
import { DEVICE_SHELLS } from '../../tier';
import { KEY, NEVER, rulesSaid } from './expect-rules-report';

jest.setTimeout(60_000);

underShells(DEVICE_SHELLS, 'the report whether cPanel adds rules of its own', (under) => {
  const { run } = under;
  const { FILE, said, withFile } = rulesSaid(under);

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
    ['no end of the line', `${KEY}=1`, '|skipped\n'],
    ['blanks, which cPanel keeps', `${KEY}=1 \n`, ''],
    ['two values', `${KEY}=1=1\n`, ''],
    ['binary data', `\u0000\u0001${NEVER}\n\u001b]0;${NEVER}\u0007\n${KEY}=1\n`, '|skipped\n'],
  ])('%s', (_, text, expected) => expect(withFile(text)).toBe(expected));

  test.each([
    ['a link to nowhere', `ln -s /nowhere ${FILE}`, ''],
    ['a link to itself', `ln -s ${FILE} ${FILE}`, ''],
    ['a folder', `mkdir ${FILE}`, ''],
    ["a file that can't be read", `ln -s /proc/self/mem ${FILE}`, ''],
    ['more than a settings file ever has', `{ echo ${KEY}=1; head -c 2000000 /dev/zero; } >${FILE}`, ''],
    ["a link to another program's file", `echo ${NEVER} >/var/cpanel/real; ln -s real ${FILE}`, '|added\n'],
  ])('%s', (_, made, expected) => {
    run(made);
    expect(said()).toBe(expected);
  });
});
