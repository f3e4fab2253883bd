// Tests the text of the agent for pfSense: valid PHP 7.4, the same protocol as the agent for Linux, no folder that
// others can write, and only words that the driver explains.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderBootstrapScript, loadAgent, renderInstallScript } from '../../../../driver/agent-program';
import { DEVICE_STEPS, STATES, DELIVERY_STEPS } from '../../../../driver/protocol';
import { REFUSAL_MESSAGES } from '../../../../driver/refusal-messages';
import { temporaryFolder } from '../../../temporary-folder';
import { describeWhere } from '../../../where-possible';

const folder = temporaryFolder();

const program = loadAgent('pfsense');
const code = program.text.replace(/^\s*(\/\/|\/\*\*|\*).*$/gm, '');

describe('the scripts that install the agent for pfSense', () => {
  const scripts: Readonly<Record<string, string>> = {
    install: renderInstallScript(program),
    'install for a login user': renderInstallScript(program, 'deploy', 'watch'),
    bootstrap: renderBootstrapScript('deploy', 'watch'),
  };
  test.each(
    Object.keys(scripts).flatMap((name) =>
      (
        [
          ['shellcheck', ['-s', 'sh']],
          ['dash', ['-n']],
        ] as const
      ).map(([tool, options]): [string, string, readonly string[]] => [name, tool, options]),
    ),
  )('%s passes %s', (name, tool, options) => {
    const file = join(folder, 'script');
    writeFileSync(file, scripts[name]!);
    const { stdout, stderr, error } = spawnSync(tool, [...options, file], { encoding: 'utf8' });
    expect(error ?? stdout + stderr).toBe('');
  });

  test('use no command that only Linux has', () => {
    expect(scripts['install for a login user']!.replace(program.text, '')).not.toMatch(
      /sha256sum|\/etc\/sudoers\.d\/(?!\.)(?<!local.*)|-perm \//,
    );
    expect(scripts['install']).toContain('sha256 -q');
  });
});

const withPhp = describeWhere(spawnSync('php', ['-v']).status === 0, 'the syntax of the agent for pfSense', 'php-cli');
withPhp('the text of the agent for pfSense', () => {
  test('is PHP', () => {
    const file = join(folder, 'program');
    writeFileSync(file, program.text);
    expect(spawnSync('php', ['-n', '-l', file], { encoding: 'utf8' }).stdout).toContain('No syntax errors');
  });
});

describe('the source of the agent for pfSense', () => {
  test('has the protocol number of the agent for Linux', () => expect(program.protocol).toBe(loadAgent().protocol));

  test('uses nothing newer than PHP 7.4', () => {
    expect(code).not.toMatch(
      /\b(match|enum|readonly)\s*[({]|\?->|\bstr_(starts_with|ends_with|contains)\(|\barray_is_list\(|: (static|mixed|never)\b/,
    );
    expect(code).not.toMatch(/function [^(]*\([^)]*\b\w+\|\w+ \$|\(\.\.\.\)|\bthrow\b.*\?\?|#\[/);
    // A newer function is used only if it exists.
    for (const [, name] of code.matchAll(/\b(fsync)\(/g)) expect(code).toContain(`function_exists('${name}')`);
  });

  test('starts programs by a list of words alone, and evaluates nothing', () => {
    expect(code).not.toMatch(
      /\b(exec|system|shell_exec|passthru|popen|eval|assert|create_function|unserialize|mwexec|extract)\s*\(/,
    );
    expect(code).not.toMatch(/`[^`\n]*\$/);
    expect([...code.matchAll(/proc_open\((\$\w+)/g)].map(([, words]) => words)).toEqual(['$words']);
    const started = [...code.matchAll(/(?:run_program|lines_of)\((?:array_merge\()?\[('[^']*'|\w+)/g)].map(
      ([, first]) => first!,
    );
    expect(started.length).toBeGreaterThan(10);
    for (const first of started) expect(first).toMatch(/^('\/(usr\/)?s?bin\/[a-z0-9]+'|PHP)$/);
  });

  test('writes into no folder that another user can write', () => {
    expect([...new Set(code.match(/\/tmp[^'"\s~]*/g))]).toEqual(['/tmp/rules.debug', '/tmp/rules\\.debug:[0-9]+:']);
    expect(code).not.toMatch(/tempnam|sys_get_temp_dir|tmpfile/);
  });

  test('refuses and fails with words that the driver explains', () => {
    const said = [
      ...code.matchAll(/\b(?:refuse|fail)\(\s*["']([a-z-]+)/g),
      ...code.matchAll(/turn_down\(\$token, ["']([a-z-]+)/g),
      ...code.matchAll(/put\("cpanel-edge: (?:refused|failed) ([a-z-]+)/g),
      ...(
        /\n\/\/ What a release needs of the box[^]*?(?=\n\/\/ From what is ours)/.exec(program.text)?.[0] ?? ''
      ).matchAll(/return ["']([a-z-]+)/g),
      ...code.matchAll(/fault = ["']([a-z-]+)[ '"]/g),
    ].map(([, word]) => word!);
    expect(said.length).toBeGreaterThan(40);
    // Only a user who calls the box's own commands sees this word, never the driver.
    const heard = new Set(said.filter((word) => word !== 'not-by-sudo'));
    expect([...heard].filter((word) => !Object.hasOwn(REFUSAL_MESSAGES, word))).toEqual([]);
  });

  test('has the commands and states of the protocol', () => {
    const commands = [.../const COMMANDS = \[([^\]]*)\]/.exec(code)![1]!.matchAll(/'(\w+)'/g)].map(([, name]) => name!);
    for (const name of commands) expect(code).toContain(`function command_${name}(`);
    const asked = { connect: 'protocol', prove: 'read' } as Readonly<Record<string, string>>;
    const questions = ['facts', 'status', 'look', 'outcome'];
    // The agent's own processes: the timer, and the reload.
    const inner = ['wait', 'reload'];
    expect([...commands].sort()).toEqual(
      [...[...DELIVERY_STEPS, ...DEVICE_STEPS].map((step) => asked[step] ?? step), ...questions, ...inner].sort(),
    );
    const state = /function state_of_home\(\)[^]*?\n\}\n/.exec(code)![0];
    for (const name of STATES) expect(state).toContain(`'${name}'`);
  });
});
