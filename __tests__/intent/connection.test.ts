// Tests the SSH connection in an intent: defaults, jump hosts, and refusals that show no part of a secret.

import type { Connection } from '../../lib/agent-protocol/release';
import { compileConnection } from '../../lib/intent/connection';
import { printProblem } from '../../lib/problems/problem';
import { Loose } from './samples';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0nMjkDYDAvGqBjHC7bTmXbEaMFKLJmJcqxkZfWvT9d';
const good = (): Loose => ({ host: 'edge.example.org', hostKeys: [KEY] });

test('has the documented defaults', () => {
  const { connection, rollbackSeconds, problems } = compileConnection('edge', good());
  const settled: Connection | undefined = connection;
  expect(settled).toStrictEqual({
    host: 'edge.example.org',
    port: 22,
    user: 'root',
    hostKeys: [KEY],
    userConfiguration: false,
  });
  expect([rollbackSeconds, problems]).toEqual([90, []]);
});

test('keeps all written fields, with a jump host', () => {
  const whole = {
    host: '2001:db8::2',
    port: 2222,
    user: 'deploy',
    hostKeys: [`@cert-authority ${KEY}`, `${KEY} edge@example.org`],
    identityFile: '~/.ssh/edge key',
    agentVariable: 'EDGE_AUTH_SOCK',
    userConfiguration: true,
    jump: { host: 'jump', hostKeys: [KEY] },
    rollbackSeconds: 10,
  };
  const { rollbackSeconds, ...connection } = whole;
  expect(compileConnection('edge', whole)).toStrictEqual({
    connection: {
      ...connection,
      jump: { host: 'jump', port: 22, user: 'root', hostKeys: [KEY], userConfiguration: false },
    },
    rollbackSeconds,
    problems: [],
  });
});

const SECRET =
  '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAAsecretsecret\n-----END OPENSSH PRIVATE KEY-----';
const AS_VALUE = `This is a secret itself. It would be in the plan, the state and this source.
  instead: A reference: the path of a file on the runner, the agent, or the name of an environment variable.`;

