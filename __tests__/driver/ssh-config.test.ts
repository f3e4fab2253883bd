// Tests the generated ssh configuration: every hop is checked against the host keys of the intent, and nothing in it or
// in the user's own configuration loosens that.

import { renderSshFiles } from '../../driver/ssh-config';
import { connectionOf } from './samples';
import { problemsOf } from '../problems';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';

const problemsWith = (parts: Parameters<typeof connectionOf>[0]): readonly string[] =>
  problemsOf(() => renderSshFiles(connectionOf(parts), '/tmp/x')).map(({ code, where }) => `${code} ${where}`);

describe('the generated configuration', () => {
  test("names every hop, checks each against the same file, and can't be loosened by later options", () => {
    const files = renderSshFiles(
      connectionOf({
        host: '203.0.113.1',
        port: 2222,
        user: 'deploy',
        identityFile: '/keys/100% mine',
        hostKeys: [`${KEY} a comment`],
        userConfiguration: false,
        jump: connectionOf({ host: 'bastion.example.net', agentVariable: 'MY_AGENT', hostKeys: [KEY] }),
      }),
      '/tmp/folder',
    );
    expect(files.target).toBe('cpanel-edge-device');
    expect(files.knownHosts).toBe(`cpanel-edge-device.cpanel-edge ${KEY}\ncpanel-edge-jump-1.cpanel-edge ${KEY}\n`);
    expect(files.config).toBe(`Host cpanel-edge-device
  HostName 203.0.113.1
  Port 2222
  User deploy
  HostKeyAlias cpanel-edge-device.cpanel-edge
  IdentityFile "/keys/100%% mine"
  IdentitiesOnly yes
  ProxyJump cpanel-edge-jump-1

Host cpanel-edge-jump-1
  HostName bastion.example.net
  Port 22
  User root
  HostKeyAlias cpanel-edge-jump-1.cpanel-edge
  IdentityAgent $MY_AGENT
  ProxyJump none

Host *
  UserKnownHostsFile "/tmp/folder/known_hosts"
  GlobalKnownHostsFile /dev/null
  NoHostAuthenticationForLocalhost no
  StrictHostKeyChecking yes
  UpdateHostKeys no
  VerifyHostKeyDNS no
  CheckHostIP no
  BatchMode yes
  ConnectTimeout 5
  ConnectionAttempts 1
  ServerAliveInterval 3
  ServerAliveCountMax 2
  ControlMaster no
  ControlPath none
  ForwardAgent no
  ForwardX11 no
  PermitLocalCommand no
  RemoteCommand none
  ClearAllForwardings yes
  RequestTTY no
  EscapeChar none
  LogLevel ERROR
`);
  });

  test("looks up a certificate authority by the host's own name", () => {
    const files = renderSshFiles(
      connectionOf({ host: 'gw.example.net', hostKeys: [`@cert-authority ${KEY}`] }),
      '/tmp/folder',
    );
    expect(files.knownHosts).toBe(`@cert-authority gw.example.net ${KEY}\n`);
    expect(files.config).toContain('HostKeyAlias gw.example.net\n');
  });

  test("includes the user's file last, and only on request", () => {
    const lines = renderSshFiles(connectionOf({ userConfiguration: true }), '/tmp/folder').config.split('\n');
    expect(lines.indexOf('  Include ~/.ssh/config')).toBeGreaterThan(lines.indexOf('  StrictHostKeyChecking yes'));
    expect(renderSshFiles(connectionOf(), '/tmp/folder').config).not.toContain('Include');
  });

  test("keeps the user's file from adding host keys by a command, if the client has such commands", () => {
    const has = (version: string): boolean =>
      renderSshFiles(connectionOf(), '/tmp/x', version).config.includes('\n  KnownHostsCommand none\n');
    const versions = [
      'OpenSSH_8.4p1 Debian-5',
      'OpenSSH_8.5p1',
      'OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.19',
      'OpenSSH_10.0p2',
      'dropbear',
      '',
    ];
    expect(versions.filter(has)).toEqual([versions[1], versions[2], versions[3]]);
  });

  test('refuses all fields that could add options, in one message', () => {
    expect(
      problemsWith({
        host: '-oProxyCommand=id',
        user: 'a b',
        port: 0,
        hostKeys: ['ssh-ed25519 short', `${KEY}\nHost *`],
        identityFile: '/x"\nProxyCommand id',
        agentVariable: '$(id)',
        jump: connectionOf({ host: 'a\nb', hostKeys: [] }),
      }),
    ).toEqual([
      'driver/connection-unusable connection to -oProxyCommand=id, host',
      'driver/connection-unusable connection to -oProxyCommand=id, user',
      'driver/connection-unusable connection to -oProxyCommand=id, port',
      'driver/connection-unusable connection to -oProxyCommand=id, host keys',
      'driver/connection-unusable connection to -oProxyCommand=id, host keys',
      'driver/connection-unusable connection to -oProxyCommand=id, identity file',
      'driver/connection-unusable connection to -oProxyCommand=id, agent variable',
      'driver/connection-unusable connection to a\\u{a}b, host',
      'driver/connection-unusable connection to a\\u{a}b, host keys',
    ]);
  });
});