const WRONG: readonly (readonly [name: string, edit: (connection: Loose) => void, problems: string[]])[] = [
  [
    'key as identity file',
    (c) => (c.identityFile = SECRET),
    [`intent/secret-as-value at edge identityFile: ${AS_VALUE}`],
  ],
  [
    'key without its frame',
    (c) => (c.identityFile = SECRET.split('\n')[1]),
    [`intent/secret-as-value at edge identityFile: ${AS_VALUE}`],
  ],
  [
    'a relative identity file',
    (c) => (c.identityFile = 'keys/deploy'),
    [
      'intent/bad-path at edge identityFile: "keys/deploy" is relative: a delivery would look for it from the stack\'s folder in cdktf.out, and verify from wherever it is started.\n  instead: An absolute path; or one that begins with ~/, the home of the account that runs it.',
    ],
  ],
  [
    'private key among the host keys',
    (c) => c.hostKeys.push(SECRET),
    [
      `intent/secret-as-value at edge hostKeys[1]: ${AS_VALUE.replace(/instead: .*/, 'instead: The public key: the line in the .pub file beside it; and a new pair for the host, if this source was shared.')}`,
    ],
  ],
  ['password as a field', (c) => (c.password = 'hunter2'), [`intent/secret-as-value at edge password: ${AS_VALUE}`]],
  ['password behind the user', (c) => (c.user = 'root:hunter2'), [`intent/secret-as-value at edge user: ${AS_VALUE}`]],
  [
    'secret on the jump host',
    (c) => (c.jump = { ...good(), passphrase: 'hunter2' }),
    [`intent/secret-as-value at edge jump.passphrase: ${AS_VALUE}`],
  ],
  ...['10.0.0.256', '10.0.0', '010.0.0.1', '22', 'edge.0x1f'].map((host): (typeof WRONG)[number] => [
    `a mistyped address: ${host}`,
    (c) => (c.host = host),
    [
      `intent/bad-host at edge host: "${host}" ends in a number, so programs take it for an address, and it is none.
  instead: Four numbers from 0 to 255 without zeros before them, as 192.0.2.2; or a host name.`,
    ],
  ]),
  [
    'no host and no host keys',
    (c) => {
      delete c.host;
      delete c.hostKeys;
    },
    [
      'intent/missing at edge: "host" is not set, and it has no default.\n  instead: host: its name or address.',
      'intent/host-keys-missing at edge: No host key is given, so any host that answers there could take the release.\n  instead: hostKeys: the lines that ssh-keyscan prints, without the host, after comparing them on the console.',
    ],
  ],
  [
    'empty host keys',
    (c) => (c.hostKeys = []),
    [
      'intent/empty-list at edge hostKeys: The list is empty. That could mean nothing or everything.\n  instead: The public keys of the host, at least one: ["ssh-ed25519 AAAA…"].',
    ],
  ],
  ...['edge.example.org ssh-ed25519 AAAA', 'ssh-ed25519 AAAA\tB', `${KEY}\n${KEY}`].map(
    (key): (typeof WRONG)[number] => [
      `host key ${JSON.stringify(key.slice(0, 30))}`,
      (c) => (c.hostKeys = [key]),
      /[\t\n]/.test(key)
        ? [
            `intent/control-characters at edge hostKeys[0]: "${key.length > 80 ? `${key.slice(0, 77)}...` : key.replace('\t', '\\u{9}')}" has control characters, line breaks or invisible marks in it, with which it could pass for something else.\n  instead: Plain text on one line.`,
          ]
        : [
            'intent/bad-host-key at edge hostKeys[0]: This is not a public host key.\n  instead: The type and the key as in known_hosts, without the host: "ssh-ed25519 AAAA…"; or "@cert-authority ssh-ed25519 AAAA…".',
          ],
    ],
  ),
  ...['-oProxyCommand=sh', 'a b', 'edge;id', 'root@', '@edge', 'root@a b:22', '[edge'].map(
    (host): (typeof WRONG)[number] => [
      `host ${host}`,
      (c) => (c.host = host),
      [
        `intent/bad-host at edge host: "${host}" is not a host name or address that ssh takes.\n  instead: A host name or address alone: no user, port, option or space.`,
      ],
    ],
  ),
  ...(
    [
      ['root@edge', 'host: "edge", user: "root"'],
      ['edge:2222', 'host: "edge", port: 2222'],
      ['ssh://admin@192.0.2.2:2222/', 'host: "192.0.2.2", user: "admin", port: 2222'],
      ['[2001:db8::2]:22', 'host: "2001:db8::2", port: 22'],
      ['192.0.2.2/24', 'host: "192.0.2.2"'],
    ] as const
  ).map(([host, instead]): (typeof WRONG)[number] => [
    `host ${host}`,
    (c) => (c.host = host),
    [
      `intent/bad-host at edge host: "${host}" is more than a host: each part has a field of its own.\n  instead: ${instead}.`,
    ],
  ]),
  ...['root:hunter2@edge', 'ssh://root:hunter2@edge:22', 'root:hunter2@a b'].map((host): (typeof WRONG)[number] => [
    `host ${host}`,
    (c) => (c.host = host),
    [`intent/secret-as-value at edge host: ${AS_VALUE}`],
  ]),
  [
    'token as host',
    (c) => (c.host = '${aws_instance.edge.public_ip}'),
    [
      'intent/unknown-at-synth at edge host: This is a token: its value is only known when Terraform runs, so nothing could be proven of it. Text with ${, %{, #{ or &{ in it counts as one.\n  instead: A literal value. Where another resource makes it, keep the value in the environment of the stack and give it to both.',
    ],
  ],
  [
    'user, port, file, variable, time',
    (c) => Object.assign(c, { user: '-l', port: 0, identityFile: '-i', agentVariable: 'A B', rollbackSeconds: 9 }),
    [
      'intent/not-in-range at edge rollbackSeconds: 9 is not a whole number from 10 to 3600.\n  instead: A number from 10 to 3600.',
      'intent/not-in-range at edge port: 0 is not a whole number from 1 to 65535.\n  instead: A number from 1 to 65535.',
      'intent/bad-user at edge user: "-l" is not the name of a user.\n  instead: Its login name: a-z, 0-9, "_", "." and "-".',
      'intent/bad-path at edge identityFile: "-i" is not a path that ssh takes.\n  instead: The path of the private key file on the runner, such as ~/.ssh/id_ed25519: it does not begin with "-" and has no quotes.',
      'intent/bad-variable at edge agentVariable: "A B" is not the name of an environment variable.\n  instead: Its name, such as SSH_AUTH_SOCK.',
    ],
  ],
  [
    'a time on the jump host',
    (c) => (c.jump = { ...good(), rollbackSeconds: 60 }),
    [
      'intent/unknown-key at edge jump: There is no "rollbackSeconds" here, so it would have no effect.\n  instead: It belongs in connection: { rollbackSeconds: … }. Here there are host, port, user, hostKeys, identityFile, agentVariable, jump, userConfiguration.',
    ],
  ],
  [
    'a jump host that is the host',
    (c) => (c.jump = { ...good() }),
    [
      "intent/jump-to-itself at edge jump: The way to edge.example.org port 22 leads through itself: a jump host of it is the same.\n  instead: The host that stands before it; or jump: 'none', where defaults have the jump and this is that host.",
    ],
  ],
  [
    'the same behind another',
    (c) => (c.jump = { ...good(), host: 'jump', jump: { ...good() } }),
    [expect.stringMatching(/^intent\/jump-to-itself at edge jump: /) as unknown as string],
  ],
  [
    'jumps without end',
    (c) => (c.jump = Object.assign(c.jump ?? c, { jump: c })),
    [
      'intent/too-large at edge jump.jump.jump.jump.jump: There are more than 4 jump hosts in a row.\n  instead: At most 4.',
    ],
  ],
];

test.each(WRONG)('refuses: %s', (_, edit, problems) => {
  const connection = good();
  edit(connection);
  const compiled = compileConnection('edge', connection);
  expect(compiled.problems.map(printProblem)).toEqual(problems);
  expect(compiled.connection).toBeUndefined();
});

test('shows no part of a secret', () => {
  for (const [, edit] of WRONG.slice(0, 6)) {
    const connection = good();
    edit(connection);
    expect(compileConnection('edge', connection).problems.map(printProblem).join()).not.toMatch(/hunter2|secretsecret/);
  }
});
